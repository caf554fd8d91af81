# SPDX-License-Identifier: ISC
"""The end of a queue: nothing more is put, what is left is got, and all who wait are told."""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

import aiologic
import pytest
from aiologic import QueueEmpty, QueueShutDown
from aiologic.lowlevel import async_checkpoint, enable_checkpoints
from aiologic.testing._interruption import Interrupted

from .queues import Cancelled, drained, each_sized, in_order, started
from .test_reentrancy import interruptions

if TYPE_CHECKING:
    from .callers import Caller
    from .crew import Crew
    from .hand_driven import HandTask, HandWorld


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
    """Full or not, what is refused is said to have come too late."""
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
    """Two wait, one item comes, and then the end: one has it, the other hears of the end."""
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
def test_discarded_at_once(cls: Any, world: HandWorld) -> None:
    """With `immediate`, what is left counts as done; who was promised one hears of the end."""
    queue = cls()
    [promised] = started(world, 1, queue.async_get)
    [joined] = started(world, 1, lambda: _join_after(queue))
    for item in range(5):
        queue.put_nowait(item)
    joined.step()
    queue.shutdown(immediate=True)
    assert promised.is_woken
    # Nothing is in it for anybody, though what was promised lies there until its task runs.
    assert (len(queue), bool(queue), queue.statistics().value) == (0, False, 0)
    assert "([]" in repr(queue)
    with pytest.raises(QueueShutDown):
        promised.step()
    assert queue.unfinished_tasks == 0
    assert len(queue) == 0
    assert joined.is_woken
    assert joined.step().result is True


async def _join_after(queue: Any) -> bool:
    await async_checkpoint(force=True)
    joined: bool = await queue.async_join()
    return joined


@each_sized
@pytest.mark.parametrize("limit", [None, 1])
def test_what_was_promised_to_the_cancelled_is_discarded(
    cls: Any, world: HandWorld, limit: int | None
) -> None:
    """A shutdown at once, the consumers cancelled, and then ``join()``: it waited for ever for what had been promised."""
    queue = cls(limit)
    [promised] = started(world, 1, queue.async_get)
    queue.put_nowait(1)
    [joined] = started(world, 1, queue.async_join)
    queue.shutdown(immediate=True)
    promised.cancel_quietly(Cancelled())
    assert queue.unfinished_tasks == 0
    assert joined.is_woken
    assert joined.step().result is True
    assert (len(queue), queue.statistics().value) == (0, 0)


@each_sized
@pytest.mark.usefixtures("checkpoints_restored")
def test_who_is_cancelled_at_the_checkpoint_discards_as_well(
    cls: Any, world: HandWorld
) -> None:
    """The same, where the item was there, and its getter lets others run before it takes it."""
    queue = cls([1])

    async def get() -> None:
        async with enable_checkpoints():
            await queue.async_get()

    task = world.spawn(get()).step()
    assert task.checkpoints == 1
    queue.shutdown(immediate=True)
    task.cancel_quietly(Cancelled())
    assert queue.unfinished_tasks == 0


@each_sized
def test_a_shutdown_at_once_that_is_interrupted_can_be_made_again(cls: Any) -> None:
    """What the first has not discarded, the second does."""

    class InterruptedOnce(cls):  # type: ignore[misc]  # any of them
        handlers = iter([Interrupted])

        def _get_for(self, permit: list[None]) -> Any:
            for error in self.handlers:
                raise error
            return super()._get_for(permit)

    queue = InterruptedOnce([1, 2])
    with pytest.raises(Interrupted):
        queue.shutdown(immediate=True)
    assert queue.unfinished_tasks == 2
    queue.shutdown(immediate=True)
    assert queue.unfinished_tasks == 0


@each_sized
def test_what_was_got_before_is_to_be_dealt_with(cls: Any) -> None:
    queue = cls([1, 2, 3])
    queue.get_nowait()
    queue.shutdown(immediate=True)
    assert queue.unfinished_tasks == 1
    queue.task_done()
    with pytest.raises(ValueError, match="too many times"):
        queue.task_done()


@each_sized
def test_whether_anything_is_left_takes_no_copy(cls: Any) -> None:
    """``while queue: ...`` of many items copied all that was left, each time."""

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
def test_loops_end(cls: Any, caller: Caller, world: HandWorld) -> None:
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
    assert caller is not None


# -- races -----------------------------------------------------------------------------------------------------------


