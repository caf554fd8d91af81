# SPDX-License-Identifier: ISC
"""The end of a queue with ``immediate=True``: what is left is discarded, and counts as done."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from aiologic import QueueEmpty, QueueShutDown
from aiologic.lowlevel import async_checkpoint, enable_checkpoints
from aiologic.testing._interruption import Interrupted

from .hand_driven import Cancelled
from .queues import each_sized, started
from .test_reentrancy import interruptions

if TYPE_CHECKING:
    from .hand_driven import HandWorld


async def _join_after(queue: Any) -> bool:
    await async_checkpoint(force=True)
    joined: bool = await queue.async_join()
    return joined


@each_sized
def test_discarded_at_once(cls: Any, world: HandWorld) -> None:
    """With `immediate`, what is left counts as done; a task that was promised an item is told of the end."""
    queue = cls()
    [promised] = started(world, 1, queue.async_get)
    [joined] = started(world, 1, lambda: _join_after(queue))
    for item in range(5):
        queue.put_nowait(item)
    joined.step()
    queue.shutdown(immediate=True)
    assert promised.is_woken
    # Nobody can get anything from it, though what was promised stays there until its task runs.
    assert (len(queue), bool(queue), queue.statistics().value) == (0, False, 0)
    assert "([]" in repr(queue)
    with pytest.raises(QueueShutDown):
        promised.step()
    assert queue.unfinished_tasks == 0
    assert len(queue) == 0
    assert joined.is_woken
    assert joined.step().result is True


@each_sized
@pytest.mark.parametrize("limit", [None, 1])
def test_what_was_promised_to_the_cancelled_is_discarded(
    cls: Any, world: HandWorld, limit: int | None
) -> None:
    """A shutdown at once, cancelled consumers, and ``join()``: it waited for ever for what had been promised."""
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
    """The same if the item was there, and its getter comes to a checkpoint before it takes the item."""
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
def test_nobody_looks_at_what_is_discarded(cls: Any, world: HandWorld) -> None:
    """It is still there, for the task that it was promised to and that has not come yet."""
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


@each_sized
def test_discarded_between_any_two_steps_of_a_look(cls: Any, world: HandWorld) -> None:
    """The item was promised; in a store, there is something else in its place until that task comes."""
    shown: set[object] = set()
    for interruption in interruptions():
        queue = cls()
        [getter] = started(world, 1, queue.async_get)
        queue.put_nowait(1)
        discard = partial(queue.shutdown, immediate=True)
        try:
            item = interruption.during(queue.peek_nowait, discard)
        except (QueueEmpty, QueueShutDown):
            item = "nothing"
        shown.add(item)
        with suppress(QueueShutDown):
            getter.step()
    assert shown == {1, "nothing"}
