# SPDX-License-Identifier: ISC
"""Core alone: threads work, and a task is told what to install."""

from __future__ import annotations

import asyncio
import threading

import aiologic

lock = aiologic.Lock()
turns: list[None] = []


def hold() -> None:
    for _ in range(1000):
        with lock:
            turns.append(None)


threads = [threading.Thread(target=hold) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert len(turns) == 4000


async def task() -> str:
    try:
        async with lock:
            raise AssertionError("nobody serves asyncio here")
    except aiologic.AsyncLibraryNotFoundError as error:
        return str(error)


assert "pip install aiologic-asyncio" in asyncio.run(task())
print("core alone: ok")
