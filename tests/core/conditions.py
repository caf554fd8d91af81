# SPDX-License-Identifier: ISC
"""The kinds of locks that conditions can have, and tasks that wait for conditions and notify them."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import aiologic
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from .hand_driven import HandTask, HandWorld

# Locks with a queue of their own, to which waiters are moved.
MIXED: dict[str, Callable[[], Any]] = {
    "Lock": aiologic.Lock,
    "RLock": aiologic.RLock,
    "BinarySemaphore": aiologic.BinarySemaphore,
    "BoundedBinarySemaphore": aiologic.BoundedBinarySemaphore,
}
THREAD: dict[str, Callable[[], Any]] = {
    "threading.Lock": threading.Lock,
    "threading.RLock": threading.RLock,
}
LOCKS: dict[str, Callable[[], Any]] = {**MIXED, **THREAD}
KINDS: dict[str, Callable[[], Any]] = {"None": lambda: None, **LOCKS}

each_kind = pytest.mark.parametrize("make", list(KINDS.values()), ids=list(KINDS))
each_lock = pytest.mark.parametrize("make", list(LOCKS.values()), ids=list(LOCKS))
each_mixed = pytest.mark.parametrize("make", list(MIXED.values()), ids=list(MIXED))
each_thread_lock = pytest.mark.parametrize(
    "make", list(THREAD.values()), ids=list(THREAD)
)


def is_free(lock: Any) -> bool:
    return bool(lock.value) if hasattr(lock, "value") else not lock.locked()


def is_unlocked(condition: Any) -> bool:
    return condition.lock is None or not condition


class Waiting:
    """A task that waits in a block, and how far it has come."""

    def __init__(self, world: HandWorld, condition: Any, **how: Any) -> None:
        self.log: list[object] = []
        self.condition = condition
        self.task: HandTask = world.spawn(self.run(**how)).step()

    async def run(self, **how: Any) -> object:
        async with self.condition:
            self.log.append("inside")
            try:
                woken = await (self.condition.with_(**how) if how else self.condition)
            except BaseException as error:
                self.log.append(type(error).__name__)
                raise
            finally:
                lock = self.condition.lock
                if hasattr(lock, "async_owned"):
                    assert lock.async_owned(), "the lock is not its own"
                elif lock is not None and hasattr(lock, "value"):
                    assert lock.value == 0
            self.log.append(woken)
            return woken


async def notify(condition: Any, *args: Any, **options: Any) -> int:
    async with condition:
        count: int = condition.notify(*args, **options)
        return count


async def until(condition: Any, *args: Any, **how: Any) -> Any:
    async with condition:
        return await condition.for_(*args, **how)


def wait_for(world: HandWorld, condition: Any, *args: Any, **how: Any) -> HandTask:
    return world.spawn(until(condition, *args, **how)).step()
