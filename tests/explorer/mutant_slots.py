# SPDX-License-Identifier: ISC
"""Flags, guards and the locks of objects, with one bug each, which the docstring describes."""

from __future__ import annotations

from typing import Any

from aiologic import BusyResourceError, Flag, ResourceGuard
from aiologic._engine.newborn import born


class LooksAndThenSets(Flag[Any]):
    """Checking whether it is set and setting it are two steps."""

    __slots__ = ()

    def _put(self, thing: Any) -> Any:
        place = self._place
        if place is None:
            place = born(self, "_place", dict)
        if None not in place:
            place[None] = thing
        return place[None]


class PlaceOfItsOwn(Flag[Any]):
    """If two tasks make the place at once, the second replaces that of the first."""

    __slots__ = ()

    def _put(self, thing: Any) -> Any:
        if self._place is None:
            self._place = {}
        return super()._put(thing)


class SetByItsName(Flag[Any]):
    """Whether a task was first is read from the place afterwards, which may have been cleared."""

    __slots__ = ()

    def set(self, marker: Any = None) -> bool:
        self._put(marker)
        return self._look(None) is marker


class RefusedOneLeaves(ResourceGuard):
    """A task that is refused releases the guard for the one inside."""

    __slots__ = ()

    def __enter__(self) -> Any:
        try:
            return super().__enter__()
        except BusyResourceError:
            self._take_out()
            raise


class LooksAndThenEnters(ResourceGuard):
    """Checking whether a task is inside and closing the door are two steps."""

    __slots__ = ()

    def __enter__(self) -> Any:
        if self:
            raise BusyResourceError
        self._put(self)
        return self


class NeverFree(ResourceGuard):
    """The door stays closed after a task has left, if another was refused meanwhile."""

    __slots__ = ()

    def __enter__(self) -> Any:
        mark = object()
        if self._put(mark) is not mark:
            self._put(mark)
            place = self._place
            assert place is not None
            place[None] = mark
            raise BusyResourceError
        return self


class Forgetful(dict):  # type: ignore[type-arg]
    """Newborn locks: each task that makes one gets its own."""

    def setdefault(self, _key: Any, made: Any) -> Any:  # type: ignore[override]
        return made
