# SPDX-License-Identifier: ISC
"""Notifying those who wait for a condition."""

# This file says who may notify, and takes the queue's turn; what is done then is in _notifying.py. For the usual case,
# one waiter under the default lock and timer, the steps are written out, without the checks whose results are known
# there.

from __future__ import annotations

from sys import modules

from ._condition_kinds import PLAIN
from ._condition_predicates import ConditionPredicates
from ._notifying import hand_out, hand_over_one, serve
from ._numbers import as_integer
from ._runtime.detect import worlds
from ._runtime.threads import here
from .exceptions import BusyResourceError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class ConditionNotifies(ConditionPredicates):
    """The part of a condition that notifies."""

    __slots__ = ()

    def notify(self, /, count: int = 1, *, deadline: Any = None) -> int:
        """Notify the longest-waiting tasks.

        Args:
            count: How many; if negative, all.
            deadline: Only those who began to wait when the timer said no more
                than this. By default what it says now: tasks that begin to wait
                during the call are not notified. If a notified task turns out to
                be cancelled, or its predicate to be false, the next one is
                notified instead, whenever it came.

        Returns:
            How many were notified.

        Raises:
            RuntimeError: The caller does not have the lock.
            BusyResourceError: Another such call is evaluating a predicate, or
                that very predicate makes this call.
            TypeError: ``count`` is not an integer.

        Threads:
            Callable from any thread, by the task that has the lock.
        """
        if type(count) is not int:
            count = as_integer("count", count)
        kind = self._kind
        queue: Any = self._queue
        if (
            kind is PLAIN
            and queue
            and (count == 1 or (count and len(queue) == 1))
            and deadline is None
        ):
            # For the usual case of one waiter. Each check in a ``try`` of its own: what a signal handler raises while
            # somebody is notified must not be taken for its result.
            lock = self._lock
            owner = lock._owner
            try:
                # (Other greenlets of a thread see its identity, too, and are not it.)
                is_ours = (
                    owner is here.task and "greenlet" not in modules
                ) or owner is worlds.outer_task()
            except (AttributeError, RuntimeError):  # a new thread; no task runs here
                is_ours = False
            if is_ours:
                try:
                    del queue.turn[0]
                except IndexError:  # somebody else has the turn
                    pass
                else:
                    try:
                        notified = hand_over_one(self, queue, lock._queue)
                        if notified is not None:
                            return notified
                    finally:
                        try:
                            queue.turn.append(None)
                        finally:
                            if queue.grants:
                                try:
                                    serve(self, queue)
                                except BaseException:  # a handler's
                                    serve(self, queue)
                                    raise
        if not kind.may_notify(self._lock):
            raise RuntimeError("cannot notify on un-acquired lock")
        if self._is_evaluating:
            raise BusyResourceError("another task is already notifying this resource")
        if not queue:
            return 0
        try:
            del queue.turn[0]
        except IndexError:
            # Another task is at the queue, without the lock: it passes a notification on, or sweeps. It does this work,
            # too.
            waiting: int = queue.waiting()
            if deadline is None:
                deadline = self._timer()
            queue.grants.append((count, deadline, None))
            serve(self, queue)
            return waiting if count < 0 else min(count, waiting)
        try:
            return hand_out(self, queue, count, deadline, None, kind.evaluates)
        finally:
            try:
                queue.turn.append(None)
            finally:
                if queue.grants:
                    try:
                        serve(self, queue)
                    except BaseException:  # a handler's
                        serve(self, queue)
                        raise

    def notify_all(self, /, *, deadline: Any = None) -> int:
        """Like :meth:`notify`, for all who wait."""
        return self.notify(-1, deadline=deadline)
