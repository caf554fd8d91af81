# SPDX-License-Identifier: ISC
"""The end of a queue between any two steps of a put, a get, or a wait, and next to other threads."""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

import aiologic
import pytest
from aiologic import QueueEmpty, QueueShutDown

from .queues import drained, each_sized, started
from .test_reentrancy import interruptions

if TYPE_CHECKING:
    from .crew import Crew
    from .hand_driven import HandTask, HandWorld


# -- it comes in between ---------------------------------------------------------------------------------------------


@each_sized
@pytest.mark.parametrize("limit", [None, 2])
@pytest.mark.parametrize("before", [[], [1]], ids=["first", "second"])
@pytest.mark.parametrize("way", ["put_nowait", "green_put", "async_put"])
def test_shut_down_between_any_two_steps_of_a_put(
    cls: Any, limit: int | None, before: list[int], way: str, world: HandWorld
) -> None:
    """What was put can be got; what was refused can't, and does not count."""
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
    """Nobody keeps sleeping, neither getters nor putters."""
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
    """One of them gets the item, and the other is told of the end."""
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


# -- others come in between ------------------------------------------------------------------------------------------


@each_sized
def test_put_between_any_two_steps_of_a_shutdown(
    cls: Any, world: HandWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Got, or refused. What was put off until the store is free can't be refused, so the refusal is printed."""
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
    """Both are told, once each: they are behind the end, at positions of their own."""
    refused: list[bool] = []
    for interruption in interruptions():
        queue: aiologic.Queue[Any] = aiologic.Queue()
        item = object()
        queue.put_nowait(item)

        def handler(queue: Any = queue, item: object = item) -> None:
            queue.shutdown()
            # Another put, which has just found an open queue.
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


def test_the_same_object_comes_too_late_between_any_two_steps_of_its_twin() -> None:
    """A looks what is behind the end: its item.   B puts the same object there, and claims a position before A does."""
    for interruption in interruptions():
        queue: aiologic.Queue[Any] = aiologic.Queue([0])
        queue.shutdown()

        def put_late(queue: Any = queue) -> None:
            next(queue._announce)
            queue._data.append(1)
            with pytest.raises(QueueShutDown):
                queue._come_late(1)

        interruption.during(put_late, put_late)
        assert drained(queue) == [0]
        assert queue.unfinished_tasks == 1


def test_others_take_items_out_of_a_row_that_was_shut() -> None:
    """A takes an item, and B another, before A looks at what is left; the third is still there."""
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


# -- beside other threads --------------------------------------------------------------------------------------------


@each_sized
@pytest.mark.parametrize("immediate", [False, True])
@pytest.mark.usefixtures("tiny_switch_interval")
def test_in_threads_nothing_is_lost(cls: Any, crew: Crew, immediate: bool) -> None:
    """Each item whose put was not refused is got, or discarded; all threads end."""
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
