# SPDX-License-Identifier: ISC
"""Bugs for the toy backend: ``pytest -p tests.kit.planted examples/aiologic-toy``, with one's name in the environment.

Each is what somebody writes who has not read the duty; and each has to be caught
by the tests of the conformance suite that are named with it.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from contextvars import copy_context
from types import coroutine
from typing import Any, Callable, NamedTuple
from weakref import WeakKeyDictionary

import toyloop
from aiologic_toy import _clock, _waiter
from aiologic_toy._backend import ToyBackend
from aiologic_toy._waiter import ToyWaiter

PLANTED = "AIOLOGIC_TESTING_PLANTED"


class Bug(NamedTuple):
    """How to plant it, and what must fail then."""

    plant: Callable[[], object]
    caught_by: tuple[str, ...]


BUGS: dict[str, Bug] = {}


def bug(*caught_by: str) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Enter a bug under its function's name."""

    def enter(plant: Callable[[], object]) -> Callable[[], object]:
        BUGS[plant.__name__] = Bug(plant, caught_by)
        return plant

    return enter


def unparking(unpark: Callable[[Any], object]) -> None:
    ToyWaiter.unpark = unpark  # type: ignore[method-assign,assignment]


def parking(park: Callable[..., Any]) -> None:
    ToyWaiter.park = park  # type: ignore[method-assign]


def in_the_backend(function: Any) -> Any:
    """As if it were written there: the suite interrupts what is in the backend's files."""
    code = function.__code__
    function.__code__ = code.replace(co_filename=_waiter.__file__)
    return function


@bug("test_a_wake_up_before_park_is_remembered")
def forgets_what_comes_before_park() -> None:
    def end(self: Any, woken: bool) -> None:
        if self._woken is None and self._sleeper is not None:
            self._woken = woken
            self._sleeper.resume()

    ToyWaiter._end = end  # type: ignore[method-assign]


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


@bug("test_a_wait_that_is_over_leaves_no_timer")
def leaves_its_timers() -> None:
    _clock.Timer.cancel = lambda self: None  # type: ignore[method-assign]  # noqa: ARG005


@bug(
    "test_two_tasks_are_two_objects",
    "test_the_task_of_one_runtime_is_not_that_of_another",
)
def gives_all_tasks_one_identity() -> None:
    class Everybody:
        """A task of tasks."""

    everybody = Everybody()

    def current_task() -> object:
        return None if toyloop.current_task() is None else everybody

    ToyBackend.current_task = staticmethod(current_task)  # type: ignore[arg-type]


@bug(
    "test_a_task_is_always_the_same_object", "test_a_task_is_an_object_that_can_be_kept"
)
def identifies_by_number() -> None:
    def current_task() -> object:
        task = toyloop.current_task()
        return None if task is None else id(task) << 64

    ToyBackend.current_task = staticmethod(current_task)  # type: ignore[arg-type]


@bug(
    "test_a_shielded_call_has_the_identity_of_its_task",
    "test_a_lock_that_is_taken_in_a_shield_is_the_tasks",
)
def shields_in_another_task() -> None:
    async def shield(self: Any, awaitable: Any) -> Any:  # noqa: ARG001
        task = toyloop.current_task()
        assert task is not None
        outcome: list[Any] = []

        async def helper() -> None:
            try:
                outcome.append(await awaitable)
            except BaseException as error:
                outcome.append(error)
            task.resume()

        task.loop.spawn(helper())
        task.masks += 1
        while not outcome:
            await toyloop.suspend()
        task.masks -= 1
        if isinstance(outcome[0], BaseException):
            raise outcome[0]
        return outcome[0]

    ToyBackend.shield = shield  # type: ignore[method-assign]


def names_the_principal_of_a_shield() -> dict[Any, Any]:
    """As where a call is shielded in a helper task; returns whom the helpers run for."""
    shields_in_another_task()
    in_a_helper = ToyBackend.shield
    principals: dict[Any, Any] = {}

    async def shield(self: Any, awaitable: Any) -> Any:
        principal = toyloop.current_task()

        async def named() -> Any:
            helper = toyloop.current_task()
            principals[helper] = principal
            try:
                return await awaitable
            finally:
                del principals[helper]

        return await in_a_helper(self, named())

    def current_task() -> Any:
        task = toyloop.current_task()
        return principals.get(task, task)

    ToyBackend.shield = shield  # type: ignore[method-assign]
    ToyBackend.current_task = staticmethod(current_task)
    return principals


@bug("test_the_frame_of_a_task_is_on_the_stack")
def looks_for_the_principal_on_the_stack() -> None:
    names_the_principal_of_a_shield()


