# SPDX-License-Identifier: ISC
"""Bugs in time-outs, sleeps and checkpoints; and two other clocks, which are not bugs."""

from __future__ import annotations

import time
from typing import Any

import toyloop
from aiologic_toy import _clock
from aiologic_toy._backend import ToyBackend
from aiologic_toy._waiter import ToyWaiter

from .planting import bug, parking, variation


@bug(
    "test_a_huge_time_out_does_not_overflow",
    "test_a_huge_sleep_goes_on_until_it_is_cancelled",
)
def does_not_count_beyond_31_bits() -> None:
    right = ToyWaiter.park

    async def park(self: Any, timeout: float | None) -> bool:
        if timeout is not None and timeout * 1000 >= 2**31:
            timeout = 0
        return await right(self, timeout)

    parking(park)


@bug("test_a_huge_time_out_does_not_overflow", "test_a_huge_time_out_is_cancelled")
def counts_time_in_one_portion() -> None:
    def go_on(self: Any) -> None:
        self._handle = self._loop.call_later(self._left, self._action)

    _clock.Timer._go_on = go_on  # type: ignore[method-assign]


@bug("test_a_sleep_lasts_as_long_as_it_says", "test_time_does_not_run_out_early")
def takes_seconds_for_milliseconds() -> None:
    right = _clock.Timer.__init__

    def init(self: Any, loop: Any, seconds: float, action: Any) -> None:
        right(self, loop, seconds / 1000, action)

    _clock.Timer.__init__ = init  # type: ignore[method-assign]


@bug("test_a_sleep_lasts_as_long_as_it_says")
def sleeps_too_short() -> None:
    right = ToyBackend.sleep

    async def sleep(self: Any, seconds: float) -> None:
        await right(self, seconds / 2)

    ToyBackend.sleep = sleep  # type: ignore[method-assign]


@bug("test_a_checkpoint_is_one_switch")
def yields_twice() -> None:
    right = ToyBackend.checkpoint

    async def checkpoint() -> None:
        await right()
        await right()

    ToyBackend.checkpoint = staticmethod(checkpoint)


@bug("test_others_run_at_a_checkpoint", "test_a_checkpoint_is_one_switch")
def does_not_yield() -> None:
    async def checkpoint() -> None:
        pass

    ToyBackend.checkpoint = staticmethod(checkpoint)


@bug("test_to_look_for_a_cancellation_is_no_switch")
def yields_where_it_should_look() -> None:
    async def look(self: Any) -> None:
        await self.checkpoint()

    ToyBackend.checkpoint_if_cancelled = look  # type: ignore[method-assign]


@variation
def counts_from_1970() -> None:
    toyloop.clock = time.time
    ToyBackend.clock = lambda self: time.time()  # type: ignore[method-assign]  # noqa: ARG005


@variation
def counts_an_hour_at_once() -> None:
    toyloop.LONGEST_DELAY = _clock.LONGEST_DELAY = 3600.0
