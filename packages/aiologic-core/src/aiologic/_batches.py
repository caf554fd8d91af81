# SPDX-License-Identifier: ISC
"""Several items at once, put and got; and all of them until the end, by iteration."""

# A get waits for one item, and takes what else is there. A put takes as many places as are free, brings as many items
# in one step, and waits for the next place.

from __future__ import annotations

from itertools import islice

from ._engine.deadline import checked_timeout
from ._numbers import checked_number
from ._permits import ANY
from ._putting import Putting
from ._queue_errors import as_peers
from ._runtime.checkpoints import green_checkpoint, green_switch
from ._runtime.detect import worlds
from .exceptions import QueueEmpty, QueueFull, QueueShutDown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypeVar

    from typing_extensions import Self

    T = TypeVar("T")


class Batches(Putting["T"]):
    """The part of a queue that puts and gets several items at once."""

    __slots__ = ()

    async def async_get_many(
        self, max_items: int, /, *, blocking: bool = True, timeout: float | None = None
    ) -> list[T]:
        """Take as many items as there are, at most ``max_items``, waiting for the first.

        So a consumer is woken only once for everything that has come meanwhile.

        Args:
            max_items: How many to take at most, at least 1.
            blocking: As in :meth:`async_get`.
            timeout: As in :meth:`async_get`.

        Returns:
            At least one item.

        Raises:
            QueueEmpty: No item was available in time.
            QueueShutDown: The queue was shut down, and nothing is left in it.
            ValueError: ``max_items`` is less than 1, or ``timeout`` is negative or
                NaN.
            TypeError: ``max_items`` is not an integer, or ``timeout`` is not a
                number.
            AsyncLibraryNotFoundError: The call must wait, and runs under no
                async library that has a backend.

        Cancellation:
            Safe: a cancelled call takes no item.

        Checkpoints:
            One, even if there are items, where checkpoints are on.

        Threads:
            Callable from any thread and any supported library.
        """
        max_items = checked_number("max_items", max_items, 1)
        items = [await self.async_get(blocking=blocking, timeout=timeout)]
        return self._and_more(items, max_items)

    def green_get_many(
        self, max_items: int, /, *, blocking: bool = True, timeout: float | None = None
    ) -> list[T]:
        """Like :meth:`async_get_many`, for green callers."""
        max_items = checked_number("max_items", max_items, 1)
        items = [self.green_get(blocking=blocking, timeout=timeout)]
        return self._and_more(items, max_items)

    def _and_more(self, items: list[T], max_items: int) -> list[T]:
        try:
            while len(items) < max_items:
                items.append(self.get_nowait())
        except (QueueEmpty, QueueShutDown):  # there are no more
            pass
        except Exception:
            # An error of the store itself. The items that are out already must not be lost with it, and the next get
            # raises it again.
            if self._exclusive is None:
                raise
        return items

    async def async_put_many(
        self,
        items: Iterable[T],
        /,
        *,
        blocking: bool = True,
        timeout: float | None = None,
    ) -> int:
        """Put several items in order, as many at once as there are free places, waiting for more.

        Args:
            items: What to put.
            blocking: Whether to wait for free places.
            timeout: Seconds to wait at most, for all of them together.

        Returns:
            How many were put. Fewer than all only if time ran out, or
            ``blocking`` is false.

        Raises:
            QueueShutDown: The queue was shut down before or during the call; the
                first of the items may have been put before that.
            ValueError: ``timeout`` is negative or NaN.
            TypeError: ``timeout`` is not a number.
            AsyncLibraryNotFoundError: The call must wait, and runs under no
                async library that has a backend; the items for which there were
                free places have been put.

        Cancellation:
            A cancelled call may have put the first of the items, or none.

        Checkpoints:
            One, before the first item is put, where checkpoints are on.

        Threads:
            Callable from any thread and any supported library.
        """
        if timeout is not None and blocking:
            timeout = checked_timeout(timeout)
        several = list(self._check(items))
        if worlds.must_ask and blocking:
            due = worlds.checkpoint_due()
            if due is not None:
                await due.checkpoint()
        put = self._put_now(several, 0)
        if not blocking or put == len(several):
            return put
        clock = worlds.async_world()[0].clock
        until = None if timeout is None else clock() + timeout
        while put < len(several):
            left = None if until is None else max(0.0, until - clock())
            try:
                await self.async_put(several[put], timeout=left)
            except QueueFull:
                break
            put += 1
            put += self._put_now(several, put)
        return put

    def green_put_many(
        self,
        items: Iterable[T],
        /,
        *,
        blocking: bool = True,
        timeout: float | None = None,
    ) -> int:
        """Like :meth:`async_put_many`, for green callers."""
        if timeout is not None and blocking:
            timeout = checked_timeout(timeout)
        several = list(self._check(items))
        if green_switch.maybe and blocking:
            green_checkpoint()
        put = self._put_now(several, 0)
        if not blocking or put == len(several):
            return put
        clock = worlds.green_backend().clock
        until = None if timeout is None else clock() + timeout
        while put < len(several):
            left = None if until is None else max(0.0, until - clock())
            try:
                self.green_put(several[put], timeout=left)
            except QueueFull:
                break
            put += 1
            put += self._put_now(several, put)
        return put

    def _put_now(self, items: list[T], begin: int) -> int:
        """Put the items from ``begin`` on for which there are places; return how many."""
        if self._is_shut and begin < len(items):
            raise as_peers(QueueShutDown)
        wanted = len(items) - begin
        places = self._places
        placed = wanted if places is None else 0
        announced: list[object] = []
        receipt: list[None] = []  # an item for each that is there, or was withdrawn
        try:
            if places is not None:
                free = places._free
                while placed < wanted and not places._queue:
                    rest = None if free else places.rest
                    try:  # take(), without the call
                        if rest is None:
                            del free[ANY]
                        else:
                            del rest[0]
                    except IndexError:
                        if rest is None:
                            if places.rest is None:
                                wanted = placed  # no ``break``, for which 3.12 jumps back: docs/decisions/0021
                        elif not rest:
                            places.rest = None
                    else:
                        placed += 1
            several = items[begin : begin + placed]
            announced += islice(self._announce, placed)
            if self._is_open:
                self._extend(self._data or self._make_store(), several, receipt)
            else:
                for item in several:
                    one: list[None] = []
                    try:
                        self._bring(item, one)
                    finally:
                        receipt += one
        except BaseException:
            # The rest has its places, but may not be counted yet; count it now, so that all of it can be taken back in
            # one way.
            announced += islice(self._announce, placed - len(announced))
            self._withdraw(placed - len(receipt))
            raise
        return placed

    def clear(self) -> None:
        """Discard all current items; they count as done, and their places become free."""
        for _ in range(len(self)):
            try:
                self.get_nowait()
            except (QueueEmpty, QueueShutDown):  # others have got the rest
                return
            self._tally.say_done()

    # -- iteration: an iterator that ends when the queue does, and that any number of tasks can share ----------------

    # Otherwise ``item in queue`` would get items until one is equal.
    __contains__ = None

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> T:
        try:
            return self.green_get()
        except QueueShutDown:
            raise StopIteration from None

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        try:
            return await self.async_get()
        except QueueShutDown:
            raise StopAsyncIteration from None
