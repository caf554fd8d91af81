# SPDX-License-Identifier: ISC
"""A thread puts into an asyncio.Queue: nobody notices, and a full queue raises instead of waiting."""

from __future__ import annotations

import asyncio
import os
from threading import Event, Thread

begins, is_had = Event(), Event()
queues: list[asyncio.Queue[int]] = []


async def consume() -> None:
    queue: asyncio.Queue[int] = asyncio.Queue(2)
    queues.append(queue)
    asyncio.get_running_loop().call_soon(begins.set)
    await queue.get()
    is_had.set()


Thread(target=lambda: asyncio.run(consume()), daemon=True).start()
assert begins.wait(5)
try:
    for number in range(3):
        queues[0].put_nowait(number)
except asyncio.QueueFull:
    print("a thread can't wait for a place")
if not is_had.wait(0.5):
    print("the one who waits for an item is not woken")
os._exit(0)
