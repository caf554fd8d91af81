# SPDX-License-Identifier: ISC
"""How a wait for a condition ends: with the lock regained, and an unused notification passed on."""

# How a wait ends, and what is left to do then:
#
#   the waiter   | the ticket | what happened             | then
#   -------------+------------+---------------------------+------------------------------------------------------------
#   woken        | taken      | notified                  | the lock is here (kinds that move), or is to be regained
#   abandoned    | taken      | notified, then time ran   | leave the lock's queue, regain the lock, pass the
#                |            | out, or it was cancelled  | notification on
#   abandoned    | its item   | time ran out, or it was   | regain the lock, and see whether the queue needs sweeping
#                | is ours    | cancelled                 |
#
# A waiter that was woken, and whose task is cancelled at the same moment, has the lock: the task keeps it, and passes
# the notification on.
#
# A task that leaves passes on and sweeps when it has the lock again: then nobody else is at the queue, because a
# notifier has the lock. (A condition without a lock, and notifiers that don't have it, may meet there: see ``grants``
# in _notifying.py.)
#
# A signal handler may raise as a call begins (docs/decisions/0021). So what settles the wait, or the ticket, is
# ``del``; and what is called after that is called once more.
#
# These are not async_wait() and green_wait() of the engine, which pass on whatever a cancelled task was given: a wait
# for a condition keeps the lock.

from __future__ import annotations

from ._condition_guard import told
from ._condition_kinds import PLAIN
from ._condition_regaining import ConditionRegaining
from ._runtime.blocking import ask_first
from ._runtime.detect import worlds
from ._runtime.threads import ThreadWaiter, is_guarded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._runtime.interface import AsyncBackend
    from ._tickets import Delegate, Ticket


class ConditionEnds(ConditionRegaining):
    """What tasks of all worlds do from the wait on, until they have left it."""

    __slots__ = ()

    if TYPE_CHECKING:

        def _queue_up(
            self, waiter: Any, me: object, delegate: Delegate | None = None
        ) -> Ticket: ...

    async def _async_wait(
        self,
        backend: AsyncBackend,
        me: object,
        waiter: Any,
        delegate: Delegate | None,
        timeout: float | None,
    ) -> bool:
        """Wait; whether it was notified. However it ends, the lock is the caller's."""
        ticket = self._queue_up(waiter, me, delegate)  # nothing comes after it
        try:
            until = None if timeout is None else backend.clock() + timeout
            woken = (await waiter.park(timeout)) is not False
            while woken and waiter:  # it was stirred too early
                left = None if until is None else max(0.0, until - backend.clock())
                woken = (await waiter.park_again(left)) is not False
            woken = woken or not waiter.abandon()
        except BaseException as error:
            try:
                await self._async_give_up(backend, me, waiter, ticket, error)
            except BaseException:
                if waiter.source is not None:  # it had not begun
                    await self._async_give_up(backend, me, waiter, ticket, error)
                raise
            raise
        if woken:
            if self._kind is PLAIN:
                # _accept_lock(), without two calls
                lock = self._lock
                waiter.source = None
                lock._count = waiter.request[1]
                lock._owner = me
                return True
            try:
                self._accept_lock(me, waiter)
            except BaseException:
                self._accept_once_more(me, waiter)
                raise
            return True
        try:
            is_notified = self._withdraw(waiter, ticket)
        except BaseException:
            self._part(self._withdraw(waiter, ticket))
            raise
        try:
            await self._async_regain(backend, me, waiter)
        finally:
            receipt: list[None] = []
            try:
                self._part(is_notified, receipt)
            except BaseException:
                if not receipt:
                    self._part(is_notified, receipt)
                raise
        return False

    async def _async_give_up(
        self,
        backend: AsyncBackend,
        me: object,
        waiter: Any,
        ticket: Ticket,
        error: BaseException,
    ) -> None:
        """Leave a wait that an exception has ended, with the lock."""
        if isinstance(error, GeneratorExit):
            self._close(me, waiter, ticket)
            return
        is_notified = True
        try:
            try:
                del waiter[0]  # abandon(), without the call
            except IndexError:
                try:
                    self._accept_lock(me, waiter)
                except BaseException:
                    self._accept_once_more(me, waiter)
                    raise
            else:
                try:
                    is_notified = self._withdraw(waiter, ticket)
                except BaseException:
                    self._part(self._withdraw(waiter, ticket))
                    raise
                await self._async_regain(backend, me, waiter)
        finally:
            receipt: list[None] = []
            try:
                self._part(is_notified, receipt)
            except BaseException:
                if not receipt:
                    self._part(is_notified, receipt)
                raise

    def _green_wait(
        self,
        me: object,
        waiter: Any,
        delegate: Delegate | None,
        timeout: float | None,
    ) -> bool:
        """Like :meth:`_async_wait`, for green tasks."""
        if is_guarded and type(waiter) is ThreadWaiter:
            self._kind.request(self._lock, me)  # first: raises without the lock
            ask_first(waiter, timeout)
            waiter = told(waiter)
        ticket = self._queue_up(waiter, me, delegate)
        try:
            until = 0.0 if timeout is None else now() + timeout
            woken = waiter.park(timeout)
            while woken and waiter:  # it was stirred too early
                left = None if timeout is None else max(0.0, until - now())
                woken = waiter.park_again(left)
            woken = woken or not waiter.abandon()
        except BaseException:
            try:
                self._green_give_up(me, waiter, ticket)
            except BaseException:
                if waiter.source is not None:  # it had not begun
                    self._green_give_up(me, waiter, ticket)
                raise
            raise
        if woken:
            if self._kind is PLAIN:
                # _accept_lock(), without two calls
                lock = self._lock
                waiter.source = None
                lock._count = waiter.request[1]
                lock._owner = me
                return True
            try:
                self._accept_lock(me, waiter)
            except BaseException:
                self._accept_once_more(me, waiter)
                raise
            return True
        try:
            is_notified = self._withdraw(waiter, ticket)
        except BaseException:
            self._part(self._withdraw(waiter, ticket))
            raise
        try:
            self._green_regain(me, waiter)
        finally:
            receipt: list[None] = []
            try:
                self._part(is_notified, receipt)
            except BaseException:
                if not receipt:
                    self._part(is_notified, receipt)
                raise
        return False

    def _green_give_up(self, me: object, waiter: Any, ticket: Ticket) -> None:
        """Like :meth:`_async_give_up`, for green tasks."""
        is_notified = True
        try:
            try:
                del waiter[0]  # abandon(), without the call
            except IndexError:
                try:
                    self._accept_lock(me, waiter)
                except BaseException:
                    self._accept_once_more(me, waiter)
                    raise
            else:
                try:
                    is_notified = self._withdraw(waiter, ticket)
                except BaseException:
                    self._part(self._withdraw(waiter, ticket))
                    raise
                self._green_regain(me, waiter)
        finally:
            receipt: list[None] = []
            try:
                self._part(is_notified, receipt)
            except BaseException:
                if not receipt:
                    self._part(is_notified, receipt)
                raise


def now() -> float:
    """The time of the green library that runs here."""
    return worlds.green_backend().clock()