@bug("test_a_wait_that_began_outside_goes_on_in_a_shield")
def resumes_who_made_the_waiter() -> None:
    names_the_principal_of_a_shield()
    right = _waiter.create_waiter

    def create_waiter() -> Any:
        waiter = right()
        waiter._sleeper = toyloop.current_task()
        return waiter

    async def park(self: Any, timeout: float | None) -> bool:
        timer = timeout and _clock.Timer(self._loop, timeout, self._time_is_up)
        while self._woken is None:
            await toyloop.suspend()
        self._sleeper = None
        if timer:
            timer.cancel()
        return bool(self._woken)

    ToyBackend.create_waiter = staticmethod(create_waiter)
    parking(park)


@bug("test_a_shielded_call_has_the_variables_of_its_task")
def shields_in_another_context() -> None:
    @coroutine
    def drive(awaitable: Any, context: Any) -> Any:
        steps = awaitable.__await__()
        while True:
            try:
                request = context.run(steps.send, None)
            except StopIteration as end:
                return end.value
            yield request

    right = ToyBackend.shield

    async def shield(self: Any, awaitable: Any) -> Any:
        return await right(self, drive(awaitable, copy_context()))

    ToyBackend.shield = shield  # type: ignore[method-assign]


@bug(
    "test_a_shielded_call_runs_to_its_end_though_cancelled",
    "test_a_task_that_is_cancelled_already_can_shield",
)
def does_not_shield() -> None:
    async def shield(self: Any, awaitable: Any) -> Any:  # noqa: ARG001
        return await awaitable

    ToyBackend.shield = shield  # type: ignore[method-assign]


@bug("test_a_shielded_call_runs_to_its_end_though_cancelled")
def forgets_what_a_shield_kept_away() -> None:
    right = ToyBackend.shield

    async def shield(self: Any, awaitable: Any) -> Any:
        try:
            return await right(self, awaitable)
        finally:
            task = toyloop.current_task()
            assert task is not None
            task.is_cancelled = False

    ToyBackend.shield = shield  # type: ignore[method-assign]


@bug(
    "test_a_wake_up_after_time_ran_out_disturbs_no_later_wait",
    "test_a_wake_up_after_a_cancellation_disturbs_no_later_wait",
)
def resumes_the_task_whatever_it_waits_for() -> None:
    tasks: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()
    right = ToyWaiter.park

    class Key:
        """Something that a waiter can be found by."""

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


@bug("test_none_of_a_thousand_wake_ups_to_a_busy_runtime_is_lost")
def has_room_for_one_wake_up() -> None:
    slots: dict[Any, Any] = {}

    def unpark(self: Any) -> None:
        loop = self._loop
        slots[loop] = self
        loop.call_soon_threadsafe(lambda: slots[loop].resume())  # noqa: PLW0108  # looks late

    unparking(unpark)


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


@bug("test_a_runtime_leaves_nothing_behind", "test_a_wait_that_is_over_leaves_no_timer")
def keeps_its_waiters() -> None:
    kept: list[Any] = []
    right = ToyBackend.create_waiter

    def create_waiter() -> Any:
        waiter = right()
        kept.append(waiter)
        return waiter

    ToyBackend.create_waiter = staticmethod(create_waiter)


@bug("test_the_library_does_not_run_in_other_threads")
def says_that_it_runs_everywhere() -> None:
    ToyBackend.is_running = staticmethod(lambda: True)


@bug("test_which_thread_a_task_needs")
def says_that_every_task_is_of_this_thread() -> None:
    ToyBackend.runs_here = lambda self, task: self.knows(task)  # type: ignore[method-assign]


@bug("test_two_runtimes_have_two_tokens", "test_a_token_is_no_number")
def has_one_token() -> None:
    ToyBackend.current_token = staticmethod(lambda: "toyloop")


@bug("test_a_sleep_lasts_as_long_as_it_says")
def sleeps_too_short() -> None:
    right = ToyBackend.sleep

    async def sleep(self: Any, seconds: float) -> None:
        await right(self, seconds / 2)

    ToyBackend.sleep = sleep  # type: ignore[method-assign]


@bug("test_the_end_of_an_inner_shield_is_not_that_of_the_outer")
def shields_on_and_off() -> None:
    async def shield(self: Any, awaitable: Any) -> Any:  # noqa: ARG001
        task = toyloop.current_task()
        assert task is not None
        task.masks = 1
        try:
            return await awaitable
        finally:
            task.masks = 0

    ToyBackend.shield = shield  # type: ignore[method-assign]


@bug("test_after_a_shield_that_raised_the_task_can_be_cancelled")
def leaves_a_shield_only_by_its_end() -> None:
    async def shield(self: Any, awaitable: Any) -> Any:  # noqa: ARG001
        task = toyloop.current_task()
        assert task is not None
        task.masks += 1
        result = await awaitable
        task.masks -= 1
        return result

    ToyBackend.shield = shield  # type: ignore[method-assign]


