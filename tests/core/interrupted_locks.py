# SPDX-License-Identifier: ISC
"""Locks with one permit, and tasks that take it, wait for it and give it back while handlers interrupt them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aiologic.testing.catalogue import PERMITS, free_permits

if TYPE_CHECKING:
    from .hand_driven import HandTask
    from .raising import ForgivingWaiter, ForgivingWorld

#: How a task takes a lock, and how one that has it releases it.
WAYS = ["methods", "block"]


class Played:
    """A lock with one permit, and tasks that want it."""

    def __init__(self, world: ForgivingWorld, kind: Any, way: str) -> None:
        self.world = world
        self.lock = kind()
        self.way = way

    def new(self, timeout: float | None = None) -> HandTask:
        return self.world.spawn(self._use(timeout))

    def waiting(self, timeout: float | None = None) -> HandTask:
        """A task that is in the queue."""
        return self.new(timeout).step()

    def let_one_go(self, kind_of_waiter: type[ForgivingWaiter]) -> None:
        """Have a task join the queue and give up, but without telling the lock."""
        task = self.waiting()
        waiter = self.lock._queue[-1]
        waiter.source = None
        task.coroutine.close()
        waiter.clear()
        waiter.__class__ = kind_of_waiter

    async def _use(self, timeout: float | None) -> bool:
        if self.way == "block" and timeout is None:
            await self.lock.__aenter__()
            return True
        had: bool = await self.lock.async_acquire(timeout=timeout)
        return had

    def release(self, task: HandTask) -> None:
        with self.world.runs(task):
            if self.way == "block":
                with pytest.raises(StopIteration):
                    _left(self.lock).send(None)
            else:
                self.lock.async_release()

    def served(self, *tasks: HandTask) -> None:
        """Check that they get it, one after the other, and that nothing is left over then."""
        for task in tasks:
            assert task.is_woken, "a wake-up was lost"
            assert task.step().result is True
            assert free_permits(self.lock) == 0, "it is released twice"
            with self.world.runs(task):
                self.lock.async_release()
        lock = self.lock
        assert lock.waiting == 0
        assert free_permits(lock) == 1
        queue = lock._queue
        assert queue is None or (queue.turn, list(queue), queue.grants) == (
            [None],
            [],
            [],
        )
        assert lock.green_acquire(blocking=False) is True
        lock.green_release()
        assert free_permits(lock) == 1


async def _left(lock: Any) -> None:
    """Leave the ``async with`` block."""
    await lock.__aexit__(None, None, None)


each_kind = pytest.mark.parametrize("kind", PERMITS, ids=str)
each_way = pytest.mark.parametrize("way", WAYS)
