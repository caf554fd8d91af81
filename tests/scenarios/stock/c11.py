# SPDX-License-Identifier: ISC
"""A task of trio on asyncio's queue is refused; one on a queue of threads stops its loop."""

from __future__ import annotations

import asyncio
import os
import queue
import threading

import trio

ticks: list[None] = []
waits = threading.Event()


async def consume_asyncio() -> None:
    items: asyncio.Queue[int] = asyncio.Queue()
    try:
        await items.get()
    except (AttributeError, RuntimeError, TypeError) as error:
        print("refused:", error)


async def beat() -> None:
    while True:
        ticks.append(None)
        await trio.lowlevel.checkpoint()


async def consume_sync() -> None:
    async with trio.open_nursery() as nursery:
        nursery.start_soon(beat)
        await trio.lowlevel.checkpoint()
        ticks.clear()
        waits.set()
        queue.Queue().get()


loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)
trio.run(consume_asyncio)
threading.Thread(target=trio.run, args=[consume_sync], daemon=True).start()
assert waits.wait(5)
threading.Event().wait(0.3)
if not ticks:
    print("the loop stands still while it waits for an item")
os._exit(0)
