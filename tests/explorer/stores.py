# SPDX-License-Identifier: ISC
"""Scenarios for queues whose store does not hold what is put one by one."""

# The properties are those of queues.py, once all that is left has been taken out. Before that, there may be a permit more
# than there are items: it was promised to one whose item was dropped, and who has found another that came after it. Then
# whoever takes the permit that is left finds nothing, and waits again.

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiologic
from aiologic import QueueEmpty
from aiologic.testing import switch, task

from .queues import QueueScenario, check_conservation, contents

if TYPE_CHECKING:
    from .hands import Async, Green


class SeveralAtOnce(tuple):  # type: ignore[type-arg]
    """What is put together, and got one by one."""

    __slots__ = ()


class DropAll:
    """What is put to drop all items, and is none itself."""


class WilfulQueue(aiologic.Queue[Any]):
    """It keeps each item once, takes several in one put, and drops all when it is told so."""

    __slots__ = ("dropped",)

    def _init(self, items: Any, maxsize: int) -> None:
        self.dropped: list[Any] = []
        super()._init(items, maxsize)

    def _put(self, item: Any) -> None:
        data = self._data
        if isinstance(item, SeveralAtOnce):
            data.extend(item)
        elif isinstance(item, DropAll):
            self.dropped += data
            data.clear()
        elif item not in data:
            data.append(item)


class StoreScenario(QueueScenario):
    """What the others have in common."""

    async def gets_all(self, hand: Green | Async) -> None:
        while await self.gets(hand, blocking=False):
            pass

    def check(self) -> None:
        queue = self.queue
        unfinished = queue.unfinished_tasks
        items = len(self.got) + len(contents(queue))
        assert unfinished == items, f"{unfinished} are unfinished, of {items} items"
        permits = len(queue._free)
        left = len(contents(queue))
        assert permits >= left, f"{permits} permits for {left} items"
        for _ in range(left):
            self.got.append(queue.get_nowait())
        try:
            queue.get_nowait()
        except QueueEmpty:
            check_conservation(queue)
        else:
            raise AssertionError("there was one more")


class SameAgainstGet(StoreScenario):
    """An item that is there already is put again, while one gets it."""

    @task
    async def producer(self) -> None:
        await self.puts(self.hands.first, 1)
        await self.puts(self.hands.first, 1)

    @task
    async def consumer(self) -> None:
        assert await self.gets(self.hands.second)
        await self.gets_all(self.hands.second)

    def check(self) -> None:
        super().check()
        assert 1 <= len(self.got) <= 2, f"{self.got} were got"


class DropAgainstGet(StoreScenario):
    """All is dropped that one waits for, or was promised already; the next item serves it."""

    @task
    async def producer(self) -> None:
        await self.puts(self.hands.first, 1)
        await self.puts(self.hands.first, DropAll())
        switch()
        await self.puts(self.hands.first, 2)

    @task
    async def consumer(self) -> None:
        assert await self.gets(self.hands.second)

    def check(self) -> None:
        super().check()
        there = self.got + self.queue.dropped
        assert sorted(there) == [1, 2], f"of 1 and 2 there are {there}"


class DropAgainstCancellation(DropAgainstGet):
    """The same, and who waits may leave."""

    @task(cancellable=True)
    async def consumer(self) -> None:
        await self.gets(self.hands.second)


class DropAgainstTwo(DropAgainstGet):
    """Of two, one was promised an item that is dropped; each gets another."""

    @task
    async def producer(self) -> None:
        await super().producer()
        await self.puts(self.hands.first, 3)

    @task
    async def other(self) -> None:
        await self.gets(self.hands.third, blocking=False)

    def check(self) -> None:
        StoreScenario.check(self)
        there = self.got + self.queue.dropped
        assert sorted(there) == [1, 2, 3], f"of 1, 2, 3 there are {there}"


class SeveralAgainstGet(StoreScenario):
    """More comes in than there are places: the rest is owed, and a put waits until it is paid."""

    @task
    async def producer(self) -> None:
        await self.puts(self.hands.first, SeveralAtOnce((1, 2)))
        await self.puts(self.hands.first, 3)

    @task
    async def consumer(self) -> None:
        for _ in range(3):
            assert await self.gets(self.hands.second)

    def check(self) -> None:
        super().check()
        assert self.got == [1, 2, 3], f"{self.got} were got"


class SeveralForTwo(StoreScenario):
    """One put serves two who wait."""

    @task
    async def producer(self) -> None:
        await self.puts(self.hands.first, SeveralAtOnce((1, 2)))

    @task
    async def consumer(self) -> None:
        assert await self.gets(self.hands.second)

    @task
    async def other(self) -> None:
        assert await self.gets(self.hands.third)
