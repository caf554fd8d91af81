# SPDX-License-Identifier: ISC
"""Scenarios for queues: items, and those who wait for one or for a place."""

# Every scenario here, in queue_ends.py and in queue_joins.py checks three properties:
#
# once          each item whose put succeeded is got once, or is still there in the end; other items are not
# order         each consumer gets one producer's items in the order of their puts (if it is a first-in, first-out queue)
# conservation  in the end each item has a permit, each free place, too, and no task waits for what is there

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

import aiologic
from aiologic import QueueEmpty, QueueFull, QueueShutDown
from aiologic._pool import size_of
from aiologic.testing import Scenario, task

from .permits import LONG, check_queue

if TYPE_CHECKING:
    from .hands import Async, Green, Hands

ENDS = (QueueEmpty, QueueFull, QueueShutDown)


class QueueScenario(Scenario):
    """What these scenarios have in common."""

    def __init__(self, make: Callable[[], Any], hands: Hands) -> None:
        self.make = make
        self.hands = hands

    def describe(self) -> str:
        kind = getattr(self.make, "__name__", str(self.make))
        return f"{type(self).__name__}({kind}, {self.hands.name})"

    def setup(self) -> None:
        self.queue = self.make()
        self.put: list[object] = []
        self.got: list[object] = []

    async def puts(self, hand: Green | Async, item: object, **how: Any) -> bool:
        """Put an item; return whether that succeeded."""
        try:
            await hand.put(self.queue, item, **how)
        except ENDS:
            return False
        self.put.append(item)
        return True

    async def gets(self, hand: Green | Async, **how: Any) -> bool:
        """Get an item; return whether that succeeded."""
        try:
            item = await hand.get(self.queue, **how)
        except ENDS:
            return False
        self.got.append(item)
        return True

    def check(self) -> None:
        queue = self.queue
        check_conservation(queue)
        left = contents(queue)
        assert sorted(map(str, self.got + left)) == sorted(map(str, self.put)), (
            f"{self.put} were put, {self.got} were got, and {left} are left"
        )
        self.check_order()

    def check_order(self) -> None:
        """Check the order of one producer's items; they are numbers."""
        if type(self.queue) in {aiologic.SimpleQueue, aiologic.Queue}:
            numbers = [item for item in self.got if isinstance(item, int)]
            assert numbers == sorted(numbers), f"got in the order {numbers}"


def contents(queue: Any) -> list[Any]:
    """The items that could be got now."""
    return list(queue._inside() if hasattr(queue, "_inside") else queue._data or ())


def check_conservation(queue: Any) -> None:
    items = len(contents(queue))
    assert len(queue._free) == items, f"{len(queue._free)} permits for {items} items"
    assert not queue.getting or not items, "somebody waits for an item that is there"
    assert not queue.getting or not getattr(queue, "is_shutdown", False), (
        "somebody waits for an item that won't come"
    )
    places = getattr(queue, "_places", None)
    for permits in filter(None, (queue, places)):
        if permits._queue is not None and not getattr(queue, "_is_shut", False):
            check_queue(permits._queue)
    if places is not None and not queue.is_shutdown:
        rest = 0 if places.rest is None else size_of(places.rest)
        free = len(places._free) + rest
        assert free == queue.maxsize - items, f"{free} places, beside {items} items"
        assert not queue.putting or not free, "somebody waits for a place that is free"
    assert not queue.putting or not queue.is_shutdown, "somebody waits to put for ever"
    exclusive = getattr(queue, "_exclusive", None)
    if exclusive is not None:
        assert not exclusive._inside, "somebody is inside for ever"
        assert not exclusive.left_behind, "something was left behind"


class PutAgainstGet(QueueScenario):
    """One puts, the other gets, equally often."""

    @task
    async def producer(self) -> None:
        assert await self.puts(self.hands.first, 1)
        assert await self.puts(self.hands.first, 2)

    @task
    async def consumer(self) -> None:
        assert await self.gets(self.hands.second)
        assert await self.gets(self.hands.second)


class TimeoutAgainstPut(QueueScenario):
    """A getter's time is up while an item is put."""

    time_passes = True

    @task
    async def producer(self) -> None:
        assert await self.puts(self.hands.first, 1)

    @task
    async def impatient(self) -> None:
        await self.gets(self.hands.second, timeout=LONG)


