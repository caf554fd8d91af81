# SPDX-License-Identifier: ISC
"""All worlds at once on one condition: items are put and taken, with random time-outs and cancellations.

One notification for each item. If one is lost, a consumer sleeps beside an item
in the end; if two have the lock at once, items are lost or doubled.
"""

from __future__ import annotations

import time
from typing import Counter

import aiologic
import pytest
from aiologic.lowlevel import async_checkpoint
from aiologic.testing.harness import CANCELLED, Operation, until

from tests.worlds.catalogue import world_of

from .games import HOW_OFTEN_CANCELLED, LONGEST_TIME_OUT
from .players import AllIdle, Player
from .test_stress import dice, players, seconds

TYPE_CHECKING = False
if TYPE_CHECKING:
    import random
    from collections.abc import Callable
    from typing import Any

# Fixtures that are shared.
__all__ = ["dice", "players", "seconds"]


class Store:
    """What is put and taken."""

    def __init__(self, lock: Any) -> None:
        self.condition: Any = aiologic.Condition(lock)
        self.inside: list[None] = []
        self.most = 0
        self.items: list[int] = []
        self.put_so_far = 0
        self.taken: list[int] = []

    def enters(self) -> None:
        self.inside.append(None)
        self.most = max(self.most, len(self.inside))

    def put(self) -> Operation:
        condition = self.condition

        def green() -> str:
            with condition:
                self._put()
            return "put"

        async def aio() -> str:
            async with condition:
                self._put()
            return "put"

        return Operation("put", green, aio)

    def _put(self) -> None:
        self.enters()
        self.items.append(self.put_so_far)
        self.put_so_far += 1
        condition = self.condition
        condition.notify()
        self.inside.pop()

    def take(self, timeout: float | None) -> Operation:
        """Wait for an item, and take it, unless time runs out."""
        condition = self.condition

        def green() -> bool:
            with condition:
                while not self.items:
                    if not condition.wait(timeout):
                        break
                return self._take()

        async def aio() -> bool:
            async with condition:
                while not self.items:
                    if not await condition.with_(timeout):
                        break
                self.enters()
                try:
                    await async_checkpoint(force=True)
                finally:
                    self.inside.pop()
                return self._take()

        return Operation("take", green, aio)

    def take_by_predicate(self, timeout: float | None) -> Operation:
        condition = self.condition

        def predicate() -> bool:
            return bool(self.items)

        def green() -> bool:
            with condition:
                return bool(condition.wait_for(predicate, timeout)) and self._take()

        async def aio() -> bool:
            async with condition:
                is_there = await condition.for_(predicate, timeout)
                return bool(is_there) and self._take()

        return Operation("take by predicate", green, aio)

    def _take(self) -> bool:
        self.enters()
        got = bool(self.items)
        if got:
            self.taken.append(self.items.pop())
        self.inside.pop()
        return got


@pytest.mark.timeout(0)  # it has a time-out of its own for each step
@pytest.mark.parametrize(
    "make", [aiologic.Lock, aiologic.RLock, aiologic.BoundedBinarySemaphore]
)
def test_nothing_is_lost(
    make: Callable[[], Any],
    players: list[Player],
    dice: random.Random,
    seconds: float,
) -> None:
    store = Store(make())
    outcomes: Counter[object] = Counter()
    # Each call is cancelled once at most: a shield that holds back several cancellations of greenlets delivers the
    # first, and the others to whatever the actor does next.
    spared: dict[Player, bool] = {}

    def tell(outcome: object) -> None:
        outcomes[outcome] += 1

    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for player in players:
            if player.is_idle():
                timeout = dice.choice([None, 0, dice.uniform(0, LONGEST_TIME_OUT)])
                take = dice.choice([store.take, store.take_by_predicate])
                is_putting = dice.random() < 0.5
                spared[player] = False
                player.plays(store.put() if is_putting else take(timeout), tell)
            elif not spared[player] and dice.random() < HOW_OFTEN_CANCELLED:
                spared[player] = True
                player.cancel()

    all_idle = AllIdle(players, store.condition)
    until(lambda: len(all_idle.busy()) == store.condition.waiting, repr(all_idle))
    waiting = store.condition.waiting
    assert not (waiting and store.items), f"{waiting} wait beside an item"
    with world_of("thread").open() as threads:
        putter = threads.actor()
        while not all_idle():
            putter.does(store.put())

    assert store.most == 1, "several were inside at once"
    assert store.inside == []
    assert sorted(store.taken + store.items) == list(range(store.put_so_far))
    assert 0 < outcomes[True] <= len(store.taken)
    assert set(outcomes) <= {True, False, "put", CANCELLED}
    assert store.condition.waiting == 0
    assert not store.condition
