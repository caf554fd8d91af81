# SPDX-License-Identifier: ISC
"""The end of a queue: nothing more can be put, what is left can be got, and all tasks that wait are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiologic
import pytest
from aiologic import QueueShutDown

from .hand_driven import Cancelled
from .queues import drained, each_sized, in_order, started

if TYPE_CHECKING:
    from .callers import Caller
    from .crew import Crew
    from .hand_driven import HandWorld


@each_sized
def test_it_is_shut_down(cls: Any, caller: Caller) -> None:
    """Users 2.3 C7: nothing can be put; what is left is got; then it has ended, once and for all."""
    queue = cls([1, 2, 3], 5)
    was_shut = queue.is_shutdown
    assert was_shut is False
    assert queue.shutdown() is None
    is_shut = queue.is_shutdown
    assert is_shut is True
    for options in {}, {"blocking": False}, {"timeout": 0}:
        with pytest.raises(QueueShutDown) as refused:
            caller.put(queue, 4, **options)
        assert refused.value.args == ()
        with pytest.raises(QueueShutDown):
            caller.put_many(queue, [4, 5], **options)
    with pytest.raises(QueueShutDown):
        queue.put_nowait(4)
    assert (len(queue), queue.unfinished_tasks) == (3, 3)
    assert [caller.get(queue) for _ in range(3)] == in_order(cls, [1, 2, 3])
    for options in {}, {"blocking": False}, {"timeout": 0}:
        with pytest.raises(QueueShutDown) as refused:
            caller.get(queue, **options)
        assert refused.value.args == ()
        with pytest.raises(QueueShutDown):
            caller.get_many(queue, 3, **options)
    for call in queue.get_nowait, queue.peek_nowait:
        with pytest.raises(QueueShutDown):
            call()
    assert (len(queue), bool(queue), queue.waiting) == (0, False, 0)


@each_sized
def test_a_full_one_is_shut_down(cls: Any, caller: Caller) -> None:
    """Full or not, a put is refused because it came too late."""
    queue = cls([1], 1)
    queue.shutdown()
    for options in {}, {"blocking": False}, {"timeout": 0}:
        with pytest.raises(QueueShutDown):
            caller.put(queue, 2, **options)
        with pytest.raises(QueueShutDown):
            caller.put_many(queue, [2, 3], **options)
    assert drained(queue) == [1]
    assert queue.unfinished_tasks == 1


@each_sized
@pytest.mark.parametrize("immediate", [False, True])
def test_from_the_second_time_on_without_effect(cls: Any, immediate: bool) -> None:
    queue = cls([1, 2])
    queue.shutdown()
    queue.shutdown()
    assert len(queue) == 2
    queue.shutdown(immediate=immediate)
    assert len(queue) == (0 if immediate else 2)
    queue.shutdown()
    assert drained(queue) == ([] if immediate else in_order(cls, [1, 2]))


@each_sized
@pytest.mark.parametrize("immediate", [False, True])
def test_whoever_waits_for_an_item_is_told(
    cls: Any, world: HandWorld, crew: Crew, immediate: bool
) -> None:
    queue = cls()
    tasks = started(world, 2, queue.async_get)
    thread = crew.start(queue.green_get)
    crew.wait_for_waiters(queue, 3)
    crew.run(queue.shutdown, immediate)
    for task in tasks:
        assert task.is_woken
        with pytest.raises(QueueShutDown):
            task.step()
    with pytest.raises(QueueShutDown):
        thread.result()
    assert queue.waiting == 0


@each_sized
@pytest.mark.parametrize("immediate", [False, True])
def test_whoever_waits_for_a_place_is_told(
    cls: Any, world: HandWorld, crew: Crew, immediate: bool
) -> None:
    queue = cls([0], 1)
    tasks = started(world, 2, lambda: queue.async_put(1))
    thread = crew.start(queue.green_put, 2)
    crew.wait_for_waiters(queue, 3)
    crew.run(queue.shutdown, immediate)
    for task in tasks:
        assert task.is_woken
        with pytest.raises(QueueShutDown):
            task.step()
    with pytest.raises(QueueShutDown):
        thread.result()
    assert queue.waiting == 0
    assert queue.unfinished_tasks == (0 if immediate else 1)
    assert drained(queue) == ([] if immediate else [0])


@each_sized
def test_what_was_promised_is_got(cls: Any, world: HandWorld) -> None:
    """Two wait, one item comes, and then the end: one gets it, the other is told of the end."""
    queue = cls()
    first, second = started(world, 2, queue.async_get)
    queue.put_nowait(1)
    queue.shutdown()
    was_told_too_early = second.is_woken  # it would take what was promised to the first
    assert not was_told_too_early
    assert first.step().result == 1
    assert second.is_woken
    with pytest.raises(QueueShutDown):
        second.step()


@each_sized
def test_whoever_was_promised_the_last_one_is_cancelled(
    cls: Any, world: HandWorld
) -> None:
    queue = cls()
    first, second = started(world, 2, queue.async_get)
    queue.put_nowait(1)
    queue.shutdown()
    with pytest.raises(Cancelled):
        first.cancel(Cancelled())
    assert second.step().result == 1
    with pytest.raises(QueueShutDown):
        queue.get_nowait()


@each_sized
def test_all_who_were_told_are_cancelled(cls: Any, world: HandWorld) -> None:
    queue = cls(1)
    tasks = started(world, 3, queue.async_get)
    queue.shutdown()
    for task in tasks:
        with pytest.raises(Cancelled):
            task.cancel(Cancelled())
    with pytest.raises(QueueShutDown):
        queue.get_nowait()
    assert queue.waiting == 0
    assert queue.statistics().value == 0


@each_sized
def test_whether_anything_is_left_takes_no_copy(cls: Any) -> None:
    """``while queue: ...`` with many items copied all that was left, each time."""

    class Uncopied(cls):  # type: ignore[misc]  # any of them
        def _inside(self) -> Any:
            raise AssertionError("a copy")

    queue = Uncopied([1, 2])
    queue.shutdown()
    got: list[int] = []
    while queue:
        got.append(queue.get_nowait())
    assert got == in_order(cls, [1, 2])
    queue = Uncopied([1, 2])
    queue.shutdown(immediate=True)
    assert not queue


@each_sized
def test_loops_end(cls: Any, world: HandWorld) -> None:
    """`for` and `async for` end when it has ended; any number may share it."""
    queue = cls([1, 2, 3])
    queue.shutdown()
    assert list(queue) == in_order(cls, [1, 2, 3])
    assert list(queue) == []

    async def loop(queue: Any) -> list[int]:
        return [item async for item in queue]

    queue = cls([1, 2, 3])
    tasks = [world.spawn(loop(queue)).step() for _ in range(2)]
    queue.put_nowait(4)
    queue.shutdown()
    assert tasks[0].is_woken
    tasks[0].step()
    if not tasks[0].is_done:
        tasks[0].step()
    assert tasks[0].result == [*in_order(cls, [1, 2, 3]), 4]
    assert tasks[1].step().result == []


@pytest.mark.parametrize("limit", [None, 5])
def test_who_is_let_go_on_by_the_end_does_not_take_it(
    world: HandWorld, limit: int | None
) -> None:
    """B waits.   A creates the store, and stops.   C shuts it, and releases B.   For a moment, A says there's a row."""
    queue: Any = aiologic.Queue[Any](limit)
    [getter] = started(world, 1, queue.async_get)
    queue.shutdown()
    queue._row = queue._data
    with pytest.raises(QueueShutDown):
        getter.step()
    assert queue._has_ended()