class CancellationAgainstPut(QueueScenario):
    """A getter is cancelled while two items are put; they still come out in order."""

    @task
    async def producer(self) -> None:
        assert await self.puts(self.hands.first, 1)
        assert await self.puts(self.hands.first, 2)

    @task(cancellable=True)
    async def cancelled(self) -> None:
        await self.gets(self.hands.second)

    def check(self) -> None:
        while contents(self.queue):
            self.got.append(self.queue.get_nowait())
        super().check()


class CancellationInFrontOfAnother(CancellationAgainstPut):
    """The same, with another waiter queued behind, or in front of, the one that leaves."""

    @task
    async def patient(self) -> None:
        assert await self.gets(self.hands.third)

    def check_order(self) -> None:
        """Not checked here, as there are two consumers."""


class TimeoutAgainstGet(QueueScenario):
    """A putter's time is up while a place is freed."""

    time_passes = True

    @task
    async def impatient(self) -> None:
        await self.puts(self.hands.first, 1)
        await self.puts(self.hands.first, 2, timeout=LONG)

    @task
    async def consumer(self) -> None:
        assert await self.gets(self.hands.second)


class CancellationAgainstGet(QueueScenario):
    """A putter is cancelled while a place is freed; in the end the place is free."""

    def setup(self) -> None:
        super().setup()
        self.queue.put_nowait(1)
        self.put.append(1)

    @task(cancellable=True)
    async def cancelled(self) -> None:
        await self.puts(self.hands.first, 2)

    @task
    async def consumer(self) -> None:
        assert await self.gets(self.hands.second)


class InterruptionAgainstGet(CancellationAgainstGet):
    """A thread whose waiter carries its item is interrupted: the item was taken before that, or is never put."""

    def check(self) -> None:
        if 2 in self.got + contents(self.queue) and 2 not in self.put:
            self.put.append(2)
        super().check()


class InterruptionInFrontOfAnother(InterruptionAgainstGet):
    """The same, and another wants to put, in front or behind."""

    @task
    async def patient(self) -> None:
        assert await self.puts(self.hands.third, "x")

    @task
    async def consumer(self) -> None:
        assert await self.gets(self.hands.second)
        assert await self.gets(self.hands.second)


class InterruptionAgainstPut(QueueScenario):
    """A thread that is handed an item directly is interrupted: its item is the next that others get."""

    @task
    async def producer(self) -> None:
        assert await self.puts(self.hands.first, 1)
        await self.puts(self.hands.first, 2, blocking=False)

    @task(cancellable=True)
    async def interrupted(self) -> None:
        await self.gets(self.hands.second)

    def check(self) -> None:
        while contents(self.queue):
            self.got.append(self.queue.get_nowait())
        super().check()


class ThreeAgainstGet(QueueScenario):
    """A putter waits again and again, and the getter brings the items that its waiters carry."""

    @task
    async def producer(self) -> None:
        for item in 1, 2, 3:
            assert await self.puts(self.hands.first, item)

    @task
    async def consumer(self) -> None:
        for _ in range(3):
            assert await self.gets(self.hands.second)


class PuttersInLine(CancellationAgainstGet):
    """The same, and another wants to put, in front or behind."""

    @task
    async def patient(self) -> None:
        assert await self.puts(self.hands.third, "x")

    @task
    async def consumer(self) -> None:
        assert await self.gets(self.hands.second)
        assert await self.gets(self.hands.second)


class NewcomerAgainstHandOver(QueueScenario):
    """A newcomer tries to get without waiting while an item is promised to another."""

    @task
    async def producer(self) -> None:
        assert await self.puts(self.hands.first, 1)

    @task
    async def waiter(self) -> None:
        stood = self.queue.getting
        got = await self.gets(self.hands.second, timeout=LONG)
        assert got or stood == 0

    @task
    async def newcomer(self) -> None:
        await self.gets(self.hands.third, blocking=False)

    time_passes = True


class TwoByTwo(QueueScenario):
    """Two put, one gets both."""

    @task
    async def first(self) -> None:
        assert await self.puts(self.hands.first, 1)

    @task
    async def second(self) -> None:
        assert await self.puts(self.hands.second, "x")

    @task
    async def consumer(self) -> None:
        assert await self.gets(self.hands.third)
        assert await self.gets(self.hands.third)
