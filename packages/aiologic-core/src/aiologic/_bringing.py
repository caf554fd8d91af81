# SPDX-License-Identifier: ISC
"""Items that are brought into a queue while it may come to its end."""

# As _ending.py says, a mark in the store says where the end is. A task that has put an item looks whether the queue is
# open *after* that, and before it frees the permit: if it is open, the mark will come behind the item. If it is not,
# either may have been first:
#
#     A puts an item.   B shuts the queue, and marks its end.   A looks where its item is.
#
# Behind the mark it is an orphan: A raises that it came too late. In front of it all is well, and as there was no mark
# at the head, nobody has gone home.
#
# Orphans stay where they are, and so do their positions behind the mark. The same object may be there several times;
# then those who put it claim these positions, one each. Nobody knows which is its own; so everybody claims the last that
# is free, of those that it sees. If it claimed the first:
#     A puts x behind the mark, and sees it there.   B puts x behind that, sees both, and claims the first.   A finds no
#     free position, and believes that its item can be got.
# From the end, all positions are claimed. For suppose that one is left, and let it be the last such. All who put x there
# or further behind see it free, so each of them claims one further behind; but there is one more of them than of these.

from __future__ import annotations

from ._ending import END, Ending
from ._engine.free_threading import copy_of
from ._permits import PERMIT
from ._queue_errors import as_peers
from .exceptions import QueueShutDown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar

    T = TypeVar("T")


class Bringing(Ending["T"]):
    """Items that may come too late."""

    __slots__ = ()

    def _bring(self, item: T, receipt: list[None]) -> None:
        """Put an item, which has a place and is counted, into a store that is not a plain row, or was shut.

        The receipt is filled when the item is there, or was withdrawn, whatever is raised.
        """
        if self._is_open:
            self._extend(self._make_store(), [item], receipt)
            return
        receipt[:] = PERMIT
        settled: list[None] = []
        try:
            self._in_store(self._put_unless_shut, item, settled)
        except BaseException:
            if not settled:
                self._withdraw()
            self._look_again()  # it may have come in before
            if self._is_shut:  # maybe just now, by a handler that found us inside
                self._wind_up()
            raise
        try:
            if self._queue:
                self._settle()
            if self._is_shut:
                self._wind_up()
        except BaseException:  # a handler's
            self._look_again()
            raise

    def _extend(self, row: Any, items: list[T], receipt: list[None]) -> None:
        """Put items into a plain row; the receipt gets an item for each. Hot paths write this out for one item."""
        permits = [None] * len(items)
        free = self._free
        try:
            # No calls until everything is done: an interrupt finds either nothing begun, or the items in the store.
            receipt += permits
            row += items
            if self._is_open:
                free += permits
            else:
                self._come_late(*items)
            if self._queue:
                self._settle()
        except BaseException:
            self._look_again()
            raise
        if not self._is_open:
            self._wind_up()

    def _come_late(self, *brought: T) -> None:
        """Items were put into a plain row that is being shut: free their permits, unless they are behind the end."""
        items = copy_of(self._data)
        try:
            end = next(place for place, other in enumerate(items) if other is END)
        except StopIteration:  # the mark is about to come
            end = len(items)
        orphans = [item for item in brought if self._claim(item, items[end:])]
        self._free.extend([None] * (len(brought) - len(orphans)))
        if orphans:
            self._withdraw(len(orphans))
            raise as_peers(QueueShutDown)

    def _claim(self, item: T, behind: list[T]) -> bool:
        """Whether an item is behind the end, at a position that nobody else has claimed."""
        me = object()
        return any(
            behind[place] is item and self._claims.setdefault(place, me) is me
            for place in reversed(range(len(behind)))
        )

    def _make_store(self) -> Any:
        row = super()._make_store()
        if self._is_open:
            # A comes here.   B shuts the queue, so that there is no row for hot paths any more.   A sets one, and
            # looks. Until A has looked, others may use it. A task that puts looks afterwards where the end is. A task
            # with a permit finds an item before the end. But a task that waited, and was released by the end, has no
            # permit, and would take the end itself: so it checks that the queue is open first.
            self._row = row
            if not self._is_open:
                self._row = None
        return row
