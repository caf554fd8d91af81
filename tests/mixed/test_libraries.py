# SPDX-License-Identifier: ISC
"""Which library runs the caller, if several do: the innermost, and the one that runs now."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest
from aiologic.lowlevel import (
    async_clock,
    async_sleep,
    current_async_library,
    current_async_task,
    current_async_token,
    current_green_library,
    shield,
)

pytest.importorskip("aiologic_asyncio", reason="about both libraries")
pytest.importorskip("aiologic_trio", reason="about both libraries")
trio = pytest.importorskip("trio", reason="about both libraries")

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


async def in_asyncio() -> None:
    """Checks that asyncio answers everything that is asked here, and runs a shielded call, too."""
    loop = asyncio.get_running_loop()
    for library, task, token in await who(), await shield(who)():
        assert library == "asyncio"
        assert task is asyncio.current_task()
        assert token is loop
    assert abs(async_clock() - loop.time()) < 5
    await async_sleep(0.001)


async def in_trio() -> None:
    for library, task, token in await who(), await shield(who)():
        assert library == "trio"
        assert task is trio.lowlevel.current_task()
        assert token is trio.lowlevel.current_trio_token()
    assert abs(async_clock() - trio.current_time()) < 5
    await async_sleep(0.001)


async def who() -> tuple[str, Any, Any]:
    assert current_async_library(failsafe=True) == current_async_library()
    assert current_green_library() == "threading"
    return current_async_library(), current_async_task(), current_async_token()


def test_asyncio_inside_trio() -> None:
    """D17: sniffio's thread-local says trio all the time."""

    async def outer() -> None:
        await in_trio()
        asyncio.run(in_asyncio())
        await in_trio()

    trio.run(outer)


def test_trio_inside_asyncio() -> None:
    async def outer() -> None:
        await in_asyncio()
        trio.run(in_trio)
        await in_asyncio()

    asyncio.run(outer())


def test_trio_as_a_guest_of_asyncio() -> None:
    """They take turns in one thread."""

    async def outer() -> None:
        loop = asyncio.get_running_loop()
        ended: asyncio.Future[Any] = loop.create_future()
        trio.lowlevel.start_guest_run(
            partial(repeat, in_trio),
            run_sync_soon_threadsafe=loop.call_soon_threadsafe,
            run_sync_soon_not_threadsafe=loop.call_soon,
            done_callback=ended.set_result,
        )
        await repeat(in_asyncio)
        (await ended).unwrap()

    asyncio.run(outer())


async def repeat(function: Any) -> None:
    for _ in range(5):
        await function()
