# SPDX-License-Identifier: ISC
"""Scenarios for queues so large that most of their places are in a pool until they are first taken."""

# The properties are those of queues.py. And nobody is refused who could have had a place all the time.

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiologic import Queue, QueueFull
from aiologic.testing import task

from .unwaiting import UnwaitingScenario

if TYPE_CHECKING:
    from aiologic._pool import Pool


def of_two() -> Any:
    """One place in the list, and one in the pool, if a list has one place."""
    return Queue(2)


def of_three() -> Any:
    return Queue(3)


class TwoTakeTwo(UnwaitingScenario):
    """Each finds a place."""

    @task
    async def first(self) -> None:
        assert self.puts_now(1)

    @task
    async def second(self) -> None:
        assert await self.puts(self.hands.second, "a", blocking=False)


class BatchAgainstPut(UnwaitingScenario):
    """Three are put where there are three places: nobody may be told that one of them is missing."""

    @task
    async def batch(self) -> None:
        items = [1, 2]
        assert self.queue.green_put_many(items, blocking=False) == len(items)
        self.put += items

    @task
    async def other(self) -> None:
        assert await self.puts(self.hands.second, "a", blocking=False)


class LastPlace(UnwaitingScenario):
    """Two put where one place is left, in the pool; and one item is got, which frees another."""

    def setup(self) -> None:
        super().setup()
        self.queue.put_nowait(0)
        self.put.append(0)
        self.was_got = False

    @task
    async def first(self) -> None:
        self.puts_unless_full(1)

    @task
    async def second(self) -> None:
        self.puts_unless_full("a")

    @task
    async def consumer(self) -> None:
        self.got.append(self.queue.get_nowait())
        self.was_got = True

    def puts_unless_full(self, item: object) -> None:
        has_room = self.was_got
        assert self.puts_now(item) or not has_room, "it was full for somebody"


class WaitingForTheLast(LastPlace):
    """The same, with one that waits for the last place, and is served."""

    @task
    async def second(self) -> None:
        assert await self.puts(self.hands.second, "a")


class GivesUpTooSoon(Queue[Any]):
    """Whoever finds the pool empty does not look once more at what was given back."""

    __slots__ = ()

    def put_nowait(self, item: Any) -> None:
        places: Any = self._places
        try:
            if places._free:
                del places._free[-1]
            else:
                del places.rest[0]
        except IndexError:
            raise QueueFull from None
        next(self._announce)
        self._extend(self._data or self._make_store(), [item], [])


class TakesTheRestAtOnce(Queue[Any]):
    """The rest becomes part of the list as soon as that is empty: in between, it is in neither."""

    __slots__ = ()

    def put_nowait(self, item: Any) -> None:
        places: Any = self._places
        if not places._free and places.rest is not None:
            rest: Pool = places.rest
            places.rest = None
            places._free += [None] * rest.size()
        if not places.take():
            raise QueueFull
        next(self._announce)
        self._extend(self._data or self._make_store(), [item], [])
