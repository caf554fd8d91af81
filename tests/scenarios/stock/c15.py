# SPDX-License-Identifier: ISC
"""A threading.Barrier for a thread and two tasks of one loop: the first task keeps the second one from arriving."""

from __future__ import annotations

import asyncio
import threading

barrier = threading.Barrier(3, timeout=0.3)


def come() -> None:
    try:
        barrier.wait()
    except threading.BrokenBarrierError:
        print("broken: not all could come")


async def acome() -> None:
    come()


async def main() -> None:
    await asyncio.gather(acome(), acome())


thread = threading.Thread(target=come)
thread.start()
asyncio.run(main())
thread.join()
