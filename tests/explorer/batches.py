# SPDX-License-Identifier: ISC
"""Scenarios for queues that are filled and emptied by several items at once."""

# The properties are those of queues.py. Of a batch that ends early, its first items are in the queue, and no others.

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiologic import QueueShutDown
from aiologic.testing import task

from .permits import LONG, overtaken, standing
from .queues import QueueScenario, check_conservation, contents

if TYPE_CHECKING:
    from .hands import Async, Green


class BatchScenario(QueueScenario):
    """What the others have in common."""

    async def puts_many(
        self, hand: Green | Async, *items: object, **how: Any
    ) -> int | None:
        """How many were put; None if nobody can tell."""
        try:
            count = await hand.put_many(self.queue, items, **how)
        except QueueShutDown:
            return None
        self.put += items[:count]
        return count

    async def gets_many(self, hand: Green | Async, most: int) -> bool:
        """Whether some were got."""
        try:
            items = await hand.get_many(self.queue, most)
        except QueueShutDown:
            return False
        assert 1 <= len(items) <= most, f"{len(items)} items came at once"
        self.got += items
        return True

    def check(self) -> None:
        super().check()
        self.check_unfinished(len(self.put))

    def check_unfinished(self, expected: int) -> None:
        """Those that were neither reported as done nor discarded; a simple queue does not count them."""
        unfinished = getattr(self.queue, "unfinished_tasks", expected)
        assert unfinished == expected, f"{unfinished} are unfinished"


class BatchAgainstGet(BatchScenario):
    """One puts several at once, the other gets them one by one."""

    @task
    async def producer(self) -> None:
        assert await self.puts_many(self.hands.first, 1, 2) == 2

    @task
    async def consumer(self) -> None:
        for _ in range(2):
            assert await self.gets(self.hands.second)


class BatchAgainstGetMany(BatchScenario):
    """The other gets several at once, too."""

    @task
    async def producer(self) -> None:
        assert await self.puts_many(self.hands.first, 1, 2) == 2

    @task
    async def consumer(self) -> None:
        while len(self.got) < 2:
            assert await self.gets_many(self.hands.second, 2)


class TimeoutAgainstBatch(BatchScenario):
    """Time is up for a batch that waits for a place, while one becomes free."""

    time_passes = True

    @task
    async def producer(self) -> None:
        assert await self.puts_many(self.hands.first, 1, 2, 3, timeout=LONG) in {1, 2}

    @task
    async def consumer(self) -> None:
        assert await self.gets(self.hands.second)


class TornBatch(BatchScenario):
    """A batch that ends in the middle has put its first items, and no others."""

    def check(self) -> None:
        left = contents(self.queue)
        there = self.got + left
        assert there == [1, 2, 3][: len(there)], f"of the batch there are {there}"
        check_conservation(self.queue)
        self.check_unfinished(len(there))


class CancellationAgainstBatch(TornBatch):
    """A batch that waits for a place is cancelled, while one becomes free."""

    @task(cancellable=True)
    async def producer(self) -> None:
        await self.puts_many(self.hands.first, 1, 2)

    @task
    async def consumer(self) -> None:
        assert await self.gets(self.hands.second)


class ShutdownAgainstBatch(TornBatch):
    """What a batch has put before the end can be got afterwards; the rest is refused."""

    immediate = False

    @task
    async def producer(self) -> None:
        await self.puts_many(self.hands.first, 1, 2, 3)

    @task
    async def closer(self) -> None:
        self.queue.shutdown(self.immediate)


class ImmediateShutdownAgainstBatch(ShutdownAgainstBatch):
    """Afterwards nothing is left, and nothing is to do."""

    immediate = True

    def check(self) -> None:
        assert not contents(self.queue)
        self.check_unfinished(0)


class ShutdownAgainstIteration(ShutdownAgainstBatch):
    """An iteration ends with the queue, and not before it."""

    @task
    async def consumer(self) -> None:
        async for item in self.hands.second.iterate(self.queue):
            self.got.append(item)

    def check(self) -> None:
        super().check()
        assert not contents(self.queue), "the iteration ended too early"


class BatchAgainstClear(BatchScenario):
    """Items are discarded while others come; what was discarded is done, and has left its place."""

    @task
    async def producer(self) -> None:
        await self.puts_many(self.hands.first, 1, 2, 3, blocking=False)
        await self.puts_many(self.hands.first, 4, blocking=False)

    @task
    async def sweeper(self) -> None:
        self.queue.clear()

    def check(self) -> None:
        check_conservation(self.queue)
        left = len(contents(self.queue))
        unfinished = self.queue.unfinished_tasks
        assert unfinished == left, f"{unfinished} are unfinished, and {left} are left"


class ClearAgainstGet(BatchScenario):
    """One discards all items, and the other gets one of them."""

    def setup(self) -> None:
        super().setup()
        for item in 1, 2:
            self.queue.put_nowait(item)

    @task
    async def sweeper(self) -> None:
        self.queue.clear()

    @task
    async def consumer(self) -> None:
        await self.gets(self.hands.second, blocking=False)

    def check(self) -> None:
        check_conservation(self.queue)
        assert not contents(self.queue), "something was not discarded"
        self.check_unfinished(len(self.got))


class BatchForTwo(BatchScenario):
    """One batch serves two who wait."""

    @task
    async def producer(self) -> None:
        assert await self.puts_many(self.hands.first, 1, 2) == 2

    @task
    async def consumer(self) -> None:
        assert await self.gets(self.hands.second)

    @task
    async def other(self) -> None:
        assert await self.gets(self.hands.third)

    def check_order(self) -> None:
        """Two consumers go on in any order."""


class CancellationInFrontOfABatch(BatchForTwo):
    """The first of them is cancelled; then the second gets the first item."""

    @task(cancellable=True)
    async def consumer(self) -> None:
        await self.gets(self.hands.second)


class GetManyAgainstWaiter(BatchScenario):
    """Who takes all that is there leaves what was promised to another."""

    @task
    async def producer(self) -> None:
        assert await self.puts_many(self.hands.first, 1, 2) == 2
        assert await self.puts(self.hands.first, 3)

    @task
    async def greedy(self) -> None:
        assert await self.gets_many(self.hands.second, 2)

    @task
    async def modest(self) -> None:
        assert await self.gets(self.hands.third)

    def check_order(self) -> None:
        """Two consumers go on in any order."""


class BatchBehindAPutter(BatchScenario):
    """A batch does not overtake one who waits for a place."""

    def setup(self) -> None:
        super().setup()
        self.queue.put_nowait(0)
        self.put.append(0)

    @task
    async def putter(self) -> None:
        assert await self.puts(self.hands.first, 10)

    @task
    async def batch(self) -> None:
        before = standing(self.queue._places)
        if await self.puts_many(self.hands.second, 1, 2, blocking=False):
            assert not overtaken(before), "somebody who had come earlier was overtaken"

    @task
    async def consumer(self) -> None:
        for _ in range(2):
            assert await self.gets(self.hands.third)

    def check_order(self) -> None:
        """Two producers put in any order."""
