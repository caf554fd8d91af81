# SPDX-License-Identifier: ISC
"""Bugs in shields: for which task a call runs, in which context, and when its task may be cancelled."""

from __future__ import annotations

from contextvars import copy_context
from types import coroutine
from typing import Any

import toyloop
from aiologic_toy import _clock, _waiter
from aiologic_toy._backend import ToyBackend

from .planting import bug, parking


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
    """Shield calls in helper tasks, as some backends do; return for which task each helper runs."""
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
