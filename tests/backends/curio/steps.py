# SPDX-License-Identifier: ISC
"""What the tests of curio's tasks share."""

from __future__ import annotations

import threading

import pytest
from aiologic._runtime.detect import worlds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any

curio: Any = pytest.importorskip(
    "curio", reason="curio can't be imported on Python 3.12 and newer"
)

#: A time-out that far away expires only in tests that fail.
FAR = 5


def run(function: Callable[[], Awaitable[Any]]) -> Any:
    """Run it in a kernel of its own; fail if it hangs."""

    async def in_time() -> Any:
        async with curio.timeout_after(2 * FAR):
            return await function()

    return curio.run(in_time)


async def until_waiting(primitive: Any, count: int = 1) -> None:
    while primitive.waiting != count:
        await curio.sleep(0)


def in_a_thread(function: Callable[[], object]) -> None:
    """Run it in a thread of its own, now."""
    thread = threading.Thread(target=function)
    thread.start()
    thread.join()


class Source:
    """Stands for a primitive; records what becomes of a grant."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def _take_back(self, waiter: object) -> None:
        self.heard.append("taken back")

    def _leave(self, waiter: object) -> None:
        self.heard.append("left")


def new_waiter(source: Source) -> Any:
    """A waiter for the current task, as a primitive creates it."""
    waiter: Any = worlds.async_world()[0].create_waiter()
    waiter.source = source
    return waiter
