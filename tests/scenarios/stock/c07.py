# SPDX-License-Identifier: ISC
"""A thread shuts an asyncio.Queue down, which is possible since Python 3.13: the task that waits does not leave."""

from __future__ import annotations

import asyncio
import os
from threading import Event, Thread
from typing import Any

begins, has_left = Event(), Event()
queues: list[Any] = []


async def consume() -> None:
    queues.append(asyncio.Queue())
    asyncio.get_running_loop().call_soon(begins.set)
    try:
        await queues[0].get()
    finally:
        has_left.set()


Thread(target=lambda: asyncio.run(consume()), daemon=True).start()
assert begins.wait(5)
try:
    queues[0].shutdown()
except AttributeError as error:
    print(error)
if not has_left.wait(0.5):
    print("the one who waits does not leave")
os._exit(0)
