# SPDX-License-Identifier: ISC
"""C15: two threads and two loops begin when all of them are ready, and not before."""

from __future__ import annotations

import asyncio
from threading import Thread

import aiologic

gate = aiologic.Latch(4)
diary: list[str] = []


def in_a_thread() -> None:
    diary.append("ready")
    gate.wait()
    diary.append("go")


async def in_a_loop() -> None:
    diary.append("ready")
    await gate
    diary.append("go")


threads = [Thread(target=in_a_thread) for _ in range(2)]
threads += [Thread(target=lambda: asyncio.run(in_a_loop())) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()

assert diary == ["ready"] * 4 + ["go"] * 4
print(*diary)
