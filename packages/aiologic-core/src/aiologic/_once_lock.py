# SPDX-License-Identifier: ISC
"""A lock of threads that is held once, and stands open ever after."""

# Something that is made on first use is made under a lock, and ever after that lock is in the way: one thread after the
# other takes it and gives it back, for nothing. This one is held by the first thread that comes. When that gives it
# back, all waiters go on at once, and nobody ever waits again.
#
#   state   | _once_entered        | left by
#   --------+----------------------+---------------------------------------------------------
#   free    | empty                | the first thread that adds itself
#   held    | its holder, first    | its holder, at the end of its outermost block
#   open    | None                 | nobody
#
#     A and B find it free, and both add themselves.   The first in the list has it, and the other waits.
#
# Waiters wait at a gate: an event (_event.py), made for the first thread that needs it, which the holder sets. The
# whole thread waits: if another greenlet of it went on, it would have the lock.
#
#     A opens it: there is no list any more.   It looks for a gate, and sets it.   B comes out: open, and no holder.
#     A looks, and there is no gate yet.       B makes one, and then looks whether it is open: it does not wait.
#
# Without the GIL a plain read may be ordered before an earlier write to another object. So between the write and the
# read, both copy the list, or part of it, as a memory barrier: it is the same list, and the one that copies it second
# sees what the other wrote.
#
# A signal handler may run at any bytecode of its thread, and must neither wait for that thread nor let others in too
# early. The thread is recorded in the same step in which the lock is taken, so the handler has the lock, too. If it
# runs between the taking and the counting, its own block is the outermost: it opens the lock, and the interrupted call
# finds an open lock. That is as if the call had come later; whoever has taken the lock looks whether there is anything
# left to do anyway.
#
# The holder is identified by the object that stands for its thread, not by a number that the next thread may be given
# (D16 in docs/explanation/defects.md).

from __future__ import annotations

from ._constants import Sealed
from ._engine.newborn import born
from ._engine.waiting import green_wait
from ._event import Event
from ._runtime.checkpoints import green_checkpoint, green_switch
from ._runtime.threads import create_waiter, this_thread
from ._runtime.unpatched import TIMEOUT_MAX

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import NoReturn, Protocol

    from ._runtime.threads import ThreadTask

    class HasOnceSlots(Protocol):
        """Whatever has the slots: a lock, or an event of _locking_events.py."""

        _once_depth: int
        _once_entered: list[ThreadTask] | None
        _once_gate: Gate | None


SLOTS = (
    "_once_depth",  # how many nested blocks the holder is in
    "_once_entered",  # see above; threads that came too late may stand behind the first
    "_once_gate",  # what the others wait for
)


class Gate(Event):
    """An event that threads wait for, whatever else they run."""

    __slots__ = ()

    def block(self, timeout: float | None) -> bool:
        """Wait with the whole thread, for ever or for some seconds."""
        return self._is_set or green_wait(create_waiter(), timeout, self._join)


def close(lock: HasOnceSlots) -> None:
    """Put it into its initial state."""
    lock._once_entered = []
    lock._once_depth = 0
    lock._once_gate = None


def open_it(lock: HasOnceSlots) -> None:
    """Let all threads through, from now on."""
    entered = lock._once_entered
    if entered is None:
        return
    try:
        # In this order: a thread that comes through the gate must not find a holder.
        lock._once_entered = None
        open_gate(lock, entered)
    except BaseException:
        open_gate(lock, entered)
        raise
    lock._once_gate = None


def open_gate(lock: HasOnceSlots, entered: list[ThreadTask]) -> None:
    """Wake all threads that wait, if any has begun to."""
    _ = entered[:0]  # the memory barrier between write and read; see above
    gate = lock._once_gate
    if gate is not None:
        gate.set()


def is_holder(lock: HasOnceSlots) -> bool:
    """Whether the calling thread has it."""
    entered = lock._once_entered
    return entered is not None and bool(entered) and entered[0] is this_thread()


