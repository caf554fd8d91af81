# SPDX-License-Identifier: ISC
"""C5: a thread tells a coroutine that something has happened."""

from __future__ import annotations

import asyncio
import threading
import time

import aiologic

done = aiologic.Event()


async def main() -> float:
    threading.Timer(0.02, done.set).start()
    begin = time.perf_counter()
    await done
    return time.perf_counter() - begin


seconds = asyncio.run(main(), debug=True)

assert 0.01 < seconds < 1
print("noticed at once; asyncio's debug mode does not mind either")
