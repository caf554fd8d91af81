# SPDX-License-Identifier: ISC
"""Queues of all kinds: what is put is got, once, in order, by whoever waits longest."""

from __future__ import annotations

import copy
import gc
import heapq
import pickle
import sys
from collections import deque
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiologic
import pytest
from aiologic import QueueEmpty, QueueFull, _getting, _permits, _simple_queue
from aiologic.testing._interruption import Interrupted, RaisingInterruption

from .queues import (
    SIMPLE,
    SIZED,
    Cancelled,
    Guarded,
    drained,
    each_kind,
    each_sized,
    in_order,
    started,
)
from .test_reentrancy import interruptions

if TYPE_CHECKING:
    from .callers import Caller
    from .crew import Crew
    from .hand_driven import HandWorld

WITHIN = [str(Path(aiologic.__file__).parent)]
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
    """Contract 1.3.7: the names, and whose subclasses they are."""
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
    """Contract 1.3.7: the first argument may be the limit; 0 stands for none; True is 1."""
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
    """Contract 1.3.7: argument and value are named."""
    with pytest.raises(error, match=text):
        cls(*arguments)


def test_an_iterable_that_fails() -> None:
    """Its own error, whatever it is."""

    def items() -> Any:
        yield 1
        raise TypeError("mine")

    for cls in SIMPLE + SIZED:
        with pytest.raises(TypeError, match=r"^mine$"):
            cls(items())


@each_sized
def test_more_items_than_places(cls: Any, caller: Caller, world: HandWorld) -> None:
    """Contract 1.3.7: it is full until so many have been got that there is a place."""
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
    """Contract 1.3.7: the item is by place or by name, all else by name."""
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
    """Refused first of all, also if there is an item; nothing has changed."""
    for items in [], [1]:
        queue = cls(items)
        with pytest.raises(error, match=f"timeout.*{text}"):
            caller.get(queue, timeout=timeout)
        assert (len(queue), queue.waiting) == (len(items), 0)
        assert queue.statistics() == cls(items).statistics()
        # Whoever does not wait has none.
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


# -- waiting ---------------------------------------------------------------------------------------------------------


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
    """A waits.   B has the queue's turn, and stops.   C puts an item: it is free, and A's."""
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
    """The same of a place."""
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
    """Whoever has it, uses it; nobody else is let go on meanwhile, not even for a moment."""
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


# -- giving up -------------------------------------------------------------------------------------------------------


@each_kind
def test_a_granted_getter_that_is_cancelled_takes_nothing(
    cls: Any, world: HandWorld
) -> None:
    """Contract 1.3.7: its item goes to the next; of two that are cancelled, the order is kept."""
    queue = cls()
    victims = started(world, 2, queue.async_get)
    [last] = started(world, 1, queue.async_get)
    for item in 1, 2, 3:
        queue.put_nowait(item)
    assert all(task.is_woken for task in [*victims, last])
    for victim in victims[::-1]:
        with pytest.raises(Cancelled):
            victim.cancel(Cancelled())
    expected = in_order(cls, [1, 2, 3])
    assert last.step().result == expected[0]
    assert drained(queue) == expected[1:]
    assert queue.waiting == 0


@each_kind
def test_what_a_cancelled_getter_was_given_goes_to_the_next(
    cls: Any, world: HandWorld
) -> None:
    queue = cls()
    victim, behind = started(world, 2, queue.async_get)
    queue.put_nowait(1)
    with pytest.raises(Cancelled):
        victim.cancel(Cancelled())
    assert behind.is_woken
    assert behind.step().result == 1


@each_kind
def test_time_is_up_as_the_item_comes(cls: Any, world: HandWorld) -> None:
    """It was given one: so it has it."""
    queue = cls()
    [getter] = started(world, 1, lambda: queue.async_get(timeout=1))
    queue.put_nowait(1)
    assert getter.time_out().result == 1

    [getter] = started(world, 1, lambda: queue.async_get(timeout=1))
    with pytest.raises(QueueEmpty):
        getter.time_out()
    queue.put_nowait(2)
    assert queue.get_nowait() == 2


@each_sized
@pytest.mark.parametrize("is_granted", [True, False])
def test_a_cancelled_put_adds_nothing(
    cls: Any, world: HandWorld, is_granted: bool
) -> None:
    """Contract 1.3.7: its place goes to the next."""
    queue = cls([0], 1)
    [victim] = started(world, 1, lambda: queue.async_put(1))
    [behind] = started(world, 1, lambda: queue.async_put(2))
    if is_granted:
        queue.get_nowait()
    with pytest.raises(Cancelled):
        victim.cancel(Cancelled())
    if not is_granted:
        queue.get_nowait()
    assert behind.is_woken
    behind.step()
    assert drained(queue) == [2]
    assert queue.unfinished_tasks == 2


