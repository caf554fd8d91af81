# SPDX-License-Identifier: ISC
"""A task that is notified moves to the lock's queue, and wakes with the lock as it was before (contract 1.3.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

import aiologic
import pytest
from aiologic import Condition

from .conditions import Waiting, each_mixed, is_free, notify

if TYPE_CHECKING:
    from .hand_driven import HandWorld


@each_mixed
def test_the_notified_queue_for_the_lock_in_order(
    make: Callable[[], Any], world: HandWorld
) -> None:
    """Contract 1.3.6: no thundering herd; lockers queued before the notification go first, later ones after."""
    lock = make()
    condition = Condition(lock)
    first, second = Waiting(world, condition), Waiting(world, condition)
    condition.__enter__()
    before = world.spawn(lock.async_acquire()).step()
    assert condition.notify_all() == 2
    assert (condition.waiting, lock.waiting) == (0, 3)
    after = world.spawn(lock.async_acquire()).step()
    if isinstance(lock, aiologic.RLock):
        assert lock.green_acquire(blocking=False)  # its owner is in no queue
        lock.green_release()
    else:
        assert not is_taken_again(lock)
    condition.__exit__(None, None, None)

    for task in (before, first.task, second.task, after):
        others = [
            one for one in (before, first.task, second.task, after) if one.is_woken
        ]
        assert others == [task]
        with world.runs(task.step()):
            if task in (before, after):
                lock.async_release()
    assert is_free(lock)


def is_taken_again(lock: Any) -> bool:
    try:
        return bool(lock.green_acquire(blocking=False))
    except RuntimeError:
        return False


@each_mixed
def test_one_switch(make: Callable[[], Any], world: HandWorld) -> None:
    """Contract 1.3.6: exactly one switch, from the notification to the lock."""
    condition = Condition(make())
    waiting = Waiting(world, condition)
    assert world.run(notify(condition)) == 1
    assert waiting.task.step().is_done
    assert waiting.task.checkpoints == 0


def test_the_level_of_a_reentrant_lock_is_restored(world: HandWorld) -> None:
    """Contract 1.3.6; 2.1 no. 18."""
    lock = aiologic.RLock()
    condition = Condition(lock)

    async def wait() -> int:
        await lock.async_acquire(3)
        assert await condition
        level = lock.async_count()
        lock.async_release(3)
        return level

    task = world.spawn(wait()).step()
    assert not lock.locked()
    assert world.run(notify(condition)) == 1
    assert task.step().result == 3


def test_a_bounded_semaphore_keeps_its_bound(world: HandWorld) -> None:
    """2.1 no. 20."""
    lock = aiologic.BoundedBinarySemaphore()
    condition = Condition(lock)
    waiting = Waiting(world, condition)
    world.run(notify(condition))
    assert waiting.task.step().result is True
    with pytest.raises(RuntimeError, match="released too many times"):
        lock.release()
