# SPDX-License-Identifier: ISC
"""Planted bugs in what queues do when a store does not hold what is put one by one."""

from __future__ import annotations

from typing import Any

from aiologic import QueueEmpty
from aiologic._permits import ANY

from .stores import WilfulQueue


class CountsOneForOne(WilfulQueue):
    """It makes up for nothing."""

    __slots__ = ()

    def _adjust(self, more: int) -> None:
        pass


class DropsWithoutPlaces(WilfulQueue):
    """What is dropped is not counted as done, and keeps its place."""

    __slots__ = ()

    def _adjust(self, more: int) -> None:
        if more > 0:
            super()._adjust(more)
        for _ in range(-more):
            try:
                del self._free[ANY]
            except IndexError:
                continue


class OnlyWhatIsFree(WilfulQueue):
    """What was promised to a waiter is not dropped from the count, though it was from the store."""

    __slots__ = ()

    def _adjust(self, more: int) -> None:
        super()._adjust(max(more, -len(self._free)))


class GoneIsEmpty(WilfulQueue):
    """Who finds nothing, though an item was promised, is told that the queue is empty."""

    __slots__ = ()

    async def _async_get_anew(self, blocking: bool, timeout: float | None) -> Any:
        raise QueueEmpty

    def _green_get_anew(self, blocking: bool, timeout: float | None) -> Any:
        raise QueueEmpty


class OwesNoPlaces(WilfulQueue):
    """What comes in beside an item takes no places."""

    __slots__ = ()

    def _adjust(self, more: int) -> None:
        if more < 0:
            super()._adjust(more)
        for _ in range(more):
            next(self._announce)
            self._free.append(None)
