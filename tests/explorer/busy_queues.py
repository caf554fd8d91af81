# SPDX-License-Identifier: ISC
"""Scenarios with more tasks than can be searched: queues that are used in all ways at once."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from aiologic import QueueFull, QueueShutDown
from aiologic.testing import task

from .joins import check_tally
from .permits import LONG
from .queues import QueueScenario, contents

if TYPE_CHECKING:
    from .hands import Async, Green


class BusyQueue(QueueScenario):
    """Two put, two get, one waits until all is done, one is cancelled; who puts the last item shuts the queue down.

    So all that was put is got, all that was got is done, and all tasks end.
    """

    timeouts = 2

    def setup(self) -> None:
        super().setup()
        self.producing = 2

    async def puts_several(self, hand: Green | Async, *items: object) -> None:
        """Put items at once; those for which there is no place are put in other ways."""
        count = await hand.put_many(self.queue, items, timeout=LONG)
        self.put += items[:count]
        for item in items[count:]:
            await self.puts_somehow(hand, item)

    async def puts_somehow(self, hand: Green | Async, item: object) -> None:
        """Without waiting, then for a while, then until it is done."""
        for how in {"blocking": False}, {"timeout": LONG}:
            try:
                await hand.put(self.queue, item, **how)
            except QueueFull:
                continue
            break
        else:
            await hand.put(self.queue, item)
        self.put.append(item)

    def ends(self) -> None:
        self.producing -= 1
        if not self.producing:
            self.queue.shutdown()

    @task
    async def producer(self) -> None:
        await self.puts_somehow(self.hands.first, 1)
        await self.puts_somehow(self.hands.first, 2)
        self.ends()

    @task
    async def producer_of_many(self) -> None:
        await self.puts_several(self.hands.second, 3, 4, 5)
        self.ends()

    @task
    async def consumer(self) -> None:
        async for item in self.hands.third.iterate(self.queue):
            self.got.append(item)
            self.queue.task_done()

    @task
    async def consumer_of_many(self) -> None:
        while True:
            try:
                items = await self.hands.second.get_many(self.queue, 2)
            except QueueShutDown:
                return
            self.got += items
            for _ in items:
                self.queue.task_done()

    @task(cancellable=True)
    async def leaver(self) -> None:
        if await self.gets(self.hands.first):
            self.queue.task_done()

    @task
    async def waiter(self) -> None:
        assert await self.hands.third.join(self.queue)

    def check(self) -> None:
        super().check()
        assert not contents(self.queue), "something was left"
        check_tally(self.queue._tally)
        assert self.queue.unfinished_tasks == 0

    def check_order(self) -> None:
        """Several consumers go on in any order."""


class BusyUntilDiscarded(BusyQueue):
    """The same, and another shuts it down at once, at any time."""

    async def puts_somehow(self, hand: Green | Async, item: object) -> None:
        with suppress(QueueShutDown):
            await super().puts_somehow(hand, item)

    async def puts_several(self, hand: Green | Async, *items: object) -> None:
        with suppress(QueueShutDown):
            await super().puts_several(hand, *items)

    @task
    async def closer(self) -> None:
        self.queue.shutdown(immediate=True)

    def check(self) -> None:
        assert not contents(self.queue), "something was left"
        assert len(set(self.got)) == len(self.got), f"{self.got} were got"
        check_tally(self.queue._tally)
        assert self.queue.unfinished_tasks == 0
        queue: Any = self.queue
        assert not queue.waiting


class BusyUntilShut(BusyUntilDiscarded):
    """The same, and what was put before that is got. (Of several that are put together, the first may have been.)"""

    @task
    async def closer(self) -> None:
        self.queue.shutdown()

    def check(self) -> None:
        super().check()
        lost = set(self.put) - set(self.got)
        assert not lost, f"{lost} were put, and nobody got them"


class BusyThreads(BusyQueue):
    """The same with threads, which nobody cancels; one waits for a time."""

    @task
    async def leaver(self) -> None:
        if await self.gets(self.hands.first, timeout=LONG):
            self.queue.task_done()


class BusyThreadsUntilDiscarded(BusyThreads, BusyUntilDiscarded):
    """And another shuts it down at once, at any time."""


class InterruptedAtTheEnd(QueueScenario):
    """A thread is interrupted with an item in its hands, and others may have been told of the end."""

    @task(cancellable=True)
    async def interrupted(self) -> None:
        await self.gets(self.hands.first)

    @task
    async def consumer(self) -> None:
        while await self.gets(self.hands.second):
            pass

    @task
    async def passer_by(self) -> None:
        await self.gets(self.hands.third, blocking=False)

    @task
    async def closer(self) -> None:
        assert await self.puts(self.hands.first, 1)
        self.queue.shutdown()

    def check(self) -> None:
        """A permit may be left, which whoever takes it gives up again."""
        left = contents(self.queue)
        assert self.got + left == [1], f"{self.got} were got, and {left} are left"
        assert not self.queue.waiting
