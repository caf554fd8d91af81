# SPDX-License-Identifier: ISC
"""Functions that run once, with one bug each, which the docstring describes."""

from __future__ import annotations

from typing import Any

from aiologic._once import Attempt, Once
from aiologic._runtime.detect import current_async_task


class NoSecondLook(Once):
    """The task whose attempt was stored runs the function, although there may be a result by then."""

    __slots__ = ()

    async def acall(self) -> Any:
        me = current_async_task()
        while not self.results:
            mine = Attempt(me)
            try:
                attempt = self._attempts.setdefault(None, mine)
                if attempt is mine:
                    mine.returned[:] = (await self._function(),)
                else:
                    await attempt.over
            finally:
                self._end(mine)
        return self.results[0]


class GoneBeforeItIsThere(Once):
    """An attempt is removed before there is a result."""

    __slots__ = ()

    def _end(self, attempt: Attempt) -> None:
        if self._attempts.get(None) is attempt:
            del self._attempts[None]
            if attempt.returned and not self.results:
                self.results.append(attempt.returned[0])
        attempt.over.set()


class StaysInside(Once):
    """An attempt that failed is not removed."""

    __slots__ = ()

    def _end(self, attempt: Attempt) -> None:
        if attempt.returned:
            super()._end(attempt)


class NobodyIsWoken(Once):
    """A failed attempt wakes nobody."""

    __slots__ = ()

    def _end(self, attempt: Attempt) -> None:
        if attempt.returned:
            super()._end(attempt)
        else:
            self._attempts.pop(None, None)


class LooksAndThenWrites(Once):
    """Checking for an attempt and storing one's own are two steps."""

    __slots__ = ()

    async def acall(self) -> Any:
        me = current_async_task()
        while not self.results:
            mine = Attempt(me)
            attempt = self._attempts.get(None)
            if attempt is not None:
                await attempt.over
                continue
            self._attempts[None] = mine
            try:
                mine.returned[:] = (await self._function(),)
            finally:
                self._end(mine)
        return self.results[0]
