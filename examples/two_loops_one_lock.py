# SPDX-License-Identifier: ISC
"""Two event loops in two threads, and one lock that all their tasks share.

Each loop runs two tasks. All four start at once, and then take turns, in the order in
which they came. Neither loop stops while its tasks wait, as it would with a
``threading.Lock``. And an ``asyncio.Lock`` would raise a ``RuntimeError`` as soon as
the second loop had to wait for the first.
"""

from __future__ import annotations

import asyncio
from threading import Thread

import aiologic

lock = aiologic.Lock()


async def work(loop: int, task: int) -> None:
    print(f"loop {loop}, task {task}: wants the lock")
    async with lock:
        print(f"loop {loop}, task {task}: has it")
        await asyncio.sleep(0.1)
        print(f"loop {loop}, task {task}: gives it back")


async def main(loop: int) -> None:
    await asyncio.gather(work(loop, 0), work(loop, 1))


threads = [Thread(target=asyncio.run, args=[main(loop)]) for loop in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
