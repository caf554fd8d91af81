# SPDX-License-Identifier: ISC
"""threading's semaphore in an executor, with waits that time out: the threads stay, and a ghost takes the permit."""

from __future__ import annotations

import asyncio
import os
import threading
from contextlib import suppress

semaphore = threading.Semaphore(0)


async def main() -> None:
    loop = asyncio.get_running_loop()
    for _ in range(5):
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(loop.run_in_executor(None, semaphore.acquire), 0.01)
    print(threading.active_count() - 1, "threads wait on")
    semaphore.release()
    threading.Event().wait(0.2)
    if not semaphore.acquire(blocking=False):
        print("a ghost has the permit")
    os._exit(0)


asyncio.run(main())
