# SPDX-License-Identifier: ISC
"""What a condition needs of its lock, for each kind of lock."""

# Locks of ours have a queue, to which a notified waiter moves: it gets the lock by a hand-over, in its turn among all who
# want it, and runs once. Locks of threads have none that we could reach: a notified waiter is woken, and then acquires
# the lock as anybody does, which blocks its thread.
#
#   kind          | to wait, it must be  | to notify, too | exit releases        | moves | notifiers evaluate predicates
#   --------------+----------------------+----------------+----------------------+-------+------------------------------
#   none          | -                    | -              | -                    | no    | no: there is nothing to
#                 |                      |                |                      |       | protect what they look at
#   Lock, RLock   | the caller's         | the caller's   | if it is the         | yes   | yes
#                 |                      |                | caller's             |       |
#   Binary...     | acquired, by anybody | the same       | if the caller entered| yes   | yes, and that is the result
#   thread RLock  | the thread's         | the thread's   | if it is the thread's| no    | yes
#   thread lock   | acquired, by anybody | the same       | if the caller entered| no    | yes
#
# A block is left without its lock if the lock could not be regained (``KeyboardInterrupt`` while waiting for it; a
# coroutine that was closed). Locks know their owner. For the others we count who has entered, by task: each task writes
# its own count only.

from __future__ import annotations

from ._binary_semaphore import BinarySemaphore
from ._deadlocks import refuse, waiting_here
from ._engine.waiting import green_wait
from ._lock import Lock
from ._rlock import RLock
from ._runtime.checkpoints import (
    async_checkpoint_due,
    green_checkpoint,
    green_switch,
)
from ._runtime.detect import current_async_task, current_green_task, worlds
from ._runtime.threads import here

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class NoLock:
    """No lock at all; and what is common to the kinds that wake their waiters."""

    __slots__ = ()

    #: Whether a notified waiter moves to the lock's queue.
    hands_over = False
    #: Whether notifiers evaluate predicates.
    evaluates = False
    #: Whether what a notifier has seen is the waiter's result.
    trusts = False

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


def _unacquired() -> RuntimeError:
    return RuntimeError("cannot wait on un-acquired lock")


class OwnedLock(NoLock):
    """Lock."""

    __slots__ = ()

    hands_over = True
    evaluates = True

    def is_used(self, lock: Any) -> bool:
        return not lock._free

    def request(self, lock: Any, me: object) -> Any:
        if lock._owner is not me:
            raise _unacquired()
        return me

    def refuse_deadlock(self, lock: Any, me: object, tickets: Any) -> None:
        if lock._owner is not me or not worlds.runs_a_library_here():
            return
        # Whoever waits for it now has it before. If that is a task of this very thread, it can't release it while the thread
        # waits, and whether anybody notifies the thread, or its time is up, does not matter any more.
        for task in waiting_here(lock._queue, lock._task_of):
            refuse("could not have this lock again", task, "comes before it")

        # So will whoever is notified before. (With a predicate for notifiers, one may be passed over.)
        def task_of(ticket: Any) -> object | None:
            try:
                waiter, _, delegate = ticket[0]
            except IndexError:  # it was notified in this moment, and stands in the lock's queue, or has left
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
        green_wait(lock._green_waiter(None), None, lock._join, request)

    def may_notify(self, lock: Any) -> bool:
        owner = lock._owner
        # In the order of what is cheap: the thread's own task; the task of the one async library; all else.
        try:
            if owner is here.task or owner is worlds.outer_task():
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


class ReentrantLock(OwnedLock):
    """RLock: released wholly, and regained as many times."""

    __slots__ = ()

    def request(self, lock: Any, me: object) -> Any:
        if lock._owner is not me:
            raise _unacquired()
        return me, lock._count

    def take(self, lock: Any, request: Any) -> bool:
        return bool(lock._take_times(*request))


class _Counting(NoLock):
    """Locks that know no owner: who has entered is counted, for each condition by itself."""

    __slots__ = ("_entered",)  # how many blocks each task is in

    def __init__(self) -> None:
        self._entered: dict[object, int] = {}

    def _count_in(self, me: object) -> None:
        self._entered[me] = self._entered.get(me, 0) + 1

    def _count_out(self, me: object) -> bool:
        count = self._entered.pop(me, 0)
        if count > 1:
            self._entered[me] = count - 1
        return count > 0

    def regain_failed(self, me: object) -> None:
        self._count_out(me)