@each_sized
@pytest.mark.parametrize("limit", [None, 2])
@pytest.mark.parametrize("before", [[], [1]], ids=["first", "second"])
@pytest.mark.parametrize("way", ["put_nowait", "green_put", "async_put"])
def test_shut_down_between_any_two_steps_of_a_put(
    cls: Any, limit: int | None, before: list[int], way: str, world: HandWorld
) -> None:
    """What was put is got; what was refused is not, and does not count."""
    for interruption in interruptions():
        queue = cls(before, limit)
        was_put = True
        put: Any = partial(getattr(queue, way), 1)
        if way == "async_put":
            put = world.spawn(put()).step
        try:
            interruption.during(put, queue.shutdown)
        except QueueShutDown:
            was_put = False
        queue.shutdown()
        count = len(before) + was_put
        assert len(queue) == count
        assert queue.unfinished_tasks == count
        assert drained(queue) == [1] * count
        with pytest.raises(QueueShutDown):
            queue.get_nowait()
        getter = world.spawn(queue.async_get()).step()
        with pytest.raises(QueueShutDown):
            getter.step()


@each_sized
def test_shut_down_between_any_two_steps_of_a_wait(cls: Any, world: HandWorld) -> None:
    """Nobody sleeps on: of those who get, and of those who put."""
    for make in partial(cls, []), partial(cls, [0], 1):
        for interruption in interruptions():
            queue = make()
            call = queue.async_put(1) if queue.maxsize else queue.async_get()
            task = world.spawn(call)
            try:
                interruption.during(task.step, queue.shutdown)
                queue.shutdown()
                assert task.is_woken
                task.step()
            except QueueShutDown:
                pass
            else:
                pytest.fail("there was nothing for it")
            assert queue.waiting == 0
            assert queue.unfinished_tasks == queue.maxsize


@each_sized
@pytest.mark.parametrize("limit", [None, 1])
@pytest.mark.parametrize("way", ["green_get", "async_get"])
def test_another_waits_and_it_is_shut_down_between_any_two_steps_of_a_get(
    cls: Any, limit: int | None, way: str, world: HandWorld
) -> None:
    """One of them has the item, and the other hears of the end."""
    for interruption in interruptions():
        queue = cls([1], limit)
        others: list[HandTask] = []
        got: list[int] = []

        def meanwhile() -> None:
            others.append(world.spawn(queue.async_get()).step())  # noqa: B023  # called before the next round
            queue.shutdown()  # noqa: B023

        with suppress(QueueShutDown):
            if way == "green_get":
                got.append(interruption.during(queue.green_get, meanwhile))
            else:
                task = world.spawn(queue.async_get())
                interruption.during(task.step, meanwhile)
                got.append((task if task.is_done else task.step()).result)
        for other in others:
            with suppress(QueueShutDown):
                got.append((other if other.is_done else other.step()).result)
        assert got == [1]
        assert queue.waiting == 0


@each_sized
def test_discarded_between_any_two_steps_of_a_get(cls: Any) -> None:
    for interruption in interruptions():
        queue = cls([1, 2])
        got: list[int] = []
        with suppress(QueueShutDown):
            got.append(
                interruption.during(queue.get_nowait, partial(queue.shutdown, True))
            )
        queue.shutdown(immediate=True)
        assert len(queue) == 0
        assert queue.unfinished_tasks == len(got)


