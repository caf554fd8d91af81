# SPDX-License-Identifier: ISC
"""An asyncio.Queue as the source of work for two loops in threads: the second worker is refused."""

from __future__ import annotations

import asyncio
import os
from threading import Event, Thread

queue: asyncio.Queue[int] = asyncio.Queue()
waits, has_tried = Event(), Event()


async def first() -> None:
    asyncio.get_running_loop().call_soon(waits.set)
    try:
        await queue.get()
    except (
        RuntimeError
    ) as error:  # before Python 3.10, a queue belongs to a loop from its creation
        print(error)


async def second() -> None:
    try:
        await queue.get()
    except RuntimeError as error:
        print(error)
    has_tried.set()


Thread(target=lambda: asyncio.run(first()), daemon=True).start()
assert waits.wait(5)
Thread(target=lambda: asyncio.run(second()), daemon=True).start()
assert has_tried.wait(5)
os._exit(0)
