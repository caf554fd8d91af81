# SPDX-License-Identifier: ISC
"""The toyloop backend: combines the parts, and decides nothing itself."""

from __future__ import annotations

from aiologic.backends import AsyncBackend

from . import _cancellation, _checkpoints, _clock, _identity, _waiter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable
    from types import FrameType
    from typing import TypeVar

    T = TypeVar("T")


class ToyBackend(AsyncBackend):
    """Serves toyloop."""

    library = "toyloop"
    api_version = 1

    # What operations call is the function itself, and not a method that calls it, which would take longer.
    current_task = staticmethod(_identity.current_task)
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
        return await _cancellation.shield(awaitable)

    def clock(self) -> float:
        return _clock.clock()

    def longest_sleep(self) -> float:
        return _clock.LONGEST_DELAY
