# SPDX-License-Identifier: ISC
"""Bugs in what a backend says about what runs where: tasks, frames, threads and tokens."""

from __future__ import annotations

import threading
from typing import Any

import toyloop
from aiologic.backends import PENDING
from aiologic_toy._backend import ToyBackend
from aiologic_toy._waiter import ToyWaiter

from .planting import bug


@bug(
    "test_two_tasks_are_two_objects",
    "test_the_task_of_one_runtime_is_not_that_of_another",
)
def gives_all_tasks_one_identity() -> None:
    class Everybody:
        """The type of the one object that stands for all tasks."""

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


@bug("test_a_backend_knows_its_tasks")
def knows_tasks_by_their_name() -> None:
    ToyBackend.knows = lambda self, task: type(task).__name__ == "Task"  # type: ignore[method-assign]  # noqa: ARG005


@bug("test_the_frame_of_a_task_is_on_the_stack")
def has_no_frames() -> None:
    ToyBackend.root_frame = lambda self, task: None  # type: ignore[method-assign]  # noqa: ARG005


@bug("test_which_thread_a_task_needs")
def says_that_every_task_is_of_this_thread() -> None:
    ToyBackend.runs_here = lambda self, task: self.knows(task)  # type: ignore[method-assign]


@bug("test_the_library_does_not_run_in_other_threads")
def says_that_it_runs_everywhere() -> None:
    ToyBackend.is_running = staticmethod(lambda: True)


@bug("test_there_is_no_waiter_where_the_library_does_not_run")
def makes_waiters_everywhere() -> None:
    right = ToyBackend.create_waiter

    def create_waiter() -> Any:
        try:
            return right()
        except RuntimeError:
            return ToyWaiter(PENDING)

    ToyBackend.create_waiter = staticmethod(create_waiter)


@bug("test_two_runtimes_have_two_tokens", "test_a_token_is_no_number")
def has_one_token() -> None:
    ToyBackend.current_token = staticmethod(lambda: "toyloop")


@bug("test_a_runtime_after_another_has_its_own_token")
def has_the_thread_for_a_token() -> None:
    ToyBackend.current_token = staticmethod(threading.current_thread)
