# SPDX-License-Identifier: ISC
"""Scenarios for queues whose store raises."""

# The properties are those of queues.py. An item that is in the store in spite of the error can be got, and one that is
# out is gone; it counts as got.

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiologic
from aiologic.testing import switch, task

from .queues import QueueScenario, check_conservation, contents

if TYPE_CHECKING:
    from .hands import Async, Green


class StoreError(Exception):
    """What a store raises."""


class Fragile(aiologic.Queue[Any]):
    """Its store raises for the items whose names say so."""

    __slots__ = ("raised",)

    def _init(self, items: Any, maxsize: int) -> None:
        self.raised: list[str] = []
        super()._init(items, maxsize)

    def _raise_if(self, item: object, name: str) -> None:
        """Raise for this item, the first time."""
        if item == name and name not in self.raised:
            self.raised.append(name)
            raise StoreError

    def _put(self, item: Any) -> None:
        self._raise_if(item, "never comes in")
        super()._put(item)
        self._raise_if(item, "comes in with an error")

    def _get(self) -> Any:
        self._raise_if(self._data[0], "stays with an error")
        item = super()._get()
        self._raise_if(item, "goes with an error")
        return item


class FragileScenario(QueueScenario):
    """Some puts and gets fail."""

    def setup(self) -> None:
        super().setup()
        self.failures = 0

    async def fails_to_put(self, hand: Green | Async, item: object) -> None:
        try:
            await self.puts(hand, item)
        except StoreError:
            self.failures += 1

    async def tries_to_get(self, hand: Green | Async) -> bool:
        """Get an item; return whether there was one, even if the store fails to give it."""
        try:
            return await self.gets(hand)
        except StoreError:
            self.failures += 1
            return True

    def check(self) -> None:
        assert self.failures <= 1
        assert self.queue.unfinished_tasks == len(self.put)
        super().check()


class PutFailsAgainstGet(FragileScenario):
    """A put fails, and its place is free; the next one takes it."""

    @task
    async def producer(self) -> None:
        await self.fails_to_put(self.hands.first, "never comes in")
        assert await self.puts(self.hands.first, 1)
        assert await self.puts(self.hands.first, 2)

    @task
    async def consumer(self) -> None:
        assert await self.gets(self.hands.second)

    def check(self) -> None:
        assert self.failures == 1
        super().check()


class PutFailsTooLate(FragileScenario):
    """A put fails, and its item is there all the same, and serves one who waits."""

    @task
    async def producer(self) -> None:
        await self.fails_to_put(self.hands.first, "comes in with an error")
        self.put.append("comes in with an error")
        assert await self.puts(self.hands.first, 2)

    @task
    async def consumer(self) -> None:
        assert await self.gets(self.hands.second)


class GetFailsForOne(FragileScenario):
    """A get fails, and its item is still there; another, who waits, gets it."""

    @task
    async def producer(self) -> None:
        assert await self.puts(self.hands.first, "stays with an error")

    @task
    async def one(self) -> None:
        await self.tries_to_get(self.hands.second)

    @task
    async def other(self) -> None:
        await self.tries_to_get(self.hands.third)

    def check(self) -> None:
        assert self.failures == 1
        assert len(self.got) == 1
        super().check()


class GetFailsTooLate(FragileScenario):
    """A get fails, and its item is gone; its place is free for one who waits to put."""

    @task
    async def producer(self) -> None:
        assert await self.puts(self.hands.first, "goes with an error")
        assert await self.puts(self.hands.first, 2)

    @task
    async def consumer(self) -> None:
        for _ in range(2):
            assert await self.tries_to_get(self.hands.second)

    def check(self) -> None:
        assert self.failures == 1
        self.got.append("goes with an error")
        super().check()


class GetFailsAgainstShutdown(FragileScenario):
    """A get fails while the queue is shut; its item is still there, and can be got."""

    immediate = False

    @task
    async def consumer(self) -> None:
        while await self.tries_to_get(self.hands.first):
            pass

    @task
    async def closer(self) -> None:
        await self.puts(self.hands.second, "stays with an error")
        switch()
        self.queue.shutdown(self.immediate)


class GetFailsAgainstShutdownAtOnce(GetFailsAgainstShutdown):
    """The same, and what is not got is discarded."""

    immediate = True

    def check(self) -> None:
        assert not contents(self.queue)
        assert self.queue.unfinished_tasks == len(self.got), "a count that is not right"
        check_conservation(self.queue)
