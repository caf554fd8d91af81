# SPDX-License-Identifier: ISC
"""The asyncio backend: puts the parts together, and decides nothing."""

from __future__ import annotations

from asyncio import isfuture

from aiologic.backends import AsyncBackend, look_again

from . import _cancellation, _checkpoints, _clock, _identity, _waiter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import FrameType
    from typing import TypeVar

    T = TypeVar("T")


class AsyncioBackend(AsyncBackend):
    """Serves asyncio's own loops, uvloop's, and any others that implement asyncio's interface."""

    library = "asyncio"
    api_version = 1

    current_task: Callable[[], object | None] = staticmethod(_identity.current_task)
    is_running = staticmethod(_identity.is_running)
    current_token = staticmethod(_identity.current_token)
    create_waiter = staticmethod(_waiter.create_waiter)
    checkpoint = staticmethod(_checkpoints.checkpoint)

    def knows(self, task: object) -> bool:
        return _identity.knows(task)

    def runs_here(self, task: object) -> bool:
        return _identity.runs_here(task)

    def root_frame(self, task: object) -> FrameType | None:
        return _identity.root_frame(task)

    async def checkpoint_if_cancelled(self) -> None:
        await _cancellation.checkpoint_if_cancelled()

    async def shield(self, awaitable: Awaitable[T]) -> T:
        if self.current_task is not _identity.current_principal and not isfuture(
            awaitable
        ):
            # From now on, a task may be the helper of another one.
            self.current_task = _identity.current_principal
            look_again()
        return await _cancellation.shield(awaitable)

    def clock(self) -> float:
        return _clock.clock()

    def longest_sleep(self) -> float:
        return _clock.longest_delay()
