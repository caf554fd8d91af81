# SPDX-License-Identifier: ISC
"""Queues with so many places that most of them are in a pool until somebody takes them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import aiologic
import pytest
from aiologic import QueueFull, _places, _pool
from aiologic._pool import LARGEST_LIST
from aiologic.testing._interruption import Interrupted

from .queues import drained, each_sized, in_order
from .raising import ForgivingWorld, Places, heard, needs_places, places

if TYPE_CHECKING:
    from .hand_driven import HandWorld

LIMITS = [LARGEST_LIST - 1, LARGEST_LIST, LARGEST_LIST + 1, 3 * LARGEST_LIST + 5]


def fill(world: HandWorld, queue: Any, way: str, count: int) -> None:
    """Put so many numbers, each or all together."""
    if way == "many":
        assert queue.green_put_many(range(count), blocking=False) == count
        return
    for number in range(count):
        if way == "async":
            world.run(queue.async_put(number, blocking=False))
        elif way == "green":
            queue.green_put(number, blocking=False)
        else:
            queue.put_nowait(number)


@each_sized
@pytest.mark.parametrize("way", ["async", "green", "nowait", "many"])
@pytest.mark.parametrize("limit", LIMITS)
def test_there_are_as_many_places_as_promised(
    world: HandWorld, cls: Any, limit: int, way: str
) -> None:
    """The first time, and the second."""
    queue = cls(limit)
    for _ in range(2):
        fill(world, queue, way, limit)
        for put in queue.put_nowait, queue.green_put:
            with pytest.raises(QueueFull):
                put("one more", **({"timeout": 0} if put == queue.green_put else {}))
        assert queue.green_put_many(["one more"], blocking=False) == 0
        assert drained(queue) == in_order(cls, list(range(limit)))


@each_sized
@pytest.mark.parametrize("there", [0, 1, LARGEST_LIST, 3 * LARGEST_LIST + 7])
def test_what_is_in_it_from_the_beginning_has_its_places(
    world: HandWorld, cls: Any, there: int
) -> None:
    limit = 3 * LARGEST_LIST + 5
    queue = cls(range(there), limit)
    fill(world, queue, "nowait", max(0, limit - there))
    with pytest.raises(QueueFull):
        queue.put_nowait("one more")
    while len(queue) >= limit:
        queue.get_nowait()
    queue.put_nowait(-1)


def test_who_waits_gets_the_first_place_that_is_free(world: HandWorld) -> None:
    queue = aiologic.Queue[Any](LARGEST_LIST + 2)
    fill(world, queue, "nowait", LARGEST_LIST + 2)
    putter = world.spawn(queue.async_put("last")).step()
    assert (queue.putting, putter.is_woken) == (1, False)
    queue.get_nowait()
    with pytest.raises(QueueFull):
        queue.put_nowait("a newcomer")
    putter.step()
    assert putter.is_done
    assert drained(queue)[-1] == "last"


def test_places_that_nobody_has_taken_need_no_memory() -> None:
    """Nor does a queue that holds few items at a time."""
    large: Any = aiologic.Queue(1_000_000)
    for _ in range(10):
        fill_and_drain(large, 100)
    rest = large._places.rest
    assert len(large._places._free) == LARGEST_LIST
    assert sum(map(len, rest._begun.values())) == 0


def fill_and_drain(queue: Any, count: int) -> None:
    queue.green_put_many(range(count))
    assert queue.green_get_many(count) == list(range(count))


@needs_places
@pytest.mark.usefixtures("whatever_is_raised")
@pytest.mark.parametrize("way", ["async", "green", "many"])
@pytest.mark.parametrize("in_list", [0, 1])
def test_a_handler_that_raises_loses_no_place(
    forgiving_world: ForgivingWorld,
    monkeypatch: pytest.MonkeyPatch,
    way: str,
    in_list: int,
) -> None:
    """Interrupted at each bytecode of a put: the item is there, or its place is free."""
    monkeypatch.setattr(_places, "LARGEST_LIST", in_list)
    monkeypatch.setattr(_pool, "LARGEST_LIST", 1)
    for interruption in places(2):
        queue = aiologic.Queue[int](3)

        def put(queue: Any = queue) -> None:
            if way == "async":
                forgiving_world.run(queue.async_put(0))
            elif way == "green":
                queue.green_put(0)
            else:
                queue.green_put_many([0, 1])

        error = heard(interruption, put)

        assert (error is not None) is interruption.was_made, interruption.where
        fill(forgiving_world, queue, "nowait", 3 - len(queue))
        with pytest.raises(QueueFull):
            queue.put_nowait(3)
        assert len(drained(queue)) == 3


class NotThere(Interrupted, IndexError):  # noqa: N818
    """What the pool itself raises if it is used up."""


@needs_places
@pytest.mark.parametrize("way", ["green", "many", "nowait"])
def test_a_handler_that_says_the_same_as_the_pool_is_not_believed(
    forgiving_world: ForgivingWorld, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """Its exception may be lost there, but no place is."""
    monkeypatch.setattr(_places, "LARGEST_LIST", 0)
    monkeypatch.setattr(_pool, "LARGEST_LIST", 1)
    monkeypatch.setattr(Places, "error", NotThere)
    for interruption in places(2):
        queue = aiologic.Queue[int](3)
        heard(interruption, partial(fill, forgiving_world, queue, way, 1))
        fill(forgiving_world, queue, "nowait", 3 - len(queue))
        with pytest.raises(QueueFull):
            queue.put_nowait(3)
        assert len(drained(queue)) == 3
