# SPDX-License-Identifier: ISC
"""A thread sets an asyncio.Event: nobody notices, or, in debug mode, it is refused."""

from __future__ import annotations

import asyncio
import os
from threading import Event, Thread

events: list[asyncio.Event] = []


def try_it(is_debug: bool) -> None:
    begins, is_woken = Event(), Event()

    async def wait() -> None:
        events.append(asyncio.Event())
        asyncio.get_running_loop().call_soon(begins.set)
        await events[-1].wait()
        is_woken.set()

    Thread(target=lambda: asyncio.run(wait(), debug=is_debug), daemon=True).start()
    assert begins.wait(5)
    try:
        events[-1].set()
    except RuntimeError as error:
        print(error)
    else:
        if not is_woken.wait(0.5):
            print("it is set, and the one who waits is not woken")


try_it(is_debug=False)
try_it(is_debug=True)
os._exit(0)
