# SPDX-License-Identifier: ISC
"""Conditions with a lock of ours: a notified waiter moves to the lock's own queue."""

# See the table in _condition_kinds.py.

from __future__ import annotations

from sys import modules

from ._condition_guard import told
from ._condition_kind import KindOfNone, KindOfOwnerless, unacquired
from ._deadlocks import refuse, waiting_here
from ._engine.waiting import green_wait
from ._runtime.detect import async_task, current_async_task, current_green_task, worlds
from ._runtime.threads import here

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class KindOfLock(KindOfNone):
    """Lock: its owner has it, and nobody else."""

    __slots__ = ()

    hands_over = True
    evaluates = True

    def is_used(self, lock: Any) -> bool:
        return not lock._free

    def request(self, lock: Any, me: object) -> Any:
        if lock._owner is not me:
            raise unacquired()
        return me

    def refuse_deadlock(self, lock: Any, me: object, tickets: Any) -> None:
        if lock._owner is not me:
            return
        # Those that wait for the lock now get it first. If one of them is a task of this very thread, it can't release
        # the lock while the thread waits, and it does not matter any more whether anybody notifies the thread, or its
        # time is up.
        for task in waiting_here(lock._queue, lock._task_of):
            refuse("could not have this lock again", task, "comes before it")

        # So do those that are notified first. (With a predicate for notifiers, one may be passed over.)
        def task_of(ticket: Any) -> object | None:
            try:
                waiter, _, delegate = ticket[0]
            except IndexError:  # it has left, or was notified just now
                return None
            return lock._task_of(waiter) if delegate is None else None

        for task in waiting_here(tickets, task_of):
            refuse("could not have this lock again", task, "is notified before it")

    def let_go(self, lock: Any, waiter: Any) -> None:
        lock._put_back()

    def take(self, lock: Any, request: Any) -> bool:
        """Acquire it as it was, if it is free."""
        return bool(lock._take(request))

    def green_regain(self, lock: Any, request: Any) -> None:
        """Wait for it."""
        green_wait(told(lock._green_waiter(None)), None, lock._join, request)

    def may_notify(self, lock: Any) -> bool:
        owner = lock._owner
        # Cheapest first: the thread's own task (other greenlets of the thread see it, too, and are not it); the task of
        # the one async library; everything else.
        try:
            if owner is here.task and "greenlet" not in modules:
                return True
            if owner is worlds.outer_task():
                return True
        except (AttributeError, RuntimeError):  # a new thread; no task runs here
            pass
        for is_owned in (lock.green_owned, lock.async_owned):
            try:
                if is_owned():
                    return True
            except RuntimeError:  # no library runs here, or one without a backend
                pass
        return False

    def enter(self, lock: Any) -> None:
        lock.green_acquire()

    async def async_enter(self, lock: Any) -> None:
        await lock.async_acquire()

    def leave(self, lock: Any) -> None:
        if lock._owner is current_green_task():
            lock.green_release()

    def async_leave(self, lock: Any) -> None:
        if lock._owner is current_async_task():
            lock.async_release()


class KindOfRLock(KindOfLock):
    """RLock: released wholly, and regained as many times."""

    __slots__ = ()

    def request(self, lock: Any, me: object) -> Any:
        if lock._owner is not me:
            raise unacquired()
        return me, lock._count

    def take(self, lock: Any, request: Any) -> bool:
        return bool(lock._take_times(*request))


class KindOfBinary(KindOfOwnerless):
    """BinarySemaphore and BoundedBinarySemaphore."""

    __slots__ = ()

    hands_over = True
    evaluates = True
    trusts = True

    def is_used(self, lock: Any) -> bool:
        return not lock._free

    def request(self, lock: Any, me: object) -> Any:
        super().request(lock, me)
        receipt: list[None] = []
        return receipt

    def let_go(self, lock: Any, waiter: Any) -> None:
        lock._release_one(waiter.request)

    def was_let_go(self, waiter: Any) -> bool:
        return bool(waiter.request)

    def take(self, lock: Any, request: Any) -> bool:
        return bool(lock._take())

    def green_regain(self, lock: Any, request: Any) -> None:
        green_wait(told(worlds.create_green_waiter()), None, lock._join, request)

    def enter(self, lock: Any) -> None:
        # First: once the lock is acquired, only the count can be interrupted.
        me = current_green_task()
        lock.green_acquire()
        try:
            self._count_in(me)
        except BaseException:
            lock.release()
            raise

    async def async_enter(self, lock: Any) -> None:
        me = async_task()
        await lock.async_acquire()
        try:
            self._count_in(me)
        except BaseException:
            lock.release()
            raise

    def leave(self, lock: Any) -> None:
        self._leave(lock, current_green_task())

    def async_leave(self, lock: Any) -> None:
        self._leave(lock, async_task())

    def _leave(self, lock: Any, me: object) -> None:
        receipt: list[None] = []
        if self._count_out(me):
            try:
                lock._release_one(receipt)
            except BaseException:
                if not receipt:  # it had not begun
                    lock._release_one(receipt)
                raise


class KindOfBinarySubclass(KindOfBinary):
    """A user's subclass of these: its blocks are the lock's own, which may release in a way of their own."""

    __slots__ = ()

    def leave(self, lock: Any) -> None:
        if self._count_out(current_green_task()):
            lock.green_release()

    def async_leave(self, lock: Any) -> None:
        if self._count_out(async_task()):
            lock.async_release()
