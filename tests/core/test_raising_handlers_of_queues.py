# SPDX-License-Identifier: ISC
"""A signal handler that raises in the middle of a put or a get.

No waiter is left in line whose task is gone; tasks that wait for an item are
woken if there is one, and those that wait for a place, if one is free. (An item
whose get was interrupted as it returned is gone with that call, as with any call.)
"""

from __future__ import annotations

from typing import Any

import aiologic
import pytest
from aiologic.testing.catalogue import QUEUES

from .hand_driven import Cancelled
from .raising import ForgivingWorld, heard, needs_places, places

pytestmark = [needs_places, pytest.mark.usefixtures("whatever_is_raised")]

#: Those that are plain rows; the others are used by one task at a time, and are not done yet: docs/decisions/0041.
ROWS = [
    kind
    for kind in QUEUES
    if kind.cls in {aiologic.SimpleQueue, aiologic.SimpleLifoQueue, aiologic.Queue}
]
rows = pytest.mark.parametrize("kind", ROWS, ids=str)
bounded = pytest.mark.parametrize(
    "kind", [kind for kind in ROWS if kind.arguments], ids=str
)


def is_simple(kind: Any) -> bool:
    """Whether several can be put in only one way, because it never waits."""
    return not hasattr(kind.cls, "async_put_many")


@pytest.fixture
def world(forgiving_world: ForgivingWorld) -> ForgivingWorld:
    return forgiving_world


def is_in_order(queue: Any, kind: Any) -> bool:
    """Whether nobody waits, and it takes as many items as it should."""
    assert (queue.getting, queue.putting) == (0, 0)
    while queue:
        queue.get_nowait()
    if kind.arguments:
        (limit,) = kind.arguments
        for number in range(limit):
            queue.put_nowait(number)
        with pytest.raises(aiologic.QueueFull):
            queue.put_nowait(limit)
        assert [queue.get_nowait() for _ in range(limit)] == list(range(limit))
    counts = hasattr(queue, "unfinished_tasks")
    while counts and queue.unfinished_tasks:
        queue.task_done()
    queue.green_put(1)
    assert not counts or queue.unfinished_tasks == 1
    assert queue.green_get(blocking=False) == 1
    return True


@rows
@pytest.mark.parametrize("way", ["green_put", "async_put", "put_many"])
def test_a_put(world: ForgivingWorld, kind: Any, way: str) -> None:
    for interruption in places(2):
        queue = kind.make()
        first, second = (world.spawn(queue.async_get()).step() for _ in range(2))

        def put(queue: Any = queue) -> None:
            if way == "green_put":
                queue.green_put("item", blocking=False)
            elif way == "put_many":
                put_many = getattr(queue, "put_many", None) or queue.green_put_many
                put_many(["item"])
            else:
                world.run(queue.async_put("item"))

        error = heard(interruption, put)

        assert (error is not None) is interruption.was_made, interruption.where
        if not first.is_woken:
            assert not queue
            put()
        assert first.step().result == "item"
        assert not second.is_woken
        put()
        assert second.step().result == "item"
        assert is_in_order(queue, kind)


@pytest.mark.parametrize(
    ("kind", "way"),
    [
        pytest.param(kind, way, id=f"{kind}-{way}")
        for kind in ROWS
        for way in (["simple"] if is_simple(kind) else ["green", "async", "at once"])
    ],
)
def test_a_put_of_several(world: ForgivingWorld, kind: Any, way: str) -> None:
    """All items are put for which there is a place, or none; and those who wait for them are served."""
    limit = kind.arguments[0] if kind.arguments else 3
    items = list(range(limit + 1))
    for interruption in places(2):
        queue = kind.make()
        getters = [world.spawn(queue.async_get()).step() for _ in range(2)]

        def put(queue: Any = queue) -> None:
            if way == "simple":
                queue.put_many(items)
            elif way == "green":
                queue.green_put_many(items, blocking=False)
            elif way == "async":
                world.run(queue.async_put_many(items, blocking=False))
            else:
                queue.green_put_many(items, timeout=0)

        error = heard(interruption, put)

        where = interruption.where
        assert (error is not None) is interruption.was_made, interruption.where
        there = len(queue)
        got = [getter.step().result for getter in getters if getter.is_woken]
        if kind.cls is not aiologic.SimpleLifoQueue:
            assert got == items[: len(got)]
        assert len(got) == min(there, 2), f"a wake-up was lost {where}"
        if way != "simple":
            assert queue.unfinished_tasks == there, where
            while queue.unfinished_tasks:
                queue.task_done()
        for getter in getters[len(got) :]:
            queue.put_nowait("item")
            assert getter.step().result == "item"
        assert is_in_order(queue, kind)


