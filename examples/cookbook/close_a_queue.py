# SPDX-License-Identifier: ISC
"""C7: one call tells all workers that there is no more work, in threads and in loops."""

from __future__ import annotations

import asyncio
from threading import Thread

import aiologic

jobs: aiologic.Queue[int] = aiologic.Queue()
done: aiologic.SimpleQueue[int] = aiologic.SimpleQueue()


def work_in_a_thread() -> None:
    for job in jobs:  # ends when the queue is closed and empty
        done.put(job)


async def work_in_a_loop() -> None:
    async for job in jobs:
        done.put(job)


threads = [
    Thread(target=work_in_a_thread),
    Thread(target=lambda: asyncio.run(work_in_a_loop())),
    Thread(target=lambda: asyncio.run(work_in_a_loop())),
]
for thread in threads:
    thread.start()
for job in range(30):
    jobs.put_nowait(job)
jobs.shutdown()
for thread in threads:
    thread.join()

assert sorted(done.get_nowait() for _ in range(30)) == list(range(30))
try:
    jobs.put_nowait(30)
except aiologic.QueueShutDown:
    print("30 jobs done, and the next one refused")
