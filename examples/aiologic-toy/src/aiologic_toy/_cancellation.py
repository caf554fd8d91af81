# SPDX-License-Identifier: ISC
"""toyloop's cancellation: an exception that is thrown into the task where it waits, once for each ``cancel()``."""

# A wait needs nothing of its own: the exception comes out of suspend(), and passes. If the task was woken in the same
# moment, core hears of the exception, and gives what was granted to the next.

from __future__ import annotations

from toyloop import current_task

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable
    from typing import TypeVar

    T = TypeVar("T")


async def checkpoint_if_cancelled() -> None:
    """Nothing: a cancellation that is due is thrown when the task next waits."""


async def shield(awaitable: Awaitable[T]) -> T:
    """Await to the end; what was cancelled meanwhile is thrown when the task next waits."""
    task = current_task()
    assert task is not None
    task.masks += 1
    try:
        return await awaitable
    finally:
        task.masks -= 1
