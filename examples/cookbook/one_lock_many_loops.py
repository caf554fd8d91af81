# SPDX-License-Identifier: ISC
"""C1: a cache that is filled once, whichever event loop asks first."""

from __future__ import annotations

import asyncio
from threading import Thread

import aiologic

lock = aiologic.Lock()  # at import: no loop is needed, and none is remembered
cache: dict[str, str] = {}
fetched: list[str] = []


async def get(key: str) -> str:
    async with lock:
        if key not in cache:
            fetched.append(key)
            await asyncio.sleep(0.01)  # a request
            cache[key] = key.upper()
        return cache[key]


async def serve() -> None:
    had = await asyncio.gather(get("a"), get("b"), get("a"))
    assert [*had] == ["A", "B", "A"]


# A server's loop, a scheduler's, and another one.
threads = [Thread(target=asyncio.run, args=[serve()]) for _ in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()

assert sorted(fetched) == ["a", "b"]
print(f"3 loops asked 9 times; fetched: {', '.join(sorted(fetched))}")
