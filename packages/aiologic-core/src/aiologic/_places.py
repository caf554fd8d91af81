# SPDX-License-Identifier: ISC
"""The places of a queue that has a limit, and the putters who wait for one."""

# The other half of _items.py: a put takes a place before it brings an item, and a get frees one after it has taken an
# item out. Places are permits as those of a semaphore. What is special: a queue may be made with more items than it has
# places, or keep one that it had to take back. It is full then until so many have been got without freeing a place.

from __future__ import annotations

from ._engine.waiter import PENDING, Waiter
from ._permits import Permits
from ._pool import pool_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import List

    from typing_extensions import Self

    _List = List[None]
else:
    _List = list


class Places(Permits):
    """Permits to put an item."""

    __slots__ = ()

    def __new__(cls, limit: int, taken: int) -> Self:
        self = object.__new__(cls)
        self._free = (
            pool_of(limit - taken) if taken <= limit else _Overfull(taken - limit)
        )
        self._queue = None
        return self

    def take(self) -> bool:
        """Have one, if one is free and nobody queues for it."""
        if self._queue:
            return False
        free = self._free
        while free:
            try:
                del free[-1]
            except IndexError:
                pass  # another was faster; or, without the GIL, others were, and there may be a place still
            else:
                return True
        return False

    def owe(self) -> None:
        """Take a place for an item that came back, as soon as one is free."""
        if not self.take():
            self._join(Debt(PENDING), None)

    def putters(self) -> list[Waiter]:
        """Those who wait for a place now; a debt is nobody."""
        queue = self._queue
        waiters = queue.pending() if queue else []
        return [waiter for waiter in waiters if type(waiter) is not Debt]

    def _take_back(self, waiter: Waiter) -> None:
        request = waiter.request
        if request is not None:  # it has its item with it
            try:
                del request[1][0]
            except IndexError:  # no more: it is there, and has the place
                return
            # No call comes before this, so who is interrupted now, and calls once more, passes the place on.
            waiter.request = None
        super()._take_back(waiter)


class Debt(Waiter):
    """Stands in line for a place that nobody uses."""

    __slots__ = ()

    def unpark(self) -> None:
        """Nobody sleeps here."""


class _Overfull(_List):
    """Free places of a queue that has more items than places: the first that are given back do not count."""

    __slots__ = ("_excess",)

    def __init__(self, excess: int) -> None:
        super().__init__()
        self._excess: list[None] = [None] * excess

    def append(self, place: None) -> None:
        try:
            self._excess.pop()
        except IndexError:
            super().append(place)
