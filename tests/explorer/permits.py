# SPDX-License-Identifier: ISC
"""Scenarios for everything that has permits: locks, semaphores, limiters."""

# Every scenario checks three properties:
#
# exclusion     no more tasks are inside at once than there are permits
# order         a task that was queued when another came is served, or has left, before that other is served
# conservation  in the end all permits are free, no task waits, no grant is left over, and there is no owner

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from aiologic import BoundedSemaphore, CapacityLimiter
from aiologic.testing import Scenario, switch, task
from aiologic.testing.catalogue import free_permits

if TYPE_CHECKING:
    from .hands import Async, Green, Hands

LONG = 3600.0  # a time-out; no clock runs here


class PermitScenario(Scenario):
    """What these scenarios have in common."""

    def __init__(self, make: Callable[[], Any], hands: Hands) -> None:
        self.make = make
        self.hands = hands

    def describe(self) -> str:
        kind = getattr(self.make, "__name__", str(self.make))
        return f"{type(self).__name__}({kind}, {self.hands.name})"

    def setup(self) -> None:
        self.permit = self.make()
        # Those that are created without a permit get one.
        self.room = free_permits(self.permit) or 1
        self.inside = 0

    async def visit(
        self, hand: Green | Async, *, dwell: bool = True, **how: Any
    ) -> bool:
        """Acquire, be inside (while others can run), release."""
        before = standing(self.permit)
        if not await hand.acquire(self.permit, **how):
            return False
        assert not overtaken(before), "somebody who had come earlier was overtaken"
        self.be_inside(dwell)
        hand.release(self.permit)
        return True

    def be_inside(self, dwell: bool = True) -> None:
        self.inside += 1
        assert self.inside <= self.room, f"{self.inside} are inside at once"
        if dwell:
            switch()
        self.inside -= 1

    def check(self) -> None:
        check_conservation(self.permit, self.room)


def standing(permit: Any) -> list[Any]:
    """The waiters that are in the queue and still wait."""
    return [waiter for waiter in permit._queue or () if waiter]


def overtaken(before: list[Any]) -> bool:
    """Whether one of them still waits. (One that was served and has released looks pending, too, but has no source.)"""
    return any(waiter and waiter.source is not None for waiter in before)


def overtaken_in_line(before: list[Any], permit: Any) -> bool:
    """Whether one of them is still in the queue of a primitive with several permits.

    A waiter that was taken out is being served, although its wait may be decided a
    step later. A newcomer can come in between, and takes another permit.
    """
    return any(waiter is one for waiter in standing(permit) for one in before)


def check_conservation(permit: Any, permits: int = 1) -> None:
    free = free_permits(permit)
    assert free == permits, f"{free} permits are free"
    assert permit.waiting == 0, f"{permit.waiting} wait for a free permit"
    check_queue(permit._queue)
    assert getattr(permit, "owner", None) is None, "a free lock has an owner"
    assert getattr(permit, "count", 0) == 0, "a free lock has a count"
    if isinstance(permit, CapacityLimiter):
        held = permit.total_tokens - permit.available_tokens
        assert len(permit._holders) == held, "a token is free and held"
    if isinstance(permit, BoundedSemaphore):
        with_room = permit.max_value - permit.value
        assert len(permit._out) == with_room, "releases are miscounted"


def check_queue(queue: Any) -> None:
    """Check that nothing is left over, and that the turn is in its place."""
    if queue is not None:
        assert not queue.grants, "a grant is left over"
        assert queue.take_turn(), "the turn is lost"
        assert not queue.take_turn(), "there are two turns"
        queue.turn.append(None)


class AcquireRelease(PermitScenario):
    """Two tasks, each in a block of its own."""

    @task
    async def first(self) -> None:
        await self.block(self.hands.first)

    @task
    async def second(self) -> None:
        await self.block(self.hands.second)

    async def block(self, hand: Green | Async) -> None:
        before = standing(self.permit)
        await hand.enter(self.permit)
        assert not overtaken(before), "somebody who had come earlier was overtaken"
        self.be_inside()
        await hand.leave(self.permit)


