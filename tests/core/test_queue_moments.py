# SPDX-License-Identifier: ISC
"""Moments at which all items of a queue are done: who has come before one of them is woken, even if it is over."""

from __future__ import annotations

from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING, Any, Callable

import pytest
from aiologic._engine.waiter import PENDING
from aiologic._engine.waitqueue import queue_for
from aiologic._places import Debt
from aiologic._tally import Tally
from aiologic.testing._interruption import Interrupted as Raised, RaisingInterruption

from .engine.test_crowd import Interrupted, Together, sleepers
from .queues import each_sized, started
from .raising import CORE, needs_places
from .test_reentrancy import interruptions

if TYPE_CHECKING:
    from aiologic._engine.waiter import Waiter

    from .hand_driven import HandWorld


def test_those_of_one_loop_are_woken_together() -> None:
    tally = Tally(1)
    woken: list[Waiter] = []
    waiters = sleepers(woken, *[Together] * 6)
    for waiter in waiters:
        tally.join(waiter)
    assert tally.say_done()
    assert woken == waiters[0::2] + waiters[1::2]


def test_whoever_is_left_by_an_interrupted_waker_is_woken_before_it_ends() -> None:
    tally = Tally(1)
    woken: list[Waiter] = []
    waiters = sleepers(woken, *[Interrupted] * 7)
    for waiter in waiters:
        tally.join(waiter)
    with pytest.raises(KeyboardInterrupt):
        tally.say_done()
    assert woken == waiters


@each_sized
def test_more_was_put_meanwhile(cls: Any, world: HandWorld) -> None:
    """All were done at some moment, so those that had joined before go on; those that joined later don't."""
    queue = cls([1])
    [before] = started(world, 1, queue.async_join)
    queue.task_done()
    queue.put_nowait(2)
    [later] = started(world, 1, queue.async_join)
    assert before.is_woken
    assert not later.is_woken
    assert before.step().result is True
    queue.task_done()
    assert later.step().result is True


@each_sized
def test_who_has_the_turn_wakes_those_who_came_before_the_moment(
    cls: Any, world: HandWorld
) -> None:
    """A has the turn.   B reports the last item as done, and leaves. More is put, and others join.   A looks again."""
    queue = cls([1])
    before = started(world, 2, queue.async_join)
    line = queue._tally._queue
    assert line.take_turn()
    queue.task_done()
    assert not any(task.is_woken for task in before)
    queue.put_nowait(2)
    later = started(world, 2, queue.async_join)
    staying = list(line)[2:]

    line.turn.append(None)
    queue._tally.look()

    assert (line.turn, list(line)) == ([None], staying)
    assert all(task.is_woken for task in before)
    assert not any(task.is_woken for task in later)
    queue.task_done()
    assert all(task.is_woken for task in later)


def test_the_last_is_done_while_those_who_stay_are_taken_out_of_the_queue() -> None:
    """A wakes those who came before a moment.   B reports what the rest waits for, and finds nobody in the queue."""
    for interruption in interruptions():
        tally = Tally(1)
        first = tally.join(Debt(PENDING))
        queue = queue_for(tally)
        assert queue.take_turn()
        assert tally.say_done()
        next(tally.put)
        second = tally.join(Debt(PENDING))
        queue.turn.append(None)
        interruption.during(tally.look, tally.say_done)
        assert not first
        assert bool(second) is not interruption.was_made


@each_sized
@pytest.mark.parametrize(
    "is_all_done",
    [
        lambda queue: queue.green_join(timeout=0),
        lambda queue: not queue.unfinished_tasks,
    ],
    ids=["joins", "reads"],
)
def test_who_finds_that_all_is_done_may_put_the_next_item(
    cls: Any, world: HandWorld, is_all_done: Callable[[Any], bool]
) -> None:
    """A reports the last item as done.   B finds that all is, and puts more.   A looks, too late for C, who waits."""
    for interruption in interruptions():
        queue = cls([1])
        [task] = started(world, 1, queue.async_join)

        def put_if_all_is_done(queue: Any = queue) -> None:
            if is_all_done(queue):
                queue.put_nowait(2)

        interruption.during(queue.task_done, put_if_all_is_done)
        assert task.is_woken
        assert task.step().result is True


@needs_places
def test_a_handler_that_raises_in_a_join_leaves_nothing_to_be_told() -> None:
    """A has counted the last item, and not looked yet; so if B finds all done, it is B that wakes."""
    for number in count():
        tally = Tally(1)
        waiter = tally.join(Debt(PENDING))
        next(tally._done)
        raising = RaisingInterruption(number, Raised.now, CORE)
        with suppress(Raised):
            raising.during(tally.unfinished)
        assert not tally._moments, raising.where
        if not raising.was_made:
            assert not waiter
            return
