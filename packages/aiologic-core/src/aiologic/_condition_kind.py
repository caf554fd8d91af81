# SPDX-License-Identifier: ISC
"""What a condition asks of its lock, whatever kind it is of."""

# The kinds, and the table that compares them, are in _condition_kinds.py. A kind keeps no state of its lock: the lock
# is passed to each call, so one object serves all conditions over locks of that kind (except for the kinds that count).

from __future__ import annotations

from ._runtime.detect import async_task, current_green_task

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class KindOfNone:
    """No lock at all; and what is common to the kinds that wake their waiters."""

    __slots__ = ()

    #: Whether a notified waiter moves to the lock's queue.
    hands_over = False
    #: Whether notifiers evaluate predicates.
    evaluates = False
    #: Whether what a notifier has seen is the waiter's result.
    trusts = False
    #: Whether a task that waits for it stops its thread, so that a task that has it must not let others run.
    blocks = False

    def is_used(self, lock: Any) -> bool:
        """Whether somebody has it."""
        return False

    def request(self, lock: Any, me: object) -> Any:
        """What to ask the lock for after the wait; RuntimeError if it is not held."""
        return None

    def refuse_deadlock(self, lock: Any, me: object, tickets: Any) -> None:
        """Raise if the thread ``me``, which has it and is about to wait, would not get it again.

        Args:
            lock: Of this kind.
            me: The thread.
            tickets: Those who wait to be notified before it; ``None`` if its
                own wait for that ends in time.
        """

    def let_go(self, lock: Any, waiter: Any) -> None:
        """Release it wholly; note in ``waiter.request`` what :meth:`regain` has to know."""

    def was_let_go(self, waiter: Any) -> bool:
        """Whether :meth:`let_go` was interrupted when it had released the lock, if the lock does not know."""
        return False

    def regain(self, lock: Any, state: Any, me: object) -> None:
        """Acquire it as it was, where waiters don't move."""

    def regain_failed(self, me: object) -> None:
        """``me`` had entered, and has not got it again."""

    def may_notify(self, lock: Any) -> bool:
        """Whether the caller may notify now."""
        return True

    def enter(self, lock: Any) -> None:
        """Acquire it for a block of a green task."""

    async def async_enter(self, lock: Any) -> None:
        """Acquire it for a block of an async task."""

    def leave(self, lock: Any) -> None:
        """Release it, if the block of the green task still has it."""

    def async_leave(self, lock: Any) -> None:
        """Like :meth:`leave`, for async tasks."""


class KindOfOwnerless(KindOfNone):
    """Locks that know no owner: who has entered is counted, for each condition by itself."""

    __slots__ = ("_entered",)  # how many blocks each task is in

    def __init__(self) -> None:
        self._entered: dict[object, int] = {}

    def _count_in(self, me: object) -> None:
        entered = self._entered
        entered[me] = entered.get(me, 0) + 1  # last: before it, nothing was counted

    def _count_out(self, me: object) -> bool:
        entered = self._entered
        if me not in entered:
            return False
        # No call from here on: a signal handler that raises as one returns would leave the block counted out, and its
        # lock held.
        entered[me] -= 1
        if not entered[me]:
            del entered[me]
        return True

    def request(self, lock: Any, me: object) -> Any:
        if not self.may_notify(lock):
            raise unacquired()

    def let_go(self, lock: Any, waiter: Any) -> None:
        lock.release()

    def regain_failed(self, me: object) -> None:
        self._count_out(me)

    def may_notify(self, lock: Any) -> bool:
        return self.is_used(lock)

    def leave(self, lock: Any) -> None:
        if self._count_out(current_green_task()):
            lock.release()

    def async_leave(self, lock: Any) -> None:
        if self._count_out(async_task()):
            lock.release()


def unacquired() -> RuntimeError:
    """The caller would wait, and does not have the lock."""
    return RuntimeError("cannot wait on un-acquired lock")
