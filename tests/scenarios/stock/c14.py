# SPDX-License-Identifier: ISC
"""A request that is given up leaves its reply to the next one, and all replies are shifted from then on."""

from __future__ import annotations

import asyncio


async def main() -> None:
    lock = asyncio.Lock()
    wire: asyncio.Queue[str] = asyncio.Queue()
    back: asyncio.Queue[str] = asyncio.Queue()

    async def ask(question: str) -> str:
        async with lock:
            await wire.put(question)
            return await back.get()

    impatient = asyncio.ensure_future(ask("one"))
    await asyncio.sleep(0)
    impatient.cancel()
    other = asyncio.ensure_future(ask("two"))
    for _ in range(2):
        await back.put(f"re: {await wire.get()}")
    print("asked: two, replied:", await other)


asyncio.run(main())
