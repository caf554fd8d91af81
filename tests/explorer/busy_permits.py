# SPDX-License-Identifier: ISC
"""Scenarios with more tasks than can be searched: locks, semaphores, limiters and conditions, used in all ways at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiologic.testing import switch, task

from .conditions import ConditionScenario
from .permits import LONG, PermitScenario
from .rwlocks import RWScenario

if TYPE_CHECKING:
    from .hands import Async, Green


class BusyPermits(PermitScenario):
    """Three take a permit and give it back, one does not wait for it, one waits for a time, one is cancelled."""

    timeouts = 2
    cancellations = 2

    @task
    async def first(self) -> None:
        assert await self.visit(self.hands.first)
        assert await self.visit(self.hands.first)

    @task
    async def second(self) -> None:
        assert await self.visit(self.hands.second)

    @task
    async def third(self) -> None:
        await self.hands.third.enter(self.permit)
        self.be_inside()
        await self.hands.third.leave(self.permit)

    @task
    async def passer_by(self) -> None:
        await self.visit(self.hands.first, blocking=False)
        await self.visit(self.hands.first, timeout=0)

    @task(cancellable=True)
    async def impatient(self) -> None:
        await self.visit(self.hands.second, timeout=LONG)

    @task(cancellable=True)
    async def leaver(self) -> None:
        await self.visit(self.hands.third)

    async def visit(
        self, hand: Green | Async, *, dwell: bool = True, **how: object
    ) -> bool:
        if not await hand.acquire(self.permit, **how):
            return False
        self.be_inside(dwell)
        hand.release(self.permit)
        return True


class BusyRWLock(RWScenario):
    """Two read, two write, one of each is cancelled; one reads on after it has written."""

    timeouts = 2
    cancellations = 2

    @task
    async def reader(self) -> None:
        assert await self.read(self.hands.first)
        assert await self.read(self.hands.first)

    @task
    async def writer(self) -> None:
        assert await self.write(self.hands.second)

    @task
    async def downgrader(self) -> None:
        assert await self.come_in(self.hands.third, True)
        switch()
        self.writers -= 1
        self.readers += 1
        self.hands.third.downgrade(self.lock)
        switch()
        self.go_out(self.hands.third, False)

    @task
    async def impatient(self) -> None:
        await self.read(self.hands.second, timeout=LONG)
        await self.write(self.hands.second, blocking=False)

    @task(cancellable=True)
    async def leaving_reader(self) -> None:
        await self.read(self.hands.third)

    @task(cancellable=True)
    async def leaving_writer(self) -> None:
        await self.write(self.hands.first)


class BusyCondition(ConditionScenario):
    """Three wait for items, of whom two take one; one's time runs out, one is cancelled; two notify."""

    timeouts = 2
    cancellations = 2
    time_passes = True  # for those who come after the last notification

    async def takes_one(self, hand: Green | Async) -> None:
        await hand.enter(self.condition)
        try:
            while not self.items:
                assert await hand.wait(self.condition)
            self.items -= 1
        finally:
            self.be_inside()
            await hand.leave(self.condition)

    @task
    async def taker(self) -> None:
        await self.takes_one(self.hands.first)

    @task
    async def other_taker(self) -> None:
        hand = self.hands.second
        await hand.enter(self.condition)
        try:
            assert await hand.wait_for(self.condition, lambda: self.items)
            self.items -= 1
        finally:
            self.be_inside()
            await hand.leave(self.condition)

    @task(cancellable=True)
    async def leaver(self) -> None:
        if await self.wait_once(self.hands.third, timeout=LONG):
            await self.passes_on()

    @task
    async def impatient(self) -> None:
        if await self.wait_once(self.hands.first, timeout=LONG):
            await self.passes_on()

    async def passes_on(self) -> None:
        """It was notified instead of somebody who takes."""
        hand = self.hands.second
        await hand.enter(self.condition)
        self.condition.notify()
        await hand.leave(self.condition)

    @task
    async def notifier(self) -> None:
        await self.put(self.hands.second)

    @task
    async def other_notifier(self) -> None:
        await self.put(self.hands.third)
        await self.put(self.hands.third, -1)
