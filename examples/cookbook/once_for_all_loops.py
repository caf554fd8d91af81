# SPDX-License-Identifier: ISC
"""C6: a configuration that is loaded by the first task that asks, in any loop, and again if that failed."""

from __future__ import annotations

import asyncio
from threading import Thread

import aiologic

attempts: list[str] = []


@aiologic.once
async def config() -> dict[str, str]:
    attempts.append("attempt")
    await asyncio.sleep(0.01)  # a download
    if len(attempts) == 1:
        raise ConnectionError("the first download fails")
    return {"colour": "blue"}


had: list[dict[str, str]] = []
failures: list[str] = []


async def serve() -> None:
    try:
        had.append(await config())
    except ConnectionError as error:  # goes to one caller, and is not kept
        failures.append(str(error))


threads = [Thread(target=lambda: asyncio.run(serve())) for _ in range(6)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()

assert len(failures) == 1
assert len(attempts) == 2
assert all(each is had[0] for each in had)
print(f"6 loops, {len(attempts)} attempts, one result: {had[0]}")
