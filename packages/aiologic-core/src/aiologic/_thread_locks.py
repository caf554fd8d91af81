# SPDX-License-Identifier: ISC
"""Locks of real threads, whatever was monkey-patched; and one that locks nothing."""

from __future__ import annotations

from ._constants import Constant, Sealed
from ._layers import with_copies_of
from ._runtime.checkpoints import green_checkpoint
from ._runtime.unpatched import allocate_lock, allocate_reentrant_lock

TYPE_CHECKING = False
if TYPE_CHECKING:
    import _thread
    from types import TracebackType
    from typing import NoReturn

    ThreadLock = _thread.LockType
    ThreadRLock = _thread.RLock
else:
    #: The interpreter's own lock, also where ``threading.Lock`` makes others.
    ThreadLock = type(allocate_lock())

    #: The interpreter's own reentrant lock. It has ``_release_save()`` and
    #: ``_acquire_restore()``, by which a condition gives it back and takes it again.
    ThreadRLock = type(allocate_reentrant_lock())


def create_thread_lock() -> ThreadLock:
    """Create a lock that blocks threads: what unpatched ``threading.Lock`` creates."""
    lock: ThreadLock = allocate_lock()
    return lock


def create_thread_rlock() -> ThreadRLock:
    """Create a reentrant lock that blocks threads: what unpatched ``threading.RLock`` creates."""
    lock: ThreadRLock = allocate_reentrant_lock()
    return lock


@with_copies_of(Constant)
class ThreadDummyLock(Constant, Sealed):
    """The class of :data:`THREAD_DUMMY_LOCK`, which stands in for a lock where none is needed."""

    __slots__ = ()
    __module__ = "aiologic.lowlevel"

    _name = "THREAD_DUMMY_LOCK"

    # Nobody has it, however often it was acquired.
    _owner = None
    _count = 0

    def acquire(self, /, blocking: bool = True, timeout: float = -1) -> bool:
        """Do nothing; return ``True``.

        Checkpoints:
            One, where green checkpoints are on and the arguments allow waiting.
        """
        if blocking:
            green_checkpoint()
        return True

    def release(self) -> None:
        """Do nothing, even if it was not acquired."""

    def locked(self) -> bool:
        """Return ``False``: it is never locked."""
        return False

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None:
        """Do nothing."""

    def _is_owned(self) -> bool:
        return False

    def _recursion_count(self) -> int:
        return 0

    def _release_save(self) -> NoReturn:
        raise RuntimeError("cannot release un-acquired lock")

    def _acquire_restore(self, state: object, /) -> None:
        green_checkpoint()

    def _at_fork_reinit(self) -> None:
        """Nothing to forget."""


#: A lock that never blocks, and is never locked.
THREAD_DUMMY_LOCK = ThreadDummyLock()
