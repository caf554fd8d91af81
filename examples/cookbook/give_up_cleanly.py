# SPDX-License-Identifier: ISC
"""C12: ways to give up waiting, none of which leaves anything behind."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress

import aiologic

lock = aiologic.Lock()
event = aiologic.Event()


async def main() -> None:
    lock.green_acquire()  # the owner is a thread: this one

    # asyncio's way; since Python 3.11 also "async with asyncio.timeout(...)".
    for _ in range(25):
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(lock.async_acquire(), 0.001)
    # Our way: no exception, and the same in each library.
    assert not await lock.async_acquire(timeout=0.001)
    assert not await event.with_(0.001)

    assert lock.waiting == event.waiting == 0
    assert threading.active_count() == 1  # no helper thread is waiting
    lock.green_release()
    assert await lock.async_acquire(timeout=0)  # and nothing that gave up has the lock


asyncio.run(main())
print("27 gave up, and left nothing")
