# SPDX-License-Identifier: ISC
"""C11: trio, asyncio and a thread take items from one queue, each as many as it can handle."""

from __future__ import annotations

import asyncio
from threading import Thread

import aiologic
import trio

ITEMS = 300

queue: aiologic.SimpleQueue[int | None] = aiologic.SimpleQueue()
had: dict[str, list[int]] = {"trio": [], "asyncio": [], "thread": []}


async def consume(who: str) -> None:  # the same for trio and asyncio
    while True:
        item = await queue.async_get()
        if item is None:
            return
        had[who].append(item)


def consume_sync(who: str) -> None:
    while True:
        item = queue.green_get()
        if item is None:
            return
        had[who].append(item)


threads = [
    Thread(target=trio.run, args=[consume, "trio"]),
    Thread(target=lambda: asyncio.run(consume("asyncio"))),
    Thread(target=consume_sync, args=["thread"]),
]
for thread in threads:
    thread.start()
for number in range(ITEMS):
    queue.put(number)
for _ in threads:
    queue.put(None)
for thread in threads:
    thread.join()

assert sorted(item for share in had.values() for item in share) == list(range(ITEMS))
print(f"{ITEMS} items, each had once")
