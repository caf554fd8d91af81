# SPDX-License-Identifier: ISC
"""Flags, guards and the locks of objects, with one bug each. Their docstrings say which."""

from __future__ import annotations

from typing import Any

from aiologic import BusyResourceError, Flag, ResourceGuard
from aiologic._engine.newborn import born


class LooksAndThenSets(Flag[Any]):
    """Whether it is set is looked at in one step, and it is set in another."""

    __slots__ = ()

    def _put(self, thing: Any) -> Any:
        place = self._place
        if place is None:
            place = born(self, "_place", dict)
        if None not in place:
            place[None] = thing
        return place[None]


class PlaceOfItsOwn(Flag[Any]):
    """Of two that make the place at once, the second takes that of the first away."""

    __slots__ = ()

    def _put(self, thing: Any) -> Any:
        if self._place is None:
            self._place = {}
        return super()._put(thing)


class SetByItsName(Flag[Any]):
    """Who is first is told by what is there afterwards, which may have been cleared."""

    __slots__ = ()

    def set(self, marker: Any = None) -> bool:
        self._put(marker)
        return self._look(None) is marker


class RefusedOneLeaves(ResourceGuard):
    """Who is refused frees it for whoever is inside."""

    __slots__ = ()

    def __enter__(self) -> Any:
        try:
            return super().__enter__()
        except BusyResourceError:
            self._take_out()
            raise


class LooksAndThenEnters(ResourceGuard):
    """Whether somebody is inside is looked at in one step, and the door closed in another."""

    __slots__ = ()

    def __enter__(self) -> Any:
        if self:
            raise BusyResourceError
        self._put(self)
        return self


class NeverFree(ResourceGuard):
    """Who has left leaves the door closed, if another was refused meanwhile."""

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
    """Newborn locks that each of those who make one has to himself."""

    def setdefault(self, _key: Any, made: Any) -> Any:  # type: ignore[override]
        return made
