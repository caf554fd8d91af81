# SPDX-License-Identifier: ISC
"""All worlds at once on one lock for readers and writers: some write, most read, with random time-outs and cancels.

(As a lock of writers alone it is one of those in test_stress.py.)
"""

from __future__ import annotations

import time
from typing import Counter

import aiologic
import pytest
from aiologic.lowlevel import async_checkpoint
from aiologic.testing.harness import CANCELLED, Operation, until

from .games import HOW_OFTEN_CANCELLED, LONGEST_TIME_OUT
from .players import AllIdle, Player
from .test_stress import dice, players, seconds

TYPE_CHECKING = False
if TYPE_CHECKING:
    import random
    from typing import Any

# Fixtures that are shared.
__all__ = ["dice", "players", "seconds"]

WRITERS_SHARE = 0.3


class Room:
    """What the lock guards, and who is inside."""

    def __init__(self, dice: random.Random) -> None:
        self.lock: Any = aiologic.RWLock()
        self.dice = dice
        self.readers: list[None] = []
        self.writers: list[None] = []
        self.problems: list[str] = []

    def enters(self, writes: bool) -> None:
        (self.writers if writes else self.readers).append(None)
        write, read = len(self.writers), len(self.readers)
        if write > 1 or (write and read):
            self.problems.append(f"{write} write and {read} read at once")

    def leaves(self, writes: bool) -> None:
        (self.writers if writes else self.readers).pop()

    def visit(self, writes: bool, timeout: float | None) -> Operation:
        """Come in, let others run, maybe read on after writing, and leave."""
        lock = self.lock
        side = lock.writing if writes else lock.reading
        reads_on = writes and self.dice.random() < WRITERS_SHARE

        def green() -> bool:
            if not side.green_acquire(timeout=timeout):
                return False
            self.enters(writes)
            time.sleep(0)
            self.leaves(writes)
            if not reads_on:
                side.green_release()
                return True
            lock.green_downgrade()
            self.enters(False)
            self.leaves(False)
            lock.reading.green_release()
            return True

        async def aio() -> bool:
            if not await side.async_acquire(timeout=timeout):
                return False
            self.enters(writes)
            try:
                await async_checkpoint(force=True)
            except BaseException:
                self.leaves(writes)
                side.async_release()
                raise
            self.leaves(writes)
            if not reads_on:
                side.async_release()
                return True
            lock.async_downgrade()
            self.enters(False)
            try:
                await async_checkpoint(force=True)
            finally:
                self.leaves(False)
                lock.reading.async_release()
            return True

        return Operation(f"{'write' if writes else 'read'}, {timeout}", green, aio)


@pytest.mark.timeout(0)  # it has a time-out of its own for each step
def test_writers_are_alone_and_nobody_is_lost(
    players: list[Player], dice: random.Random, seconds: float
) -> None:
    room = Room(dice)
    outcomes: Counter[object] = Counter()

    def tell(outcome: object) -> None:
        outcomes[outcome] += 1

    end = time.monotonic() + seconds
    while time.monotonic() < end or not outcomes[True]:
        for player in players:
            if player.is_idle():
                timeout = dice.choice([None, 0, dice.uniform(0, LONGEST_TIME_OUT)])
                writes = dice.random() < WRITERS_SHARE
                player.plays(room.visit(writes, timeout), tell)
            elif dice.random() < HOW_OFTEN_CANCELLED:
                player.cancel()
    until(AllIdle(players, room.lock))

    assert not room.problems
    assert (room.readers, room.writers) == ([], [])
    assert set(outcomes) <= {True, False, CANCELLED}
    assert room.lock.waiting == 0
    assert room.lock.statistics().holders == {}
    assert not room.lock
    with room.lock.writing:  # whoever comes next can have it
        assert room.lock.writer is not None