@bug("test_the_library_runs_no_more_when_it_has_ended")
def runs_for_ever_where_it_once_ran() -> None:
    place = threading.local()

    def is_running() -> bool:
        if toyloop.current_loop() is not None:
            place.was_here = True
        return hasattr(place, "was_here")

    ToyBackend.is_running = staticmethod(is_running)


@bug("test_a_signal_handler_wakes_a_runtime_that_sleeps")
def names_the_task_that_ran_last() -> None:
    step = toyloop.Task._step

    def step_and_stay(self: Any) -> None:
        step(self)
        toyloop._here.task = self

    toyloop.Task._step = step_and_stay  # type: ignore[method-assign]


@bug("test_a_task_is_itself_while_it_is_cancelled")
def names_nobody_while_it_throws() -> None:
    step = toyloop.Task._step
    thrown: set[Any] = set()

    def step_or_throw(self: Any) -> None:
        if self.is_cancelled and not self.masks:
            thrown.add(self)
        step(self)
        thrown.discard(self)

    def current_task() -> object:
        task = toyloop.current_task()
        return None if task in thrown else task

    toyloop.Task._step = step_or_throw  # type: ignore[method-assign]
    ToyBackend.current_task = staticmethod(current_task)  # type: ignore[arg-type]


@bug("test_each_runtime_is_sent_its_own")
def has_one_inbox_for_all_loops() -> None:
    inbox = _waiter._inboxes.of(ToyBackend)

    class OneInbox:
        """Whatever loop is asked for."""

        def of(self, loop: object) -> Any:
            return inbox

    _waiter._inboxes = OneInbox()  # type: ignore[assignment]


@bug("test_a_wake_up_at_any_moment_of_another_is_not_lost")
def takes_a_lock_to_wake() -> None:
    lock = threading.Lock()
    right = ToyWaiter.unpark

    def unpark(self: Any) -> None:
        with lock:
            right(self)

    unparking(in_the_backend(unpark))


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


@bug("test_a_runtime_that_has_ended_is_collected")
def keeps_its_loops() -> None:
    kept: set[Any] = set()
    right = ToyBackend.create_waiter

    def create_waiter() -> Any:
        kept.add(toyloop.current_loop())
        return right()

    ToyBackend.create_waiter = staticmethod(create_waiter)


@bug("test_the_frame_of_a_task_is_on_the_stack")
def has_no_frames() -> None:
    ToyBackend.root_frame = lambda self, task: None  # type: ignore[method-assign]  # noqa: ARG005


@bug("test_a_wake_up_before_park_disturbs_no_wait_between")
def notes_the_sleeper_before_it_sleeps() -> None:
    right = ToyBackend.create_waiter

    def create_waiter() -> Any:
        waiter = right()
        waiter._sleeper = toyloop.current_task()
        return waiter

    ToyBackend.create_waiter = staticmethod(create_waiter)


@bug("test_a_backend_knows_its_tasks")
def knows_tasks_by_their_name() -> None:
    ToyBackend.knows = lambda self, task: type(task).__name__ == "Task"  # type: ignore[method-assign]  # noqa: ARG005


@bug("test_a_runtime_after_another_has_its_own_token")
def has_the_thread_for_a_token() -> None:
    ToyBackend.current_token = staticmethod(threading.current_thread)


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


@bug("test_a_sleep_lasts_as_long_as_it_says", "test_time_does_not_run_out_early")
def takes_seconds_for_milliseconds() -> None:
    right = _clock.Timer.__init__

    def init(self: Any, loop: Any, seconds: float, action: Any) -> None:
        right(self, loop, seconds / 1000, action)

    _clock.Timer.__init__ = init  # type: ignore[method-assign]


#: What is *not* a bug, though the toy does otherwise: nothing must fail then.
VARIATIONS: dict[str, Callable[[], object]] = {}


def variation(plant: Callable[[], object]) -> Callable[[], object]:
    """Enter it under its function's name."""
    VARIATIONS[plant.__name__] = plant
    return plant


@variation
def counts_from_1970() -> None:
    toyloop.clock = time.time
    ToyBackend.clock = lambda self: time.time()  # type: ignore[method-assign]  # noqa: ARG005


@variation
def counts_an_hour_at_once() -> None:
    toyloop.LONGEST_DELAY = _clock.LONGEST_DELAY = 3600.0


def pytest_configure() -> None:
    name = os.environ.get(PLANTED)
    if name:
        (BUGS[name].plant if name in BUGS else VARIATIONS[name])()
