# SPDX-License-Identifier: ISC
"""C2: a client with a method for threads and one for tasks, under one lock."""

from __future__ import annotations

import asyncio
import time
from threading import Thread

import aiologic


class Client:
    def __init__(self) -> None:
        self._lock = aiologic.Lock()
        self.wire: list[str] = []

    def call(self, name: str) -> None:
        with self._lock:
            self.wire.append(f"{name} >")
            time.sleep(0.001)
            self.wire.append(f"< {name}")

    async def acall(self, name: str) -> None:
        async with self._lock:  # the loop goes on meanwhile
            self.wire.append(f"{name} >")
            await asyncio.sleep(0.001)
            self.wire.append(f"< {name}")


async def main() -> None:
    await asyncio.gather(*[client.acall(f"task {n}") for n in range(4)])


client = Client()
threads = [Thread(target=client.call, args=[f"thread {n}"]) for n in range(4)]
for thread in threads:
    thread.start()
asyncio.run(main())
for thread in threads:
    thread.join()

for begin, end in zip(client.wire[::2], client.wire[1::2]):
    assert end == f"< {begin[:-2]}"  # no other came in between
print(f"{len(client.wire) // 2} calls, one after the other")
