# SPDX-License-Identifier: ISC
"""Scenarios with more tasks than can be searched: inboxes of loops, functions that run once, and wilful stores."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiologic.testing import switch, task

from .inboxes import Posts
from .once import OnceScenario
from .permits import LONG
from .several import SeveralPermits
from .stores import DropAll, SeveralAtOnce, StoreScenario

if TYPE_CHECKING:
    from .hands import Async, Green


class BusyInbox(Posts):
    """Four threads post while the loop runs, and go on when it is closed."""

    @task
    def third(self) -> None:
        self.post()
        self.post()

    @task
    def fourth(self) -> None:
        self.post()

    @task
    def loop(self) -> None:
        for _ in range(3):
            self.turn()
            switch()
        self.close()


class BusyOnce(OnceScenario):
    """Four call it, two calls fail, and two are cancelled."""

    failures = 2
    cancellations = 2

    @task
    async def first(self) -> None:
        await self.call()
        await self.call()

    @task
    async def second(self) -> None:
        await self.call()
        await self.call()

    @task(cancellable=True)
    async def third(self) -> None:
        await self.call()

    @task(cancellable=True)
    async def fourth(self) -> None:
        await self.call()

    def check(self) -> None:
        assert self.failed <= self.failures
        self.failures = self.failed
        super().check()
        assert self.results, "nobody got a result"


class BusyReleases(SeveralPermits):
    """Two release several permits, three keep one, one of them for a time, and one is cancelled."""

    timeouts = 2

    @task
    async def releaser(self) -> None:
        self.release(self.hands.first, 2)
        self.release(self.hands.first)

    @task
    async def other_releaser(self) -> None:
        self.release(self.hands.second, 2)

    @task
    async def one(self) -> None:
        assert await self.keep(self.hands.second)
        assert await self.keep(self.hands.second)

    @task
    async def other(self) -> None:
        assert await self.keep(self.hands.third)

    @task
    async def impatient(self) -> None:
        await self.keep(self.hands.first, timeout=LONG)

    @task(cancellable=True)
    async def leaver(self) -> None:
        await self.keep(self.hands.third)

    async def keep(self, hand: Green | Async, **how: object) -> bool:
        got: bool = await hand.acquire(self.permit, **how)
        self.kept += got
        return got


class BusyStore(StoreScenario):
    """A store that holds other items than those that are put, while two put, one drops all, and two get."""

    timeouts = 2
    time_passes = True

    @task
    async def producer(self) -> None:
        await self.puts(self.hands.first, SeveralAtOnce([1, 2]), timeout=LONG)
        await self.puts(self.hands.first, 3, timeout=LONG)

    @task
    async def other_producer(self) -> None:
        await self.puts(self.hands.second, 3, timeout=LONG)
        await self.puts(self.hands.second, SeveralAtOnce([4, 5, 6]), blocking=False)

    @task
    async def dropper(self) -> None:
        await self.puts(self.hands.third, DropAll(), blocking=False)

    @task
    async def consumer(self) -> None:
        await self.gets(self.hands.second, timeout=LONG)
        await self.gets(self.hands.second, blocking=False)

    @task(cancellable=True)
    async def leaver(self) -> None:
        await self.gets(self.hands.third, timeout=LONG)
