# SPDX-License-Identifier: ISC
"""A threading.Lock that another task of the loop has: the loop stands still for ever."""

from __future__ import annotations

import asyncio
import os
from threading import Event, Lock, Thread

lock = Lock()
asks, is_over = Event(), Event()


async def hold() -> None:
    with lock:
        await asyncio.sleep(0)
    is_over.set()


async def careless() -> None:
    asks.set()
    with lock:
        is_over.set()


async def main() -> None:
    await asyncio.gather(hold(), careless())


Thread(target=lambda: asyncio.run(main()), daemon=True).start()
assert asks.wait(5)
if not is_over.wait(0.5):
    print("the loop stands still, and nobody is told")
os._exit(0)
