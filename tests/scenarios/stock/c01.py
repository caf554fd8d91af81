# SPDX-License-Identifier: ISC
"""An asyncio.Lock, and three loops: one has it, one waits, one is refused; and nobody wakes the one that waits."""

from __future__ import annotations

import asyncio
import os
from threading import Event, Thread

lock = asyncio.Lock()
is_held, is_waited_for, has_failed, is_free = Event(), Event(), Event(), Event()


async def hold() -> None:
    async with lock:
        is_held.set()
        is_waited_for.wait()
        has_failed.wait()
    is_free.set()


async def wait() -> None:
    asyncio.get_running_loop().call_soon(is_waited_for.set)
    try:
        async with lock:
            print("it was woken")
    except (
        RuntimeError
    ) as error:  # before Python 3.10, a lock belongs to a loop from its creation
        print(error)


async def fail() -> None:
    try:
        async with lock:
            print("it was not refused")
    except RuntimeError as error:
        print(error)
    has_failed.set()


threads = [
    Thread(target=lambda f=f: asyncio.run(f()), daemon=True) for f in (hold, wait, fail)
]
for thread, begun in zip(threads, (is_held, is_waited_for, has_failed)):
    thread.start()
    assert begun.wait(5)
assert is_free.wait(5)

threads[1].join(0.5)
if threads[1].is_alive():
    print("the lock is free, and the one who waits is not woken")
os._exit(0)
