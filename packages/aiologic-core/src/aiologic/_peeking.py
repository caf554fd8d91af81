# SPDX-License-Identifier: ISC
"""A look at the next item."""

from __future__ import annotations

from ._ending import END
from ._handing import Handing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, ClassVar, TypeVar

    T = TypeVar("T")


class Peeking(Handing["T"]):
    """Items of which the next one can be seen."""

    __slots__ = ()

    # Whether ``_peek`` is overridden wherever ``_get`` is.
    _can_peek: ClassVar[bool] = True

    def peek_nowait(self) -> T:
        """Return the next item, and leave it in the queue.

        Others may take it a moment later, so use this only for display, or if you
        know that nobody else gets items.

        Raises:
            QueueEmpty: There is none.
            QueueShutDown: The queue was shut down, and nothing is left in it.
            TypeError: A subclass overrides ``_get``, but not ``_peek``.
            RuntimeError: As in :meth:`get_nowait`.
        """
        if not self._can_peek:
            cls = type(self)
            raise TypeError(
                f"{cls.__name__} overrides _get() and not _peek(), which says what is next"
            )
        if not self._data:  # it may have no store yet
            self._refuse_get()
        try:
            item: Any = self._in_store(self._look_at_next)
        except IndexError:
            item = END
        if self._is_shut:  # maybe just now, by a handler that found us inside
            self._wind_up()
        if item is END:
            self._refuse_get()
        return item  # type: ignore[no-any-return]

    def _look_at_next(self) -> T:
        # What is still in it may have been promised to tasks that discard it; and a store of any kind is not there any
        # more. Not asked before:
        #     A asks.   B shuts the queue at once, and puts dummies into the place of its store.   A sees a dummy.
        if self._is_discarding:
            raise IndexError
        return self._peek()

    def _peek(self) -> T:
        """The next item in ``_data``, or ``IndexError``; for subclasses to override."""
        item: T = self._data[0]
        return item
