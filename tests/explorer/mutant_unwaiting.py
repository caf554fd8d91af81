# SPDX-License-Identifier: ISC
"""Planted bugs in put_nowait() and peek_nowait()."""

from __future__ import annotations

from typing import Any

from aiologic import Queue, QueueEmpty, QueueFull


class LooksBeforeItPuts(Queue[Any]):
    """A put looks whether there is a place, and takes it then: two steps."""

    __slots__ = ()

    def put_nowait(self, item: Any) -> None:
        places: Any = self._places
        if not places._free:
            raise QueueFull
        places._free[:] = places._free[1:]
        next(self._announce)
        self._extend(self._data or self._make_store(), [item], [])


class ServesNobody(Queue[Any]):
    """A put frees a permit, and looks for those who wait only if it saw them before."""

    __slots__ = ()

    def put_nowait(self, item: Any) -> None:
        is_waited_for = bool(self._queue)
        next(self._announce)
        (self._data or self._make_store()).append(item)
        self._free.append(None)
        if is_waited_for:
            self._settle()


class ShowsWhatIsThere(Queue[Any]):
    """Who looks is shown whatever comes first, also the mark of the end."""

    __slots__ = ()

    def peek_nowait(self) -> Any:
        if not self._data:
            raise QueueEmpty
        return self._data[0]


class LooksBeforeItShows(Queue[Any]):
    """Who looks finds an item, and shows the first then: two steps."""

    __slots__ = ()

    def peek_nowait(self) -> Any:
        if not self._data or self._is_shut:
            raise QueueEmpty
        return self._peek()
