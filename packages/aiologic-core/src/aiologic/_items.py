# SPDX-License-Identifier: ISC
"""Items, and tasks that wait for one: what queues are made of."""

# An item and the right to it
# ===========================
# The items are in a *store*. For each there is a *permit*, as a semaphore has them (see _permits.py), and whoever wants
# an item takes a permit first. So a waiter that is served gets a permit, not an item, and takes the item itself when it
# runs:
#
# * If it is cancelled in between, it passes the permit on, and no item has moved. (If it had been given the item, it
#   would have to put it back; of two that do so, the second may come before the first, and the order is lost.)
# * Nobody can take an item that was promised to another task, because newcomers need a permit, too.
#
#   step of a put                     | step of a get
#   ----------------------------------+-------------------------------------------------------
#   1. the item goes into the store   | 1. take a permit, or wait for one
#   2. its permit is freed, which     | 2. take the item that is next *now*
#      serves the oldest waiter       |
#
# Hence there are never more permits than items, and step 2 of a get finds one. Which item is next is decided there:
# each getter gets items in the order in which they were put, even if others get some of them.
#
# Signal handlers may run between any two steps, and put and get themselves: they find the store as it is between two
# operations of other tasks. If they raise (KeyboardInterrupt), the exception comes as a call returns. So a permit is
# taken by ``del``, which is not a call: nothing comes between it and the item. And a permit is freed in a ``finally``,
# because the item is in the store by then.
#
# Rejected: the item itself as the permit (a waiter that was served has a right to *one*, and would have to be given
# it); one lock around everything, as queue.Queue has (a handler that interrupts the holder would wait for ever).

from __future__ import annotations

from collections import deque

from ._filled import Filled
from ._permits import Permits, permits
from ._statistics import Statistics
from ._subscripted import Subscripted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, ClassVar, Generic, List, TypeVar

    T = TypeVar("T")

    class _OfItems(Subscripted, Generic[T]):
        __slots__ = ()

    _List = List[Any]
else:
    _OfItems = Subscripted
    _List = list

# Stores that several tasks may be about to make for the same queue; see _engine/newborn.py.
_newborn: dict[int, Any] = {}


class Stack(_List):
    """A store whose last item is next; with the method names of a deque, so that the same code serves both."""

    __slots__ = ()

    popleft = list.pop  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]


class Items(Filled, Permits, _OfItems["T"]):
    """A store of items, and tasks that wait for them."""

    # The store; made for the first item, because an empty deque is larger than all the rest.
    __slots__ = ("_data",)

    _store: ClassVar[Any] = deque
    _data: Any

    # How each kind of queue is called; see _calling.py.

    async def async_get(
        self, /, *, blocking: bool = True, timeout: float | None = None
    ) -> T:
        """How it is called; what it does then is said in each queue."""
        raise NotImplementedError

    def green_get(self, /, *, blocking: bool = True, timeout: float | None = None) -> T:
        """How it is called; what it does then is said in each queue."""
        raise NotImplementedError

    async def async_put(
        self, item: T, *, blocking: bool = True, timeout: float | None = None
    ) -> None:
        """How it is called; what it does then is said in each queue."""
        raise NotImplementedError

    def green_put(
        self, item: T, *, blocking: bool = True, timeout: float | None = None
    ) -> None:
        """How it is called; what it does then is said in each queue."""
        raise NotImplementedError

    def __len__(self) -> int:
        return len(self._data or ())

    def __bool__(self) -> bool:
        return bool(self._data)

    @property
    def getting(self) -> int:
        """Number of tasks that wait for an item now; for display and tests, as it may already be outdated."""
        queue = self._queue
        return queue.waiting() if queue else 0

    @property
    def putting(self) -> int:
        """Number of tasks that wait for a place now."""
        return 0

    def statistics(self) -> Statistics:
        """Its current state, in numbers: ``value`` is how many items are available."""
        return Statistics(self._queue, value=len(self._free))

    def _make_store(self) -> Any:
        # born(), written out: its calls would double the time that it takes to make a store, and many queues are made
        # for one item.
        key = id(self)
        try:
            made = _newborn.setdefault(key, self._store())
            settled = self._data
            if settled is None:
                self._data = settled = made
        finally:  # also if a handler raises: another object will have this number
            _newborn.pop(key, None)
        return settled

    @staticmethod
    def _check(items: Any) -> Any:
        try:
            iter(items)
        except TypeError:
            raise TypeError(f"items must be iterable, got {items!r}") from None
        return items

    def _fill(self, items: Iterable[T]) -> None:
        """Begin with these items."""
        self._data = self._store(items) or None
        self._free = permits(len(self._data or ()))
