# SPDX-License-Identifier: ISC
"""A task that gives up in a queue, in time or by an exception, has got nothing and put nothing; it goes to the next."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

import aiologic
import pytest
from aiologic import QueueEmpty, QueueFull, lowlevel
from aiologic._runtime.detect import worlds
from aiologic.testing._interruption import Interrupted

from .hand_driven import Cancelled
from .queues import SIMPLE, drained, each_kind, each_sized, in_order, started
from .raising import places

if TYPE_CHECKING:
    from .hand_driven import HandWorld


# -- while they wait -------------------------------------------------------------------------------------------------


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
    """It was given one, so it has it."""
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
    # At the same moment it is given a place: then it has put.
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


# -- where they need not wait ----------------------------------------------------------------------------------------


@each_kind
@pytest.mark.usefixtures("checkpoints_restored")
def test_cancelled_at_the_checkpoint(cls: Any, world: HandWorld) -> None:
    """A get has taken nothing, a put has put nothing."""
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
    """The same for threads; there, a handler raises."""

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


@pytest.mark.parametrize("cls", [*SIMPLE, aiologic.Queue])
@pytest.mark.parametrize("operation", ["put", "put_many", "get"])
def test_an_interrupt_leaves_as_many_items_as_can_be_had(
    cls: Any, operation: str
) -> None:
    """KeyboardInterrupt, wherever a signal handler can raise; see aiologic/testing/_interruption.py."""
    for interruption in places(at_least=2):
        queue = cls([1, 2])
        put_many = getattr(queue, "green_put_many", None) or queue.put_many
        call = {
            "put": partial(queue.put_nowait, 3),
            "put_many": partial(put_many, [3, 4]),
            "get": queue.get_nowait,
        }[operation]
        with suppress(Interrupted):
            interruption.during(call)
        assert queue.statistics().value == len(queue), interruption.where