@rows
def test_the_beginning_of_a_get(world: ForgivingWorld, kind: Any) -> None:
    for interruption in places(2):
        queue = kind.make()
        getters = [world.spawn(queue.async_get()).step()]
        task = world.spawn(queue.async_get())

        error = heard(interruption, task.step)

        assert (error is not None) is interruption.was_made, interruption.where
        assert queue.getting == 1 + (error is None)
        if error is None:
            getters.append(task)
        getters.append(world.spawn(queue.async_get()).step())
        for number, getter in enumerate(getters):
            queue.green_put(number)
            assert getter.step().result == number
        assert is_in_order(queue, kind)


@rows
@pytest.mark.parametrize("ends_by", ["time-out", "cancellation"])
@pytest.mark.parametrize("is_granted", [False, True], ids=["", "granted"])
def test_the_end_of_a_get(
    world: ForgivingWorld, kind: Any, ends_by: str, is_granted: bool
) -> None:
    for interruption in places(0):
        queue = kind.make()
        timeout = 1 if ends_by == "time-out" else None
        task = world.spawn(queue.async_get(timeout=timeout)).step()
        behind = world.spawn(queue.async_get()).step()
        if is_granted:
            queue.green_put("item")

        def end() -> None:
            try:
                if ends_by == "time-out":
                    task.time_out()  # noqa: B023  # called before the next round
                else:
                    task.cancel_quietly(Cancelled())  # noqa: B023
            except aiologic.QueueEmpty:
                assert not is_granted

        error = heard(interruption, end)

        assert (error is not None) is interruption.was_made, interruption.where
        assert task.is_done
        if not behind.is_woken:
            assert not queue
            queue.green_put("item")
        assert behind.step().result == "item"
        assert is_in_order(queue, kind)


@bounded
def test_the_beginning_of_a_put(world: ForgivingWorld, kind: Any) -> None:
    (limit,) = kind.arguments
    for interruption in places(2):
        queue = kind.make()
        for _ in range(limit):
            queue.put_nowait("early")
        task = world.spawn(queue.async_put("late"))

        error = heard(interruption, task.step)

        assert (error is not None) is interruption.was_made, interruption.where
        assert queue.putting == (error is None)
        behind = world.spawn(queue.async_put("last")).step()
        for putter in (task, behind) if error is None else (behind,):
            queue.get_nowait()
            assert putter.is_woken
            assert putter.step().is_done
        assert is_in_order(queue, kind)


@bounded
def test_a_get_frees_a_place(world: ForgivingWorld, kind: Any) -> None:
    (limit,) = kind.arguments
    for interruption in places(2):
        queue = kind.make()
        for _ in range(limit):
            queue.put_nowait("early")
        putter = world.spawn(queue.async_put("late")).step()

        error = heard(interruption, queue.get_nowait)

        assert (error is not None) is interruption.was_made, interruption.where
        if not putter.is_woken:
            assert len(queue) == limit, interruption.where
            queue.get_nowait()
        assert putter.step().is_done
        assert is_in_order(queue, kind)


def test_the_last_is_said_to_be_done(world: ForgivingWorld) -> None:
    """It is, and those who wait for that are woken; or it is not."""
    for interruption in places(2):
        queue = aiologic.Queue([1])
        joining = world.spawn(queue.async_join()).step()

        error = heard(interruption, queue.task_done)

        assert (error is not None) is interruption.was_made, interruption.where
        if queue.unfinished_tasks:
            queue.task_done()
        assert joining.is_woken, interruption.where
        assert joining.step().result is True
        with pytest.raises(ValueError, match="too many"):
            queue.task_done()
