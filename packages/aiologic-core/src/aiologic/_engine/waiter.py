# SPDX-License-Identifier: ISC
"""One wait by one task: woken or abandoned, and never both."""

# Why a waiter is a list
# ======================
# A release in one thread and a time-out in another can reach the same sleeping task at the same moment. If both could
# act, a lock would be handed to a task that has already left, and nobody would be woken again. So that race is decided
# in one place: a waiter holds a single item, and whoever takes it has decided how the wait ends. Taking it is one step,
# with and without the GIL (see the package's opening comment).
#
# The waiter *is* that list rather than owning one, so that a contended wait allocates one object of ours and not two.
#
#   waiter     | item | how it got there
#   -----------+------+-----------------------------------------------------------------------------------------
#   pending    | yes  | new; or its grant was taken back, and it is in no queue any more
#   decided    | no   | claim() by a waker or abandon() by its own task, or either written out; the first one won
#
# An exception raised by a signal handler (Ctrl-C) must not come between the decision and what follows from it. CPython
# checks for signals when a call has returned, when a function begins and when a loop starts over. So the deciding step
# is ``del waiter[0]``, which is not a call, and what follows stands in a ``try``: see docs/decisions/0021. Which side
# won can be told afterwards, because a task that gives up clears ``source`` before it decides: a waiter that is decided
# and still has its source was woken, and its task has not resumed yet.
#
# Rejected: a lock for each waiter (one more object, and it can be held when a signal arrives); the library's own future
# as the judge (asyncio's may be touched by its own thread only); deleting a slot (not one step without the GIL before
# 3.14).

from __future__ import annotations

import abc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections import deque
    from collections.abc import Awaitable
    from typing import Any, List, Protocol

    _OneItem = List[None]

    class Source(Protocol):
        """What a waiter waits for: the primitive that queued it."""

        # A signal handler may raise inside each of these methods. What must hold then is said in each; see waiting.py.

        def _accept(self, waiter: Waiter) -> None:
            """Record that the task of ``waiter`` has its grant; called by that task.

            If it raises, nothing was recorded; the grant is taken back then.
            """

        def _take_back(self, waiter: Waiter) -> None:
            """Pass on a grant that ``waiter`` was given and can't use.

            If it raises, it is called again, unless it has refilled the waiter.
            An implementation that must not run twice refills it first.
            """

        def _leave(self, waiter: Waiter) -> None:
            """Forget ``waiter``, which gave up, and see who can proceed now.

            If it raises, it is called again. The waiter may never have been queued.
            """

else:
    _OneItem = list

# What a new waiter is filled with: ``SomeWaiter(PENDING)`` runs no Python code.
PENDING = (None,)

# What ``lost()`` refills a waiter with, to be told from what a source refills it with, which is None.
LOST: Any = ("lost",)
# Those that are being reported as lost, each with a mark of the one call that does so.
_reports: dict[Waiter, list[None]] = {}


