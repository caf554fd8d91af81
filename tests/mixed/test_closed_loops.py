# SPDX-License-Identifier: ISC
"""A loop of asyncio's that is closed while a task waits, seen from every other world."""

from __future__ import annotations

import asyncio
import gc

import aiologic
import pytest
from aiologic.testing.harness import acquire, release, until

from tests.worlds.catalogue import NAMES, world_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import Exclusive


def new_loop(name: str) -> asyncio.AbstractEventLoop:
    if name == "uvloop":
        uvloop = pytest.importorskip("uvloop", reason="loops of uvloop need uvloop")
        loop: asyncio.AbstractEventLoop = uvloop.new_event_loop()
        return loop
    return asyncio.new_event_loop()


def close_then_release(close: Callable[[], None], release: Callable[[], None]) -> None:
    close()
    release()


def release_then_close(close: Callable[[], None], release: Callable[[], None]) -> None:
    release()
    close()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("closed", ["asyncio", "uvloop"])
@pytest.mark.parametrize("order", [close_then_release, release_then_close])
def test_the_next_world_in_line_gets_it(
    name: str,
    closed: str,
    order: Callable[[Callable[[], None], Callable[[], None]], None],
    exclusive: Exclusive,
) -> None:
    pytest.importorskip("aiologic_asyncio", reason="asyncio needs its backend")
    with world_of(name).open() as stage:
        holder, next_one = stage.actor(), stage.actor()
        holder.does(acquire(exclusive))
        loop = new_loop(closed)
        loop.set_exception_handler(lambda loop, context: None)  # noqa: ARG005
        waiting = asyncio.ensure_future(exclusive.async_acquire(), loop=loop)
        loop.call_soon(loop.stop)
        loop.run_forever()
        call = next_one.starts(acquire(exclusive))
        until(lambda: exclusive.waiting == 2)

        def close() -> None:
            loop.close()
            gc.collect()  # if the loop's queue is not emptied at once

        order(close, lambda: holder.does(release(exclusive)))

        assert call.result() is True
        assert exclusive.waiting == 0
        assert not waiting.done()
        if isinstance(exclusive, aiologic.Lock):
            assert exclusive.locked()
        next_one.does(release(exclusive))
        assert holder.does(acquire(exclusive, blocking=False)) is True
    del waiting
    gc.collect()