class OnePermit(_Counting):
    """BinarySemaphore and BoundedBinarySemaphore."""

    __slots__ = ()

    hands_over = True
    evaluates = True
    trusts = True

    def is_used(self, lock: Any) -> bool:
        return not lock._free

    def request(self, lock: Any, me: object) -> Any:
        if lock._free:
            raise _unacquired()

    def let_go(self, lock: Any, waiter: Any) -> None:
        lock.release()

    def take(self, lock: Any, request: Any) -> bool:
        return bool(lock._take())

    def green_regain(self, lock: Any, request: Any) -> None:
        green_wait(worlds.create_green_waiter(), None, lock._join, request)

    def may_notify(self, lock: Any) -> bool:
        return not lock._free

    def enter(self, lock: Any) -> None:
        lock.green_acquire()
        self._count_in(current_green_task())

    async def async_enter(self, lock: Any) -> None:
        me = _async_task()  # first, for it may raise
        await lock.async_acquire()
        self._count_in(me)

    def leave(self, lock: Any) -> None:
        if self._count_out(current_green_task()):
            lock.release()

    def async_leave(self, lock: Any) -> None:
        if self._count_out(_async_task()):
            lock.release()


class ThreadLock(_Counting):
    """Whatever else is acquired and released by threads."""

    __slots__ = ()

    evaluates = True

    def is_used(self, lock: Any) -> bool:
        return bool(lock.locked())

    def request(self, lock: Any, me: object) -> Any:
        if not self.may_notify(lock):
            raise _unacquired()

    def let_go(self, lock: Any, waiter: Any) -> None:
        lock.release()

    def regain(self, lock: Any, state: Any, me: object) -> None:
        try:
            lock.acquire()
        except BaseException:
            self.regain_failed(me)
            raise

    def may_notify(self, lock: Any) -> bool:
        return bool(lock.locked())

    def enter(self, lock: Any) -> None:
        lock.acquire()
        if green_switch.maybe:
            try:
                green_checkpoint()
            except BaseException:
                lock.release()
                raise
        self._count_in(current_green_task())

    async def async_enter(self, lock: Any) -> None:
        me = _async_task()
        lock.acquire()
        due = async_checkpoint_due()
        if due is not None:
            try:
                await due.checkpoint()
            except BaseException:
                lock.release()
                raise
        self._count_in(me)

    def leave(self, lock: Any) -> None:
        if self._count_out(current_green_task()):
            lock.release()

    def async_leave(self, lock: Any) -> None:
        if self._count_out(_async_task()):
            lock.release()


class ThreadRLock(ThreadLock):
    """Locks that know their thread: threading.RLock and its kin."""

    __slots__ = ()

    def is_used(self, lock: Any) -> bool:
        if lock._is_owned():
            return True
        # Before 3.14 it does not tell whether it is locked.
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

    def _count_in(self, me: object) -> None:
        """It counts itself."""

    def leave(self, lock: Any) -> None:
        if lock._is_owned():
            lock.release()

    async_leave = leave


NO_LOCK = NoLock()
OWNED = OwnedLock()
REENTRANT = ReentrantLock()
#: The same with the default timer: what most conditions have. Hot paths know it by heart.
PLAIN = ReentrantLock()

_THREAD_RLOCK = ThreadRLock()

_OF_RLOCKS = ("acquire", "release", "_is_owned", "_release_save", "_acquire_restore")
_OF_LOCKS = ("acquire", "release", "locked")


def kind_of(lock: Any) -> NoLock:
    """The kind of a lock.

    Raises:
        TypeError: It is none that a condition can have.
    """
    if lock is None:
        return NO_LOCK
    if isinstance(lock, RLock):
        return REENTRANT
    if isinstance(lock, Lock):
        return OWNED
    if isinstance(lock, BinarySemaphore):
        return OnePermit()
    # Locks of async libraries have the same names, and what they return would never be awaited.
    made_of: Any = lock.__class__
    if not isinstance(lock, type) and not hasattr(made_of, "__aenter__"):
        if all(callable(getattr(lock, name, None)) for name in _OF_RLOCKS):
            return _THREAD_RLOCK
        if all(callable(getattr(lock, name, None)) for name in _OF_LOCKS):
            return ThreadLock()
    raise TypeError(
        "lock must be a Lock, an RLock, a BinarySemaphore, a BoundedBinarySemaphore,"
        f" a lock of threads, or None, got {lock!r}"
    )


def _async_task() -> object:
    """Who enters: also a callback of a loop, which has no task."""
    return worlds.async_world()[1]
