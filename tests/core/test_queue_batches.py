# SPDX-License-Identifier: ISC
"""Several items at once, a look at the next one, and clearing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiologic
import pytest
from aiologic import QueueEmpty, QueueFull, QueueShutDown

from .hand_driven import Cancelled
from .queues import drained, each_sized, in_order, started

if TYPE_CHECKING:
    from .callers import Caller
    from .crew import Crew
    from .hand_driven import HandWorld


# -- putting several -------------------------------------------------------------------------------------------------


@each_sized
def test_several_are_put(cls: Any, caller: Caller) -> None:
    queue = cls()
    assert caller.put_many(queue, iter([2, 3, 1])) == 3
    assert (len(queue), queue.unfinished_tasks) == (3, 3)
    assert drained(queue) == in_order(cls, [2, 3, 1])
    assert caller.put_many(queue, []) == 0
    assert queue.unfinished_tasks == 3


@each_sized
@pytest.mark.parametrize(
    "options", [{"blocking": False}, {"timeout": 0}, {"timeout": 0.001}]
)
def test_as_many_as_there_are_places(cls: Any, caller: Caller, options: Any) -> None:
    """How many were put; the others were not."""
    queue = cls([0], 3)
    assert caller.put_many(queue, [1, 2, 3, 4], **options) == 2
    assert (len(queue), queue.waiting, queue.unfinished_tasks) == (3, 0, 3)
    assert caller.put_many(queue, [5], **options) == 0
    assert drained(queue) == in_order(cls, [0, 1, 2])
    assert caller.put_many(queue, [6], **options) == 1


@each_sized
def test_the_rest_waits_for_places(cls: Any, world: HandWorld, crew: Crew) -> None:
    for is_green in False, True:
        queue = cls(2)
        if is_green:
            thread = crew.start(queue.green_put_many, range(5))
            crew.wait_for_waiters(queue, 1)
        else:
            [task] = started(world, 1, lambda: queue.async_put_many(range(5)))  # noqa: B023
        assert len(queue) == 2
        got: list[int] = []
        while len(got) < 5:
            crew.wait_until(lambda: len(queue) == 2 or queue.unfinished_tasks == 5)  # noqa: B023
            got += drained(queue)
            if not is_green and not task.is_done:
                task.step()
        assert sorted(got) == list(range(5))
        assert (thread.result() if is_green else task.result) == 5


@each_sized
def test_its_time_is_the_librarys(cls: Any, world: HandWorld) -> None:
    """For all items together, by a clock that a test may have stopped, or moved on."""
    now = [100.0]
    world.clock = lambda: now[0]  # type: ignore[method-assign]
    queue = cls(1)
    [task] = started(world, 1, lambda: queue.async_put_many(range(4), timeout=10))
    assert task.timeout == 10
    now[0] += 4
    queue.get_nowait()
    task.step()
    assert task.timeout == 6
    now[0] += 7
    queue.get_nowait()
    task.step()
    assert task.timeout == 0
    task.time_out()
    assert task.result == 3


@each_sized
@pytest.mark.parametrize("timeout", [-1, "no number"])
def test_not_to_wait_is_to_look_at_no_timeout(
    cls: Any, caller: Caller, timeout: Any
) -> None:
    queue = cls(1)
    options: Any = {"blocking": False, "timeout": timeout}
    assert caller.put_many(queue, [1, 2], **options) == 1


@each_sized
def test_cancelled_it_has_put_the_first(cls: Any, world: HandWorld) -> None:
    queue = cls(2)
    [task] = started(world, 1, lambda: queue.async_put_many([1, 2, 3, 4]))
    with pytest.raises(Cancelled):
        task.cancel(Cancelled())
    assert queue.unfinished_tasks == 2
    assert drained(queue) == in_order(cls, [1, 2])
    queue.put_nowait(5)
    queue.put_nowait(6)
    with pytest.raises(QueueFull):
        queue.put_nowait(7)


@each_sized
def test_one_wake_up_for_each_that_waits(cls: Any, world: HandWorld) -> None:
    queue = cls()
    tasks = started(world, 3, lambda: queue.async_get_many(5))
    assert queue.green_put_many([1, 2, 3, 4]) == 4
    assert [task.is_woken for task in tasks] == [True] * 3
    first = tasks[0].step().result
    # One, and the rest that nobody waits for: that is the fourth.
    assert len(first) == 2
    rest = [tasks[1].step().result, tasks[2].step().result]
    assert sorted(first + rest[0] + rest[1]) == [1, 2, 3, 4]


@each_sized
def test_a_wrong_timeout_puts_none(cls: Any, caller: Caller) -> None:
    queue = cls(5)
    for timeout, error in (-1, ValueError), ("1", TypeError):
        with pytest.raises(error, match=f"timeout.*{timeout}"):
            caller.put_many(queue, [1], timeout=timeout)
    with pytest.raises(TypeError, match=r"items must be iterable, got 5"):
        caller.put_many(queue, 5)
    assert (len(queue), queue.unfinished_tasks) == (0, 0)


def test_what_is_raised_beside_a_store_is_heard(caller: Caller) -> None:
    """A signal handler's exception, for example. Only what the store itself raises is raised again by the next get."""

    class Failing(aiologic.Queue[int]):
        def get_nowait(self) -> int:
            raise LookupError("not now")

    queue = Failing([1, 2])
    with pytest.raises(LookupError, match="not now"):
        caller.get_many(queue, 2)
    assert len(queue) == 1


