# SPDX-License-Identifier: ISC
"""Locks of threads that a condition has: a notified waiter acquires the lock as anybody does, and blocks its thread."""

# See the table in _condition_kinds.py.

from __future__ import annotations

from ._condition_kind import KindOfOwnerless, async_task
from ._runtime.checkpoints import (
    async_checkpoint_due,
    green_checkpoint,
    green_switch,
)
from ._runtime.detect import current_green_task

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class KindOfThreadLock(KindOfOwnerless):
    """Whatever else is acquired and released by threads."""

    __slots__ = ()

    evaluates = True

    def is_used(self, lock: Any) -> bool:
        return bool(lock.locked())

    def regain(self, lock: Any, state: Any, me: object) -> None:
        try:
            lock.acquire()
        except BaseException:
            self.regain_failed(me)
            raise

    def enter(self, lock: Any) -> None:
        lock.acquire()
        if green_switch.maybe:
            try:
                green_checkpoint()
            except BaseException:
                lock.release()
                raise
        self._count_in(current_green_task())

    async def async_enter(self, lock: Any) -> None:
        me = async_task()
        lock.acquire()
        due = async_checkpoint_due()
        if due is not None:
            try:
                await due.checkpoint()
            except BaseException:
                lock.release()
                raise
        self._count_in(me)


class KindOfThreadRLock(KindOfThreadLock):
    """Locks that know their thread: threading.RLock and its kin."""

    __slots__ = ()

    def is_used(self, lock: Any) -> bool:
        if lock._is_owned():
            return True
        # Before 3.14 it does not tell whether it is locked.
        if not lock.acquire(False):
            return True
        lock.release()
        return False

    def let_go(self, lock: Any, waiter: Any) -> None:
        waiter.request = lock._release_save()

    def regain(self, lock: Any, state: Any, me: object) -> None:
        lock._acquire_restore(state)

    def may_notify(self, lock: Any) -> bool:
        return bool(lock._is_owned())

    def _count_in(self, me: object) -> None:
        """It counts itself."""

    def leave(self, lock: Any) -> None:
        if lock._is_owned():
            lock.release()

    async_leave = leave
