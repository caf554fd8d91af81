# SPDX-License-Identifier: ISC
"""Items that are reported as done, and tasks that wait until all are."""

from __future__ import annotations

from functools import partial
from itertools import permutations
from typing import TYPE_CHECKING, Any

import pytest
from aiologic._tally import Tally

from .hand_driven import Cancelled
from .queues import each_sized, started
from .test_reentrancy import interruptions

if TYPE_CHECKING:
    from .callers import Caller
    from .crew import Crew
    from .hand_driven import HandWorld

TOO_MANY = r"task_done\(\) called too many times"


@each_sized
def test_each_is_said_to_be_done(cls: Any, caller: Caller) -> None:
    queue = cls([1, 2])
    queue.put_nowait(3)
    for left in 3, 2, 1:
        assert queue.unfinished_tasks == left
        assert caller.join(queue, 0) is False
        assert caller.join(queue, timeout=0.001) is False
        queue.get_nowait()
        assert queue.unfinished_tasks == left
        assert queue.task_done() is None
    assert queue.unfinished_tasks == 0
    for timeout in None, 0, 5:
        assert caller.join(queue, timeout) is True
    with pytest.raises(ValueError, match=TOO_MANY):
        queue.task_done()
    assert queue.unfinished_tasks == 0
    assert queue._tally._queue is None or not queue._tally._queue


@each_sized
def test_of_a_new_one_nothing_is_left_to_do(cls: Any, caller: Caller) -> None:
    queue = cls()
    assert caller.join(queue) is True
    with pytest.raises(ValueError, match=TOO_MANY):
        queue.task_done()
    queue.put_nowait(1)
    assert queue.unfinished_tasks == 1


@each_sized
@pytest.mark.parametrize(
    ("timeout", "error"),
    [(-1, ValueError), (float("nan"), ValueError), ("1", TypeError)],
)
def test_a_wrong_timeout(
    cls: Any, caller: Caller, timeout: Any, error: type[Exception]
) -> None:
    for items in [], [1]:
        queue = cls(items)
        with pytest.raises(error, match=f"timeout.*{timeout}"):
            caller.join(queue, timeout)
        assert queue.unfinished_tasks == len(items)
        assert not queue._tally._queue


@each_sized
def test_all_who_join_are_woken_by_the_last(
    cls: Any, world: HandWorld, crew: Crew
) -> None:
    queue = cls([1, 2])
    tasks = started(world, 2, queue.async_join)
    thread = crew.start(queue.green_join)
    crew.wait_until(lambda: len(queue._tally._queue) == 3)
    queue.task_done()
    assert not any(task.is_woken for task in tasks)
    crew.run(queue.task_done)
    assert [task.step().result for task in tasks] == [True, True]
    assert thread.result() is True


@each_sized
def test_a_put_makes_those_who_join_wait_on(cls: Any, world: HandWorld) -> None:
    queue = cls([1])
    [task] = started(world, 1, queue.async_join)
    queue.put_nowait(2)
    queue.task_done()
    assert not task.is_woken
    queue.task_done()
    assert task.step().result is True


@each_sized
def test_whoever_gives_up_leaves_no_trace(cls: Any, world: HandWorld) -> None:
    queue = cls([1])
    first, second, third = started(world, 3, lambda: queue.async_join(5))
    with pytest.raises(Cancelled):
        first.cancel(Cancelled())
    assert second.time_out().result is False
    queue.task_done()
    assert third.is_woken
    # Woken, and then cancelled or out of time: nothing was given that could be lost.
    assert third.time_out().result is True
    assert queue.green_join(0) is True
    assert not queue._tally._queue


@each_sized
def test_a_get_that_is_cancelled_is_nothing_done(cls: Any, world: HandWorld) -> None:
    queue = cls()
    [getter] = started(world, 1, queue.async_get)
    queue.put_nowait(1)
    with pytest.raises(Cancelled):
        getter.cancel(Cancelled())
    assert queue.unfinished_tasks == 1


