# SPDX-License-Identifier: ISC
"""Scenarios for queues."""

# In every scenario, three properties are looked at:
#
# once          each item whose put succeeded is got once, or is still there in the end; no other is
# order         of one producer's items, each consumer gets the earlier one first (where the queue is first-in, first-out)
# conservation  in the end there is a permit for each item and a place for each other, and nobody waits for what is there

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

import aiologic
from aiologic import QueueEmpty, QueueFull, QueueShutDown
from aiologic._places import Debt
from aiologic._pool import size_of
from aiologic.backends import PENDING
from aiologic.testing import Scenario, switch, task

from .permits import LONG, check_queue

if TYPE_CHECKING:
    from .hands import Async, Green, Hands

ENDS = (QueueEmpty, QueueFull, QueueShutDown)


class QueueScenario(Scenario):
    """What the others have in common."""

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
        """Whether it was put."""
        try:
            await hand.put(self.queue, item, **how)
        except ENDS:
            return False
        self.put.append(item)
        return True

    async def gets(self, hand: Green | Async, **how: Any) -> bool:
        """Whether one was got."""
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
        """Of one producer's items; they are numbers."""
        if type(self.queue) in {aiologic.SimpleQueue, aiologic.Queue}:
            numbers = [item for item in self.got if isinstance(item, int)]
            assert numbers == sorted(numbers), f"got in the order {numbers}"


def contents(queue: Any) -> list[Any]:
    """What could be got now."""
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
        free = size_of(places._free)
        assert free == queue.maxsize - items, f"{free} places, beside {items} items"
        assert not queue.putting or not free, "somebody waits for a place that is free"
    assert not queue.putting or not queue.is_shutdown, "somebody waits to put for ever"
    exclusive = getattr(queue, "_exclusive", None)
    if exclusive is not None:
        assert not exclusive._inside, "somebody is inside for ever"
        assert not exclusive.left_behind, "something was left behind"


class PutAgainstGet(QueueScenario):
    """One puts, the other gets, as often."""

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
    """A getter is cancelled while two items are put; then they come in their order."""

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
    """The same, and somebody stands behind, or in front of, the one who leaves."""

    @task
    async def patient(self) -> None:
        assert await self.gets(self.hands.third)

    def check_order(self) -> None:
        """Two consumers are told apart elsewhere."""


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
    """A putter is cancelled while a place is freed; then it is free."""

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
    """A thread that has its item with it is interrupted: its item came before that, or not at all."""

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
    """A thread that gets items into its hands is interrupted: what it had is the next that others get."""

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
    """A putter stops time and again, and the getter brings what it has with it."""

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
    """One who would not wait tries its luck while an item is promised to another."""

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


# -- the end --------------------------------------------------------------------------------------------------------


class ShutdownAgainstPut(QueueScenario):
    """A put is either refused, or its item can be got afterwards."""

    immediate = False

    @task
    async def producer(self) -> None:
        for item in 1, None, None:
            await self.puts(self.hands.first, item)

    @task
    async def closer(self) -> None:
        self.queue.shutdown(self.immediate)

    def check(self) -> None:
        if self.immediate:
            # Also of what it does not show any more.
            assert self.queue.unfinished_tasks == 0, "something was not discarded"
            assert not contents(self.queue)
            return
        super().check()
        assert self.queue.unfinished_tasks == len(self.put)


class ImmediateShutdownAgainstPut(ShutdownAgainstPut):
    """Afterwards nothing is left, and nothing is to do."""

    immediate = True


class ShutdownAgainstGet(QueueScenario):
    """Who waits for an item is told that none will come."""

    @task
    async def consumer(self) -> None:
        while await self.gets(self.hands.first):
            pass

    @task
    async def closer(self) -> None:
        assert await self.puts(self.hands.second, 1)
        self.queue.shutdown()

    def check(self) -> None:
        assert self.got == [1]
        super().check()


class ShutdownAgainstWaitingPut(CancellationAgainstGet):
    """Who waits for a place is told that there will be none; or had it before."""

    @task
    async def consumer(self) -> None:
        self.queue.shutdown()


class ShutdownAgainstBoth(QueueScenario):
    """What was put is got by those who go home only when all has ended."""

    @task
    async def producer(self) -> None:
        await self.puts(self.hands.first, 1)
        await self.puts(self.hands.first, 2)

    @task
    async def consumer(self) -> None:
        while await self.gets(self.hands.second):
            pass

    @task
    async def closer(self) -> None:
        self.queue.shutdown()

    def check(self) -> None:
        super().check()
        assert not contents(self.queue), "the consumer went home too early"


