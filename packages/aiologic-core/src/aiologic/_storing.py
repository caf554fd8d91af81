# SPDX-License-Identifier: ISC
"""Items in a store of any kind: how ``_put`` and ``_get`` of a subclass are called, and what follows from them."""

# A permit stands for an item, and so do a place, where there is a limit, and a number that has to be reported as done
# (_tally.py). A plain row has one item more after a put and one less after a get, and hot paths rely on that. What a
# subclass makes of its store can't be known: a set has an item once, a row of a fixed length drops the oldest, ``_put``
# may bring several, ``_get`` may take all. So around each call the length is looked at, which one thread at a time can
# change (_exclusive.py), and it decides:
#
#   after a put    | after a get     | what is done
#   ---------------+-----------------+------------------------------------------------------------------
#   one more       | one less        | nothing, as one was expected
#   fewer          | fewer           | permits are taken away, their places are freed, their items are done
#   more           | more            | permits are made, places are owed for them, their items count
#
# A permit that is to be taken away may have been promised to a waiter. That one comes, finds nothing (GONE), and waits
# again.
#
# The same applies if these methods raise: an item that is in the store stays, and one that is out is gone.

from __future__ import annotations

import sys

from ._exclusive import Reentered
from ._items import Items
from ._permits import ANY, PERMIT
from ._queue_errors import as_peers
from .exceptions import QueueShutDown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, TypeVar

    from ._exclusive import Exclusive
    from ._places import Places
    from ._tally import Tally

    T = TypeVar("T")

#: Returned instead of an item: the caller had a right to one, and there is none.
GONE: Any = object()

#: Functions that can't be called later, because their caller wants an item; with the names of their public methods.
WHO_CAN_NOT_WAIT = {"_get_for": "get", "_look_at_next": "peek_nowait"}


class Storing(Items["T"]):
    """Items in a store that may be a subclass's own."""

    __slots__ = (
        "_announce",  # gives an item that is about to be put its number: ``_tally.put``, for hot paths
        "_exclusive",  # how its store is used; None for a plain row
        "_is_discarding",  # it was shut down at once; goes from False to True once
        "_is_shut",  # goes from False to True once
        "_places",  # None if it has no limit
        "_tally",
    )

    _announce: Iterator[object]
    _exclusive: Exclusive | None
    # Booleans that others change meanwhile: a type checker must not remember what it has seen.
    _is_discarding: Any
    _is_shut: Any
    _places: Places | None
    _tally: Tally

    def _get(self) -> T:
        """Take the next item out of ``_data``; for subclasses to override."""
        item: T = self._data.popleft()
        return item

    def _put(self, item: T) -> None:
        """Put an item into ``_data``; for subclasses to override."""
        self._data.append(item)

    def _get_for(self, permit: list[None]) -> T:
        """Take the next item out, and a permit; the permit stays where the item does."""
        # First: if this came second, and were interrupted, somebody would be promised an item that is not there.
        del permit[0]
        if self._exclusive is None:
            # A plain row that was shut: others take items out meanwhile, so its length says nothing of this one.
            return self._data.popleft()  # type: ignore[no-any-return]
        before = len(self._data)
        if not before:
            return GONE  # type: ignore[no-any-return]
        try:
            if self._is_discarding:
                return self._data.pop()  # type: ignore[no-any-return]  # a dummy
            return self._get()
        finally:
            more = len(self._data) - before + 1
            if more:
                if more > 0:  # it was not taken out
                    permit.append(None)
                    more -= 1
                self._adjust(more)

    def _put_unless_shut(self, item: T, receipt: list[None]) -> None:
        """Put an item that has a place, and counts; once the receipt is filled, the caller has nothing to take back."""
        if self._is_shut:
            raise as_peers(QueueShutDown)
        before = len(self._data)
        receipt += PERMIT
        try:
            self._put(item)
        finally:
            more = len(self._data) - before
            if more > 0:
                self._free.append(None)
                more -= 1
            else:  # it was there already, or did not come in
                self._withdraw()
            if more:
                self._adjust(more)

    def _adjust(self, more: int) -> None:
        """Make up for so many more items than expected; or for fewer, if that is negative."""
        for _ in range(more):
            next(self._announce)
            if self._places is not None:
                self._places.owe()
            self._free.append(None)
        for _ in range(-more):
            try:  # noqa: SIM105
                del self._free[ANY]
            except IndexError:  # it was promised; GONE for the task that comes
                pass
            self._withdraw()

    def _withdraw(self, count: int = 1) -> None:
        """Undo the counting of items that were put, and free their places."""
        for _ in range(count):
            self._tally.say_done()
            if self._places is not None:
                self._places._put_back()

    # -- one at a time ----------------------------------------------------------------------------------------------

    def _in_store(self, function: Any, *args: Any) -> Any:
        """Call a function that uses the store."""
        if self._exclusive is None:
            return function(*args)
        try:
            return self._exclusive.run(function, *args)
        except Reentered:
            if function == self._put_unless_shut:
                if self._is_shut:
                    raise as_peers(QueueShutDown) from None
            elif function.__name__ in WHO_CAN_NOT_WAIT:
                raise RuntimeError(
                    f"{WHO_CAN_NOT_WAIT[function.__name__]}() interrupts another operation of its own thread on this queue:"
                    " in a signal handler, a finalizer, or within _put() or _get()"
                ) from None
            self._exclusive.left_behind.append(lambda: self._do_later(function, *args))

    def _do_later(self, function: Any, *args: Any) -> None:
        """Do what was left behind; its caller has gone on, and can't be told of an error."""
        try:
            function(*args)
        except BaseException as error:
            if function == self._put_unless_shut and not args[-1]:
                self._withdraw()
            sys.excepthook(type(error), error, error.__traceback__)
        # A takes the last item.   B joins those that wait.   A handler in A's thread puts an item: it is left behind,
        # so there is nothing to serve B with.   A puts it into the store on its way out; but A was getting, and has no
        # reason of its own to look for B.
        self._look_again()