@each_sized
def test_a_put_whose_time_is_up_adds_nothing(cls: Any, world: HandWorld) -> None:
    queue = cls([0], 1)
    [putter] = started(world, 1, lambda: queue.async_put(1, timeout=1))
    with pytest.raises(QueueFull):
        putter.time_out()
    assert drained(queue) == [0]
    assert queue.unfinished_tasks == 1
    queue.put_nowait(2)
    # In the same moment it is given a place: then it has put.
    [putter] = started(world, 1, lambda: queue.async_put(3, timeout=1))
    queue.get_nowait()
    putter.time_out()
    assert drained(queue) == [3]


@each_sized
def test_a_lost_loop_passes_on_what_it_was_given(cls: Any, world: HandWorld) -> None:
    """D19: an item, or a place, for a task of a closed loop goes to the next."""
    queue = cls(1)
    lost, behind = started(world, 2, queue.async_get)
    waiter: Any = queue._queue[0]
    queue.put_nowait(1)
    waiter.lost()
    assert behind.is_woken
    lost.coroutine.close()
    assert behind.step().result == 1

    queue.put_nowait(2)
    lost, behind = started(world, 2, lambda: queue.async_put(3))
    waiter = queue._places._queue[0]
    assert queue.get_nowait() == 2
    waiter.lost()
    assert behind.is_woken
    lost.coroutine.close()
    behind.step()
    assert drained(queue) == [3]


@each_kind
@pytest.mark.usefixtures("checkpoints_restored")
def test_cancelled_at_the_checkpoint(cls: Any, world: HandWorld) -> None:
    """A get has taken nothing, a put has put nothing."""
    from aiologic import lowlevel

    queue = cls([1]) if cls in SIMPLE else cls([1], 2)

    async def get() -> None:
        async with lowlevel.enable_checkpoints():
            await queue.async_get()

    async def put() -> None:
        async with lowlevel.enable_checkpoints():
            await queue.async_put(2)

    for call in get, put:
        task = world.spawn(call()).step()
        assert task.checkpoints == 1
        with pytest.raises(Cancelled):
            task.cancel(Cancelled())
    queue.put_nowait(2)
    assert drained(queue) == in_order(cls, [1, 2])
    queue.put_nowait(3)
    queue.put_nowait(4)
    assert len(queue) == 2


