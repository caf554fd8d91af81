# SPDX-License-Identifier: ISC
"""Readers and writers in threads and on two event loops at once, with time-outs and cancellations."""

from __future__ import annotations

import asyncio
import random
import threading
from typing import Any, Callable

import aiologic

ROUNDS = 300
TASKS_PER_LOOP = 4
SECONDS = 0.002  # a time-out that is too short for some, and not for others


class Room:
    """What the lock guards: counts the tasks inside."""

    def __init__(self) -> None:
        self.lock = aiologic.RWLock()
        self.readers: list[None] = []
        self.writers: list[None] = []
        self.visits: list[str] = []

    def side(self, rng: random.Random) -> tuple[bool, Any]:
        writes = rng.random() < 0.3
        return writes, self.lock.writing if writes else self.lock.reading

    def be_inside(self, writes: bool) -> None:
        inside = self.writers if writes else self.readers
        inside.append(None)
        assert len(self.writers) <= 1
        assert not (self.writers and self.readers)
        inside.pop()
        self.visits.append("w" if writes else "r")


def visit_in_thread(room: Room, seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(ROUNDS):
        writes, side = room.side(rng)
        if side.green_acquire(timeout=rng.choice([None, SECONDS])):
            room.be_inside(writes)
            if writes and rng.random() < 0.3:
                room.lock.green_downgrade()
                room.be_inside(False)
            side.green_release()


async def visit_in_task(room: Room, seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(ROUNDS):
        writes, side = room.side(rng)
        if not await side.async_acquire(timeout=rng.choice([None, SECONDS])):
            continue
        try:
            room.be_inside(writes)
            await asyncio.sleep(0)
            if writes and rng.random() < 0.3:
                room.lock.async_downgrade()
                room.be_inside(False)
        finally:
            side.async_release()


async def be_cancelled(room: Room, seed: int) -> None:
    """Waits that are cancelled at any moment, served or not."""
    rng = random.Random(seed)

    async def visit() -> None:
        writes, side = room.side(rng)
        async with side:
            room.be_inside(writes)
            await asyncio.sleep(0)

    for _ in range(ROUNDS):
        task = asyncio.ensure_future(visit())
        for _ in range(rng.randrange(4)):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled() or task.exception() is None


def run_loop(room: Room, seed: int) -> None:
    async def main() -> None:
        visits = [visit_in_task(room, seed + n) for n in range(TASKS_PER_LOOP)]
        await asyncio.gather(be_cancelled(room, seed), *visits)

    asyncio.run(main())


def test_nobody_is_lost_and_writers_are_alone() -> None:
    room = Room()
    errors: list[BaseException] = []

    def guarded(function: Callable[[Room, int], None], seed: int) -> None:
        try:
            function(room, seed)
        except BaseException as error:
            errors.append(error)

    functions = [visit_in_thread, visit_in_thread, run_loop, run_loop]
    threads = [
        threading.Thread(target=guarded, args=(function, 100 * n), daemon=True)
        for n, function in enumerate(functions)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert not errors
    assert not any(thread.is_alive() for thread in threads), room.lock
    assert not room.lock
    assert room.lock.waiting == 0
    assert room.lock.readers == []
    assert {"r", "w"} == set(room.visits)
