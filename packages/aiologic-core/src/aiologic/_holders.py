# SPDX-License-Identifier: ISC
"""Which tasks hold a lock that many can share or one can have alone, and which are next."""

# Who records what, and when
# ==========================
# How many tasks hold the lock, and how that number changes, is in _holder_states.py. This file records which they are:
#
#   holders | state              | _writer                                  | _readers
#   --------+--------------------+------------------------------------------+--------------------------------------
#   0       | free               | None                                     | empty
#   n > 0   | shared             | None                                     | n tasks, or waiters it was handed to
#   -1      | exclusive          | the task; its waiter, until that task    | empty
#           |                    | runs                                     |
#
# A task that holds the lock records that itself, after the state has changed, and removes it before the state changes
# again; so a task finds itself there only if it is a holder. For a task that is served, its waiter is entered in
# advance, before its wait is decided (see ``_engine/waiting.py``).
#
# Rules
# -----
# 1. A newcomer takes the lock only if nobody is queued. That holds for a reader, too, even if other readers are inside.
#    So a writer waits only for those that came before it.
# 2. A task that joins the queue looks again afterwards, and so does one that has changed the state:
#        B releases: sees an empty queue.   A joins the queue.   B changes the state: it is free, and A sleeps.
# 3. The queue is served by one task at a time, which has the turn, and looks again when it has given it back. From the
#    front it serves one writer, or all readers up to the next writer, a *phase* of readers. It changes the state first,
#    on behalf of those it serves, so that nobody comes in between.
# 4. A task that gives up looks again, too. A writer that is cancelled, or out of time, may be all that stands between
#    the readers inside and those behind it:
#        A reads.   B wants to write and waits.   C wants to read and waits for B.   B is cancelled: C can read with A.
#
# Rejected: a permit that the first reader takes and the last one gives back (first and last are found by counting,
# which races with the next reader); readers that announce themselves and step back if a writer has done so, too (two
# that try without waiting would both fail on a free lock); changing the state only with the turn (a reader that tries
# without waiting would fail because another reader is just coming in).

from __future__ import annotations

from collections import deque

from ._engine.waitqueue import queue_for
from ._holder_states import EXCLUSIVE, State, States

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar

    from typing_extensions import Self

    from ._engine.waiter import Waiter
    from ._engine.waitqueue import WaitQueue

    W = TypeVar("W", bound=Waiter)