@each_kind
@pytest.mark.usefixtures("checkpoints_restored")
def test_interrupted_at_a_green_checkpoint(
    cls: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same of threads; there it is a handler that raises."""
    from aiologic import lowlevel
    from aiologic._runtime.detect import worlds

    def interrupted() -> None:
        raise Interrupted

    thread = type(worlds.green_backend())
    monkeypatch.setattr(thread, "checkpoint", staticmethod(interrupted))
    queue = cls([1]) if cls in SIMPLE else cls([1], 2)
    for call in queue.green_get, partial(queue.green_put, 2):
        with pytest.raises(Interrupted), lowlevel.enable_checkpoints():
            call()
    queue.put_nowait(2)
    assert drained(queue) == in_order(cls, [1, 2])
    queue.put_nowait(3)
    queue.put_nowait(4)
    assert len(queue) == 2


# -- without waiting -------------------------------------------------------------------------------------------------


def test_not_to_wait_is_not_to_fail_while_another_puts(crew: Crew) -> None:
    """D14: another thread is within ``_put``; what is there is got all the same, and the rest is put."""
    import threading

    arrived, go_on = threading.Event(), threading.Event()

    class Slow(Guarded):
        def linger(self) -> None:
            if self.calls == 1:
                arrived.set()
                assert go_on.wait(20)

    queue = Slow([1])
    putter = crew.start(queue.put_nowait, 2)
    assert arrived.wait(20)
    getter = crew.start(queue.get_nowait)
    other = crew.start(queue.put_nowait, 3)
    exclusive: Any = queue._exclusive
    crew.wait_until(lambda: len(exclusive._waiting) == 2)
    go_on.set()
    assert getter.result() == 1
    putter.result()
    other.result()
    assert drained(queue) == [2, 3]
    assert queue.most == 1


class Raced(list):  # type: ignore[type-arg]
    """A list as it may be without the GIL: its length is read, another takes the last item, and then the place is looked up."""

    def __delitem__(self, place: Any) -> None:
        if place < 0 and len(self) > 1:
            place += len(self)
            super().pop()
        super().__delitem__(place)


@each_kind
def test_not_to_wait_is_not_to_fail_without_the_gil(
    cls: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D14: where others take items at the same moment, one of those that are left is got."""
    for module in _getting, _simple_queue:
        monkeypatch.setattr(module, "ANY", 0)  # what it is there
    queue = cls([1, 2, 3])
    queue._free = Raced(queue._free)
    assert queue.get_nowait() == in_order(cls, [1, 2, 3])[0]
    assert len(queue._free) == 2


@pytest.mark.parametrize("cls", [aiologic.Queue, aiologic.LifoQueue])
def test_not_to_wait_for_a_place_is_not_to_fail_without_the_gil(cls: Any) -> None:
    """D14: the same of places."""
    queue = cls(maxsize=4)
    queue._places._free = Raced([None] * 4)
    # In the last of the four, for others are faster while there are more.
    queue.put_nowait(1)
    assert len(queue._places._free) == 0
    with pytest.raises(QueueFull):
        queue.put_nowait(2)


@each_kind
@pytest.mark.parametrize("is_free", [False, True])
def test_a_permit_is_taken_where_it_costs_the_same_however_many_there_are(
    cls: Any, is_free: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the GIL it is the first one, and to take that from a list moves all others."""
    monkeypatch.setattr(_permits, "FREE_THREADED", is_free)
    queue = cls([1, 2, 3])
    assert type(queue._free) is (deque if is_free else list)
    assert len(queue._free) == 3
    queue.put_nowait(4)
    assert drained(queue) == in_order(cls, [1, 2, 3, 4])


def _get_into(got: list[int], queue: Any) -> None:
    got.append(queue.get_nowait())


@pytest.mark.parametrize("cls", [*SIMPLE, aiologic.Queue])
def test_not_to_wait_is_not_to_fail_between_any_two_steps(cls: Any) -> None:
    """D14: there is an item, and a place, whatever another does just now."""
    for interruption in interruptions():
        queue = cls([1, 2])
        got: list[int] = []
        interruption.during(
            partial(queue.put_nowait, 3), partial(_get_into, got, queue)
        )
        assert sorted(got + drained(queue)) == [1, 2, 3]
        assert len(got) == interruption.was_made
    for interruption in interruptions():
        queue = cls([1, 2]) if cls in SIMPLE else cls([1, 2], 3)
        got = [interruption.during(queue.get_nowait, partial(queue.put_nowait, 3))]
        assert sorted(got + drained(queue)) == [1, 2, 3][: 2 + interruption.was_made]


@each_kind
@pytest.mark.parametrize("limit", [None, 4])
@pytest.mark.usefixtures("tiny_switch_interval")
def test_not_to_wait_is_not_to_fail_in_threads(
    cls: Any, crew: Crew, limit: int | None
) -> None:
    """D14: each of four puts an item before it gets one, so there is always a place, and an item."""
    queue = cls() if limit is None or cls in SIMPLE else cls(limit)

    def put_and_get() -> list[int]:
        got: list[int] = []
        for item in range(300):
            queue.put_nowait(item)
            got.append(queue.get_nowait())
        return got

    every = [item for got in crew.race(*[put_and_get] * 4) for item in got]
    assert sorted(every) == sorted(list(range(300)) * 4)
    assert len(queue) == 0


# -- as an object ----------------------------------------------------------------------------------------------------


@each_kind
def test_repr(cls: Any, world: HandWorld) -> None:
    """Contract 1.3.7: its items, its limit, its length, and who waits where anybody may."""
    name = f"<aiologic.{cls.__name__}"
    queue = cls()
    assert repr(queue).startswith(f"{name}([]) at 0x")
    assert repr(queue).endswith("[length=0, getting=0]>")
    tasks = started(world, 2, queue.async_get)
    assert repr(queue).endswith("[length=0, getting=2]>")
    for task in tasks:
        task.coroutine.close()
    queue.put_nowait(1)
    assert repr(queue).startswith(f"{name}([1]) at 0x")
    assert repr(queue).endswith("[length=1]>")


@each_sized
def test_repr_of_a_limited_one(cls: Any, world: HandWorld) -> None:
    queue = cls([1, 2], maxsize=2)
    assert "Queue([1, 2], maxsize=2) at 0x" in repr(queue)
    [putter] = started(world, 1, lambda: queue.async_put(3))
    assert repr(queue).endswith("[length=2, putting=1]>")
    putter.coroutine.close()
    queue.get_nowait()
    assert repr(queue).endswith("[length=1]>")
    queue.shutdown()
    assert repr(queue).endswith("[length=1, shut down]>")


@each_kind
def test_statistics(cls: Any, world: HandWorld) -> None:
    queue = cls([1, 2])
    assert queue.statistics().value == 2
    drained(queue)
    tasks = started(world, 2, queue.async_get)
    said = queue.statistics()
    assert (said.value, said.waiting) == (0, 2)
    assert said.waiting_by_library == {"handdriven": 2}
    for task in tasks:
        task.coroutine.close()


@each_kind
def test_copies_and_pickles_have_the_items_and_warn(cls: Any) -> None:
    """Contract 1.3.7: as long as they do, whoever relies on it is warned, once."""
    options: Any = {} if cls in SIMPLE else {"maxsize": 3}
    queue = cls(ITEMS, **options)
    expected = in_order(cls, ITEMS)
    with pytest.warns(DeprecationWarning, match="^Copying will no") as warned:
        copied = copy.copy(queue)
    assert len(warned) == 1
    assert warned[0].filename == copy.__file__ or __file__
    assert drained(copied) == expected
    assert getattr(copied, "maxsize", 3) == 3
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.warns(DeprecationWarning, match="^Pickling will no") as warned:
            pickled = pickle.dumps(queue, protocol)
        assert len(warned) == 1
        assert drained(pickle.loads(pickled)) == expected
    with pytest.warns(DeprecationWarning, match="Use copy.copy"):
        copied = queue.copy()
    assert drained(copied) == expected
    assert len(queue) == 3


@each_kind
def test_copies_of_an_empty_one_are_silent(cls: Any) -> None:
    """Contract 1.3.7: nothing is lost."""
    for made in [cls()] if cls in SIMPLE else [cls(), cls(3)]:
        for copied in copy.copy(made), pickle.loads(pickle.dumps(made)):
            assert type(copied) is cls
            assert len(copied) == 0
            assert getattr(copied, "maxsize", None) == getattr(made, "maxsize", None)


@each_kind
def test_arguments(cls: Any) -> None:
    """Contract 1.3.7: what it would be made with."""
    assert cls().__getnewargs__() == ()
    assert cls([1]).__getnewargs__() == ([1],)
    if cls not in SIMPLE:
        assert cls(4).__getnewargs__() == (4,)
        assert cls([1], 4).__getnewargs__() == ([1], 4)


@each_sized
def test_a_copy_of_one_that_was_shut_down_is_open(cls: Any) -> None:
    queue = cls(2)
    queue.shutdown()
    copied = copy.copy(queue)
    copied.put_nowait(1)
    assert copied.get_nowait() == 1
    assert not copied.is_shutdown


@each_kind
def test_what_was_got_is_not_kept(cls: Any) -> None:
    import weakref

    class Item:
        def __lt__(self, other: object) -> bool:
            return False

    queue = cls()
    item = Item()
    reference = weakref.ref(item)
    queue.put_nowait(item)
    del item
    assert queue.get_nowait() is reference()
    gc.collect()
    assert reference() is None


# -- items that are compared -----------------------------------------------------------------------------------------


def test_equal_priorities_and_duplicates() -> None:
    queue = aiologic.PriorityQueue([3, 1, 3, 1])
    queue.put_nowait(1)
    assert drained(queue) == [1, 1, 1, 3, 3]


@pytest.mark.parametrize("items", [[1], [1, 2, 3], list(range(20))])
def test_what_can_not_be_compared_is_not_put(items: list[Any]) -> None:
    """Whoever puts it gets the error, and nothing has changed."""
    queue: aiologic.PriorityQueue[Any] = aiologic.PriorityQueue(items, maxsize=30)
    before = queue.statistics()
    with pytest.raises(TypeError):
        queue.put_nowait("text")
    assert queue.statistics() == before
    assert (len(queue), queue.unfinished_tasks) == (len(items), len(items))
    for number in range(30 - len(items)):
        queue.put_nowait(number)
    with pytest.raises(QueueFull):
        queue.put_nowait(1)
    assert drained(queue) == sorted(items + list(range(30 - len(items))))


@pytest.mark.skipif(
    sys.implementation.name != "cpython",
    reason="heapq in Python leaves a heap with holes where a comparison raises",
)
def test_a_get_takes_as_equal_what_can_not_be_compared() -> None:
    """They never met on their way in. Were it an error, it would be one at each get, and nobody had any of them."""
    items: list[Any] = [(0, "first"), (1, {"a": 1}), (1, {"b": 2}), (2, [3]), (2, 4)]
    queue = aiologic.PriorityQueue[Any](maxsize=6)
    for item in items:
        queue.put_nowait(item)
    queue.put_nowait((0,))
    assert queue.get_nowait() == (0,)
    assert queue.get_nowait() == (0, "first")
    queue.put_nowait((0, "late"))
    assert queue.get_nowait() == (0, "late")
    rest = drained(queue)
    assert [priority for priority, _ in rest] == [1, 1, 2, 2]
    assert all(item in rest for item in items[1:])
    assert queue.statistics().value == 0


class Ranked:
    """A rank, and no more than a heap asks for: one of the same rank can't be compared, and all others by ``<`` alone."""

    def __init__(self, rank: int) -> None:
        self.rank = rank

    def __lt__(self, other: Ranked) -> bool:
        if self.rank == other.rank:
            raise TypeError("neither comes first")
        return self.rank < other.rank


def test_those_that_can_be_compared_come_in_order_beside_those_that_can_not() -> None:
    queue = aiologic.PriorityQueue[Ranked]()
    for rank in 0, 1, 1, 3, 2, 4:
        queue.put_nowait(Ranked(rank))
    assert [item.rank for item in drained(queue)] == [0, 1, 1, 2, 3, 4]


def test_what_can_not_be_compared_is_discarded_at_once() -> None:
    queue = aiologic.PriorityQueue[Any]()
    for item in (0, "first"), (1, {"a": 1}), (1, {"b": 2}):
        queue.put_nowait(item)
    queue.shutdown(immediate=True)
    with pytest.raises(aiologic.QueueShutDown):
        queue.get_nowait()
    assert (len(queue), queue.unfinished_tasks) == (0, 0)


class Number:
    """A number that can refuse to be compared from some comparison on."""

    left = -1

    def __init__(self, number: int) -> None:
        self.number = number

    def __lt__(self, other: Number) -> bool:
        Number.left -= 1
        if Number.left == 0:
            raise KeyboardInterrupt
        return self.number < other.number


@pytest.mark.skipif(
    sys.implementation.name != "cpython",
    reason="heapq in Python leaves a heap with holes where a comparison raises",
)
@pytest.mark.parametrize("operation", ["put", "get"])
@pytest.mark.parametrize("comparison", [1, 2, 3, 4])
def test_a_comparison_that_is_interrupted_loses_nothing(
    operation: str, comparison: int
) -> None:
    queue = aiologic.PriorityQueue(map(Number, range(1, 31)))
    call = queue.get_nowait
    if operation == "put":
        call = partial(queue.put_nowait, Number(0))  # type: ignore[assignment]  # what it returns is not looked at
    Number.left = comparison
    with pytest.raises(KeyboardInterrupt):
        call()
    Number.left = -1
    assert (len(queue), queue.statistics().value) == (30, 30)
    assert [item.number for item in drained(queue)] == list(range(1, 31))


@pytest.mark.parametrize("operation", ["put", "get"])
def test_an_interrupt_before_the_heap_has_changed_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, operation: str
) -> None:
    """Where heapq is written in Python, a handler is heard as a function of it begins."""
    item = Number(2)
    queue = aiologic.PriorityQueue([Number(1), item, Number(3)])

    def interrupted(*_: object) -> None:
        raise Interrupted

    with monkeypatch.context() as patch:
        for name in "heappush", "heappop":
            patch.setattr(heapq, name, interrupted)
        with pytest.raises(Interrupted):
            queue.put_nowait(item) if operation == "put" else queue.get_nowait()
    assert (len(queue), queue.statistics().value) == (3, 3)
    assert [item.number for item in drained(queue)] == [1, 2, 3]


@pytest.mark.parametrize("cls", [*SIMPLE, aiologic.Queue])
@pytest.mark.parametrize("operation", ["put", "put_many", "get"])
def test_an_interrupt_leaves_as_many_items_as_can_be_had(
    cls: Any, operation: str
) -> None:
    """KeyboardInterrupt, wherever a signal handler can raise; see aiologic/testing/_interruption.py."""
    for number in range(1_000):
        queue = cls([1, 2])
        put_many = getattr(queue, "green_put_many", None) or queue.put_many
        call = {
            "put": partial(queue.put_nowait, 3),
            "put_many": partial(put_many, [3, 4]),
            "get": queue.get_nowait,
        }[operation]
        interruption = RaisingInterruption(number, Interrupted.now, WITHIN)
        with suppress(Interrupted):
            interruption.during(call)
        assert queue.statistics().value == len(queue), interruption.where
        if not interruption.was_made:
            assert number > 1
            return
    pytest.fail("it does not end")


def test_to_ask_what_is_in_it_gets_nothing() -> None:
    queue = aiologic.Queue([1])
    with pytest.raises(TypeError):
        assert 1 in queue
    assert len(queue) == 1
