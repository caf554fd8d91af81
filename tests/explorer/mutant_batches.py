# SPDX-License-Identifier: ISC
"""Planted bugs in what queues do with several items at once."""

from __future__ import annotations

from typing import Any

from aiologic import Queue, QueueEmpty, SimpleQueue


class PermitsBeforeItems(SimpleQueue[Any]):
    """The permits are freed before the items are there."""

    __slots__ = ()

    def put_many(self, items: Any, /) -> None:
        self._free.extend([None] * len(items))
        if self._queue:
            self._settle()
        (self._data or self._make_store()).extend(items)


class TakesWhatIsPromised(Queue[Any]):
    """Who takes several items takes all that it sees, also those promised to others."""

    __slots__ = ()

    def _and_more(self, items: list[Any], max_items: int) -> list[Any]:
        while self._data and len(items) < max_items:
            items.append(self._data.popleft())
            if self._free:
                self._free.pop()
        return items


class BatchIsNeverLate(Queue[Any]):
    """A batch that meets a shutdown does not look where its items stand."""

    __slots__ = ()

    def _come_late(self, *brought: Any) -> None:
        self._free.extend([None] * len(brought))


class BatchIsAlwaysLate(Queue[Any]):
    """A batch that meets a shutdown is refused as a whole, though its items are there."""

    __slots__ = ()

    def _claim(self, item: Any, behind: Any) -> bool:
        return True


class BatchOvertakes(Queue[Any]):
    """A batch takes a free place although others wait for one."""

    __slots__ = ()

    def _put_now(self, items: list[Any], begin: int) -> int:
        places: Any = self._places
        for count, item in enumerate(items[begin:]):
            try:
                places._free.pop()
            except IndexError:
                return count
            next(self._announce)
            self._extend(self._data or self._make_store(), [item], [])
        return len(items) - begin


class ClearCountsWhatItSaw(Queue[Any]):
    """Who discards reports all as done that were there at first, also those that others have got meanwhile."""

    __slots__ = ()

    def clear(self) -> None:
        count = len(self)
        for _ in range(count):
            try:
                self.get_nowait()
            except QueueEmpty:
                break
        for _ in range(count):
            self._tally.say_done()


class EndsWhereItIsEmpty(Queue[Any]):
    """An iteration ends when a shut queue has no permit left, though an item is still to come."""

    __slots__ = ()

    def __next__(self) -> Any:
        if self._is_shut and not self._free:
            raise StopIteration
        return super().__next__()
