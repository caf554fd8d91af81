# SPDX-License-Identifier: ISC
"""The queue serves the oldest first, can be left cheaply, and never looks empty to newcomers while it is swept."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Callable

import pytest
from aiologic._engine.waitqueue import SMALLEST_SWEEP, WaitQueue
from aiologic.backends import PENDING, GreenWaiter, Waiter

from ..raising import heard, needs_places, places

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from ..crew import Crew

MANY = 20_000


class FakeWaiter(GreenWaiter):
    __slots__ = ("_unparked",)

    @property
    def unparked(self) -> bool:
        return hasattr(self, "_unparked")

    def park(self, timeout: float | None) -> bool:
        raise AssertionError("nobody parks here")

    def unpark(self) -> None:
        self._unparked = True


class CountingQueue(WaitQueue):
    """Counts the waiters that are moved."""

    __slots__ = ("moved", "when_taken_out")

    def __init__(self) -> None:
        super().__init__()
        self.moved = 0
        self.when_taken_out: Callable[[], None] = lambda: None

    def __delitem__(self, index: Any) -> None:
        self.moved += 1
        super().__delitem__(index)
        self.when_taken_out()

    def extendleft(self, waiters: Iterable[Waiter]) -> None:
        back = list(waiters)
        self.moved += len(back)
        super().extendleft(back)


def queue_with(count: int) -> tuple[CountingQueue, list[FakeWaiter]]:
    queue = CountingQueue()
    waiters = [FakeWaiter(PENDING) for _ in range(count)]
    queue.extend(waiters)
    return queue, waiters


def give_up(queue: WaitQueue, waiter: Waiter) -> None:
    assert waiter.abandon()
    queue.leave()


# -- order ---------------------------------------------------------------------------------------------------------


def test_the_oldest_comes_first_and_is_claimed() -> None:
    queue, waiters = queue_with(5)
    assert queue.take_turn()

    assert [queue.first() for _ in range(5)] == waiters
    assert queue.first() is None
    assert not any(waiter.abandon() for waiter in waiters)


def test_who_gave_up_is_passed_over() -> None:
    queue, waiters = queue_with(5)
    for waiter in waiters[0], waiters[1], waiters[3]:
        give_up(queue, waiter)
    assert queue.take_turn()

    assert queue.first() is waiters[2]
    assert queue.first() is waiters[4]
    assert queue.first() is None
    assert not queue


def test_waiting_counts_those_who_still_wait() -> None:
    queue, waiters = queue_with(5)
    assert queue.waiting() == 5

    give_up(queue, waiters[2])
    waiters[0].wake()

    assert queue.waiting() == 3


# -- the turn ------------------------------------------------------------------------------------------------------


def test_one_at_a_time_has_the_turn() -> None:
    queue = WaitQueue()

    assert queue.take_turn() is True
    assert queue.take_turn() is False
    queue.turn.append(None)
    assert queue.take_turn() is True


@pytest.mark.usefixtures("tiny_switch_interval")
def test_the_turn_excludes_threads(crew: Crew) -> None:
    queue = WaitQueue()
    inside: list[None] = []
    crowds: list[int] = []

    def take_turns() -> int:
        had = 0
        for _ in range(1_000):
            if queue.take_turn():
                inside.append(None)
                crowds.append(len(inside))
                inside.pop()
                had += 1
                queue.turn.append(None)
        return had

    assert sum(crew.race(*[take_turns] * 4)) == len(crowds)
    assert set(crowds) == {1}


# -- leaving -------------------------------------------------------------------------------------------------------


def shuffled(waiters: list[FakeWaiter]) -> list[FakeWaiter]:
    return random.Random(20_000).sample(waiters, len(waiters))


@pytest.mark.parametrize(
    "order",
    [list, lambda waiters: waiters[::-1], shuffled],
    ids=["oldest first", "newest first", "random"],
)
def test_leaving_is_cheap_in_any_order(
    order: Callable[[list[FakeWaiter]], list[FakeWaiter]],
) -> None:
    queue, waiters = queue_with(MANY)
    living = MANY

    for waiter in order(waiters):
        give_up(queue, waiter)
        living -= 1
        # The remains never outnumber the living by much, so the memory needed is that of the living.
        assert len(queue) <= 2 * living + SMALLEST_SWEEP + 1

    assert len(queue) <= SMALLEST_SWEEP
    # Each leaver pays for a constant number of moves.
    assert queue.moved <= 4 * MANY


def test_leaving_is_cheap_where_others_stay() -> None:
    queue, waiters = queue_with(100)
    attempts = 0
    for _ in range(MANY):
        late = FakeWaiter(PENDING)
        queue.append(late)
        give_up(queue, late)
        attempts += 1
        assert len(queue) <= 2 * 100 + SMALLEST_SWEEP

    assert queue.moved <= 4 * attempts
    assert queue.waiting() == 100
    assert queue.take_turn()
    assert [queue.first() for _ in range(100)] == waiters


def test_a_few_remains_are_left_to_whoever_serves() -> None:
    queue, waiters = queue_with(SMALLEST_SWEEP - 1)

    for waiter in waiters:
        give_up(queue, waiter)

    assert queue.moved == 0


def test_nobody_sweeps_while_another_has_the_turn() -> None:
    queue, waiters = queue_with(MANY // 100)
    assert queue.take_turn()

    for waiter in waiters:
        give_up(queue, waiter)

    assert queue.moved == 0
    queue.turn.append(None)
    late = FakeWaiter(PENDING)
    queue.append(late)
    give_up(queue, late)
    assert queue.waiting() == 0
    assert len(queue) <= 1  # the fence, which is dropped by whoever serves the queue


# -- a sweep and those who come during it --------------------------------------------------------------------------


def test_newcomers_stand_behind_the_living_after_a_sweep() -> None:
    queue, waiters = queue_with(40)
    newcomers: list[Waiter] = []

    def join() -> None:
        newcomers.append(FakeWaiter(PENDING))
        queue.append(newcomers[-1])

    queue.when_taken_out = join
    for waiter in waiters[:20]:
        give_up(queue, waiter)
    queue.when_taken_out = lambda: None

    assert newcomers, "nobody swept"
    assert queue.take_turn()
    expected = waiters[20:] + newcomers
    assert [queue.first() for _ in expected] == expected
    assert queue.first() is None


def test_a_queue_never_looks_empty_while_it_is_swept() -> None:
    queue, waiters = queue_with(40)
    looks: list[int] = []
    queue.when_taken_out = lambda: looks.append(len(queue))

    for waiter in waiters[:20]:
        give_up(queue, waiter)

    # The living were in the sweeper's hands, and the fence stood for them.
    assert looks
    assert min(looks) >= 1


@needs_places
def test_an_interrupted_sweep_loses_nobody() -> None:
    for interruption in places(5):
        queue = WaitQueue()
        waiters = [FakeWaiter(PENDING) for _ in range(40)]
        queue.extend(waiters)
        for waiter in waiters[:19]:
            give_up(queue, waiter)
        assert waiters[19].abandon()

        error = heard(interruption, queue.leave)

        assert (error is not None) is interruption.was_made
        assert queue.take_turn(), "the turn went with the sweep"
        assert [queue.first() for _ in range(20)] == waiters[20:]
        assert queue.first() is None


@needs_places
def test_who_was_decided_is_woken_though_it_was_interrupted() -> None:
    for interruption in places(5):
        queue, waiters = queue_with(3)

        error = heard(interruption, queue.wake_all)

        assert (error is not None) is interruption.was_made
        for waiter in waiters:
            assert waiter in queue if waiter else waiter.unparked
        assert len(queue) == sum(map(len, waiters))
