# SPDX-License-Identifier: ISC
"""The eventlet backend: puts the parts together, and decides nothing."""

from __future__ import annotations

from aiologic.backends import GreenBackend

from . import _cancellation, _checkpoints, _clock, _identity, _waiter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    T = TypeVar("T")


class EventletBackend(GreenBackend):
    """Serves eventlet's greenlets, patched or not, on every hub."""

    library = "eventlet"
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

    def shield(self, function: Callable[[], T]) -> T:
        # From now on, a greenlet may be the helper of another one. No look_again() is needed: green backends are asked
        # each time.
        self.current_task = _identity.current_principal
        return _cancellation.shield(function)

    def clock(self) -> float:
        return _clock.clock()

    def longest_sleep(self) -> float:
        return _clock.longest_delay()
