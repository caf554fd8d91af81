# SPDX-License-Identifier: ISC
"""Stores that don't become one item longer with each put, or one shorter with each get.

Contract 1.3.7 asks for a container that has a length, and for no more.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

import aiologic
import pytest
from aiologic import QueueEmpty, QueueFull

from .queues import drained, started
from .stores import Unique, balanced, done

if TYPE_CHECKING:
    from .callers import Caller
    from .hand_driven import HandWorld


class Recent(aiologic.Queue[Any]):
    """Keeps the last two items."""

    def _init(self, items: Any, maxsize: int) -> None:
        self._data = deque(items, 2)

    def _put(self, item: Any) -> None:
        self._data.append(item)


class Several(aiologic.Queue[Any]):
    """Takes several items at once; each of them can be got by itself."""

    def _put(self, item: Any) -> None:
        self._data.extend(item)


class Latest(aiologic.Queue[Any]):
    """Forgets all others when one is put."""

    def _put(self, item: Any) -> None:
        self._data.clear()
        self._data.append(item)


class Lasting(aiologic.Queue[Any]):
    """Shows what is next, until it is told to remove it."""

    lets_go = False

    def _get(self) -> Any:
        return self._data.popleft() if self.lets_go else self._data[0]


class PutsAndFails(aiologic.Queue[Any]):
    """Stores the item, and raises."""

    def _put(self, item: Any) -> None:
        super()._put(item)
        raise LookupError(item)


class Levels:
    """Its length is the number of its items, but its iteration gives other things."""

    def __init__(self, items: Any) -> None:
        self.levels: dict[int, deque[int]] = {0: deque(), 1: deque()}
        for item in items:
            self.add(item)

    def __len__(self) -> int:
        return sum(map(len, self.levels.values()))

    def __iter__(self) -> Any:
        return iter(self.levels)

    def add(self, item: int) -> None:
        self.levels[item % 2].append(item)


class Levelled(aiologic.Queue[Any]):
    def _init(self, items: Any, maxsize: int) -> None:
        self._data = Levels(items)

    def _put(self, item: Any) -> None:
        self._data.add(item)

    def _get(self) -> Any:
        return next(level for level in self._data.levels.values() if level).popleft()


# -- puts ------------------------------------------------------------------------------------------------------------


def test_an_item_that_is_there_already(caller: Caller) -> None:
    """It takes no place, and remains one item."""
    queue = Unique(2)
    for item in "aab":
        caller.put(queue, item)
    assert (len(queue), queue.unfinished_tasks) == (2, 2)
    with pytest.raises(QueueFull):
        queue.put_nowait("c")
    assert sorted(caller.get(queue) for _ in range(2)) == ["a", "b"]
    done(queue, 2)


def test_an_item_that_is_there_already_wakes_nobody(world: HandWorld) -> None:
    queue = Unique()
    first, second = started(world, 2, queue.async_get)
    queue.put_nowait("a")
    queue.put_nowait("a")
    assert (first.is_woken, second.is_woken) == (True, False)
    assert first.step().result == "a"
    queue.put_nowait("a")
    assert second.step().result == "a"
    done(queue, 2)


def test_an_item_that_drives_another_out(caller: Caller) -> None:
    queue = Recent()
    for item in range(4):
        caller.put(queue, item)
    assert (len(queue), queue.unfinished_tasks) == (2, 2)
    assert [caller.get(queue) for _ in range(2)] == [2, 3]
    done(queue, 2)
    for item in range(4):
        caller.put(queue, item)
    queue.shutdown(immediate=True)
    assert caller.join(queue) is True


def test_a_put_of_several(world: HandWorld) -> None:
    """Each can be got, and takes a place as soon as there is one."""
    queue = Several(2)
    getters = started(world, 3, queue.async_get)
    queue.put_nowait([1, 2, 3])
    with pytest.raises(QueueFull):
        queue.put_nowait([4])
    assert queue.unfinished_tasks == 3
    assert [getter.step().result for getter in getters] == [1, 2, 3]
    done(queue, 3)


def test_a_put_of_none(caller: Caller) -> None:
    queue = Several(1)
    caller.put(queue, [])
    caller.put(queue, [])
    balanced(queue)


def test_a_put_that_makes_others_vanish(world: HandWorld) -> None:
    queue = Latest(3)
    for item in range(3):
        queue.put_nowait(item)
    assert (len(queue), queue.unfinished_tasks) == (1, 1)
    assert queue.get_nowait() == 2
    done(queue, 1)
    first, second = started(world, 2, queue.async_get)
    queue.put_nowait(1)
    queue.put_nowait(2)
    assert not second.is_woken
    assert first.step().result == 2
    queue.put_nowait(3)
    assert second.step().result == 3
    done(queue, 2)


def test_what_came_in_although_there_was_an_error(world: HandWorld) -> None:
    """The caller gets the error, and a task that waits for an item gets the item."""
    queue = PutsAndFails(1)
    [getter] = started(world, 1, queue.async_get)
    with pytest.raises(LookupError):
        queue.put_nowait("a")
    assert getter.step().result == "a"
    with pytest.raises(LookupError):
        queue.put_nowait("b")
    with pytest.raises(QueueFull):
        queue.put_nowait("c")
    assert drained(queue) == ["b"]
    done(queue, 2)


def test_what_came_beyond_the_limit_waits_for_no_place() -> None:
    queue = Several(2)

    queue.put_nowait("abcd")

    assert (queue.putting, queue.waiting) == (0, 0)
    assert queue.statistics() == aiologic.Statistics(value=4)


# -- gets ------------------------------------------------------------------------------------------------------------


def test_a_get_that_takes_nothing_out(caller: Caller) -> None:
    queue = Lasting(1)
    caller.put(queue, "a")
    assert [caller.get(queue) for _ in range(3)] == ["a", "a", "a"]
    with pytest.raises(QueueFull):
        queue.put_nowait("b")
    queue.lets_go = True
    assert caller.get(queue) == "a"
    done(queue, 1)


def test_a_batch_of_which_one_can_not_be_got(caller: Caller) -> None:
    """Those before it were got; the error is raised by the call that comes for it."""

    class Bad(aiologic.Queue[Any]):
        def _get(self) -> Any:
            if self._data[0] == 3:
                raise LookupError("bad item")
            return super()._get()

    queue = Bad([1, 2, 3])
    assert caller.get_many(queue, 10) == [1, 2]
    with pytest.raises(LookupError):
        caller.get_many(queue, 10)
    assert (len(queue), queue.unfinished_tasks) == (1, 3)


# -- the length ------------------------------------------------------------------------------------------------------


def test_the_length_is_what_the_store_says() -> None:
    queue = Levelled([1, 2, 3, 4, 5])
    queue.shutdown()
    assert len(queue) == 5
    queue.clear()
    assert (len(queue), len(queue._data)) == (0, 0)


@pytest.mark.parametrize("cls", [aiologic.SimpleQueue, aiologic.Queue])
def test_a_length_of_ones_own(cls: Any) -> None:
    class Bytes(cls):  # type: ignore[misc]  # either
        def __len__(self) -> int:
            return sum(map(len, self._data or ()))

    queue = Bytes([b"abc"])
    assert queue.green_get(blocking=False) == b"abc"
    with pytest.raises(QueueEmpty):
        queue.green_get(blocking=False)