class ImmediateShutdownAgainstBoth(ShutdownAgainstBoth):
    """Whatever is not got is discarded, and everybody goes home."""

    @task
    async def closer(self) -> None:
        self.queue.shutdown(immediate=True)

    def check(self) -> None:
        assert not contents(self.queue)
        left = self.queue.unfinished_tasks - len(self.got)
        assert left == 0, "something was not discarded"


class ImmediateShutdownAgainstCancellation(QueueScenario):
    """Who leaves as an item was promised to it, or is in the air, sees to it that the item is discarded."""

    @task(cancellable=True)
    async def leaver(self) -> None:
        await self.gets(self.hands.first)

    @task
    async def closer(self) -> None:
        self.queue.put_nowait(1)
        self.queue.shutdown(immediate=True)

    def check(self) -> None:
        left = self.queue.unfinished_tasks - len(self.got)
        assert left == 0, "something was not discarded"
        check_conservation(self.queue)


class ImmediateShutdownAndAnother(ImmediateShutdownAgainstCancellation):
    """The same where nothing is in it, and somebody else waits, who must not be told too early."""

    @task
    async def closer(self) -> None:
        self.queue.shutdown(immediate=True)

    @task
    async def patient(self) -> None:
        await self.gets(self.hands.third)


class TwoShutdowns(ShutdownAgainstGet):
    """Two shut it down at once."""

    @task
    async def other(self) -> None:
        switch()
        if self.put:
            self.queue.shutdown()


# -- all is done ----------------------------------------------------------------------------------------------------


class DoneAgainstJoin(QueueScenario):
    """Who joins goes on when all is done, and not before."""

    def setup(self) -> None:
        super().setup()
        for item in 1, 2:
            self.queue.put_nowait(item)
            self.queue.get_nowait()
        self.done = 0

    @task
    async def worker(self) -> None:
        for _ in range(2):
            self.done += 1
            self.queue.task_done()

    @task
    async def waiter(self) -> None:
        assert await self.hands.second.join(self.queue)
        assert self.done == 2, "not all was done"

    def check(self) -> None:
        assert self.queue.unfinished_tasks == 0


class TwoSayDone(DoneAgainstJoin):
    """The last two are said to be done by two tasks at once."""

    @task
    async def worker(self) -> None:
        self.done += 1
        self.queue.task_done()

    @task
    async def other(self) -> None:
        self.done += 1
        self.queue.task_done()


class DoneTooOften(QueueScenario):
    """Of two who say it of one item, one is told; and it does not count."""

    too_many = 1

    def setup(self) -> None:
        super().setup()
        self.queue.put_nowait(1)
        self.queue.get_nowait()
        self.refused = 0
        # Whoever waits for all to be done.
        self.joined = self.queue._tally.join(Debt(PENDING))

    def say(self) -> None:
        try:
            self.queue.task_done()
        except ValueError:
            self.refused += 1

    @task
    async def one(self) -> None:
        self.say()

    @task
    async def other(self) -> None:
        self.say()

    def check(self) -> None:
        assert not self.joined, "all is done, and nobody was told"
        assert self.refused == self.too_many
        assert self.queue.unfinished_tasks == 0
        self.queue.put_nowait(2)
        assert self.queue.unfinished_tasks == 1
        self.queue.task_done()


class DoneFarTooOften(DoneTooOften):
    """The same, of three."""

    too_many = 2

    @task
    async def third(self) -> None:
        self.say()


# -- stores that one at a time may use --------------------------------------------------------------------------------


class Careful(aiologic.Queue[Any]):
    """A store that notices when two use it at once."""

    __slots__ = ("inside",)

    def _init(self, items: Any, maxsize: int) -> None:
        self.inside = 0
        super()._init(items, maxsize)

    def _put(self, item: Any) -> None:
        self.inside += 1
        assert self.inside == 1, "two are in the store at once"
        switch()
        super()._put(item)
        self.inside -= 1

    def _get(self) -> Any:
        self.inside += 1
        assert self.inside == 1, "two are in the store at once"
        switch()
        item = super()._get()
        self.inside -= 1
        return item
