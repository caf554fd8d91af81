# SPDX-License-Identifier: ISC
"""Bugs in park(): what it forgets, what it does with a cancellation, and what it leaves for later waits."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

import toyloop
from aiologic_toy import _clock
from aiologic_toy._backend import ToyBackend
from aiologic_toy._waiter import ToyWaiter

from .planting import bug, in_the_backend, parking


@bug("test_a_wake_up_before_park_is_remembered")
def forgets_what_comes_before_park() -> None:
    def end(self: Any, woken: bool) -> None:
        if self._woken is None and self._sleeper is not None:
            self._woken = woken
            self._sleeper.resume()

    ToyWaiter._end = end  # type: ignore[method-assign]


@bug("test_a_wake_up_on_the_way_to_sleep_is_not_lost")
def looks_before_it_prepares() -> None:
    async def park(self: Any, timeout: float | None) -> bool:
        timer = timeout and _clock.Timer(self._loop, timeout, self._time_is_up)
        try:
            if self._woken is None:
                self._sleeper = toyloop.current_task()
                await toyloop.suspend()
            return bool(self._woken)
        finally:
            self._sleeper = None
            if timer:
                timer.cancel()

    parking(in_the_backend(park))


@bug("test_a_wake_up_before_park_disturbs_no_wait_between")
def notes_the_sleeper_before_it_sleeps() -> None:
    right = ToyBackend.create_waiter

    def create_waiter() -> Any:
        waiter = right()
        waiter._sleeper = toyloop.current_task()
        return waiter

    ToyBackend.create_waiter = staticmethod(create_waiter)


@bug(
    "test_a_wake_up_after_time_ran_out_disturbs_no_later_wait",
    "test_a_wake_up_after_a_cancellation_disturbs_no_later_wait",
)
def resumes_the_task_whatever_it_waits_for() -> None:
    tasks: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()
    right = ToyWaiter.park

    class Key:
        """A key by which a waiter's task can be found."""

    async def park(self: Any, timeout: float | None) -> bool:
        task = toyloop.current_task()
        self.request = key = Key()
        tasks[key] = task
        return await right(self, timeout)

    def resume(self: Any) -> None:
        self._end(True)
        task = tasks.get(self.request)
        if task is not None:
            task.resume()

    parking(park)
    ToyWaiter.resume = resume  # type: ignore[method-assign]


@bug(
    "test_a_sleeping_task_is_cancelled",
    "test_a_task_is_cancelled_before_it_sleeps",
    "test_a_task_is_woken_and_then_cancelled_in_one_step",
)
def swallows_the_cancellation() -> None:
    right = ToyWaiter.park

    async def park(self: Any, timeout: float | None) -> bool:
        try:
            return await right(self, timeout)
        except toyloop.Cancelled:
            return False

    parking(park)


@bug("test_what_park_raises_is_the_librarys_own", "test_a_sleeping_task_is_cancelled")
def turns_the_cancellation_into_something_else() -> None:
    right = ToyWaiter.park

    async def park(self: Any, timeout: float | None) -> bool:
        try:
            return await right(self, timeout)
        except toyloop.Cancelled:
            raise InterruptedError from None

    parking(park)
