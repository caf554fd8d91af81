# SPDX-License-Identifier: ISC
"""Locks that a condition takes for locks of threads, made of what the scheduler can stop."""

# A raw lock would stop the thread of a task behind the scheduler's back. These have its methods and nothing of ours, so
# that a condition can neither hand them over nor ask who waits for them.

from __future__ import annotations

from typing import Any

import aiologic
from aiologic._runtime.detect import worlds


class LockOfThreads:
    """Like ``threading.Lock``."""

    made_of: Any = aiologic.BinarySemaphore

    def __init__(self) -> None:
        self.inner = self.made_of()

    def acquire(self, blocking: bool = True) -> bool:
        if not blocking:
            got: bool = self.inner.green_acquire(blocking=False)
            return got
        # Nobody can be cancelled while a raw lock stops its thread.
        worlds.green_backend().shield(self.inner.green_acquire)
        return True

    def release(self) -> None:
        self.inner.green_release()

    def locked(self) -> bool:
        return not self.inner.value


class RLockOfThreads(LockOfThreads):
    """Like ``threading.RLock``."""

    made_of = aiologic.RLock

    def _is_owned(self) -> bool:
        is_owned: bool = self.inner.green_owned()
        return is_owned

    def _release_save(self) -> int:
        count: int = self.inner.green_count()
        for _ in range(count):
            self.inner.green_release()
        return count

    def _acquire_restore(self, count: int) -> None:
        for _ in range(count):
            self.acquire()
