# SPDX-License-Identifier: ISC
"""Scenarios for semaphores, which any task may release: even two at once, or one twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiologic.testing import task

from .permits import LONG, PermitScenario, check_queue

if TYPE_CHECKING:
    from .hands import Async, Green


class TwoReleasers(PermitScenario):
    """Two tasks release a semaphore whose value is 0: it must become 1, not 2."""

    @task
    async def first(self) -> None:
        self.hands.first.release(self.permit)

    @task
    async def second(self) -> None:
        self.hands.second.release(self.permit)


class TwoReleasersOfOnePermit(PermitScenario):
    """The same with a bounded semaphore: one of the two gets an error."""

    def setup(self) -> None:
        super().setup()
        self.refused = 0

    @task
    async def first(self) -> None:
        await self.release(self.hands.first)

    @task
    async def second(self) -> None:
        await self.release(self.hands.second)

    async def release(self, hand: Green | Async) -> None:
        try:
            hand.release(self.permit)
        except RuntimeError:
            self.refused += 1

    def check(self) -> None:
        super().check()
        assert self.refused == 1, f"{self.refused} releases of two were refused"


class TwoReleasersAndAWaiter(PermitScenario):
    """Two tasks release a semaphore while a third waits: it gets one permit; the other is free, or merged with it."""

    @task
    async def first(self) -> None:
        self.hands.first.release(self.permit)

    @task
    async def second(self) -> None:
        self.hands.second.release(self.permit)

    @task
    async def waiter(self) -> None:
        self.got_it = await self.hands.third.acquire(self.permit)

    def check(self) -> None:
        assert self.got_it
        assert len(self.permit._free) <= 1, "two releases made two permits"
        assert self.permit.waiting == 0
        check_queue(self.permit._queue)


class TwoReleasersAndOneWhoGivesUp(PermitScenario):
    """One sees a waiter that then gives up; the other finds none. Both releases end nevertheless."""

    @task
    async def first(self) -> None:
        self.hands.first.release(self.permit)

    @task
    async def second(self) -> None:
        self.hands.second.release(self.permit)

    @task
    async def impatient(self) -> None:
        if await self.hands.third.acquire(self.permit, timeout=LONG):
            self.hands.third.release(self.permit)


class TwoReleasersForTwo(PermitScenario):
    """Two tasks release, and two wait: each gets one."""

    timeouts = 0
    time_passes = True  # as in TwoReleasesForTwo

    def setup(self) -> None:
        super().setup()
        self.served = 0
        self.waiting: int | None = None

    @task
    async def releaser(self) -> None:
        self.release(self.hands.first)

    @task
    async def other_releaser(self) -> None:
        self.release(self.hands.first)

    @task
    async def one(self) -> None:
        await self.be_served(self.hands.second)

    @task
    async def other(self) -> None:
        await self.be_served(self.hands.third)

    def release(self, hand: Green | Async) -> None:
        if self.waiting is None:
            self.waiting = self.permit.waiting
        hand.release(self.permit)

    async def be_served(self, hand: Green | Async) -> None:
        if await hand.acquire(self.permit, timeout=LONG):
            self.served += 1

    def check(self) -> None:
        assert self.waiting is not None
        assert self.served >= self.waiting, "two releases served one waiter"
        assert self.served + len(self.permit._free) in {1, 2}, (
            "a permit came from nowhere"
        )
        assert self.permit.waiting == 0
        check_queue(self.permit._queue)


class TwoReleasesForTwo(PermitScenario):
    """Two releases in a row, and two tasks wait: each gets one."""

    timeouts = 0
    time_passes = True  # a task that comes after the releases may find that two made one permit, and leaves in the end

    def setup(self) -> None:
        super().setup()
        self.served = 0

    @task
    async def releaser(self) -> None:
        self.waiting = self.permit.waiting
        self.hands.first.release(self.permit)
        self.hands.first.release(self.permit)

    @task
    async def one(self) -> None:
        await self.be_served(self.hands.second)

    @task
    async def other(self) -> None:
        await self.be_served(self.hands.third)

    async def be_served(self, hand: Green | Async) -> None:
        if await hand.acquire(self.permit, timeout=LONG):
            self.served += 1

    def check(self) -> None:
        assert self.served >= self.waiting, "two releases served one waiter"
        assert self.served + len(self.permit._free) in {1, 2}, (
            "a permit came from nowhere"
        )
        assert self.permit.waiting == 0
        check_queue(self.permit._queue)
