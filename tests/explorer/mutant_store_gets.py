# SPDX-License-Identifier: ISC
"""Queues that misjudge what their store has given, with one bug each, which the docstring describes."""

from __future__ import annotations

from typing import Any

from aiologic import Queue, QueueEmpty
from aiologic._permits import PERMIT
from aiologic._places import _Overfull

from .store_failures import Fragile
from .store_gets import GivesAll, Keeping


class CountsOneForOne(GivesAll):
    """A get that takes several frees one place."""

    __slots__ = ()

    def _adjust(self, more: int) -> None:
        pass


class GoneIsEmpty(GivesAll):
    """Who finds nothing, though an item was promised, is told that the queue is empty."""

    __slots__ = ()

    def _remove(self) -> Any:
        try:
            return super()._remove()
        finally:
            if not self._data and not self._is_shut:
                raise QueueEmpty


class KeepsThePermit(Keeping):
    """A get that takes nothing out does not give its permit back, so nobody else gets the item."""

    __slots__ = ()

    def _get_for(self, permit: list[None]) -> Any:
        try:
            return super()._get_for(permit)
        finally:
            permit.clear()


class CountsWhatIsDiscarded(Keeping):
    """What stays in the store is counted as done by its getter, and by whoever discards it."""

    __slots__ = ()

    def _remove(self) -> Any:
        try:
            return super()._remove()
        finally:
            if self._is_discarding:
                self._tally.say_done()


class FailsWithThePermit(Fragile):
    """A get that raises does not give its permit back, although its item is still there."""

    __slots__ = ()

    def _get_for(self, permit: list[None]) -> Any:
        try:
            return super()._get_for(permit)
        except BaseException:
            permit.clear()
            raise


class GivesThePermitBack(Fragile):
    """A get that raises gives its permit back, although its item is gone."""

    __slots__ = ()

    def _get_for(self, permit: list[None]) -> Any:
        try:
            return super()._get_for(permit)
        except BaseException:
            permit[:] = PERMIT
            raise


class KeepsThePlace(Fragile):
    """A put that raises is not looked at: the place of an item that is not there stays taken."""

    __slots__ = ()

    def _put_unless_shut(self, item: Any, receipt: list[None]) -> None:
        receipt += PERMIT
        self._put(item)
        self._free.append(None)


class ServesNobody(Fragile):
    """A put that raises does not look for those who wait, although its item is there."""

    __slots__ = ()

    def _look_again(self) -> None:
        pass


class ExcessIsANumber(_Overfull):
    """Items beyond the limit are counted down in two steps."""

    __slots__ = ("number",)

    def append(self, place: None) -> None:
        number = getattr(self, "number", len(self._excess))
        if number:
            self.number = number - 1
        else:
            list.append(self, place)


class ExcessIsForgotten(_Overfull):
    """Each item that is got frees a place, even if there are as many items as places."""

    __slots__ = ()

    def append(self, place: None) -> None:
        list.append(self, place)


def too_full(row: Any) -> Any:
    """A queue of three items with two places, with this row of places."""
    queue: Queue[Any] = Queue([1, 2, 3], maxsize=2)
    assert queue._places is not None
    queue._places._free = row(1)
    return queue
