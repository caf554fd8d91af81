# SPDX-License-Identifier: ISC
"""A threading.RLock for threads and tasks: it stops the loop, and lets two of its tasks in at once."""

from __future__ import annotations

import asyncio
import os
from threading import Event, RLock, Thread

lock = RLock()
inside: list[int] = []
ticks: list[None] = []
is_held = Event()


async def section(number: int) -> None:
    with lock:
        inside.append(number)
        await asyncio.sleep(0)
        if len(inside) > 1:
            print("two tasks are inside at once")
        await asyncio.sleep(0)
        inside.remove(number)


async def beat() -> None:
    while True:
        ticks.append(None)
        await asyncio.sleep(0)


async def main() -> None:
    await asyncio.gather(section(1), section(2))
    heart = asyncio.ensure_future(beat())
    await asyncio.sleep(0)
    thread.start()
    is_held.wait()
    ticks.clear()
    await section(3)
    heart.cancel()


def hold() -> None:
    with lock:
        is_held.set()
        Event().wait(0.3)
        if not ticks:
            print("the loop stands still while a thread has it")
        os._exit(0)


thread = Thread(target=hold)
asyncio.run(main())
