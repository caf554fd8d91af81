# SPDX-License-Identifier: ISC
"""Tasks that wait for an item or for a place are served in the order of arrival, and nobody overtakes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aiologic import QueueEmpty, QueueFull

from .queues import drained, each_kind, each_sized, started

if TYPE_CHECKING:
    from .callers import Caller
    from .crew import Crew
    from .hand_driven import HandWorld


@each_kind
def test_getters_are_served_in_the_order_of_arrival(
    cls: Any, world: HandWorld, crew: Crew
) -> None:
    """Contract 1.3.7: fair, whatever waits; `getting` is how many do."""
    queue = cls()
    [first] = started(world, 1, queue.async_get)
    thread = crew.start(queue.green_get)
    crew.wait_for_waiters(queue, 2)
    [last] = started(world, 1, queue.async_get)
    assert (queue.getting, queue.putting, queue.waiting) == (3, 0, 3)

    queue.put_nowait(1)
    assert first.is_woken
    assert not last.is_woken
    assert first.step().result == 1
    queue.put_nowait(2)
    assert thread.result() == 2
    queue.put_nowait(3)
    assert last.step().result == 3
    assert (queue.getting, queue.waiting, len(queue)) == (0, 0, 0)


@each_sized
def test_putters_are_served_in_the_order_of_arrival(
    cls: Any, world: HandWorld, crew: Crew
) -> None:
    """Contract 1.3.7: fair, whatever waits; `putting` is how many do."""
    queue = cls([0], 1)
    [first] = started(world, 1, lambda: queue.async_put(1))
    thread = crew.start(queue.green_put, 2)
    crew.wait_for_waiters(queue, 2)
    [last] = started(world, 1, lambda: queue.async_put(3))
    assert (queue.getting, queue.putting, queue.waiting) == (0, 3, 3)

    assert queue.get_nowait() == 0
    assert first.is_woken
    assert not last.is_woken
    first.step()
    assert queue.get_nowait() == 1
    thread.result()
    assert queue.get_nowait() == 2
    last.step()
    assert queue.get_nowait() == 3
    assert (queue.putting, queue.waiting, len(queue)) == (0, 0, 0)
    assert queue.unfinished_tasks == 4


@each_kind
def test_nobody_overtakes_a_getter(cls: Any, world: HandWorld) -> None:
    queue = cls()
    [getter] = started(world, 1, queue.async_get)
    queue.put_nowait(1)
    with pytest.raises(QueueEmpty):
        queue.get_nowait()
    assert getter.step().result == 1


@each_sized
def test_nobody_overtakes_a_putter(cls: Any, world: HandWorld) -> None:
    queue = cls([1], 1)
    [putter] = started(world, 1, lambda: queue.async_put(2))
    assert queue.get_nowait() == 1
    assert len(queue) == 0
    with pytest.raises(QueueFull):
        queue.put_nowait(3)
    putter.step()
    assert drained(queue) == [2]


@each_kind
def test_nobody_overtakes_a_getter_that_is_about_to_be_served(
    cls: Any, caller: Caller, world: HandWorld
) -> None:
    """A waits.   B has the queue's turn, and stops.   C puts an item: it is free, and A will get it."""
    queue = cls()
    [getter] = started(world, 1, queue.async_get)
    del queue._queue.turn[0]
    queue.put_nowait(1)
    with pytest.raises(QueueEmpty):
        caller.get(queue, blocking=False)
    queue._queue.turn.append(None)
    queue._settle()
    assert getter.step().result == 1
    # Nobody waits any more, so newcomers need not either.
    queue.put_nowait(2)
    assert caller.get(queue, blocking=False) == 2


@each_sized
def test_nobody_overtakes_a_putter_that_is_about_to_be_served(
    cls: Any, caller: Caller, world: HandWorld
) -> None:
    """The same for a place."""
    queue = cls([1], 1)
    [putter] = started(world, 1, lambda: queue.async_put(2))
    del queue._places._queue.turn[0]
    assert queue.get_nowait() == 1
    with pytest.raises(QueueFull):
        caller.put(queue, 3, blocking=False)
    with pytest.raises(QueueFull):
        queue.put_nowait(3)
    assert queue.green_put_many([3], blocking=False) == 0
    queue._places._queue.turn.append(None)
    queue._places._settle()
    assert putter.step().is_done
    assert queue.get_nowait() == 2
    caller.put(queue, 3, blocking=False)
    assert queue.get_nowait() == 3


@each_sized
def test_a_place_is_for_one_put(cls: Any, world: HandWorld) -> None:
    """The task that has it uses it; nobody else goes on meanwhile, not even for a moment."""
    queue = cls([0], 1)
    first, second = started(world, 2, lambda: queue.async_put(1))
    assert queue.get_nowait() == 0
    assert first.step().is_done
    assert not second.is_woken
    assert queue.get_nowait() == 1
    assert second.step().is_done


@each_sized
def test_putters_do_not_hold_up_getters(cls: Any, world: HandWorld) -> None:
    """Nor the other way round."""
    queue = cls([1, 2, 3], 3)
    putters = started(world, 2, lambda: queue.async_put(9))
    assert sorted(queue.get_nowait() for _ in range(3)) == [1, 2, 3]
    [getter] = started(world, 1, queue.async_get)
    queue.put_nowait(4)
    assert getter.step().result == 4
    for putter in putters:
        putter.step()
    assert drained(queue) == [9, 9]
