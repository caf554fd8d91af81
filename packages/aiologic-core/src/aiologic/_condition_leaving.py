# SPDX-License-Identifier: ISC
"""What a task that leaves the queue of a condition does for the others."""

# See the table in _condition_ends.py. A signal handler may raise as any of these begins (docs/decisions/0021): then it
# is called once more. A call that must not be repeated takes a receipt, a list that is filled as soon as it has begun.

from __future__ import annotations

from ._fresh import Fresh
from ._notifying import serve
from ._permits import PERMIT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._engine.waiter import Waiter
    from ._engine.waitqueue import WaitQueue
    from ._tickets import Ticket


class ConditionLeaving(Fresh):
    """The part of a condition that is used by tasks that leave."""

    __slots__ = (
        "_is_evaluating",  # whether a notifier, which has the turn, evaluates a predicate
        "_kind",  # what the lock is like; see _condition_kinds.py
        "_lock",
        "_queue",  # of tickets; made for the first task that waits
        "_timer",
    )

    _is_evaluating: bool
    _kind: Any
    _lock: Any
    _queue: WaitQueue | None
    _timer: Any

    def _withdraw(self, waiter: Any, ticket: Ticket) -> bool:
        """Settle the ticket of a waiter that was abandoned; return whether it had been notified."""
        waiter.source = None
        try:
            del ticket[0]
        except IndexError:
            if self._kind.hands_over:
                self._lock._leave(waiter)
            return True
        return False

    def _part(self, is_notified: bool, receipt: list[None] | None = None) -> None:
        """Pass the notification on, or count as a leaver; the receipt is filled as soon as this has begun."""
        if receipt is not None:
            receipt[:] = PERMIT
        queue: Any = self._queue
        try:
            if is_notified:
                queue.grants.append((1, None, None))
            else:
                queue.leave()
            if queue.grants:
                serve(self, queue)
        except BaseException:  # a handler's
            if queue.grants:
                serve(self, queue)
            raise

    def _pass_on(self, bound: Any = None) -> None:
        """Notify somebody else instead."""
        queue: Any = self._queue
        try:
            queue.grants.append((1, None, bound))
            serve(self, queue)
        except BaseException:  # a handler's
            serve(self, queue)
            raise

    def _close(self, me: object, waiter: Any, ticket: Ticket) -> None:
        """The coroutine is closed where it waits: it can't wait any more, and leaves without the lock."""
        if waiter.source is None:  # lost; see _take_back()
            waiter.abandon()
            return
        self._kind.regain_failed(me)
        waiter.source = None  # before the item is taken, so that lost(), in another thread, sees it: see waiter.py
        if waiter.abandon():
            self._part(self._withdraw(waiter, ticket))
        else:
            self._take_back(waiter)

    def _take_back(self, waiter: Waiter) -> None:
        """The task of ``waiter`` was notified, and never runs again."""
        waiter.source = None
        # If it is interrupted between the two, it is called again, and two are notified: better two than none (as in
        # serve()).
        self._pass_on()
        if self._kind.hands_over:
            self._lock._take_back(waiter)
