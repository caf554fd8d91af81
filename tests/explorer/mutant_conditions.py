# SPDX-License-Identifier: ISC
"""Conditions with one bug each, which the docstring describes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiologic import Condition
from aiologic._engine.waitqueue import queue_for
from aiologic._runtime.detect import worlds

if TYPE_CHECKING:
    from collections.abc import Generator

    from aiologic._tickets import Delegate, Ticket
    from aiologic.backends import Waiter

_Condition = Condition[Any, Any]


class LostWithItsTask(_Condition):
    """A task that gives up does not check whether it has been notified."""

    __slots__ = ()

    def _withdraw(self, waiter: Any, ticket: Ticket) -> bool:
        super()._withdraw(waiter, ticket)
        return False


class DoubledByItsTask(_Condition):
    """A task that gives up passes a notification on, whether it had one or not."""

    __slots__ = ()

    def _withdraw(self, waiter: Any, ticket: Ticket) -> bool:
        super()._withdraw(waiter, ticket)
        return True


class ReleasedTooEarly(_Condition):
    """The lock is released before the task is queued."""

    __slots__ = ()

    def _queue_up(
        self, waiter: Any, me: object, delegate: Delegate | None = None
    ) -> Ticket:
        lock = self.lock
        count = lock._count
        lock._put_back()
        waiter.request = me, count
        waiter.source = self
        ticket: Ticket = [(waiter, self.timer(), delegate)]
        queue_for(lock)  # notifiers rely on it
        queue: Any = queue_for(self)
        queue.append(ticket)
        return ticket


class LeavesWithoutTheLock(_Condition):
    """A task that times out takes the lock if it is free, but does not wait for it."""

    __slots__ = ()

    def _green_regain(self, me: object, left: Waiter) -> None:
        self._kind.take(self._lock, left.request)


class GoesOnTooEarly(_Condition):
    """A task that was stirred does not check whether it was woken."""

    __slots__ = ()

    def __await__(self) -> Generator[Any, Any, bool]:
        backend, me = worlds.async_world()
        waiter = backend.create_waiter()
        self._queue_up(waiter, me)
        yield from waiter.park(None).__await__()
        self._accept_lock(me, waiter)
        return True


class ThreadGoesOnTooEarly(_Condition):
    """The same in a green wait."""

    __slots__ = ()

    def _green_wait(
        self,
        me: object,
        waiter: Any,
        delegate: Delegate | None,
        timeout: float | None,
    ) -> bool:
        self._queue_up(waiter, me, delegate)
        waiter.park(timeout)
        self._accept_lock(me, waiter)
        return True


class GivesTheLockAway(_Condition):
    """A task that is cancelled when it has just been handed the lock passes it on, as other waits do."""

    __slots__ = ()

    def _green_wait(
        self,
        me: object,
        waiter: Any,
        delegate: Delegate | None,
        timeout: float | None,
    ) -> bool:
        ticket = self._queue_up(waiter, me, delegate)
        try:
            woken = waiter.park(timeout)
        except BaseException:
            if waiter.abandon():
                self._part(self._withdraw(waiter, ticket))
                self._green_regain(me, waiter)
            else:
                self._take_back(waiter)
            raise
        if woken or not waiter.abandon():
            self._accept_lock(me, waiter)
            return True
        is_notified = self._withdraw(waiter, ticket)
        self._green_regain(me, waiter)
        self._part(is_notified)
        return False


class WorkIsForgotten(_Condition):
    """A notifier that finds the turn taken leaves no work behind for the other."""

    __slots__ = ()

    def notify(self, /, count: int = 1, *, deadline: Any = None) -> int:
        queue: Any = self._queue
        if queue and not queue.turn:
            return 0
        return super().notify(count, deadline=deadline)
