# SPDX-License-Identifier: ISC
"""Items that come to an end: how a queue is shut down without losing any."""

# Shutting down
# =============
#   state    | _is_shut | its store           | a put | a get                              | left by
#   ---------+----------+---------------------+-------+------------------------------------+---------------------
#   open     | no       | items               | works | waits                              | shutdown()
#   ending   | yes      | items, END, orphans | fails | gets what is left, or waits for it | the last item taken
#   ended    | yes      | END, orphans        | fails | fails                              | nobody
#
# If it were only a flag, an item could be lost:
#     A finds the queue open.   B shuts it down.   C finds it empty, and leaves.   A puts an item that nobody gets.
# So the end is a mark in the store, behind the last item, put there once the flag is set; whoever puts an item
# meanwhile looks on which side of it the item is (_bringing.py). No permit stands for the mark or for what came behind
# it, so nobody takes them out (but see _get_for()).
#
# Where the store is not a plain row (see _exclusive.py), items and flag are looked at together by one thread at a time,
# and there is no mark: the queue has ended when it is shut and empty.
#
# All waiters are told by grants, one for each, which only waiters find; a waiter that joins later looks itself. So
# there is no second way to be woken: a waiter that has a grant, and finds that the queue has ended, raises.
#
# With ``immediate``, what is left is discarded: what nobody has a right to, by the shutdown; what a task has a permit
# for, by that task when it comes; and what is just being brought, by the task that brings it.

from __future__ import annotations

from ._engine.free_threading import copy_of
from ._exclusive import Reentered
from ._permits import ANY, Permits
from ._queue_errors import as_peers
from ._storing import GONE, Storing
from .exceptions import QueueEmpty, QueueShutDown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, NoReturn, TypeVar

    from ._engine.waiter import Waiter

    T = TypeVar("T")

    Claims = Dict[int, object]

END: Any = object()


