# SPDX-License-Identifier: ISC
"""How a wait for a condition gets the lock once more."""

# If a notified waiter moves to the lock's queue, the lock is there when it is woken, and has to be accepted. All others
# have to regain it: those that left early, and those whose lock is one of threads. That is shielded, and not a
# checkpoint: see _condition.py. It fails only by an exception that no shield holds back; then the block does not
# release what it has not got.

from __future__ import annotations

from ._condition_leaving import ConditionLeaving
from ._runtime.detect import worlds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._engine.waiter import Waiter
    from ._runtime.interface import AsyncBackend


class ConditionRegaining(ConditionLeaving):
    """The part of a condition that has its lock again."""

    __slots__ = ()

    def _accept_lock(self, me: object, waiter: Any) -> None:
        """The waiter was woken: with the lock, or to get it."""
        waiter.source = None
        kind = self._kind
        if kind.hands_over:
            self._lock._accept(waiter)
        else:
            kind.regain(self._lock, waiter.request, me)

    def _accept_once_more(self, me: object, waiter: Any) -> None:
        """After a signal handler raised in :meth:`_accept_lock`: make the lock the caller's all the same."""
        if self._kind.hands_over:
            self._accept_lock(me, waiter)

    async def _async_regain(
        self, backend: AsyncBackend, me: object, left: Waiter
    ) -> None:
        kind = self._kind
        lock = self._lock
        request = left.request
        if not kind.hands_over:
            kind.regain(lock, request, me)
            return
        if kind.take(lock, request):
            return
        waiter: Any = backend.create_waiter()
        try:
            lock._join(waiter, request)
            # Only the bare wait is shielded: on asyncio it is like a future, and needs no task of its own.
            await backend.shield(waiter.park(None))
        except BaseException:
            # Usually the cancellation that was held back: then the lock is here.
            waiter.source = None
            try:
                del waiter[0]  # abandon(), without the call
            except IndexError:
                try:
                    lock._accept(waiter)
                except BaseException:
                    lock._accept(waiter)
                    raise
            else:
                try:
                    lock._leave(waiter)
                except BaseException:
                    lock._leave(waiter)
                    raise
                finally:
                    kind.regain_failed(me)
            raise
        waiter.source = None
        try:
            lock._accept(waiter)
        except BaseException:  # a handler's, maybe as it began
            lock._accept(waiter)
            raise

    def _green_regain(self, me: object, left: Waiter) -> None:
        kind = self._kind
        lock = self._lock
        request = left.request
        if not kind.hands_over:
            kind.regain(lock, request, me)
            return
        if kind.take(lock, request):
            return
        is_here = False

        def regain() -> None:
            nonlocal is_here
            kind.green_regain(lock, request)
            is_here = True

        try:
            worlds.green_backend().shield(regain)
        except BaseException:
            if not is_here:
                kind.regain_failed(me)
            raise
