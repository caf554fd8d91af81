# SPDX-License-Identifier: ISC
"""C4: an engine's thread produces tokens, a coroutine sends them on; the thread waits while the client is slow."""

from __future__ import annotations

import asyncio
from threading import Thread
from typing import AsyncIterator

import aiologic

WORDS = ["never", "more", "than", "three", "words", "are", "on", "their", "way"]

queue: aiologic.Queue[str] = aiologic.Queue(3)


def engine() -> None:
    for token in WORDS:
        queue.green_put(token)  # waits while there are three in it
    queue.shutdown()  # what is in it can still be got


async def stream() -> AsyncIterator[str]:
    async for token in queue:
        assert len(queue) <= 3
        yield token


async def main() -> None:
    thread = Thread(target=engine)
    thread.start()
    sent = []
    async for token in stream():
        await asyncio.sleep(0.001)  # a slow client
        sent.append(token)
    thread.join()

    assert sent == WORDS
    print(*sent)


asyncio.run(main())
