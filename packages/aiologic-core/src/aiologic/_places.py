# SPDX-License-Identifier: ISC
"""The places of a queue that has a limit, and the putters who wait for one."""

# The counterpart of _items.py: a put takes a place before it brings an item, and a get frees one after it has taken an
# item out. Places are permits like those of a semaphore. What is special:
#
# * A queue may be made with more items than it has places, or keep one that it had to take back. Then it is full until
#   that many items have been got without freeing a place.
# * A large queue is rarely full, so it has only the first of its places in ``_free``. The rest is a pool (_pool.py), from
#   which one is taken when ``_free`` is empty; but it is given back to ``_free``. So calls look into the pool only while
#   the queue is fuller than ever before. Once the pool is empty it stays so, and only then does anybody wait: all that
#   serve those who wait need only look at ``_free``.
#
# Nobody may be refused who could have had a place all the time. So whoever fails at one of the two looks at the other:
#       A finds ``_free`` empty.   B gives a place back.   C takes the last of the pool.   A finds that empty, too.
#       A finds a place in ``_free``.   B takes it.   A takes none; but the pool has some.

from __future__ import annotations

from ._engine.waiter import PENDING, Waiter
from ._permits import Permits
from ._pool import LARGEST_LIST, Pool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import List

    from typing_extensions import Self

    _List = List[None]
else:
    _List = list


class Places(Permits):
    """Permits to put an item."""

    __slots__ = ("rest",)

    #: Places that were never taken, besides those in ``_free``; ``None`` once there are none.
    rest: Pool | None

    def __new__(cls, limit: int, taken: int) -> Self:
        self = object.__new__(cls)
        left = limit - taken
        self._free = [None] * min(left, LARGEST_LIST) if left >= 0 else _Overfull(-left)
        self.rest = Pool(left - LARGEST_LIST) if left > LARGEST_LIST else None
        self._queue = None
        return self

    def take(self) -> bool:
        """Take a place, if one is free and nobody queues for it; return whether that was so."""
        if self._queue:
            return False
        free = self._free
        while True:
            rest = None if free else self.rest
            try:
                if rest is None:
                    del free[-1]
                else:
                    del rest[0]
            except IndexError:
                if rest is None:
                    if not free and self.rest is None:  # else another was faster
                        return False
                elif not rest:
                    self.rest = None  # for good; but one may have been given back to ``free`` meanwhile
            else:
                return True

    def owe(self) -> None:
        """Take a place for an item that came back, as soon as one is free."""
        if not self.take():
            self._join(Debt(PENDING), None)

    def putters(self) -> list[Waiter]:
        """Those who wait for a place now, without debts."""
        queue = self._queue
        waiters = queue.pending() if queue else []
        return [waiter for waiter in waiters if type(waiter) is not Debt]

    def _take_back(self, waiter: Waiter) -> None:
        request = waiter.request
        if request is not None:  # it has its item with it (_carrying.py)
            try:
                del request[1][0]
            except IndexError:  # the item was put, and has the place
                return
            # No call comes before this: if it is interrupted now, and called once more, the place is passed on.
            waiter.request = None
        super()._take_back(waiter)


class Debt(Waiter):
    """Waits in line for a place that is owed, on behalf of nobody."""

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
