# SPDX-License-Identifier: ISC
"""Scenarios with more tasks than can be searched: barriers to which more come than can meet, and events."""

from __future__ import annotations

from aiologic.testing import task

from .barriers import CANCELLED, BarrierScenario
from .events import TwoSetters
from .permits import LONG


class BusyBarrier(BarrierScenario):
    """Four meet by twos, one of them twice; time runs out for whoever is left, and one is cancelled.

    A phase has both indices, or none; but whoever is cancelled as it has just met another keeps its index to itself.
    """

    time_passes = True
    timeouts = 1

    @task
    async def first(self) -> None:
        await self.come(self.hands.first, timeout=LONG)
        await self.come(self.hands.first, timeout=LONG)

    @task
    async def second(self) -> None:
        await self.come(self.hands.second, timeout=LONG)

    @task
    async def third(self) -> None:
        await self.come(self.hands.third, timeout=LONG)

    @task(cancellable=True)
    async def leaver(self) -> None:
        await self.come(self.hands.second, timeout=LONG)

    def check(self) -> None:
        assert self.barrier.waiting == 0, "somebody waits for what is over"
        passed = self.passed()
        alone = abs(passed.count(0) - passed.count(1))
        assert alone <= self.outcomes.count(CANCELLED), (
            f"they disagree: {self.outcomes}"
        )
        assert set(passed) <= {0, 1}, self.outcomes


class BusyRBarrier(BusyBarrier):
    """The same, and another repairs the barrier, at any time."""

    @task
    async def repairer(self) -> None:
        self.barrier.reset()
        self.barrier.reset()


class BusyEvent(TwoSetters):
    """Two set it while four wait, of whom one's time runs out, and one is cancelled."""

    @task
    async def first(self) -> None:
        assert await self.hands.first.wait(self.event)

    @task
    async def second(self) -> None:
        assert await self.hands.second.wait(self.event)
        assert await self.hands.second.wait(self.event, timeout=0)

    @task
    async def impatient(self) -> None:
        await self.hands.third.wait(self.event, timeout=LONG)

    @task(cancellable=True)
    async def leaver(self) -> None:
        await self.hands.first.wait(self.event)
