# SPDX-License-Identifier: ISC
"""All worlds at once on one queue: everybody puts and gets, with random time-outs and cancellations.

Each item that was put is got once; where the first comes first, whoever gets
several of one producer gets them in the order in which they were put.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from functools import partial
from typing import Any, NamedTuple

import aiologic
import pytest
from aiologic.testing.harness import Operation, until

from .games import HOW_OFTEN_CANCELLED, LONGEST_TIME_OUT
from .players import AllIdle, Player
from .test_stress import (
    ROUNDS_OF_AN_INTERVAL,
    SWITCH_INTERVALS_SECONDS,
    dice,
    players,
    seconds,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    import random
    from collections.abc import Callable

# Fixtures that are shared.
__all__ = ["dice", "players", "seconds"]

LARGEST_BATCH = 4


class Item(NamedTuple):
    """Who put it, and how many that one has tried to put before."""

    producer: int
    number: int


# What wakes those who wait for an item that never comes, where there is no shutdown. Comes last of all in a heap.
NOTHING = Item(sys.maxsize, 0)


class Traffic:
    """A queue, and what went in and out."""

    def __init__(self, queue: Any, players: list[Player], dice: random.Random) -> None:
        self.queue = queue
        self.players = players
        self.dice = dice
        self.has_end = isinstance(queue, aiologic.Queue)
        self.tried = [0] * len(players)
        self.put: list[list[Item]] = [[] for _ in players]
        self.got: list[list[Item]] = [[] for _ in players]
        # Of several that were refused, for the queue was being shut down, the first may be there.
        self.maybe_put: set[Item] = set()
        self.outcomes: Counter[object] = Counter()
        # See test_conditions.py: each call is cancelled once at most.
        self.spared = [False] * len(players)

    def go_on(self) -> None:
        """Give each idle player something to do, and cancel some of the others."""
        for number, player in enumerate(self.players):
            if player.is_idle():
                self.spared[number] = False
                player.plays(self.something(number), self.tell)
            elif not self.spared[number] and self.dice.random() < HOW_OFTEN_CANCELLED:
                self.spared[number] = True
                player.cancel()

    def tell(self, outcome: object) -> None:
        self.outcomes[outcome] += 1

    def something(self, number: int) -> Operation:
        limit = self.dice.choice([None, 0, self.dice.uniform(0, LONGEST_TIME_OUT)])
        several = self.has_end and self.dice.random() < 0.2
        if self.dice.random() < 0.5:
            count = self.dice.randint(1, LARGEST_BATCH) if several else 1
            first = self.tried[number]
            self.tried[number] += count
            items = [Item(number, first + place) for place in range(count)]
            return self.putting(number, items, limit)
        return self.getting(number, LARGEST_BATCH if several else None, limit)

    def putting(
        self, number: int, items: list[Item], timeout: float | None
    ) -> Operation:
        # The last step of each operation takes down what it did: no cancellation comes between.
        queue, put = self.queue, self.put[number]

        def green() -> object:
            try:
                queue.green_put(items[0], timeout=timeout)
            except (aiologic.QueueFull, aiologic.QueueShutDown) as error:
                return type(error).__name__
            put.append(items[0])
            return "put"

        async def aio() -> object:
            try:
                await queue.async_put(items[0], timeout=timeout)
            except (aiologic.QueueFull, aiologic.QueueShutDown) as error:
                return type(error).__name__
            put.append(items[0])
            return "put"

        def several() -> object:
            # Those that do not wait are all of them put, or the first of them: so it is known which.
            try:
                count = queue.green_put_many(items, blocking=False)
            except aiologic.QueueShutDown as error:
                self.maybe_put.update(items)
                return type(error).__name__
            put.extend(items[:count])
            return "put several"

        async def async_several() -> object:
            try:
                count = await queue.async_put_many(items, blocking=False)
            except aiologic.QueueShutDown as error:
                self.maybe_put.update(items)
                return type(error).__name__
            put.extend(items[:count])
            return "put several"

        if len(items) > 1:
            return Operation(f"put several, {timeout}", several, async_several)
        return Operation(f"put, {timeout}", green, aio)

    def getting(
        self, number: int, count: int | None, timeout: float | None
    ) -> Operation:
        queue, got = self.queue, self.got[number]

        def take(items: list[Item]) -> str:
            got.extend(items)
            if self.has_end:
                for _ in items:
                    queue.task_done()
            return "got"

        def green() -> object:
            try:
                if count is not None:
                    return take(queue.green_get_many(count, timeout=timeout))
                return take([queue.green_get(timeout=timeout)])
            except (aiologic.QueueEmpty, aiologic.QueueShutDown) as error:
                return type(error).__name__

        async def aio() -> object:
            try:
                if count is not None:
                    return take(await queue.async_get_many(count, timeout=timeout))
                return take([await queue.async_get(timeout=timeout)])
            except (aiologic.QueueEmpty, aiologic.QueueShutDown) as error:
                return type(error).__name__

        return Operation(f"get {count}, {timeout}", green, aio)

    def over(self, immediate: bool) -> None:
        """Come to the end, and look whether each item was got once."""
        queue, rest = self.queue, self.finish(immediate)
        put = [item for items in self.put for item in items]
        got = [item for items in (*self.got, rest) for item in items]
        got = [item for item in got if item != NOTHING]
        assert len(set(got)) == len(got), "one was got twice"
        # Some are refused while they are put, and then they are not there.
        missing = Counter(put) - Counter(got)
        surplus = set(got) - set(put) - self.maybe_put
        assert not surplus, f"nobody has put {surplus}"
        assert immediate or not missing, f"lost: {missing}"
        if type(queue) in FIRST_COMES_FIRST:
            for items in self.got:
                self.check_order(items)
        assert (len(queue), queue.waiting) == (0, 0)
        assert queue.statistics().waiting_by_library == {}
        assert self.outcomes["put"] > 0
        assert self.outcomes["got"] > 0
        if self.has_end:
            assert queue.unfinished_tasks == 0
            assert queue.green_join(0) is True

    def finish(self, immediate: bool) -> list[Item]:
        all_idle = AllIdle(self.players, self.queue)
        if not self.has_end:
            while not all_idle():
                self.queue.put(NOTHING)
        else:
            self.queue.shutdown(immediate)
            until(all_idle)
        rest: list[Item] = []
        try:
            while True:
                rest.append(self.queue.get_nowait())
                if self.has_end:
                    self.queue.task_done()
        except aiologic.QueueEmpty:
            assert not self.has_end
        except aiologic.QueueShutDown:
            assert self.has_end
        return rest

    def check_order(self, items: list[Item]) -> None:
        last: dict[int, int] = {}
        for producer, number in items:
            if producer != NOTHING.producer:
                assert number > last.get(producer, -1), f"{items[-5:]} out of order"
                last[producer] = number


FIRST_COMES_FIRST: Any = (aiologic.SimpleQueue, aiologic.Queue)
QUEUES: dict[str, Callable[[], Any]] = {
    "SimpleQueue": aiologic.SimpleQueue,
    "SimpleLifoQueue": aiologic.SimpleLifoQueue,
    "Queue": aiologic.Queue,
    "Queue(1)": partial(aiologic.Queue, 1),
    "Queue(7)": partial(aiologic.Queue, 7),
    "LifoQueue(7)": partial(aiologic.LifoQueue, 7),
    "PriorityQueue": aiologic.PriorityQueue,
    "PriorityQueue(7)": partial(aiologic.PriorityQueue, 7),
}


@pytest.mark.timeout(0)  # it has a time-out of its own for each step
@pytest.mark.parametrize("make", QUEUES.values(), ids=QUEUES)
def test_each_item_is_got_once(
    make: Callable[[], Any],
    players: list[Player],
    dice: random.Random,
    seconds: float,
) -> None:
    """Contract 1.3.7: never one is lost or doubled, whoever gives up."""
    traffic = Traffic(make(), players, dice)
    play(traffic, seconds)
    traffic.over(immediate=False)


@pytest.mark.timeout(0)
@pytest.mark.parametrize("name", [name for name in QUEUES if "Simple" not in name])
def test_none_is_got_twice_when_the_rest_is_discarded(
    name: str, players: list[Player], dice: random.Random, seconds: float
) -> None:
    traffic = Traffic(QUEUES[name](), players, dice)
    play(traffic, seconds)
    traffic.over(immediate=True)


class Generous(aiologic.SimpleQueue[Any]):
    """Gives the item that a cancelled getter was promised to the next, and has it back, too."""

    def _take_back(self, waiter: Any) -> None:
        super()._take_back(waiter)
        if self._data:
            self._data.appendleft(self._data[0])
            self._free.append(None)


@pytest.mark.slow
@pytest.mark.timeout(0)
def test_a_planted_bug_is_found(players: list[Player], dice: random.Random) -> None:
    # Whether a getter is cancelled in the right moment is a matter of luck, and of how much else the machine has to do.
    found = ""
    for _ in range(20):
        traffic = Traffic(Generous(), players, dice)
        play(traffic, 1.0)
        try:
            traffic.over(immediate=False)
        except AssertionError as error:
            found = str(error)
            break
    assert "got twice" in found


def play(traffic: Traffic, seconds: float) -> None:
    """Let them play for so long, with threads that alternate quickly and slowly."""
    before = sys.getswitchinterval()
    try:
        end = time.monotonic() + seconds
        while time.monotonic() < end or not traffic.outcomes["got"]:
            sys.setswitchinterval(traffic.dice.choice(SWITCH_INTERVALS_SECONDS))
            for _ in range(ROUNDS_OF_AN_INTERVAL):
                traffic.go_on()
    finally:
        sys.setswitchinterval(before)
