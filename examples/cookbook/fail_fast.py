# SPDX-License-Identifier: ISC
"""C3: a ``with`` in a coroutine that would freeze its loop for ever raises instead."""

from __future__ import annotations

import asyncio

import aiologic

lock = aiologic.Lock()
is_held, go_on = aiologic.Event(), aiologic.Event()


async def hold() -> str:
    async with lock:
        is_held.set()
        await go_on
    return "completed"


async def careless() -> str:
    try:
        with lock:  # "async with" was meant
            return "impossible"
    except RuntimeError as error:
        return str(error)


async def main() -> None:
    holder = asyncio.ensure_future(hold())
    await is_held

    complaint = await careless()
    assert "would block for ever" in complaint
    assert "hold()" in complaint  # the message names both functions

    go_on.set()
    print(f"the holder {await holder}; the other was told:")
    print(complaint.split(":")[0])


asyncio.run(main())
