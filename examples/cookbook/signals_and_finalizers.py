# SPDX-License-Identifier: ISC
"""C13: a signal stops a loop that sleeps, and a finalizer reports what was dropped."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import time
import weakref
from threading import Thread

import aiologic

stop = aiologic.Event()
dropped: aiologic.SimpleQueue[str] = aiologic.SimpleQueue()


class Connection:
    def __init__(self, name: str) -> None:
        # Called where the last reference is dropped, or by the collector: in any thread, in the middle of anything.
        weakref.finalize(self, dropped.put, name)


async def serve() -> None:
    connection = Connection("a connection")
    await stop
    del connection
    gc.collect()  # PyPy does not count references
    print(await dropped.async_get(), "was dropped")


def stop_me() -> None:
    while not stop:
        time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGTERM)


before = signal.signal(signal.SIGTERM, lambda *_: stop.set())
thread = Thread(target=stop_me)
thread.start()
asyncio.run(serve())  # no timer wakes this loop, only the handler
thread.join()
signal.signal(signal.SIGTERM, before)