class Ending(Storing["T"]):
    """Items of which one is the last."""

    __slots__ = (
        "_claims",  # of places behind the end, by those whose items stand there; see _bringing.py
        "_is_open",  # its store is, or will be, a plain row, and it is not shut
        "_row",  # its store, while that is a plain row, and it is not shut, or else None: what hot paths use
    )

    _claims: Claims
    # Booleans that others change meanwhile: a type checker must not remember what it has seen.
    _is_open: Any
    _row: Any

    def __len__(self) -> int:
        if self._is_discarding or (self._is_shut and self._exclusive is None):
            return len(self._inside())
        return len(self._data or ())

    def __bool__(self) -> bool:
        if not self._is_shut:
            return bool(self._data)
        return bool(self._data) and not self._is_discarding and not self._has_ended()

    def _inside(self) -> list[T]:
        """The items that are in it, at some moment during the call."""
        if self._is_discarding:
            return []  # what is still there was promised to others, who discard it
        items: list[T] = copy_of(self._data or ())
        if self._exclusive is None and self._is_shut:
            for position, item in enumerate(items):
                if item is END:
                    return items[:position]
        return items

    @property
    def is_shutdown(self) -> bool:
        """Whether it was shut down."""
        return bool(self._is_shut)

    def shutdown(self, immediate: bool = False) -> None:
        """Close the queue: nothing more can be put, and what is left can still be got.

        Calls that wait for a place raise :exc:`QueueShutDown` now; calls that
        wait for an item, once nothing is left. An item that is being put at the
        same time is either refused or can be got. Calling this again has an
        effect only with ``immediate``.

        Args:
            immediate: Whether to discard what is left; it counts as done.

        Threads:
            Callable by anybody: from any thread, signal handler and finalizer.
        """
        self._in_store(self._shut, immediate)
        if self._is_shut:
            self._wind_up()

    # -- getting ----------------------------------------------------------------------------------------------------

    def _remove(self) -> T:
        """Take the next item out of a store that is not a plain row, or was shut; for a task that has a permit.

        Returns ``GONE`` if there is no item for that permit.
        """
        if self._is_shut and self._has_ended():
            raise as_peers(QueueShutDown)
        permit = [None]
        try:
            item: T = self._in_store(self._get_for, permit)
        except BaseException:
            if permit:
                self._put_back()
            elif self._places is not None:  # the item is gone all the same
                self._places._put_back()
            if self._is_shut:  # maybe just now, by a handler that found us inside
                self._wind_up()
            raise
        if permit:  # it is still there
            self._put_back()
        elif self._places is not None and item is not GONE:
            self._places._put_back()
        if self._is_shut:
            self._wind_up()
            if item is GONE:
                raise as_peers(QueueShutDown)
            if self._is_discarding:
                # An item that is still there was counted by whoever discarded it, with the permit that came back.
                if not permit:
                    self._tally.say_done()
                raise as_peers(QueueShutDown)
        return item

    def _get_for(self, permit: list[None]) -> T:
        item = super()._get_for(permit)
        if item is not END:
            return item
        # A waits behind a thread that gets an item into its hands.   A is told of the end.   The thread is interrupted,
        # and gives the item back, in front of the mark (_handing.py).   B takes its permit.   A, which has none, finds
        # an item, and so does B.   One of them takes it, and the other the mark.
        self._data.appendleft(END)
        return GONE  # type: ignore[no-any-return]

    def _refuse_get(self) -> NoReturn:
        if self._is_shut and self._has_ended():
            raise as_peers(QueueShutDown)
        raise QueueEmpty

    def _put_back(self, receipt: list[None] | None = None) -> None:
        if not (self._is_shut and self._has_ended()):  # else it stands for no item
            try:
                super()._put_back(receipt)
            finally:
                self._discard_more()

    def _put_aside(self) -> None:
        if not (self._is_shut and self._has_ended()):
            super()._put_aside()

    def _leave(self, waiter: Waiter) -> None:
        super()._leave(waiter)  # this may have taken a permit for a moment
        self._discard_more()

    def _discard_more(self) -> None:
        """A permit came back: if the queue was shut at once, discard its item."""
        # A is given a permit.   B shuts the queue at once, and finds none.   A is cancelled, and nobody else waits: if
        # the permit were just put back, its item would be left, and tasks that wait for everything to be done would
        # wait for ever.
        if self._is_shut and self._is_discarding:
            self._wind_up()

    # -- coming to the end ------------------------------------------------------------------------------------------

    def _shut(self, immediate: bool) -> None:
        is_row = self._exclusive is None
        data: Any = self._data
        if is_row and data is None:
            data = self._make_store()
        if immediate:
            self._is_discarding = True
        self._is_shut = True
        self._is_open = False
        self._row = None
        if is_row:
            # Again by every task that shuts it: another may have been interrupted before it came to this. Two marks, as
            # one may be taken out for a moment: see _get_for().
            data.extend((END, END))
        elif immediate:
            # Without ``_get``, which may want to compare what can't be compared: those who come for the items find
            # dummies.
            self._data = [None] * len(data)

    def _wind_up(self) -> None:
        """Do everything that follows from a shutdown; also called by those who used the queue meanwhile."""
        if self._places is not None:
            serve_all(self._places)
        while self._is_discarding:
            try:
                del self._free[ANY]
            except IndexError:
                break
            permit = [None]
            try:
                if self._exclusive is None:
                    item: Any = self._get_for(permit)
                else:
                    item = self._exclusive.run(self._get_for, permit)
            except Reentered:  # the call that is inside winds up when it has left
                self._free.append(None)
                break
            except BaseException:
                self._free.extend(permit)
                raise
            if item is not GONE:
                self._tally.say_done()
        self._look_for_the_end()

    def _has_ended(self) -> bool:
        """Whether nothing is left in a queue that was shut; this stays true, unless an item comes back (_handing.py)."""
        data = self._data
        if self._exclusive is not None:
            return not data
        try:
            return bool(data) and data[0] is END
        except IndexError:
            # The mark is about to come, as it is where there is no store yet.
            return False

    def _look_for_the_end(self) -> None:
        """Release the tasks that wait, if there is nothing left to wait for."""
        if self._queue and self._has_ended():
            serve_all(self)


def serve_all(permits: Permits) -> None:
    """Release all who wait now."""
    queue = permits._queue
    if queue:
        queue.grants.extend([None] * len(queue))
        permits._settle()
