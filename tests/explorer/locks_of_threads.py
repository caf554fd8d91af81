# SPDX-License-Identifier: ISC
"""Locks that a condition takes for locks of threads, and by which the scheduler can stop a task."""

# A raw lock would stop the thread of a task behind the scheduler's back. These have its methods and nothing of ours, so
# that a condition can neither hand them over nor ask who waits for them. As with a raw lock, taking a free one is one
# step, and whoever is woken may find that another was faster.

from __future__ import annotations

import threading
from typing import Any

from aiologic._runtime.detect import worlds


class LockOfThreads:
    """Like ``threading.Lock``."""

    def __init__(self) -> None:
        self.is_held = False
        self.waiting: list[Any] = []

    def acquire(self, blocking: bool = True) -> bool:
        while self.is_held:
            if not blocking:
                return False
            backend = worlds.green_backend()
            waiter = worlds.create_green_waiter()
            if self.is_held:  # others may have run as the waiter was made
                self.waiting.append(waiter)
                # Nobody can be cancelled while a raw lock stops its thread.
                backend.shield(lambda: waiter.park(None))  # noqa: B023
        self.is_held = True
        return True

    def release(self) -> None:
        if not self.is_held:
            raise RuntimeError("release unlocked lock")
        self.is_held = False
        if self.waiting:
            self.waiting.pop(0).unpark()

    def locked(self) -> bool:
        return self.is_held


class RLockOfThreads(LockOfThreads):
    """Like ``threading.RLock``."""

    def __init__(self) -> None:
        super().__init__()
        self.owner: int | None = None
        self.count = 0

    def acquire(self, blocking: bool = True) -> bool:
        if not self._is_owned() and not super().acquire(blocking):
            return False
        self.owner = threading.get_ident()
        self.count += 1
        return True

    def release(self) -> None:
        if not self._is_owned():
            raise RuntimeError("cannot release un-acquired lock")
        self.count -= 1
        if not self.count:
            self.owner = None
            super().release()

    def _is_owned(self) -> bool:
        return self.owner == threading.get_ident()

    def _release_save(self) -> int:
        count, self.count = self.count, 1
        self.release()
        return count

    def _acquire_restore(self, count: int) -> None:
        self.acquire()
        self.count = count
