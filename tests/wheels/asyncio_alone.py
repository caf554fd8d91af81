# SPDX-License-Identifier: ISC
"""Core and the asyncio backend: two loops and a thread take turns."""

from __future__ import annotations

import asyncio
import sys
import threading

import aiologic

lock = aiologic.Lock()
turns: list[None] = []


async def task() -> None:
    for _ in range(100):
        async with lock:
            turns.append(None)
            await asyncio.sleep(0)


async def two_tasks() -> None:
    await asyncio.gather(task(), task())


threads = [threading.Thread(target=asyncio.run, args=[two_tasks()]) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    with lock:
        turns.append(None)
    thread.join()
assert len(turns) == 402
assert not {"anyio", "trio", "aiologic_trio"} & set(sys.modules)
print("core and asyncio: ok")
