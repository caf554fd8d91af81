# SPDX-License-Identifier: ISC
"""The built-in backend: plain threads. Read this one first."""

# A thread parks on a raw lock that is held from the start: unpark releases it. The lock remembers a release that comes
# before the wait, may be released from any thread, handler or finalizer, and has no owner.
#
# Identity: neither the thread's number nor the id() of anything will do, because both are given to the next thread once
# this one has ended, which would then "own" what its predecessor had not released. So each thread gets an object of its
# own, kept in a thread-local: it lives as long as the thread, or as long as a lock still refers to it, and is never
# reused.

from __future__ import annotations

import sys
from weakref import ref

from .._engine.waiter import PENDING, GreenWaiter
from .blocking import guarded
from .interface import API_VERSION, GreenBackend
from .unpatched import (
    TIMEOUT_MAX,
    allocate_lock,
    get_ident,
    let_others_run,
    local,
    sleep,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _thread import LockType
    from collections.abc import Callable
    from threading import Thread

    from .._engine.waiter import Waiter

# A little less than the longest wait that a raw lock supports where the limit is lowest (31 bits of milliseconds).
LONGEST_PARK_SECONDS = 2_000_000.0

# Windows counts milliseconds in 32 bits; the largest number means for ever there, and TIMEOUT_MAX includes it on old
# Pythons.
LONGEST_ON_WINDOWS_SECONDS = (2**32 - 2) / 1000
DAY_SECONDS = 86_400.0


class ThreadTask:
    """A plain thread, as an owner of locks."""

    __slots__ = ("__weakref__", "_row", "ident")

    def __init__(self) -> None:
        self.ident = ident = get_ident()
        # For display: the thread that threading has under this number now, because the next thread may be given the
        # number.
        rows = getattr(sys.modules.get("threading"), "_active", None)
        thread: Thread | None = rows.get(ident) if rows else None
        # Weakly: a lock may refer to its owner for longer than anybody is interested in that thread.
        self._row = None if thread is None else ref(thread)

    def __repr__(self) -> str:
        from .thread_objects import find_thread, is_dummy

        thread = None if self._row is None else self._row()
        if thread is None and getattr(here, "task", None) is self:
            # It was made before threading was imported, or is the main thread of a patched threading.
            thread = find_thread()
        if thread is None or is_dummy(thread):
            return f"<thread {self.ident:#x}>"
        return f"<thread {thread.name!r} {self.ident:#x}>"


#: ``here.task`` is the identity of the calling thread, once :func:`this_thread` was called there. Hot paths read it
#: directly; it is not a subclass that fills itself, because reading from one takes half as long again.
here = local()


def this_thread() -> ThreadTask:
    """The identity of the calling thread."""
    try:
        task: ThreadTask = here.task
    except AttributeError:
        # In one step: a signal handler that runs in between may create an identity, too, and both must use the same.
        task = here.__dict__.setdefault("task", ThreadTask())
    return task


class ThreadWaiter(GreenWaiter):
    """A wait of a plain thread."""

    library = "threading"
    stirs_alone = True

    __slots__ = ("_parked",)  # held until unpark; set at creation

    _parked: LockType

    def park(self, timeout: float | None) -> bool:
        if timeout is None:
            return self._parked.acquire()
        while timeout > LONGEST_PARK_SECONDS:
            if self._parked.acquire(True, LONGEST_PARK_SECONDS):
                return True
            timeout -= LONGEST_PARK_SECONDS
        return self._parked.acquire(True, timeout)

    def unpark(self) -> None:
        # The lock may be released already, by a stir, or by a call that a signal handler has interrupted:
        #     A stirs B, which is on its way.   A decides B's wait.   A finds the lock released, and leaves it
        #     so.   B takes the lock, looks, and finds its wait decided.
        # If B had taken the lock before A asked, it would be held, and A would release it. (A asks first, because an
        # error costs more.)
        parked = self._parked
        if parked.locked():
            try:  # noqa: SIM105
                parked.release()
            except RuntimeError:  # released at this very moment
                pass

    def park_again(self, timeout: float | None) -> bool:
        # Without the GIL, plain reads could make both of them look too early:
        #     B was stirred, takes the lock, and sees its wait undecided.   A has decided it, and does not see
        #     yet that the lock is taken: A does not release it, because B would look.
        # So B looks by one of the atomic steps (a copy): a memory barrier after the lock was taken.
        if not self[:]:
            return True
        return self.park(timeout)

    @classmethod
    def stir_all(cls, waiters: list[Waiter]) -> None:
        # The first thread is on its way from the kernel to the GIL while the caller proceeds to the release that wakes
        # it: that saves a tenth to a quarter of a turn between two threads. If it looks too early, or was stirred
        # before, there is one release more or less, which unpark() copes with. The others would only be in each other's
        # way.
        waiters[0].unpark()


#: ``ThreadWaiter.park`` without the AIOLOGIC_BLOCKING guard: for sleeps that need no warning, because they end in a
#: moment (_exclusive.py), or because there was one already (_condition_guard.py).
park_unguarded: Callable[[GreenWaiter, float | None], bool] = ThreadWaiter.park  # type: ignore[assignment]  # of threads

ThreadWaiter.park = guarded(ThreadWaiter.park)  # type: ignore[method-assign]  # it is the same, if nobody asks for more

#: Whether ``ThreadWaiter.park`` looks before it sleeps; see :func:`blocking.ask_first`.
is_guarded = ThreadWaiter.park is not park_unguarded


def create_waiter() -> GreenWaiter:
    """A waiter for the calling thread."""
    waiter = ThreadWaiter(PENDING)
    waiter._parked = parked = allocate_lock()
    parked.acquire()
    return waiter


class ThreadBackend(GreenBackend):
    """Plain threads: the world of every caller that no other library runs."""

    library = "threading"
    api_version = API_VERSION
    create_waiter: Callable[[], GreenWaiter] = staticmethod(create_waiter)

    def current_task(self) -> object:
        return this_thread()

    def is_running(self) -> bool:
        return True

    def knows(self, task: object) -> bool:
        return isinstance(task, ThreadTask)

    def runs_here(self, task: object) -> bool:
        return task is this_thread()

    def checkpoint(self) -> None:
        let_others_run()

    def current_token(self) -> object:
        return this_thread()

    def sleep(self, seconds: float) -> None:
        while seconds > LONGEST_PARK_SECONDS:
            sleep(LONGEST_PARK_SECONDS)
            seconds -= LONGEST_PARK_SECONDS
        sleep(seconds)

    def longest_sleep(self) -> float:
        if sys.platform == "win32":
            return LONGEST_ON_WINDOWS_SECONDS
        # time.sleep() has counted in whole nanoseconds since 3.11; half of what they can express leaves room for the
        # current time.
        return 2.0**30 - 1 if sys.version_info >= (3, 11) else 31 * DAY_SECONDS

    def longest_timeout(self) -> float:
        if sys.platform == "win32":
            return min(TIMEOUT_MAX, LONGEST_ON_WINDOWS_SECONDS)
        return TIMEOUT_MAX


ThreadBackend.sleep = guarded(ThreadBackend.sleep)  # type: ignore[method-assign]  # as above
