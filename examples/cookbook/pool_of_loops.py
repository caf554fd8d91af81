# SPDX-License-Identifier: ISC
"""C9: a pool of threads with an event loop in each; without the GIL they work at the same time."""

from __future__ import annotations

import asyncio
from threading import Thread
from typing import Awaitable, Callable

import aiologic

LOOPS, JOBS = 4, 200

work: aiologic.SimpleQueue[Callable[[], Awaitable[None]] | None] = (
    aiologic.SimpleQueue()
)
left = aiologic.CountdownEvent(JOBS)
done: list[int] = []


async def worker() -> None:
    while True:
        job = await work.async_get()
        if job is None:
            return
        await job()
        left.down()


def job(number: int) -> Callable[[], Awaitable[None]]:
    async def run() -> None:
        await asyncio.sleep(0)
        done.append(number)

    return run


async def main() -> None:  # in a fifth loop
    for number in range(JOBS):
        work.put(job(number))
    await left
    for _ in range(LOOPS):
        work.put(None)


threads = [Thread(target=lambda: asyncio.run(worker())) for _ in range(LOOPS)]
for thread in threads:
    thread.start()
asyncio.run(main())
for thread in threads:
    thread.join()

assert sorted(done) == list(range(JOBS))
print(f"{JOBS} jobs by {LOOPS} loops, each done once")
