# SPDX-License-Identifier: ISC
"""Conditions with a lock of threads: a notified waiter acquires it as anybody does, and blocks its thread."""

# See the table in _condition_kinds.py.
#
# A task that has such a lock must not let other tasks of its thread run. The next one of them that wants the lock would
# stop the thread, and then nobody could give the lock back; or the lock belongs to the thread, and would let that task
# in as well. So entering a block is a checkpoint before the lock is taken, and not one if the thread has it already.

from __future__ import annotations

from ._condition_kind import KindOfOwnerless
from ._runtime.checkpoints import (
    green_checkpoint,
    green_switch,
)
from ._runtime.detect import async_task, current_green_task, worlds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class KindOfThreadLock(KindOfOwnerless):
    """Whatever else is acquired and released by threads."""

    __slots__ = ()

    evaluates = True
    blocks = True

    def is_used(self, lock: Any) -> bool:
        return bool(lock.locked())

    def regain(self, lock: Any, state: Any, me: object) -> None:
        try:
            lock.acquire()
        except BaseException:
            self.regain_failed(me)
            raise

    def _has(self, lock: Any) -> bool:
        """Whether the calling thread has it already, if the lock knows."""
        return False

    def enter(self, lock: Any) -> None:
        # First everything that may raise: then there is nothing to give back.
        me = current_green_task()
        if green_switch.maybe and not self._has(lock):
            green_checkpoint()
        lock.acquire()
        self._come_in(lock, me)

    async def async_enter(self, lock: Any) -> None:
        me = async_task()
        due = worlds.checkpoint_due()
        if due is not None and not self._has(lock):
            await due.checkpoint()
        lock.acquire()
        self._come_in(lock, me)

    def _come_in(self, lock: Any, me: object) -> None:
        try:
            self._count_in(me)
        except BaseException:  # a handler's
            lock.release()
            raise


class KindOfThreadRLock(KindOfThreadLock):
    """Locks that know their thread: threading.RLock and its kin."""

    __slots__ = ()

    def is_used(self, lock: Any) -> bool:
        if lock._is_owned():
            return True
        # Before 3.14 there is no way to ask whether it is locked.
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

    def _has(self, lock: Any) -> bool:
        return bool(lock._is_owned())

    def _count_in(self, me: object) -> None:
        """The lock itself counts."""

    def leave(self, lock: Any) -> None:
        if lock._is_owned():
            lock.release()

    async_leave = leave


class KindOfOnceLock(KindOfThreadRLock):
    """ThreadOnceLock: the first wait opens it for good, and from then on everybody has it."""

    # A task that waits has opened it. So nothing protects what predicates look at, each waiter evaluates its own, and
    # there is nothing to regain. The class itself is in a layer above conditions, so it is not imported.

    __slots__ = ()

    evaluates = False

    def is_used(self, lock: Any) -> bool:
        # Trying to acquire it, as with the others, would open it.
        return bool(lock.locked())

    def may_notify(self, lock: Any) -> bool:
        return lock._once_entered is None or bool(lock._is_owned())

    def let_go(self, lock: Any, waiter: Any) -> None:
        if lock._once_entered is not None:
            lock._release_save()

    def regain(self, lock: Any, state: Any, me: object) -> None:
        """It is open."""