def test_an_item_that_can_not_be_compared(caller: Caller) -> None:
    """The items before it were put, those behind it were not, and their places are free."""
    queue = aiologic.PriorityQueue[Any](5)
    with pytest.raises(TypeError):
        caller.put_many(queue, [1, "text", 2, 3])
    assert (len(queue), queue.unfinished_tasks) == (1, 1)
    assert caller.put_many(queue, [2, 3, 4, 5], blocking=False) == 4
    assert drained(queue) == [1, 2, 3, 4, 5]


@each_sized
def test_shut_down_meanwhile(cls: Any, world: HandWorld) -> None:
    """What was put before can be got, and nothing else counts."""
    queue = cls(2)
    [task] = started(world, 1, lambda: queue.async_put_many([1, 2, 3, 4]))
    queue.shutdown()
    with pytest.raises(QueueShutDown):
        task.step()
    assert queue.unfinished_tasks == 2
    assert drained(queue) == in_order(cls, [1, 2])


# -- getting several -------------------------------------------------------------------------------------------------


@each_sized
def test_as_many_as_there_are(cls: Any, caller: Caller) -> None:
    queue = cls([3, 1, 2], 3)
    expected = in_order(cls, [3, 1, 2])
    assert caller.get_many(queue, 2) == expected[:2]
    assert caller.get_many(queue, 2) == expected[2:]
    for options in {"blocking": False}, {"timeout": 0}, {"timeout": 0.001}:
        with pytest.raises(QueueEmpty):
            caller.get_many(queue, 2, **options)
    assert queue.waiting == 0
    # Their places are free.
    assert caller.put_many(queue, [1, 2, 3, 4], blocking=False) == 3


@each_sized
def test_it_waits_for_the_first(cls: Any, world: HandWorld) -> None:
    queue = cls()
    [task] = started(world, 1, lambda: queue.async_get_many(3))
    queue.put_nowait(1)
    for item in 2, 3, 4:
        queue.put_nowait(item)
    got = task.step().result
    assert len(got) == 3
    assert sorted(got + drained(queue)) == [1, 2, 3, 4]


@each_sized
def test_what_is_left_at_the_end(cls: Any, caller: Caller) -> None:
    queue = cls([1, 2])
    queue.shutdown()
    assert caller.get_many(queue, 5) == in_order(cls, [1, 2])
    with pytest.raises(QueueShutDown):
        caller.get_many(queue, 5)


@each_sized
@pytest.mark.parametrize(
    ("count", "error", "text"),
    [
        (0, ValueError, "max_items must be >= 1, got 0"),
        (-1, ValueError, "max_items must be >= 1, got -1"),
        (1.5, TypeError, r"max_items must be an integer, got 1\.5"),
        ("1", TypeError, "max_items must be an integer, got '1'"),
        (None, TypeError, "max_items must be an integer, got None"),
    ],
)
def test_a_wrong_number(
    cls: Any, caller: Caller, count: Any, error: type[Exception], text: str
) -> None:
    queue = cls([1])
    with pytest.raises(error, match=text):
        caller.get_many(queue, count)
    assert len(queue) == 1


@each_sized
def test_a_cancelled_one_takes_none(cls: Any, world: HandWorld) -> None:
    queue = cls()
    [task] = started(world, 1, lambda: queue.async_get_many(3))
    assert queue.green_put_many([1, 2, 3]) == 3
    with pytest.raises(Cancelled):
        task.cancel(Cancelled())
    assert drained(queue) == in_order(cls, [1, 2, 3])


# -- a look, and none at all -----------------------------------------------------------------------------------------


@each_sized
def test_a_look(cls: Any) -> None:
    queue = cls()
    with pytest.raises(QueueEmpty):
        queue.peek_nowait()
    for item in 2, 3, 1:
        queue.put_nowait(item)
    for item in in_order(cls, [2, 3, 1]):
        assert queue.peek_nowait() == item
        assert queue.get_nowait() == item
    with pytest.raises(QueueEmpty):
        queue.peek_nowait()
    assert queue.unfinished_tasks == 3


@each_sized
def test_cleared(cls: Any, world: HandWorld) -> None:
    """What was in it counts as done, and whoever waited for a place has one."""
    queue = cls([1, 2, 3], 3)
    queue.get_nowait()
    queue.put_nowait(4)
    [putter] = started(world, 1, lambda: queue.async_put(5))
    [joined] = started(world, 1, queue.async_join)
    assert queue.clear() is None
    assert (len(queue), queue.unfinished_tasks) == (0, 1)
    assert putter.is_woken
    queue.task_done()
    assert joined.is_woken
    assert joined.step().result is True
    putter.step()
    assert drained(queue) == [5]
    queue.clear()
    cls().clear()
    assert queue.unfinished_tasks == 1


@each_sized
def test_what_was_promised_is_not_cleared(cls: Any, world: HandWorld) -> None:
    queue = cls()
    [getter] = started(world, 1, queue.async_get)
    queue.put_nowait(1)
    queue.clear()
    assert getter.step().result == 1
    assert queue.unfinished_tasks == 1


@each_sized
def test_one_that_was_shut_down_is_cleared(cls: Any) -> None:
    queue = cls([1, 2])
    queue.shutdown()
    queue.clear()
    assert (len(queue), queue.unfinished_tasks) == (0, 0)
    with pytest.raises(QueueShutDown):
        queue.get_nowait()