class Waiter(_OneItem, metaclass=abc.ABCMeta):
    """One wait by one task; the part that green and async waiters have in common.

    ``wake``, ``claim``, ``abandon`` and ``lost`` are final. A backend supplies
    ``park`` and ``unpark``, and may add slots of its own, all of which it sets
    itself after creation (core's waiters have no ``__init__``).

    Threads:
        All of it may be used from any thread, from signal handlers and from
        finalizers, except ``park`` and ``abandon``, which only its task may call.
    """

    __slots__ = (
        "source",  # the primitive; set before the waiter is queued, cleared by its task when the wait is over
        "request",  # what its task asked for, for the primitive to read; set with ``source``
    )

    #: The library in which it waits, by its backend's name. For display.
    library: str = "unknown"

    #: Whether :meth:`stir_all` is of use also for a single one.
    stirs_alone: bool = False

    source: Any  # a Source, or None; typed loosely, so that a wait need not check for a None that it can't meet
    request: Any

    # A list compares by its items, and two pending waiters are not the same wait.
    if not TYPE_CHECKING:  # to type checkers, the same as a list's
        __eq__ = object.__eq__
        __ne__ = object.__ne__
    __hash__ = object.__hash__  # type: ignore[assignment]  # list has none

    def __repr__(self) -> str:
        state = "pending" if self else "decided"
        return f"<{type(self).__qualname__} at {id(self):#x} [{state}]>"

    def wake(self) -> bool:
        """End the wait successfully, unless it has ended already.

        Returns:
            ``True`` for the one call that decided it.
        """
        try:
            del self[0]
        except IndexError:
            return False
        try:
            self.unpark()
        except BaseException:
            self.unpark()
            raise
        return True

    def claim(self) -> bool:
        """Decide the wait as :meth:`wake` does, but leave :meth:`unpark` to the caller.

        The task may go on from now on, since its time may be up at this moment:
        so the caller must first have stored whatever the task is to find.
        """
        try:
            del self[0]
        except IndexError:
            return False
        return True

    def abandon(self) -> bool:
        """End the wait without success, by its own task.

        Returns:
            ``False`` if a wake came first; then this task has the grant, to keep
            or to pass on.
        """
        try:
            del self[0]
        except IndexError:
            return False
        return True

    def lost(self) -> None:
        """Pass on the grant of a woken task that will never run again.

        Backends call it if the loop was closed before it delivered the wake-up.
        The waiter is then pending again, though queued nowhere: if its coroutine
        is closed later, it has nothing to give back.
        """
        # An interrupted wake-up may have been sent twice. Then B, which wakes it, and C, which closes its loop, report it.
        mark: list[None] = []
        try:
            if _reports.setdefault(self, mark) is mark:
                self._return_grant()
        finally:
            try:
                if _reports[self] is mark:
                    del _reports[self]
            except KeyError:  # interrupted before it was in there
                pass

    def _return_grant(self) -> None:
        source = self.source
        # No source: its task resumed before that, and has dealt with the grant. Pending: it was reported before.
        if source is None or self:
            return
        # Its task may be thrown out at this moment, by who closes its coroutine after its loop: that clears ``source``
        # and takes the item, in this order (waiting.py). Here the item is put in, and then ``source`` is looked at: so if
        # it is still there, the task will find the item, and leave without a grant. There is no call until it is decided.
        self[:] = LOST
        if self.source is None:
            try:
                del self[0]
            except IndexError:  # it has left without the grant
                pass
            else:  # it has found no item, or will find none, and passes the grant on
                return
        # If _take_back() is interrupted before it has returned the grant, it has not refilled the waiter, and is called
        # once more.
        try:
            source._take_back(self)
        except BaseException:
            if None not in self:  # it had not begun
                source._take_back(self)
            raise
        finally:
            if not self:
                self.append(None)

    @abc.abstractmethod
    def unpark(self) -> None:
        """Let the task go on. Called by core, once for each decided wait.

        Never blocks and never raises, even if the loop, run or hub has gone
        (then it calls :meth:`lost`). It is remembered if it comes before ``park``,
        and has no effect if it comes after the wait has ended.

        It only schedules: the task goes on in turn with everything else that is
        ready, and never from within this call.

        Only an exception of a signal handler may come out of it. Then core calls
        it once more, to do what is left to do, if anything.

        Threads:
            Called from any thread, from signal handlers and from finalizers.
        """

    @classmethod
    def stir_all(cls, waiters: list[Waiter]) -> None:
        """Learn which waiters will be woken soon, each by the one before it; the first is of this class.

        The caller wakes the first. A loop that takes a turn for each wake-up may
        make all of them ready now, in this order; if wake-ups are slow to arrive,
        the first may be sent its own now. A task that runs before its wait is
        decided is parked again. The default does nothing.

        Threads:
            As for :meth:`unpark`. Neither blocks nor raises.
        """

    @classmethod
    def unpark_all(cls, waiters: deque[Waiter]) -> None:
        """Unpark those at the beginning of many decided waiters that are of this class.

        Removes from ``waiters`` those that it has unparked. If an exception (such
        as ``KeyboardInterrupt``) interrupts it, the remaining ones are unparked
        one by one. Override it if waking many at once is cheaper.
        """
        while waiters and type(waiters[0]) is cls:
            waiters[0].unpark()
            waiters.popleft()


class GreenWaiter(Waiter):
    """A wait in a world that suspends without ``await``: threads, greenlets."""

    __slots__ = ()

    @abc.abstractmethod
    def park(self, timeout: float | None) -> bool:
        """Suspend this task until it is unparked, or for ``timeout`` seconds.

        Called once, by the task that created the waiter, possibly in a shielded
        call of it. Any finite ``timeout`` must be accepted, however long; 0 means
        to check once without sleeping. Whatever interrupts the library's own waits
        (its cancellation, ``KeyboardInterrupt``) is raised from here and may come
        at any moment.

        Returns:
            ``True`` if unparked, ``False`` if time ran out first.
        """

    def park_again(self, timeout: float | None) -> bool:
        """Like :meth:`park`, after a park that ended before the wait was decided.

        This happens only if :meth:`stir_all` made the task ready. The wait may be
        decided, and unparked, at any moment.
        """
        return self.park(timeout)


class AsyncWaiter(Waiter):
    """A wait in a world that suspends with ``await``."""

    __slots__ = ()

    @abc.abstractmethod
    def park(self, timeout: float | None) -> Awaitable[bool | None]:
        """Like :meth:`GreenWaiter.park`, but the caller awaits what it returns.

        It yields to the loop once even if ``timeout`` is 0, so that a wake-up on
        its way can arrive. Only a waiter that was unparked before need not yield.

        It may be a coroutine, or anything else that has an ``__await__``. A plain
        method that returns the library's own awaitable saves a frame.

        Returns:
            An awaitable whose result is ``False`` if time ran out first. If it was
            unparked, the result is ``True``, or ``None`` if that is what the
            library's awaitable returns.
        """

    def park_again(self, timeout: float | None) -> Awaitable[bool | None]:
        """Like :meth:`park`, after a park that ended before the wait was decided.

        This happens only if :meth:`stir_all` made the task ready. The wait may be
        decided, and unparked, at any moment.
        """
        return self.park(timeout)
