# SPDX-License-Identifier: ISC
"""Bugs that show when a wait or a runtime has ended: what is lost with it, and what is left behind."""

from __future__ import annotations

import threading
from typing import Any

import toyloop
from aiologic_toy import _clock
from aiologic_toy._backend import ToyBackend

from .planting import bug, unparking


@bug(
    "test_a_grant_to_a_runtime_that_has_ended_is_reported",
    "test_a_crowd_of_a_runtime_that_has_ended_is_reported",
)
def drops_what_a_closed_loop_refuses() -> None:
    def unpark(self: Any) -> None:
        try:
            self._loop.call_soon_threadsafe(self.resume)
        except RuntimeError:
            return

    unparking(unpark)


@bug("test_a_grant_to_a_runtime_that_has_ended_is_reported")
def raises_when_the_loop_is_closed() -> None:
    unparking(lambda self: self._loop.call_soon_threadsafe(self.resume))


@bug("test_a_wait_that_is_over_leaves_no_timer")
def leaves_its_timers() -> None:
    _clock.Timer.cancel = lambda self: None  # type: ignore[method-assign]  # noqa: ARG005


@bug("test_a_runtime_leaves_nothing_behind", "test_a_wait_that_is_over_leaves_no_timer")
def keeps_its_waiters() -> None:
    kept: list[Any] = []
    right = ToyBackend.create_waiter

    def create_waiter() -> Any:
        waiter = right()
        kept.append(waiter)
        return waiter

    ToyBackend.create_waiter = staticmethod(create_waiter)


@bug("test_a_runtime_that_has_ended_is_collected")
def keeps_its_loops() -> None:
    kept: set[Any] = set()
    right = ToyBackend.create_waiter

    def create_waiter() -> Any:
        kept.add(toyloop.current_loop())
        return right()

    ToyBackend.create_waiter = staticmethod(create_waiter)


@bug("test_the_library_runs_no_more_when_it_has_ended")
def runs_for_ever_where_it_once_ran() -> None:
    place = threading.local()

    def is_running() -> bool:
        if toyloop.current_loop() is not None:
            place.was_here = True
        return hasattr(place, "was_here")

    ToyBackend.is_running = staticmethod(is_running)
