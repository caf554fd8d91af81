# SPDX-License-Identifier: ISC
"""functools.lru_cache on a coroutine function caches a coroutine; a lock for each loop lets it run in each."""

from __future__ import annotations

import asyncio
import functools
from threading import Barrier, Thread

calls: list[str] = []
together = Barrier(2)


@functools.lru_cache(maxsize=None)
async def cached() -> str:
    return "config"


async def twice() -> None:
    await cached()
    try:
        await cached()
    except RuntimeError as error:
        print(error)


async def load() -> None:
    lock = asyncio.Lock()  # a single one for all loops is refused: see c01.py
    async with lock:
        if not calls:
            together.wait(5)
            calls.append("load")


asyncio.run(twice())
threads = [Thread(target=lambda: asyncio.run(load())) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
if len(calls) == 2:
    print("it was loaded twice")