class Holders(States):
    """A lock that many tasks can share, or one can have alone, in order of arrival."""

    __slots__ = (
        "__weakref__",
        "_queue",  # made for the first task that has to wait; a waiter's request is (task, is_exclusive)
        "_readers",  # by id(): tasks, and waiters of tasks that have not run yet
        "_writer",  # see the table
    )

    _queue: WaitQueue | None
    _readers: dict[int, object]
    _writer: object

    def __new__(cls) -> Self:
        self = super().__new__(cls)
        self._queue = None
        self._readers = {}
        self._writer = None
        return self

    @property
    def waiting(self) -> int:
        """Number of tasks that wait now; for display and tests, as it may already be outdated."""
        queue = self._queue
        return queue.waiting() if queue else 0

    # -- taking and leaving -----------------------------------------------------------------------------------------

    def _take(self, me: object, exclusive: bool) -> bool:
        """Take the lock, if it can be had and nobody queues for it."""
        self._check_newcomer(me, exclusive)
        # Computed now, because nothing between the reservation and recording it may be a call.
        key = 0 if exclusive else id(me)
        if self._queue:
            return False
        try:
            if not self._reserve(exclusive):
                return False
        except BaseException:  # others may have found it taken for a moment, and queued
            if self._queue:
                self._settle()
            raise
        if exclusive:
            self._writer = me
        else:
            self._readers[key] = me
        return True

    def _release(self, me: object) -> None:
        """Leave, in whichever way ``me`` holds it."""
        exclusive = self._writer is me
        if exclusive:
            self._writer = None
        else:
            key = id(me)
            try:
                del self._readers[key]
            except KeyError:
                if self._newest().holders:
                    raise RuntimeError(
                        "the current task is not holding this lock"
                    ) from None
                raise RuntimeError("release unlocked lock") from None
        receipt: list[None] = []
        try:
            self._free(exclusive, receipt)
            if self._queue:
                self._settle()
        except BaseException:
            if not receipt:
                self._free(exclusive, receipt)
            if self._queue:
                self._settle()
            raise

    def _downgrade(self, me: object) -> None:
        """Go on as a reader, with no moment in between at which a writer could come in."""
        if self._writer is not me:
            if id(me) in self._readers:
                raise RuntimeError(
                    "the current task is only reading: there is nothing to downgrade"
                )
            raise RuntimeError("the current task is not holding this lock")
        key = id(me)
        state = self._newest()
        successor = State()
        successor.holders = 1
        # From here on, nothing comes between.
        self._readers[key] = me
        self._writer = None
        try:
            # It can't fail, because nobody else changes the state while one task has the lock alone. And it is the
            # first call.
            state.setdefault(None, successor)
            self._state = successor
            if self._queue:
                self._settle()
        except BaseException:
            if self._queue:
                self._settle()
            raise

    def _holds(self, me: object, exclusive: bool) -> bool:
        return self._writer is me if exclusive else id(me) in self._readers

    def _check_newcomer(self, me: object, exclusive: bool) -> None:
        if self._writer is me:
            raise RuntimeError("the current task is already holding this lock")
        if id(me) in self._readers:
            if exclusive:
                raise RuntimeError(
                    "the current task is already holding this lock, as a reader, which can't become a writer:"
                    " two readers that tried would wait for each other for ever. Release it first, acquire it for"
                    " writing, and look again at what was read"
                )
            raise RuntimeError("the current task is already holding this lock")

    # -- the queue --------------------------------------------------------------------------------------------------

    def _join(self, waiter: W, request: tuple[object, bool]) -> W:
        """Queue a waiter; it may have been served when this returns."""
        waiter.source = self
        waiter.request = request
        queue = queue_for(self)
        queue.append(waiter)
        # Rule 2: the memory barrier between announcing and looking, on the list on which the turn is given back.
        queue.turn.reverse()
        self._settle()
        return waiter

    def _settle(self) -> None:
        """Serve those at the front that can be served; needs a queue."""
        queue = queue_for(self)
        while self._can_serve(queue):
            if not queue.take_turn():
                return  # the task that has it looks again
            try:
                self._serve(queue)
            finally:
                queue.turn.append(None)

    def _can_serve(self, queue: WaitQueue) -> bool:
        """Whether there is something to do at the front."""
        try:
            oldest = queue[0]
        except IndexError:
            return False
        if not oldest:  # it gave up, or was served in this moment
            return True
        holders = self._newest().holders
        return not holders or (holders != EXCLUSIVE and not oldest.request[1])

    def _serve(self, queue: WaitQueue) -> None:
        """Let in those that the state allows, in order; needs the turn."""
        served: deque[Waiter] = deque()
        try:
            while queue:
                oldest = queue[0]
                if oldest:
                    exclusive: bool = oldest.request[1]
                    if not self._reserve(exclusive):
                        break
                    try:
                        self._note(oldest, exclusive)
                        # Out of the queue first: once decided, it may be given back, and be pending again.
                        del queue[0]
                        del oldest[0]  # not a call: nothing comes in between
                    except IndexError:  # it gave up just now
                        receipt: list[None] = []
                        try:
                            self._undo(oldest, exclusive, receipt)
                        except BaseException:
                            if not receipt:
                                self._undo(oldest, exclusive, receipt)
                            raise
                    except BaseException:
                        # KeyboardInterrupt must not take the reservation along.
                        self._undo(oldest, exclusive)
                        raise
                    else:
                        served.append(oldest)
                else:  # it gave up
                    del queue[0]
        finally:
            # A phase of readers is woken together, as the waiters of an event; see WaitQueue.wake_all().
            try:
                while served:
                    type(served[0]).unpark_all(served)
            finally:
                while served:  # unpark_all() was interrupted
                    served[0].unpark()
                    served.popleft()

    def _note(self, waiter: Waiter, exclusive: bool) -> None:
        if exclusive:
            self._writer = waiter
        else:
            self._readers.setdefault(id(waiter), waiter)

    def _undo(
        self, waiter: Waiter, exclusive: bool, receipt: list[None] | None = None
    ) -> None:
        """Undo a reservation for ``waiter``; see :meth:`_free` for the receipt."""
        if exclusive:
            self._writer = None
        else:
            self._readers.pop(id(waiter), None)
        self._free(exclusive, receipt)

    # -- what a waiter calls ----------------------------------------------------------------------------------------

    def _accept(self, waiter: Waiter) -> None:
        """Record that the task of ``waiter`` has the lock; called by that task."""
        me: Any
        me, exclusive = waiter.request
        if exclusive:
            self._writer = me
        else:
            its, key = id(waiter), id(me)
            # From here on, nothing comes between.
            readers = self._readers
            readers[key] = me
            try:  # noqa: SIM105  # suppress() would be a call
                del readers[its]
            except KeyError:  # it was removed already
                pass

    def _take_back(self, waiter: Waiter) -> None:
        """The task of ``waiter`` was given the lock and can't use it."""
        try:
            self._undo(waiter, waiter.request[1], waiter)
            if self._queue:
                self._settle()
        except BaseException:
            if self._queue:
                self._settle()
            raise

    def _leave(self, waiter: Waiter) -> None:
        """``waiter`` gave up; see who can proceed now (rule 4)."""
        queue_for(self).leave()
        self._settle()
