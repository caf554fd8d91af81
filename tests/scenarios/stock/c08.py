# SPDX-License-Identifier: ISC
"""An asyncio.Semaphore as the limit of two loops: a task of the second one that has to wait is refused."""

from __future__ import annotations

import asyncio
import os
from threading import Event, Thread

semaphore = asyncio.Semaphore(1)
is_bound, is_full, has_tried = Event(), Event(), Event()


async def first() -> None:
    async with semaphore:
        waiting = asyncio.ensure_future(semaphore.acquire())
        await asyncio.sleep(0)
        is_full.set()
        has_tried.wait()
        waiting.cancel()


async def second() -> None:
    try:
        async with semaphore:
            print("it was not refused")
    except RuntimeError as error:
        print(error)
    has_tried.set()


Thread(target=lambda: asyncio.run(first()), daemon=True).start()
assert is_full.wait(5)
Thread(target=lambda: asyncio.run(second()), daemon=True).start()
assert has_tried.wait(5)
os._exit(0)
