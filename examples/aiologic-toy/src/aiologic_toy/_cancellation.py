# SPDX-License-Identifier: ISC
"""toyloop's cancellation: an exception that is thrown into the task where it waits, once for each ``cancel()``."""

# A wait need not do anything: the exception comes out of suspend(), and is passed on. If the task was woken at the same
# moment, core gets the exception, and passes what was granted to the next task.

from __future__ import annotations

from toyloop import current_task

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable
    from typing import TypeVar

    T = TypeVar("T")


async def checkpoint_if_cancelled() -> None:
    """Do nothing: a pending cancellation is thrown when the task next waits."""


async def shield(awaitable: Awaitable[T]) -> T:
    """Await to the end; a cancellation that comes meanwhile is thrown when the task next waits."""
    task = current_task()
    assert task is not None
    task.masks += 1
    try:
        return await awaitable
    finally:
        task.masks -= 1
