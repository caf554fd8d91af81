# SPDX-License-Identifier: ISC
"""Bugs in unpark(): which way it takes, what it shares, and what it holds meanwhile."""

from __future__ import annotations

import threading
from collections import deque
from typing import Any

import toyloop
from aiologic_toy import _waiter
from aiologic_toy._backend import ToyBackend
from aiologic_toy._waiter import ToyWaiter

from .planting import bug, in_the_backend, unparking


@bug(
    "test_a_runtime_that_sleeps_is_woken_at_once",
    "test_a_signal_handler_wakes_a_runtime_that_sleeps",
)
def takes_the_local_way_always() -> None:
    unparking(ToyWaiter.resume)


@bug("test_a_signal_handler_wakes_a_runtime_that_sleeps")
def takes_the_local_way_in_the_same_thread() -> None:
    right = ToyWaiter.unpark

    def unpark(self: Any) -> None:
        if toyloop.current_loop() is self._loop:
            self.resume()
        else:
            right(self)

    unparking(unpark)


@bug("test_a_task_of_another_runtime_wakes_it")
def takes_the_local_way_in_any_task() -> None:
    right = ToyWaiter.unpark

    def unpark(self: Any) -> None:
        if toyloop.current_task() is not None:
            self.resume()
        else:
            right(self)

    unparking(unpark)


@bug("test_a_thread_wakes_a_task_while_its_runtime_is_busy")
def waits_for_the_runtime() -> None:
    def unpark(self: Any) -> None:
        heard = threading.Event()

        def resume() -> None:
            self.resume()
            heard.set()

        self._loop.call_soon_threadsafe(resume)
        heard.wait(30)

    unparking(unpark)


@bug("test_a_wake_up_at_any_moment_of_another_is_not_lost")
def takes_a_lock_to_wake() -> None:
    lock = threading.Lock()
    right = ToyWaiter.unpark

    def unpark(self: Any) -> None:
        with lock:
            right(self)

    unparking(in_the_backend(unpark))


@bug("test_none_of_a_thousand_wake_ups_to_a_busy_runtime_is_lost")
def has_room_for_one_wake_up() -> None:
    slots: dict[Any, Any] = {}

    def unpark(self: Any) -> None:
        loop = self._loop
        slots[loop] = self
        loop.call_soon_threadsafe(lambda: slots[loop].resume())  # noqa: PLW0108  # the slot is read late

    unparking(unpark)


@bug("test_each_runtime_is_sent_its_own")
def has_one_inbox_for_all_loops() -> None:
    inbox = _waiter._inboxes.of(ToyBackend)

    class OneInbox:
        """The same inbox for all loops."""

        def of(self, loop: object) -> Any:
            return inbox

    _waiter._inboxes = OneInbox()  # type: ignore[assignment]


@bug("test_a_wake_up_at_any_moment_of_a_delivery_is_not_lost")
def notes_too_late_that_a_delivery_has_arrived() -> None:
    on_their_way: dict[Any, deque[Any]] = {}

    def deliver(loop: Any) -> None:
        while on_their_way[loop]:
            on_their_way[loop].popleft().resume()
        del on_their_way[loop]

    def unpark(self: Any) -> None:
        loop = self._loop
        if loop in on_their_way:
            on_their_way[loop].append(self)
            return
        on_their_way[loop] = deque([self])
        loop.call_soon_threadsafe(lambda: deliver(loop))

    in_the_backend(deliver)
    unparking(in_the_backend(unpark))


@bug(
    "test_two_tasks_that_wake_each_other_do_not_hold_up_a_timer",
    "test_two_tasks_that_wake_each_other_do_not_hold_up_other_threads",
)
def serves_the_woken_until_nobody_is_left() -> None:
    served: dict[Any, Any] = {}

    def serve(loop: Any) -> None:
        while served[loop]:
            waiter = served[loop].popleft()
            sleeper = waiter._sleeper
            if waiter._woken is None:
                waiter._woken = True
                if sleeper is not None and sleeper.is_suspended:
                    sleeper.is_suspended = False
                    sleeper._step()
        del served[loop]

    def resume(self: Any) -> None:
        if self._loop in served:
            served[self._loop].append(self)
        else:
            served[self._loop] = deque([self])
            self._loop.call_soon(lambda: serve(self._loop))

    ToyWaiter.resume = resume  # type: ignore[method-assign]
