# SPDX-License-Identifier: ISC
"""Semaphores that can't be released more often than they were acquired."""

# A bounded semaphore counts the permits that are out, by items of its own. A release must pop as many of these first:
# of two releases at once, one finds them gone.
#
#   permits     | _free | _out | counted by nobody
#   ------------+-------+------+------------------------------------------------
#   free        |   x   |      |
#   out         |       |  x   |
#   handed over |       |      | until the waiter runs, and puts an item into _out
#
# An acquirer adds the item once it has the permit; a waiter does so itself when it runs. Until then nobody counts its
# permit: a release in between is one too many.

from __future__ import annotations

from ._engine.waiting import DONE, aexit
from ._permits import ANY, PERMIT
from ._pool import pool_of, size_of
from ._semaphore import Semaphore
from ._semaphore_values import bounds, checked_release, may_be_binary

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Coroutine
    from types import TracebackType
    from typing import Any

    from typing_extensions import Self

    from ._engine.waiter import Waiter


class BoundedSemaphore(Semaphore):
    """A :class:`Semaphore` that can't be released more often than it was acquired.

    Args:
        initial_value: How many permits there are at first; ``max_value`` if it
            is not given.
        max_value: How many there can be at most, not less than
            ``initial_value``, which is the default. If it is greater, the
            difference may be released before any acquire.

    If at most one permit is asked for, and the class is not a subclass, the
    result is a :class:`BoundedBinarySemaphore`.
    """

    __slots__ = (
        "_max_value",
        "_out",  # an item for each permit that is out; see the table above
    )

    __module__ = "aiologic"

    _max_value: int
    _out: list[None]

    def __new__(
        cls,
        /,
        initial_value: int | None = None,
        max_value: int | None = None,
    ) -> Self:
        if cls is BoundedSemaphore and may_be_binary(initial_value, max_value):
            from ._binary_semaphore import BoundedBinarySemaphore

            return BoundedBinarySemaphore(initial_value, max_value)  # type: ignore[return-value]
        initial_value, max_value = bounds(initial_value, max_value)
        return cls._made_bounded(initial_value, max_value)

    @classmethod
    def _made_bounded(cls, initial_value: int, max_value: int) -> Self:
        self = cls._made(initial_value)
        self._max_value = max_value
        self._out = pool_of(max_value - initial_value)
        return self

    def __getnewargs__(self) -> tuple[Any, ...]:
        return (self._initial_value, self._max_value)

    def _arguments(self) -> str:
        if self._initial_value == self._max_value:
            return str(self._initial_value)
        return f"{self._initial_value}, max_value={self._max_value}"

    @property
    def max_value(self) -> int:
        """The greatest value that it can have."""
        return self._max_value

    def release(self, /, count: int = 1) -> None:
        """Give permits to the longest-waiting tasks; the rest is added to the value.

        Args:
            count: How many, all of them or none; 0 does nothing, and 1,000,000
                is the maximum.

        Raises:
            RuntimeError: Fewer permits than that have been acquired.
            ValueError: ``count`` is negative, or too large.
            TypeError: ``count`` is not an integer.
        """
        count = checked_release(count)
        out = self._out
        if count > size_of(out):
            raise RuntimeError("semaphore released too many times")
        taken = 0
        try:
            while taken < count:
                del out[ANY]
                taken += 1
        except BaseException as error:
            # Another release came in between, and the two together are too many: this is the one that is refused. Until
            # here, a third one may find too few and be refused as well.
            out += [None] * taken
            if not isinstance(error, IndexError):
                raise
            raise RuntimeError("semaphore released too many times") from None
        # As in Semaphore, written out: a call could be interrupted as it begins.
        try:
            self._free.extend([None] * count)
            if self._queue and self._free:
                self._settle()
        except BaseException:
            self._look_again()
            raise

    async def __aenter__(self) -> Self:
        await self.async_acquire()
        return self

    @aexit
    def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> Coroutine[Any, Any, None]:
        self._release_one()
        return DONE

    def __enter__(self) -> Self:
        self.green_acquire()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None:
        self._release_one()

    def _release_one(self, receipt: list[None] | None = None) -> None:
        """Release one permit; for the receipt see _permits.py."""
        if receipt is None:
            receipt = []
        try:
            del self._out[ANY]
        except IndexError:
            raise RuntimeError("semaphore released too many times") from None
        try:
            self._put_back(receipt)
        except BaseException:
            if not receipt:
                self._put_back(receipt)
            raise

    def _take(self) -> bool:
        if self._queue or not self._free:
            return False
        out = self._out
        try:
            self._free.pop()
        except IndexError:  # another was faster
            return False
        except BaseException:
            self._put_back_what_was_popped()
            raise
        out += PERMIT  # not a call: nothing comes between
        return True

    def _accept(self, waiter: Waiter) -> None:
        if self._queue and self._free:  # as in Semaphore, without the call
            self._settle()
        out = self._out
        out += PERMIT  # last, and not a call: done, or not begun
