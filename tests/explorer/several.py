# SPDX-License-Identifier: ISC
"""Scenarios for everything that has several permits: semaphores and capacity limiters."""

# They check two more properties than those in permits.py:
#
# limit         there are never more tasks inside than permits
# conservation  in the end there are as many permits as at the beginning, plus those released beyond that

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from aiologic import CapacityLimiter
from aiologic._engine.waiter import Waiter
from aiologic._pool import pool_of, size_of
from aiologic.testing import Scenario, switch, task
from aiologic.testing.catalogue import free_permits

from .permits import LONG, PermitScenario, check_queue, overtaken_in_line, standing

if TYPE_CHECKING:
    from .hands import Async, Green


class SeveralPermits(PermitScenario):
    """What these scenarios have in common: the number of permits at the beginning, and what is left of them."""

    def setup(self) -> None:
        super().setup()
        self.permits = free_permits(self.permit)
        self.released = 0
        self.kept = 0

    def invariant(self) -> None:
        if isinstance(self.permit, CapacityLimiter):
            levels = borrowers(self.permit)
            assert len(levels) <= self.permits, f"{len(levels)} have borrowed"

    def release(self, hand: Green | Async, count: int = 1) -> None:
        """Add permits."""
        self.released += count
        self.permit.release(count)

    async def keep(self, hand: Green | Async, **how: Any) -> bool:
        """Acquire, and do not release."""
        before = standing(self.permit)
        if not await hand.acquire(self.permit, **how):
            return False
        assert not overtaken_in_line(before, self.permit), (
            "somebody who had come earlier was overtaken"
        )
        self.kept += 1
        return True

    def check(self) -> None:
        free = size_of(self.permit._free)
        expected = self.permits + self.released - self.kept
        assert free == expected, f"{free} permits are free, and not {expected}"
        assert self.permit.waiting == 0, "somebody waits for a free permit"
        check_queue(self.permit._queue)
        assert not getattr(self.permit, "_holders", None), "a token is free and held"


def borrowers(limiter: CapacityLimiter) -> dict[object, int]:
    """The tasks that are recorded as having a token; waiters are recorded, too, but are left out here."""
    return {
        task: level
        for task, level in limiter._holders.items()
        if not isinstance(task, Waiter)
    }


class MoreThanPermits(SeveralPermits):
    """Three tasks go in and out of a primitive that two can have."""

    @task
    async def first(self) -> None:
        await self.visit(self.hands.first)

    @task
    async def second(self) -> None:
        await self.visit(self.hands.second)

    @task
    async def third(self) -> None:
        await self.visit(self.hands.third)


class OneReleaseForTwo(SeveralPermits):
    """Two wait, and one release has a permit for each."""

    @task
    async def releaser(self) -> None:
        self.release(self.hands.first, 2)

    @task
    async def one(self) -> None:
        await self.keep(self.hands.second)

    @task
    async def other(self) -> None:
        await self.keep(self.hands.third)


class OneReleaseAgainstTimeout(SeveralPermits):
    """One of two who wait gives up while a release has a permit for each."""

    @task
    async def releaser(self) -> None:
        self.release(self.hands.first, 2)

    @task
    async def impatient(self) -> None:
        await self.keep(self.hands.second, timeout=LONG)

    @task
    async def patient(self) -> None:
        assert await self.keep(self.hands.third)


class OneReleaseAgainstCancellation(SeveralPermits):
    """One of two who wait is cancelled while a release has a permit for each."""

    @task
    async def releaser(self) -> None:
        self.release(self.hands.first, 2)

    @task(cancellable=True)
    async def cancelled(self) -> None:
        await self.keep(self.hands.second)

    @task
    async def patient(self) -> None:
        assert await self.keep(self.hands.third)


class OneReleaseAgainstNewcomer(SeveralPermits):
    """A newcomer tries without waiting while a release has a permit for another task, and one more."""

    @task
    async def releaser(self) -> None:
        self.release(self.hands.first, 2)

    @task
    async def waiter(self) -> None:
        assert await self.keep(self.hands.second)

    @task
    async def newcomer(self) -> None:
        await self.keep(self.hands.third, blocking=False)


class ReleasesAddUp(SeveralPermits):
    """Two tasks release, and nobody waits: there are as many permits as both have released."""

    @task
    async def first(self) -> None:
        self.release(self.hands.first)

    @task
    async def second(self) -> None:
        self.release(self.hands.second, 2)


class ReleaseAgainstImpatient(SeveralPermits):
    """The only waiting task gives up while a release has more permits than it needs."""

    @task
    async def releaser(self) -> None:
        self.release(self.hands.first, 2)

    @task
    async def impatient(self) -> None:
        await self.keep(self.hands.second, timeout=LONG)


class BoundedReleases(SeveralPermits):
    """Two tasks release one more than are out, one of them two at once: one of the releases is refused as a whole."""

    def setup(self) -> None:
        super().setup()
        self.refused = 0

    @task
    async def first(self) -> None:
        self.try_to_release(1)

    @task
    async def second(self) -> None:
        self.try_to_release(2)

    def try_to_release(self, count: int) -> None:
        try:
            self.permit.release(count)
        except RuntimeError:
            self.refused += 1
        else:
            self.released += count

    def check(self) -> None:
        super().check()
        assert self.refused == 1, f"{self.refused} releases were refused"
        out, free = size_of(self.permit._out), size_of(self.permit._free)
        assert out + free == self.permit.max_value, "releases are miscounted"


class PoolInUse(Scenario):
    """Two tasks take from a pool and put back; there is always enough for both."""

    TIMES = 2

    def __init__(self, make: Callable[[int], Any] = pool_of) -> None:
        self.make = make

    def setup(self) -> None:
        self.pool = self.make(4)

    @task
    def first(self) -> None:
        self.take_and_put_back()

    @task
    def second(self) -> None:
        self.take_and_put_back()

    def take_and_put_back(self) -> None:
        for _ in range(self.TIMES):
            assert self.pool, "it looks empty"
            try:
                self.pool.pop()
            except IndexError:
                raise AssertionError("it was empty for somebody") from None
            switch()
            self.pool.append(None)

    def check(self) -> None:
        assert size_of(self.pool) == 4, f"{size_of(self.pool)} permits are left"


class LastOfPool(Scenario):
    """Two tasks take from a pool in which one permit is left, and a third puts one back.

    No task may find it empty unless it was empty at some moment of that attempt.
    """

    def __init__(self, make: Callable[[int], Any] = pool_of) -> None:
        self.make = make

    def setup(self) -> None:
        self.pool = self.make(2)
        self.pool.pop()
        self.given_to_empty: bool | None = None  # None until it is put back
        self.taken = 0

    def left(self) -> int:
        """How many permits there are, counted in one step."""
        begun = self.pool._begun.values()
        untouched = self.pool._untouched - len(begun)  # each block has one permit
        return int(untouched + sum(map(len, begun)) + len(self.pool))

    @task
    def first(self) -> None:
        self.take()

    @task
    def second(self) -> None:
        self.take()

    @task
    def giver(self) -> None:
        self.given_to_empty = self.left() == 0
        self.pool.append(None)

    def take(self) -> None:
        is_late = self.given_to_empty is not None
        try:
            self.pool.pop()
        except IndexError:
            if self.given_to_empty is None:
                was_empty = self.left() == 0  # nothing has been put back since
            else:
                was_empty = self.given_to_empty and not is_late
            assert was_empty, "it was empty for somebody"
        else:
            self.taken += 1

    def check(self) -> None:
        assert size_of(self.pool) + self.taken == 2
