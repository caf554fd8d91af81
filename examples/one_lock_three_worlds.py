# SPDX-License-Identifier: ISC
"""One lock for threads, for asyncio tasks on two loops, and for trio tasks.

Each thread and task takes the lock a few times, and records from when to when it had
it. At the end the diary is printed and checked: no two of them ever held the lock at
the same time. The script fails if they did.
"""

from __future__ import annotations

import asyncio
import sys
import time
from threading import Thread
from typing import NamedTuple

import aiologic
import trio

TURNS = 3
NAP = 0.005

lock = aiologic.Lock()
start = aiologic.Event()  # one event for all of them, too


class Turn(NamedTuple):
    """One time that the lock was held."""

    begin: float
    end: float
    who: str


diary: list[Turn] = []


def in_a_thread(who: str) -> None:
    start.wait()
    for _ in range(TURNS):
        with lock:
            begin = time.perf_counter()
            time.sleep(NAP)
            diary.append(Turn(begin, time.perf_counter(), who))


async def in_asyncio(who: str) -> None:
    await start
    for _ in range(TURNS):
        async with lock:
            begin = time.perf_counter()
            await asyncio.sleep(NAP)
            diary.append(Turn(begin, time.perf_counter(), who))


async def two_tasks_of_asyncio(loop: str) -> None:
    await asyncio.gather(in_asyncio(f"{loop}, task 1"), in_asyncio(f"{loop}, task 2"))


async def in_trio(who: str) -> None:
    await start
    for _ in range(TURNS):
        async with lock:
            begin = time.perf_counter()
            await trio.sleep(NAP)
            diary.append(Turn(begin, time.perf_counter(), who))


async def two_tasks_of_trio() -> None:
    async with trio.open_nursery() as nursery:
        nursery.start_soon(in_trio, "trio, task 1")
        nursery.start_soon(in_trio, "trio, task 2")


def overlaps(turns: list[Turn]) -> list[tuple[Turn, Turn]]:
    """The pairs of consecutive turns that overlap."""
    ordered = sorted(turns)
    return [(a, b) for a, b in zip(ordered, ordered[1:]) if b.begin < a.end]


threads = [
    Thread(target=in_a_thread, args=["thread 1"]),
    Thread(target=in_a_thread, args=["thread 2"]),
    Thread(target=asyncio.run, args=[two_tasks_of_asyncio("asyncio, loop 1")]),
    Thread(target=asyncio.run, args=[two_tasks_of_asyncio("asyncio, loop 2")]),
    Thread(target=trio.run, args=[two_tasks_of_trio]),
]
for thread in threads:
    thread.start()
while start.waiting < 8:  # loops need a moment to start
    time.sleep(0.001)
zero = time.perf_counter()
start.set()
for thread in threads:
    thread.join()

print("  from ms    to ms  who held the lock")
for turn in sorted(diary):
    begin, end = (1000 * (moment - zero) for moment in turn[:2])
    print(f"{begin:9.2f}{end:9.2f}  {turn.who}")

if len(diary) != 8 * TURNS:
    sys.exit(f"expected {8 * TURNS} turns, and saw {len(diary)}")
if overlaps(diary):
    sys.exit(f"held by two at once: {overlaps(diary)}")
print(f"{len(diary)} turns of 8 tasks, and never two at once.")
