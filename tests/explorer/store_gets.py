# SPDX-License-Identifier: ISC
"""Scenarios for queues whose store gives several items, or keeps what it gives, or had too many to begin with."""

# The properties are those of queues.py. What a get takes out besides the item that it returns counts as done, so each
# get that returned is one unfinished item, unless the item is still in the store.

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiologic
from aiologic.testing import switch, task

from .queues import ENDS, QueueScenario, check_conservation, contents

if TYPE_CHECKING:
    from .hands import Async, Green


class GivesAll(aiologic.Queue[Any]):
    """A get returns all items together."""

    __slots__ = ()

    def _get(self) -> Any:
        items = list(self._data)
        self._data.clear()
        return items


class Sticky(int):
    """An item that stays in the store when it is got."""

    __slots__ = ()


class Keeping(aiologic.Queue[Any]):
    """Sticky items stay when they are got."""

    __slots__ = ()

    def _get(self) -> Any:
        item = self._data[0]
        return item if isinstance(item, Sticky) else super()._get()


# -- several at once --------------------------------------------------------------------------------------------------


class AllScenario(QueueScenario):
    """Items are put, and got in batches."""

    def setup(self) -> None:
        super().setup()
        self.gets_that_returned = 0

    async def gets(self, hand: Green | Async, **how: Any) -> bool:
        try:
            batch = await hand.get(self.queue, **how)
        except ENDS:
            return False
        self.note(batch)
        return True

    def note(self, batch: list[int]) -> None:
        assert batch, "a batch was empty"
        self.gets_that_returned += 1
        self.got += batch

    def check(self) -> None:
        queue = self.queue
        unfinished = self.gets_that_returned + len(contents(queue))
        assert queue.unfinished_tasks == unfinished, (
            f"{queue.unfinished_tasks} are unfinished, and not {unfinished}"
        )
        try:
            while True:
                self.note(queue.get_nowait())
        except ENDS:
            super().check()

    def check_order(self) -> None:
        """Not checked, as the tasks may note their batches in another order."""


class AllAgainstPut(AllScenario):
    """A batch frees as many places as it has items."""

    @task
    async def producer(self) -> None:
        for item in 1, 2, 3:
            assert await self.puts(self.hands.first, item)

    @task
    async def consumer(self) -> None:
        while len(self.got) < 3:
            assert await self.gets(self.hands.second)

    def check(self) -> None:
        super().check()
        assert self.got == [1, 2, 3]


class AllThatWasPromised(AllScenario):
    """An item was promised to one who waits, and is taken together with another; the next one serves him."""

    @task
    async def producer(self) -> None:
        assert await self.puts(self.hands.first, 1)
        assert await self.puts(self.hands.first, 2)
        await self.gets(self.hands.first, blocking=False)
        switch()
        assert await self.puts(self.hands.first, 3)

    @task
    async def consumer(self) -> None:
        assert await self.gets(self.hands.second)


class AllForTwo(AllScenario):
    """Two get until the end; each has a right to an item, and one of them takes both."""

    def setup(self) -> None:
        super().setup()
        for item in 1, 2:
            self.queue.put_nowait(item)
            self.put.append(item)

    async def gets_all(self, hand: Green | Async) -> None:
        while await self.gets(hand):
            pass

    @task
    async def consumer(self) -> None:
        await self.gets_all(self.hands.first)

    @task
    async def closer(self) -> None:
        self.queue.shutdown()
        await self.gets_all(self.hands.second)

    def check(self) -> None:
        super().check()
        assert len(self.got) == 2, "they went home too early"


class AllAgainstShutdown(AllScenario):
    """Two items are got together, or both are discarded, and count as done."""

    def setup(self) -> None:
        super().setup()
        self.queue.put_nowait(0)
        self.queue.get_nowait()
        self.queue.put_nowait(1)
        self.queue.put_nowait(2)

    @task
    async def consumer(self) -> None:
        await self.gets(self.hands.first)

    @task
    async def closer(self) -> None:
        self.queue.shutdown(immediate=True)

    def check(self) -> None:
        unfinished = self.queue.unfinished_tasks - self.gets_that_returned
        assert unfinished == 1, "a count that is not right"
        check_conservation(self.queue)


# -- none -------------------------------------------------------------------------------------------------------------


class StickyForTwo(QueueScenario):
    """Two wait for an item, and both get it, because it stays."""

    @task
    async def producer(self) -> None:
        assert await self.puts(self.hands.first, Sticky(1))

    @task
    async def one(self) -> None:
        assert await self.gets(self.hands.second)

    @task
    async def other(self) -> None:
        assert await self.gets(self.hands.third)

    def check(self) -> None:
        assert self.got == [1, 1]
        assert contents(self.queue) == [1]
        assert self.queue.unfinished_tasks == 1
        check_conservation(self.queue)


class StickyAgainstShutdown(QueueScenario):
    """What stays is discarded, and counts as done; what was got before is still to be dealt with."""

    def setup(self) -> None:
        super().setup()
        self.queue.put_nowait(1)
        self.queue.get_nowait()

    @task
    async def consumer(self) -> None:
        await self.gets(self.hands.first)

    @task
    async def closer(self) -> None:
        await self.puts(self.hands.second, Sticky(2))
        switch()
        self.queue.shutdown(immediate=True)

    def check(self) -> None:
        assert self.queue.unfinished_tasks == 1, "a count that is not right"
        check_conservation(self.queue)


# -- more items than places -------------------------------------------------------------------------------------------


class TwoGetsOfTooMany(QueueScenario):
    """Of two gets at once, only one frees a place, because there is one item more than places."""

    def setup(self) -> None:
        super().setup()
        self.put += [1, 2, 3]

    @task
    async def one(self) -> None:
        assert await self.gets(self.hands.first)

    @task
    async def other(self) -> None:
        assert await self.gets(self.hands.second)

    def check_order(self) -> None:
        """Not checked, as there are two consumers."""


class PutAgainstTooMany(QueueScenario):
    """A put waits until there are fewer items than places."""

    def setup(self) -> None:
        super().setup()
        self.put += [1, 2, 3]
        self.gets_that_began = 0

    @task
    async def producer(self) -> None:
        assert await self.puts(self.hands.first, 4)
        assert self.gets_that_began == 2, "there were still as many items as places"

    @task
    async def consumer(self) -> None:
        for _ in range(2):
            self.gets_that_began += 1
            assert await self.gets(self.hands.second)
