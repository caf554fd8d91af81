# SPDX-License-Identifier: ISC
"""Queues of all kinds: how they are created; and what is put can be got, once and in order."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import aiologic
import pytest
from aiologic import QueueEmpty, QueueFull

from .queues import SIMPLE, SIZED, drained, each_kind, each_sized, in_order, started

if TYPE_CHECKING:
    from .callers import Caller
    from .hand_driven import HandWorld

ITEMS = [2, 3, 1]
BAD_TIMEOUTS = {
    "negative": (-1, ValueError, "-1"),
    "NaN": (float("nan"), ValueError, "nan"),
    "text": ("soon", TypeError, "'soon'"),
}
bad_timeouts = pytest.mark.parametrize(
    ("timeout", "error", "text"), BAD_TIMEOUTS.values(), ids=BAD_TIMEOUTS
)


# -- construction ----------------------------------------------------------------------------------------------------


def test_kinds() -> None:
    """Contract 1.3.7: the names, and the base classes."""
    assert [cls.__name__ for cls in SIMPLE + SIZED] == [
        "SimpleQueue",
        "SimpleLifoQueue",
        "Queue",
        "LifoQueue",
        "PriorityQueue",
    ]
    assert issubclass(aiologic.LifoQueue, aiologic.Queue)
    assert issubclass(aiologic.PriorityQueue, aiologic.Queue)
    for error in QueueEmpty, QueueFull, aiologic.QueueShutDown:
        assert error.__bases__ == (Exception,)
        assert error().args == ()


@each_kind
def test_it_begins_with_items(cls: Any) -> None:
    """Contract 1.3.7: items of an iterable argument are there from the beginning."""
    for items in ITEMS, tuple(ITEMS), iter(ITEMS):
        queue = cls(items)
        assert len(queue) == 3
        assert queue
        assert drained(queue) == in_order(cls, ITEMS)
    for empty in cls(), cls([]), cls(iter(())):
        assert (len(empty), bool(empty)) == (0, False)
        assert (empty.getting, empty.putting, empty.waiting) == (0, 0, 0)


@each_sized
def test_maxsize(cls: Any) -> None:
    """Contract 1.3.7: the first argument may be the limit; 0 stands for no limit; True is 1."""
    for unlimited in cls(), cls(None), cls([]), cls([], None), cls(maxsize=None):
        assert unlimited.maxsize == 0
    for limited in cls(5), cls([], 5), cls(maxsize=5), cls(None, 5), cls(iter(()), 5):
        assert limited.maxsize == 5
    assert cls(True).maxsize == 1


@each_sized
@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        ((0,), ValueError, "maxsize must be >= 1 or None, got 0"),
        ((-1,), ValueError, "maxsize must be >= 1 or None, got -1"),
        (([], 0), ValueError, "maxsize must be >= 1 or None, got 0"),
        (([], "2"), TypeError, "maxsize must be an integer or None, got '2'"),
        (([], 2.0), TypeError, r"maxsize must be an integer or None, got 2\.0"),
        ((5, 5), TypeError, "items must be iterable, got 5"),
        ((2.0,), TypeError, r"items must be iterable, got 2\.0"),
        ((object, 1), TypeError, "items must be iterable, got <class 'object'>"),
    ],
)
def test_arguments_that_make_no_queue(
    cls: Any, arguments: Any, error: type[Exception], text: str
) -> None:
    """Contract 1.3.7: the error names argument and value."""
    with pytest.raises(error, match=text):
        cls(*arguments)


def test_an_iterable_that_fails() -> None:
    """Its own error is raised, whatever it is."""

    def items() -> Any:
        yield 1
        raise TypeError("mine")

    for cls in SIMPLE + SIZED:
        with pytest.raises(TypeError, match=r"^mine$"):
            cls(items())


@each_sized
def test_more_items_than_places(cls: Any, caller: Caller, world: HandWorld) -> None:
    """Contract 1.3.7: it is full until enough items have been got."""
    queue = cls([1, 2, 3, 4], 2)
    assert (len(queue), queue.maxsize) == (4, 2)
    [putter] = started(world, 1, lambda: queue.async_put(5))
    for left in 3, 2:
        caller.get(queue)
        assert len(queue) == left
        with pytest.raises(QueueFull):
            queue.put_nowait(6)
        assert not putter.is_woken
    caller.get(queue)
    assert putter.is_woken
    putter.step()
    assert len(queue) == 2
    with pytest.raises(QueueFull):
        queue.put_nowait(6)
    caller.get(queue)
    queue.put_nowait(6)


def test_they_can_be_subscribed() -> None:
    for cls in SIMPLE + SIZED:
        assert cls[int](ITEMS).get_nowait() == in_order(cls, ITEMS)[0]


# -- put and get -----------------------------------------------------------------------------------------------------


@each_kind
def test_put_and_get(cls: Any, caller: Caller) -> None:
    """Contract 1.3.7: in both worlds; the order is that of the kind."""
    queue = cls()
    for item in ITEMS:
        assert caller.put(queue, item) is None
    assert len(queue) == 3
    assert [caller.get(queue) for _ in ITEMS] == in_order(cls, ITEMS)
    assert len(queue) == 0
    for options in {}, {"blocking": False}, {"timeout": 5}, {"timeout": 0}:
        assert caller.put(queue, 7, **options) is None
        assert caller.get(queue, **options) == 7
    queue.put_nowait(8)
    assert queue.get_nowait() == 8


@each_kind
def test_nothing_to_get(cls: Any, caller: Caller) -> None:
    """Contract 1.3.7: QueueEmpty, without arguments, at once or in time."""
    queue = cls()
    for options in {"blocking": False}, {"timeout": 0}, {"timeout": 0.001}:
        with pytest.raises(QueueEmpty) as refused:
            caller.get(queue, **options)
        assert refused.value.args == ()
    with pytest.raises(QueueEmpty):
        queue.get_nowait()
    assert queue.waiting == 0
    queue.put_nowait(1)
    assert caller.get(queue) == 1


@each_sized
def test_no_place_to_put(cls: Any, caller: Caller) -> None:
    """Contract 1.3.7: QueueFull, without arguments, at once or in time; nothing was added."""
    queue = cls([1, 2], 2)
    for options in {"blocking": False}, {"timeout": 0}, {"timeout": 0.001}:
        with pytest.raises(QueueFull) as refused:
            caller.put(queue, 3, **options)
        assert refused.value.args == ()
    with pytest.raises(QueueFull):
        queue.put_nowait(3)
    assert (len(queue), queue.waiting, queue.unfinished_tasks) == (2, 0, 2)
    assert drained(queue) == in_order(cls, [1, 2])
    caller.put(queue, 3)
    assert queue.get_nowait() == 3


@each_kind
def test_options_are_by_name(cls: Any) -> None:
    """Contract 1.3.7: the item by position or by name, everything else by name."""
    queue = cls([1])
    for call in (
        partial(queue.green_get, False),
        partial(queue.green_put, 1, False),
    ):
        with pytest.raises(TypeError):
            call()
    assert len(queue) == 1
    queue.green_put(item=1)
    queue.put_nowait(item=1)
    assert len(queue) == 3


@each_kind
@bad_timeouts
def test_a_wrong_timeout_of_get(
    cls: Any, caller: Caller, timeout: Any, error: type[Exception], text: str
) -> None:
    """Refused first, even if there is an item; nothing has changed."""
    for items in [], [1]:
        queue = cls(items)
        with pytest.raises(error, match=f"timeout.*{text}"):
            caller.get(queue, timeout=timeout)
        assert (len(queue), queue.waiting) == (len(items), 0)
        assert queue.statistics() == cls(items).statistics()
        # A call that does not wait has none.
        queue.put_nowait(1)
        assert caller.get(queue, blocking=False, timeout=timeout) == 1


@each_sized
@bad_timeouts
def test_a_wrong_timeout_of_put(
    cls: Any, caller: Caller, timeout: Any, error: type[Exception], text: str
) -> None:
    for items in [], [1]:
        queue = cls(items, 1)
        with pytest.raises(error, match=f"timeout.*{text}"):
            caller.put(queue, 2, timeout=timeout)
        assert (len(queue), queue.waiting) == (len(items), 0)
        assert queue.unfinished_tasks == len(items)
        assert queue.statistics() == cls(items, 1).statistics()
    queue = cls(1)
    caller.put(queue, 2, blocking=False, timeout=timeout)
    assert queue.get_nowait() == 2