@each_sized
def test_a_lost_loop_keeps_nobody_back(cls: Any, world: HandWorld) -> None:
    """D19: one of the tasks that join belongs to a closed loop."""
    queue = cls([1])
    lost, behind = started(world, 2, queue.async_join)
    waiter = queue._tally._queue[0]
    queue.task_done()
    waiter.lost()
    assert behind.step().result is True
    lost.coroutine.close()


@each_sized
def test_a_handler_says_it_between_any_two_steps_of_a_join(
    cls: Any, world: HandWorld
) -> None:
    for interruption in interruptions():
        queue = cls([1])
        task = world.spawn(queue.async_join())
        interruption.during(task.step, queue.task_done)
        if not interruption.was_made:
            queue.task_done()
        assert task.is_done or task.is_woken
        assert task.is_done or task.step().is_done
        assert task.result is True


@each_sized
def test_a_handler_says_it_between_any_two_steps_of_the_same(
    cls: Any, world: HandWorld
) -> None:
    """Each reports one item; a third is one too many."""
    for interruption in interruptions():
        queue = cls([1, 2])
        [task] = started(world, 1, queue.async_join)
        interruption.during(queue.task_done, queue.task_done)
        if not interruption.was_made:
            queue.task_done()
        assert queue.unfinished_tasks == 0
        assert task.step().result is True
        with pytest.raises(ValueError, match=TOO_MANY):
            queue.task_done()


@each_sized
def test_of_two_that_say_it_of_one_item_one_is_right(
    cls: Any, world: HandWorld
) -> None:
    for interruption in interruptions():
        queue = cls([1])
        [task] = started(world, 1, queue.async_join)
        refused: list[int] = []

        def say(queue: Any = queue, refused: list[int] = refused) -> None:
            try:
                queue.task_done()
            except ValueError:
                refused.append(1)

        interruption.during(say, say)
        assert len(refused) == interruption.was_made
        assert task.step().result is True
        queue.put_nowait(2)
        assert queue.unfinished_tasks == 1
        queue.task_done()
        assert queue.unfinished_tasks == 0


@each_sized
@pytest.mark.usefixtures("tiny_switch_interval")
def test_in_threads(cls: Any, crew: Crew) -> None:
    """When a join returns, everything that had been put was done."""
    queue = cls(5)
    dealt_with: list[int] = []

    def produce() -> bool:
        for item in range(300):
            queue.green_put(item)
        return bool(queue.green_join()) and len(dealt_with) >= 300

    def consume() -> None:
        for item in queue:
            dealt_with.append(item)
            queue.task_done()

    def end() -> None:
        crew.wait_until(lambda: len(dealt_with) == 600)
        queue.shutdown()

    joined = crew.race(produce, produce, consume, consume, end)[:2]
    assert joined == [True, True]
    assert sorted(dealt_with) == sorted([*range(300)] * 2)
    assert queue.unfinished_tasks == 0


@each_sized
@pytest.mark.usefixtures("tiny_switch_interval")
def test_one_too_many_in_threads(cls: Any, crew: Crew) -> None:
    """As many calls are refused as are too many, whichever comes first."""
    for _ in range(20):
        queue = cls(range(100))

        def say(queue: Any = queue) -> int:
            refused = 0
            for _ in range(50):
                try:
                    queue.task_done()
                except ValueError:
                    refused += 1
            return refused

        assert sum(crew.race(*[partial(say)] * 3)) == 50
        assert queue.unfinished_tasks == 0
        queue.put_nowait(1)
        assert queue.unfinished_tasks == 1


@pytest.mark.parametrize("aside", list(permutations([1, 2, 3])), ids=str)
def test_what_several_put_aside_at_once_is_used_later(aside: tuple[int, ...]) -> None:
    """Four report the same item, and each has seen that it is not done: so each looks afterwards, in whatever order."""
    tally = Tally(1)
    for _ in range(4):
        next(tally._done)
    tally._spare.extend(aside)
    assert (tally.unfinished(), tally.say_done()) == (0, False)
    for several in 1, 3, 2:
        for _ in range(several):
            next(tally.put)
        for left in reversed(range(several)):
            assert (tally.say_done(), tally.unfinished()) == (True, left)
        assert tally.say_done() is False
    assert tally._spare == []