class ThreadOnceLock(Sealed):
    """A reentrant lock for threads that is held only once; after its release, nobody waits for it.

    For things that are created when first asked for, by whichever thread asks::

        with lock:
            if not made:
                made.append(make())

    The first release that ends its holder's outermost block wakes all waiting
    threads. After that, ``acquire()`` returns ``True`` at once, and ``release()``
    does nothing. It has the methods of ``threading.RLock``, even the private ones.

    Threads:
        Belongs to a thread as a whole, with all its tasks and greenlets. May be
        used in signal handlers and finalizers: a handler that runs while its
        thread has the lock has it, too.
    """

    __slots__ = ("__weakref__", *SLOTS)
    __module__ = "aiologic.lowlevel"

    _once_depth: int
    _once_entered: list[ThreadTask] | None
    _once_gate: Gate | None

    def __init__(self) -> None:
        close(self)

    def __repr__(self) -> str:
        state = "locked" if self.locked() else "unlocked"
        return (
            f"<{state} aiologic.lowlevel.ThreadOnceLock object"
            f" owner={self._owner} count={self._count} at {id(self):#x}>"
        )

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"cannot reduce {self!r}")

    def acquire(self, /, blocking: bool = True, timeout: float = -1) -> bool:
        """Take it if it is free or held by the caller; otherwise wait until it is open.

        Args:
            blocking: Whether to wait.
            timeout: Seconds to wait at most; -1 waits for ever.

        Returns:
            ``True``, or ``False`` if another thread still has it.

        Raises:
            ValueError: ``timeout`` is negative and not -1, or is given although
                ``blocking`` is false.
            OverflowError: ``timeout`` is longer than threads can wait.

        Checkpoints:
            One, where those of green calls are on, and the call may wait.
        """
        if timeout != -1:
            check(blocking, timeout)
        if blocking and green_switch.maybe:
            green_checkpoint()
        entered = self._once_entered
        if entered is None:
            return True
        me = this_thread()
        if not entered:
            entered += (me,)
        if entered[0] is me:
            self._once_depth += 1
            return True
        if not blocking:
            return self._once_entered is None
        gate = born(self, "_once_gate", Gate)
        _ = entered[:0]  # the memory barrier between write and read; see above
        if self._once_entered is None:
            # The gate stays: the holder may be about to look for it, and somebody else may wait there.
            return True
        return gate.block(None if timeout == -1 else timeout)

    def release(self) -> None:
        """Give it back; open it, if that ends the outermost block.

        Raises:
            RuntimeError: It is not open, and the calling thread does not have it.
        """
        if self._once_entered is None:
            return
        if not is_holder(self):
            raise RuntimeError("cannot release un-acquired lock")
        if self._once_depth > 1:
            self._once_depth -= 1
        else:
            open_it(self)

    def locked(self) -> bool:
        """Whether a thread has it, and others would have to wait."""
        return bool(self._once_entered)

    def __enter__(self) -> bool:
        return ThreadOnceLock.acquire(self)

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None:
        ThreadOnceLock.release(self)

    # What ``threading.Condition`` uses of a reentrant lock, and what shows its state.

    @property
    def _owner(self) -> int | None:
        entered = self._once_entered
        return entered[0].ident if entered else None

    @property
    def _count(self) -> int:
        return self._once_depth if self._once_entered else 0

    def _is_owned(self) -> bool:
        return is_holder(self)

    def _recursion_count(self) -> int:
        return self._once_depth if is_holder(self) else 0

    def _release_save(self) -> tuple[int, int]:
        if not is_holder(self):
            raise RuntimeError("cannot release un-acquired lock")
        state = (self._once_depth, this_thread().ident)
        open_it(self)
        return state

    def _acquire_restore(self, state: tuple[int, int], /) -> None:
        ThreadOnceLock.acquire(self)
        if is_holder(self):
            self._once_depth, _ = state

    def _at_fork_reinit(self) -> None:
        # The threads that held it or waited for it do not exist in the child.
        if self._once_entered is not None:
            close(self)


def check(blocking: bool, timeout: float) -> None:
    """Refuse what a lock of threads refuses."""
    if not blocking:
        raise ValueError("can't specify a timeout for a non-blocking call")
    if timeout > TIMEOUT_MAX:
        raise OverflowError("timeout value is too large")
    # Written so that NaN, which compares false, is refused as well.
    if not timeout >= 0:
        raise ValueError(
            f"timeout value must be a non-negative number, got {timeout!r}"
        )


def create_thread_oncelock() -> ThreadOnceLock:
    """Create a :class:`ThreadOnceLock`."""
    return ThreadOnceLock()
