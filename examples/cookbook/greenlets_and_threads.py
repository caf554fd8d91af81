# SPDX-License-Identifier: ISC
"""C10: a camera's native thread hands pictures to greenlets of gevent, and to a loop of asyncio."""

from __future__ import annotations

import asyncio
from threading import Thread

import aiologic
import gevent

PICTURES = 40

pictures: aiologic.SimpleQueue[int | None] = aiologic.SimpleQueue()
seen: dict[str, list[int]] = {"greenlet": [], "task": []}


def camera() -> None:  # knows nothing of gevent
    for number in range(PICTURES):
        pictures.put(number)
    pictures.put(None)
    pictures.put(None)


def greenlet() -> None:
    for picture in iter(pictures.green_get, None):  # other greenlets run meanwhile
        seen["greenlet"].append(picture)


async def task() -> None:
    while True:
        picture = await pictures.async_get()
        if picture is None:
            return
        seen["task"].append(picture)


def hub() -> None:
    beats: list[int] = []

    def beat() -> None:
        while True:
            beats.append(1)
            gevent.sleep(0)

    heart = gevent.spawn(beat)
    gevent.spawn(greenlet).join()
    heart.kill()
    assert beats
    gevent.get_hub().destroy()  # this thread's hub; the thread ends here


threads = [
    Thread(target=hub),
    Thread(target=lambda: asyncio.run(task())),
    Thread(target=camera),
]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()

assert sorted(seen["greenlet"] + seen["task"]) == list(range(PICTURES))
print(f"{PICTURES} pictures, each seen once")
