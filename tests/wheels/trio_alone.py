# SPDX-License-Identifier: ISC
"""Core and the trio backend: two runs take turns, and no other backend is loaded."""

from __future__ import annotations

import sys
import threading

import aiologic
import trio

lock = aiologic.Lock()
turns: list[None] = []


async def task() -> None:
    for _ in range(100):
        async with lock:
            turns.append(None)
            await trio.lowlevel.checkpoint()


async def two_tasks() -> None:
    async with trio.open_nursery() as nursery:
        nursery.start_soon(task)
        nursery.start_soon(task)


threads = [threading.Thread(target=trio.run, args=[two_tasks]) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert len(turns) == 400
assert not {"aiologic_asyncio", "anyio", "gevent", "eventlet"} & set(sys.modules)
print("core and trio: ok")
