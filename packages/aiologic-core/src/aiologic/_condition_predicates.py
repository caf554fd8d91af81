# SPDX-License-Identifier: ISC
"""Waits for a condition until a predicate is true."""

# A predicate may be *delegated*: notifiers evaluate it, in their own task, and a task whose predicate is false sleeps
# on. If the lock is a semaphore, what a notifier has seen is the result. Otherwise the task looks again when it has the
# lock, because others may have had it in between; if the predicate is false by then, it waits once more.
#
# A notification on trial (see _notifying.py) was handed out by a task that could not evaluate the predicate. It is not
# meant for a task whose predicate is false, so that task passes it on.

from __future__ import annotations

from ._condition_ends import now
from ._condition_kinds import PLAIN
from ._condition_waits import ConditionWaits
from ._engine.deadline import checked_timeout
from ._runtime.checkpoints import (
    green_checkpoint,
    green_switch,
)
from ._runtime.detect import current_green_task, worlds
from ._runtime.threads import ThreadWaiter, is_guarded
from ._tickets import Delegate, log_error

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    T = TypeVar("T")


class ConditionPredicates(ConditionWaits):
    """The part of a condition that evaluates predicates."""

    __slots__ = ()

    async def for_(
        self,
        /,
        predicate: Callable[[], T],
        timeout: float | None = None,
        *,
        delegate: bool = True,
    ) -> T:
        """Wait until a predicate is true; it is evaluated with the lock held.

        Args:
            predicate: Called without arguments. If it raises, that ends the wait.
            timeout: As in :meth:`with_`, for the whole call.
            delegate: Whether notifiers may call the predicate in their own
                task, and let the caller sleep on if it is false. If not, only
                the caller calls it, each time that it is notified.

        Returns:
            What the predicate returned; the last false value, if time ran out.
            With a binary semaphore as the lock, what a notifier has found true is
            returned as it is, even if that is no longer true.

        Raises:
            RuntimeError: The caller does not have the lock.
            ValueError: ``timeout`` is negative or NaN.
            TypeError: ``timeout`` is not a number.
            AsyncLibraryNotFoundError: The caller runs under no async library
                that has a backend.

        Cancellation:
            As in :meth:`with_`.

        Checkpoints:
            One for each wait; one if the predicate is true at once, but then none
            with a lock of :mod:`threading`, since another task of this thread
            that tried to take that lock would stop the thread for ever.

        Threads:
            As in :meth:`with_`.
        """
        if timeout is not None:
            timeout = checked_timeout(timeout)
        try:
            me = worlds.certain_task()
            backend = worlds.backends[type(me)]
        except (RuntimeError, KeyError):  # not certain, or its type is new
            backend, me = worlds.async_world()
        if self._kind is not PLAIN or self._lock._owner is not me:
            self._kind.request(self._lock, me)
        value = predicate()
        if value:
            due = worlds.checkpoint_due()
            if due is not None and not self._kind.blocks:
                await due.checkpoint()
            return value
        end = None if timeout is None else backend.clock() + timeout
        while True:
            delegated = Delegate(predicate, value) if delegate else None
            waiter: Any = backend.create_waiter()
            try:
                if timeout is None and self._kind is PLAIN:
                    # _async_wait(), written out: a coroutine less
                    ticket = self._queue_up(waiter, me, delegated)
                    try:
                        await waiter.park(None)
                        while waiter:  # it was stirred too early
                            await waiter.park_again(None)
                    except BaseException as error:
                        try:
                            await self._async_give_up(
                                backend, me, waiter, ticket, error
                            )
                        except BaseException:
                            if waiter.source is not None:  # it had not begun
                                await self._async_give_up(
                                    backend, me, waiter, ticket, error
                                )
                            raise
                        raise
                    lock = self._lock
                    waiter.source = None
                    lock._count = waiter.request[1]
                    lock._owner = me
                    # _judge(), too
                    if delegated is not None and (
                        delegated.error is None and delegated.bound is None
                    ):
                        value = predicate()
                        if value:
                            return value
                        continue
                elif not await self._async_wait(
                    backend, me, waiter, delegated, timeout
                ):
                    last: T = _last_value(delegated, value)
                    return last
            except BaseException:
                _tell_nobody(delegated)
                raise
            value, is_true = self._judge(delegated, predicate)
            if is_true:
                return value
            if end is not None:
                timeout = end - backend.clock()
                if timeout <= 0:
                    return value

    def wait_for(
        self,
        /,
        predicate: Callable[[], T],
        timeout: float | None = None,
        *,
        delegate: bool = True,
    ) -> T:
        """Like :meth:`for_`, for green callers.

        Raises:
            RuntimeError: Also if a thread could never get the lock back, because
                an async task that runs in this very thread would get it first.
        """
        if timeout is not None:
            timeout = checked_timeout(timeout)
        me = current_green_task()
        if self._kind is not PLAIN or self._lock._owner is not me:
            self._kind.request(self._lock, me)
        value = predicate()
        if value:
            if green_switch.maybe and not self._kind.blocks:
                green_checkpoint()
            return value
        end = None if timeout is None else now() + timeout
        while True:
            delegated = Delegate(predicate, value) if delegate else None
            waiter = worlds.create_green_waiter()
            if type(waiter) is ThreadWaiter and self._kind.hands_over:
                queue = None if timeout is not None else self._queue
                if (queue or self._lock._queue) and worlds.runs_a_library_here():
                    self._kind.refuse_deadlock(self._lock, me, queue)
            try:
                if timeout is None and self._kind is PLAIN and not is_guarded:
                    # _green_wait(), written out, as in for_()
                    ticket = self._queue_up(waiter, me, delegated)
                    try:
                        waiter.park(None)
                        while waiter:  # it was stirred too early
                            waiter.park_again(None)
                    except BaseException:
                        try:
                            self._green_give_up(me, waiter, ticket)
                        except BaseException:
                            if waiter.source is not None:  # it had not begun
                                self._green_give_up(me, waiter, ticket)
                            raise
                        raise
                    lock = self._lock
                    waiter.source = None
                    lock._count = waiter.request[1]
                    lock._owner = me
                    # _judge(), too
                    if delegated is not None and (
                        delegated.error is None and delegated.bound is None
                    ):
                        value = predicate()
                        if value:
                            return value
                        continue
                elif not self._green_wait(me, waiter, delegated, timeout):
                    last: T = _last_value(delegated, value)
                    return last
            except BaseException:
                _tell_nobody(delegated)
                raise
            value, is_true = self._judge(delegated, predicate)
            if is_true:
                return value
            if end is not None:
                timeout = end - now()
                if timeout <= 0:
                    return value

    def _judge(
        self, delegated: Delegate | None, predicate: Callable[[], Any]
    ) -> tuple[Any, bool]:
        """A notified task has the lock: the value of its predicate, and whether it is true."""
        if delegated is None:
            value = predicate()
            return value, bool(value)
        if delegated.error is not None:
            _raise_error(delegated)
        on_trial = delegated.bound is not None
        if self._kind.trusts and not on_trial:
            return delegated.value, True
        value = predicate()
        is_true = bool(value)
        if on_trial and not is_true:
            self._pass_on(delegated.bound)
        return value, is_true


def _last_value(delegated: Delegate | None, value: Any) -> Any:
    """Time ran out: what the predicate returned when it was last found false.

    There always is such a value, because a task waits only after it has found its
    predicate false. A notifier may have found it true since; but it need not be
    true any more, and the notification has gone to another task.
    """
    if delegated is None:
        return value
    if delegated.error is not None:
        _raise_error(delegated)
    return delegated.last_false


def _tell_nobody(delegated: Delegate | None) -> None:
    """The wait ends with another exception: all that is left to do with the predicate's is to log it."""
    if delegated is not None:
        log_error(delegated)


def _raise_error(delegated: Delegate) -> None:
    error: Any
    error, delegated.error = delegated.error, None
    if error is None:
        # Under a semaphore, a task that does not have it may notify: it saw that this task had left, and has just
        # logged the error.
        return
    try:
        raise error
    finally:
        del error  # it would form a cycle with its traceback