@each_sized
def test_put_between_any_two_steps_of_a_shutdown(
    cls: Any, world: HandWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Got, or refused. What was put off until the store is free can be refused no more, so the refusal is printed."""
    printed: list[object] = []
    monkeypatch.setattr("sys.excepthook", lambda *error: printed.append(error[0]))
    for interruption in interruptions():
        del printed[:]
        queue = cls()
        getters = started(world, 2, queue.async_get)
        was_put: list[bool] = []

        def handler(queue: Any = queue, was_put: list[bool] = was_put) -> None:
            try:
                queue.put_nowait(1)
            except QueueShutDown:
                return
            was_put.append(True)

        interruption.during(queue.shutdown, handler)
        outcomes: list[object] = []
        for getter in getters:
            assert getter.is_woken
            try:
                outcomes.append(getter.step().result)
            except QueueShutDown:
                outcomes.append("end")
        assert outcomes.count(1) == len(was_put) - len(printed)
        assert all(issubclass(error, QueueShutDown) for error in printed)  # type: ignore[arg-type]  # classes
        assert not printed or cls is not aiologic.Queue
        assert queue.unfinished_tasks == outcomes.count(1)


@each_sized
def test_got_between_any_two_steps_of_a_shutdown(cls: Any) -> None:
    """Empty before it, ended after it; and it has no store yet."""
    for interruption in interruptions():
        queue = cls()

        def handler(queue: Any = queue) -> None:
            with pytest.raises((QueueEmpty, QueueShutDown)):
                queue.get_nowait()

        interruption.during(queue.shutdown, handler)
        with pytest.raises(QueueShutDown):
            queue.get_nowait()


def test_the_same_object_came_too_late_twice() -> None:
    """Both are told, once each: they stand behind the end, at places of their own."""
    refused: list[bool] = []
    for interruption in interruptions():
        queue: aiologic.Queue[Any] = aiologic.Queue()
        item = object()
        queue.put_nowait(item)

        def handler(queue: Any = queue, item: object = item) -> None:
            queue.shutdown()
            # Another put, which has found an open queue just before.
            next(queue._tally.put)
            queue._data.append(item)
            with pytest.raises(QueueShutDown):
                queue._come_late(item)

        was_put = True
        try:
            interruption.during(partial(queue.put_nowait, item), handler)
        except QueueShutDown:
            was_put = False
        refused.append(not was_put)
        queue.shutdown()
        assert drained(queue) == [item] * (1 + was_put)
        assert queue.unfinished_tasks == 1 + was_put
    assert True in refused
    assert False in refused[:-1]


@each_sized
@pytest.mark.parametrize("immediate", [False, True])
@pytest.mark.usefixtures("tiny_switch_interval")
def test_in_threads_nothing_is_lost(cls: Any, crew: Crew, immediate: bool) -> None:
    """Each put that was not refused is got, or discarded; all end."""
    for _ in range(20):
        queue = cls(3)

        def put(queue: Any = queue) -> int:
            put = 0
            try:
                while True:
                    queue.green_put(put)
                    put += 1
            except QueueShutDown:
                return put

        def get(queue: Any = queue) -> int:
            got = 0
            for _ in queue:
                queue.task_done()
                got += 1
            return got

        def end(queue: Any = queue) -> int:
            crew.wait_until(lambda: queue._tally.unfinished() > 0 or len(queue))
            queue.shutdown(immediate)
            return 0

        put_0, put_1, got_0, got_1, _ = crew.race(put, put, get, get, end)
        if not immediate:
            assert put_0 + put_1 == got_0 + got_1
        assert put_0 + put_1 >= got_0 + got_1
        assert queue.unfinished_tasks == 0
        assert len(queue) == 0
        assert queue.green_join(0) is True


@pytest.mark.parametrize("limit", [None, 5])
def test_who_is_let_go_on_by_the_end_does_not_take_it(
    world: HandWorld, limit: int | None
) -> None:
    """B waits.   A makes the store, and stops.   C shuts it, and lets B go on.   A says for a moment that there is a row."""
    queue: Any = aiologic.Queue[Any](limit)
    [getter] = started(world, 1, queue.async_get)
    queue.shutdown()
    queue._row = queue._data
    queue._endless = None if limit else queue._data
    with pytest.raises(QueueShutDown):
        getter.step()
    assert queue._has_ended()


@each_sized
def test_nobody_looks_at_what_is_discarded(cls: Any, world: HandWorld) -> None:
    """It is there still, for whoever it was promised to, and has not come yet."""
    queue = cls()
    [getter] = started(world, 1, queue.async_get)
    queue.put_nowait(1)
    queue.shutdown(immediate=True)
    with pytest.raises(QueueEmpty):
        queue.peek_nowait()
    with pytest.raises(QueueShutDown):
        getter.step()
    with pytest.raises(QueueShutDown):
        queue.peek_nowait()


def test_others_take_items_out_of_a_row_that_was_shut() -> None:
    """A takes an item, and B another, before A looks at what is left; the third is there still."""
    queue: Any = aiologic.Queue([1, 2, 3])
    queue.shutdown()
    others = [queue.get_nowait]
    got: list[int] = []

    class Shared(deque):  # type: ignore[type-arg]  # not at run time on 3.8
        def popleft(self) -> Any:
            item = super().popleft()
            if others:
                got.append(others.pop()())
            return item

    queue._data = Shared(queue._data)
    assert queue.get_nowait() == 1
    assert got == [2]
    assert queue.get_nowait() == 3
    assert queue.unfinished_tasks == 3
