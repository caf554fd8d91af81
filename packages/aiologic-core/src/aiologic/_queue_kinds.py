# SPDX-License-Identifier: ISC
"""Queues in which the next item is not the oldest."""

from __future__ import annotations

from functools import cmp_to_key

from ._queue import Queue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, TypeVar

    T = TypeVar("T")


class LifoQueue(Queue["T"]):
    """A :class:`Queue` in which the last item comes first.

    A task that had to wait gets the item that is the last one when it runs.
    """

    __slots__ = ()

    __module__ = "aiologic"

    def _init(self, items: Iterable[T], maxsize: int) -> None:
        self._data = list(items)

    def _get(self) -> T:
        item: T = self._data.pop()
        return item

    def _peek(self) -> T:
        item: T = self._data[-1]
        return item


class PriorityQueue(Queue["T"]):
    """A :class:`Queue` in which the smallest item comes first.

    Items must be comparable with each other, as ``(priority, number, item)``
    is. If a new item can't be compared with those that it is compared with, the
    call that puts it raises the error and puts nothing; a get treats such items
    as equal. A task that had to wait gets the item that is the smallest when it
    runs.
    """

    __slots__ = ()

    __module__ = "aiologic"

    # heapq is imported when it is first used, because most programs have no such queue. If it is written in Python
    # (PyPy) and a comparison raises in the middle, it leaves a hole in the heap that can't be mended: an item is lost.

    def _init(self, items: Iterable[T], maxsize: int) -> None:
        from heapq import heapify

        self._data = list(items)
        heapify(self._data)

    def _put(self, item: T) -> None:
        from heapq import heappush

        data = self._data
        before = len(data)
        try:
            heappush(data, item)
        except BaseException:
            # A comparison failed, or was interrupted, and the item is wherever it had been moved to.
            if len(data) > before:
                _take_out(data, item)
            raise

    def _get(self) -> T:
        from heapq import heappop

        data = self._data
        item: T = data[0]
        before = len(data)
        try:
            return heappop(data)  # type: ignore[no-any-return]
        except Exception:
            # Two of the items behind it can't be compared. It is the smallest all the same; if it were an error, every
            # later get would raise it, and nobody would ever get any of them.
            if len(data) == before:
                raise
            data.sort(key=cmp_to_key(_compared))
            return item
        except BaseException:
            # Interrupted: the item is out, and nobody would get it.
            if len(data) < before:
                _put_in(data, item)
            raise

    def _peek(self) -> T:
        item: T = self._data[0]
        return item


def _compared(one: Any, other: Any) -> int:
    """Negative if ``one`` is known to come before ``other``; a sort asks nothing else."""
    try:
        return -1 if one < other else 0
    except Exception:  # they can't be compared
        return 0


def _take_out(heap: list[Any], item: object) -> None:
    """Take out the last occurrence of this very object, and make a heap of the rest."""
    from heapq import heapify

    place = max(place for place, other in enumerate(heap) if other is item)
    del heap[place]
    heapify(heap)


def _put_in(heap: list[Any], item: object) -> None:
    """Put an item back, and make a heap of all."""
    from heapq import heapify

    heap.append(item)
    heapify(heap)
