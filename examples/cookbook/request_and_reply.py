# SPDX-License-Identifier: ISC
"""C14: tasks and threads ask a device that answers one question after the other."""

from __future__ import annotations

import asyncio
from threading import Thread

import aiologic
from aiologic.lowlevel import shield

lock = aiologic.Lock()
wire: aiologic.SimpleQueue[str] = aiologic.SimpleQueue()
back: aiologic.SimpleQueue[str] = aiologic.SimpleQueue()


def device() -> None:
    for question in iter(wire.green_get, ""):
        back.put(f"re: {question}")


async def ask(question: str) -> str:
    async with lock:
        wire.put(question)
        # Even if cancelled here, wait for the reply: otherwise the next request would get it.
        return await shield(back.async_get)()


def ask_sync(question: str) -> str:
    with lock:
        wire.put(question)
        return back.green_get()


async def main(name: str) -> None:
    impatient = asyncio.ensure_future(ask("never mind"))
    await asyncio.sleep(0)
    impatient.cancel()
    for n in range(20):
        assert await ask(f"{name} {n}") == f"re: {name} {n}"
    assert impatient.cancelled()


def in_a_thread() -> None:
    for n in range(20):
        assert ask_sync(f"thread {n}") == f"re: thread {n}"


answering = Thread(target=device)
answering.start()
threads = [Thread(target=lambda n=n: asyncio.run(main(f"loop {n}"))) for n in range(2)]
threads.append(Thread(target=in_a_thread))
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
wire.put("")
answering.join()

assert len(back) == 0
print("60 questions, and each got its own reply")