class HandOverChain(PermitScenario):
    """Three tasks: the permit goes from one holder to the next, and on to the last."""

    @task
    async def first(self) -> None:
        await self.visit(self.hands.first)

    @task
    async def second(self) -> None:
        await self.visit(self.hands.second)

    @task
    async def third(self) -> None:
        await self.visit(self.hands.third)


class TimeoutAgainstRelease(PermitScenario):
    """Time runs out for a waiter while the holder releases."""

    @task
    async def holder(self) -> None:
        assert await self.visit(self.hands.first)

    @task
    async def impatient(self) -> None:
        await self.visit(self.hands.second, dwell=False, timeout=LONG)


class TimeoutInFrontOfOthers(TimeoutAgainstRelease):
    """The same, with another waiter queued behind, or in front of, the one that leaves."""

    @task
    async def patient(self) -> None:
        assert await self.visit(self.hands.third, dwell=False)


class CancellationAgainstRelease(PermitScenario):
    """A waiter is cancelled while the holder releases."""

    @task
    async def holder(self) -> None:
        assert await self.visit(self.hands.first)

    @task(cancellable=True)
    async def cancelled(self) -> None:
        await self.visit(self.hands.second, dwell=False)


class CancellationInFrontOfOthers(CancellationAgainstRelease):
    """The same, with another waiter queued behind, or in front of, the one that leaves."""

    @task
    async def patient(self) -> None:
        assert await self.visit(self.hands.third, dwell=False)


class SweepAgainstNewcomer(PermitScenario):
    """A task that leaves sweeps the queue while one is in it and another joins; then it releases."""

    time_passes = (
        True  # nothing else makes the first one leave, and the others need its release
    )

    @task
    async def leaver(self) -> None:
        assert not await self.hands.first.acquire(self.permit, timeout=LONG)
        self.hands.first.release(self.permit)

    @task
    async def patient(self) -> None:
        assert await self.visit(self.hands.second, dwell=False)

    @task
    async def newcomer(self) -> None:
        before = standing(self.permit)
        switch()
        assert await self.hands.third.acquire(self.permit)
        assert not overtaken(before), "somebody who had come earlier was overtaken"
        self.hands.third.release(self.permit)


class SweepAgainstReturn(PermitScenario):
    """A task that leaves sweeps the queue, while another releases, and tries to acquire again at once."""

    time_passes = True  # nothing else makes the first one leave

    @task
    async def leaver(self) -> None:
        if await self.hands.first.acquire(self.permit, timeout=LONG):
            self.hands.first.release(self.permit)

    @task
    async def patient(self) -> None:
        assert await self.visit(self.hands.second, dwell=False)

    @task
    async def returner(self) -> None:
        before = standing(self.permit)
        self.hands.third.release(self.permit)
        if await self.hands.third.acquire(self.permit, blocking=False):
            assert not overtaken(before), "somebody who had come earlier was overtaken"
            self.hands.third.release(self.permit)


class NewcomerAgainstHandOver(PermitScenario):
    """A newcomer tries to acquire without waiting while the permit is handed over."""

    @task
    async def holder(self) -> None:
        assert await self.visit(self.hands.first)

    @task
    async def waiter(self) -> None:
        assert await self.visit(self.hands.second)

    @task
    async def newcomer(self) -> None:
        await self.visit(self.hands.third, dwell=False, blocking=False)


class IllegitimateRelease(PermitScenario):
    """A task releases a lock that another holds, or that is free: an error, without effect."""

    @task
    async def holder(self) -> None:
        assert await self.visit(self.hands.first)

    @task
    async def thief(self) -> None:
        try:
            self.hands.second.release(self.permit)
        except RuntimeError:
            return
        raise AssertionError("a lock was released by somebody else")


class TwiceOwned(PermitScenario):
    """A reentrant lock is acquired twice by each of two tasks."""

    @task
    async def first(self) -> None:
        await self.visit_twice(self.hands.first)

    @task
    async def second(self) -> None:
        await self.visit_twice(self.hands.second)

    async def visit_twice(self, hand: Green | Async) -> None:
        await hand.acquire(self.permit)
        await hand.acquire(self.permit)
        assert hand.count(self.permit) == 2
        hand.release(self.permit)
        self.be_inside()
        hand.release(self.permit)
