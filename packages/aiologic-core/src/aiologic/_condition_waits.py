# SPDX-License-Identifier: ISC
"""A wait for a condition, from its beginning: a place in the queue, and the lock released."""

# In this order: whoever gets the lock after us, and changes what we wait for, must find our place in the queue.
#
# ``await condition`` is written out for the lock and the timer that most conditions have: the calls would be a tenth of
# each turn that tasks hand over.

from __future__ import annotations

from ._condition_ends import ConditionEnds
from ._condition_kind import unacquired
from ._condition_kinds import PLAIN
from ._engine.deadline import checked_timeout
from ._engine.waitqueue import queue_for
from ._runtime.detect import current_green_task, worlds
from ._runtime.threads import ThreadWaiter
from ._tickets import arrivals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import Any

    from ._tickets import Delegate, Ticket


class ConditionWaits(ConditionEnds):
    """The part of a condition that waits to be notified."""

    __slots__ = ()

    def __await__(self) -> Generator[Any, Any, bool]:
        # _async_wait(), written out: two coroutines less
        try:
            me = worlds.certain_task()
            backend = worlds.backends[type(me)]
        except (RuntimeError, KeyError):  # not certain, or its type is new
            backend, me = worlds.async_world()
        waiter: Any = backend.create_waiter()
        ticket = self._queue_up(waiter, me)
        try:
            yield from waiter.park(None).__await__()
            while waiter:  # it was stirred too early
                yield from waiter.park_again(None).__await__()
        except BaseException as error:
            give_up = self._async_give_up
            try:
                yield from give_up(backend, me, waiter, ticket, error).__await__()
            except BaseException:
                if waiter.source is not None:  # it had not begun
                    yield from give_up(backend, me, waiter, ticket, error).__await__()
                raise
            raise
        if self._kind is PLAIN:
            # _accept_lock(), without two calls
            lock = self._lock
            waiter.source = None
            lock._count = waiter.request[1]
            lock._owner = me
        else:
            try:
                self._accept_lock(me, waiter)
            except BaseException:
                self._accept_once_more(me, waiter)
                raise
        return True

    async def with_(self, /, timeout: float | None = None) -> bool:
        """Wait to be notified; ``await condition`` is the same without a time-out.

        The lock is released meanwhile, as often as it was acquired, and is held
        by the caller again when the call ends, however it ends.

        Args:
            timeout: Seconds to wait at most, for the notification and then for
                the lock. ``None`` waits for ever, ``0`` makes one trip through
                the scheduler.

        Returns:
            ``True`` if it was notified, ``False`` if time ran out first.

        Raises:
            RuntimeError: The caller does not have the lock.
            ValueError: ``timeout`` is negative or NaN.
            TypeError: ``timeout`` is not a number.
            AsyncLibraryNotFoundError: The caller runs under no async library
                that has a backend.

        Cancellation:
            Safe: a cancelled call holds the lock again when it raises, and has
            passed on any notification that it got. The wait for the lock is
            shielded.

        Checkpoints:
            One, which is the wait.

        Threads:
            Callable from any thread and any supported library. Taking back a
            lock of :mod:`threading` blocks the loop unless that lock is free.
        """
        if timeout is not None:
            timeout = checked_timeout(timeout)
        backend, me = worlds.async_world()
        waiter = backend.create_waiter()
        return await self._async_wait(backend, me, waiter, None, timeout)

    def wait(self, /, timeout: float | None = None) -> bool:
        """Like :meth:`with_`, for green callers; ``green_wait`` is the same.

        In an async function, write ``await condition``: this call blocks the whole
        loop; see ``AIOLOGIC_BLOCKING``.

        Raises:
            RuntimeError: Also if a thread could never get the lock back, because
                an async task that runs in this very thread would get it first.
        """
        if timeout is not None:
            timeout = checked_timeout(timeout)
        me = current_green_task()
        waiter = worlds.create_green_waiter()
        if type(waiter) is ThreadWaiter and self._kind.hands_over:
            queue = None if timeout is not None else self._queue
            if (queue or self._lock._queue) and worlds.runs_a_library_here():
                self._kind.refuse_deadlock(self._lock, me, queue)
        return self._green_wait(me, waiter, None, timeout)

    # The names that all other primitives have: next to `async_wait`, nobody takes the blocking `wait` by mistake.
    green_wait = wait
    async_wait = with_

    def _queue_up(
        self, waiter: Any, me: object, delegate: Delegate | None = None
    ) -> Ticket:
        """Join the queue, and release the lock; the waiter may be woken when this returns."""
        kind = self._kind
        lock = self._lock
        queue: Any = self._queue
        if kind is PLAIN and queue is not None:
            # The same as below, without the checks whose results are known here.
            if lock._owner is not me:
                raise unacquired()
            waiter.request = me, lock._count
            waiter.source = self
            number = arrivals()
            ticket: Ticket = [(waiter, number, delegate)]
            if delegate is not None:
                delegate.number = number
            try:
                queue.append(ticket)
                lock._owner = False  # NOBODY
                lock._free.append(None)
                if lock._queue:
                    lock._settle()
            except BaseException:
                lock._look_again()
                self._stay(me, waiter, ticket)
                raise
            return ticket
        waiter.request = kind.request(lock, me)
        waiter.source = self
        ticket = [(waiter, self._timer(), delegate)]
        if delegate is not None:
            delegate.number = arrivals()
        if queue is None:
            if kind.hands_over:
                queue_for(lock)  # it will be needed, and notifiers rely on it
            queue = queue_for(self)
        try:
            queue.append(ticket)  # to a queue, it is like a waiter
            kind.let_go(lock, waiter)
        except BaseException:
            self._stay(me, waiter, ticket)
            raise
        return ticket

    def _stay(self, me: object, waiter: Any, ticket: Ticket) -> None:
        """Undo a wait that has not begun, after an interrupt or because another task has released the lock.

        Whether the caller still has the lock, it must find out itself.
        """
        kind = self._kind
        try:
            del waiter[0]  # abandon(), without the call
        except IndexError:
            # A releases the lock.   B gets it, notifies A, and leaves.   Only now A's interrupt arrives: A has the
            # lock.
            if kind.hands_over:
                self._lock._accept(waiter)
        else:
            if kind.was_let_go(waiter):
                kind.regain_failed(me)
        self._part(self._withdraw(waiter, ticket))
