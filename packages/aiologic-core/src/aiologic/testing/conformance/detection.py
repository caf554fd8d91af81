# SPDX-License-Identifier: ISC
"""Duty 10: it can be told whether the library runs here, and which of nested tasks is the innermost."""

from __future__ import annotations

import sys

import pytest

from ..._runtime.detect import worlds
from .._duties import Wait, park, settled, shield
from .._places import beside
from ..operations import run
from .identity import identity_of, me

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType

    from ..._runtime.interface import AsyncBackend, Backend
    from .._stage import Stage, World


def test_the_library_runs_in_its_tasks(runtime_stage: Stage, backend: Backend) -> None:
    """is_running() is true in a step of a task.

    If this fails: ask the library for its current loop, run or hub of this thread.
    """
    assert runtime_stage.actor().does(run(backend.is_running)) is True


def test_the_library_runs_in_its_callbacks(
    runtime_stage: Stage, runtime_world: World, backend: Backend
) -> None:
    """It is true even without a task.

    A callback may wake tasks and set events. If this fails: is_running() asks for
    the task. If the library can't tell outside of tasks, that is a deviation.
    """
    with runtime_stage.frozen(as_callback=True) as inside:
        assert inside(backend.is_running) is True
        if runtime_world.callbacks_are_tasks:
            assert inside(me(backend)) is not None


@pytest.mark.parametrize("busy", [True, False])
def test_the_library_does_not_run_in_other_threads(
    runtime_stage: Stage, threads: Stage, backend: Backend, busy: bool
) -> None:
    """is_running() is false in a thread that runs no runtime, and asking does not change that.

    If this fails: it looks at the process instead of the thread; or asking for a
    loop or hub creates one, which a worker thread then has for good.
    """
    actor = threads.actor()
    if busy:
        with runtime_stage.frozen():
            assert actor.does(run(backend.is_running)) is False
    assert actor.does(run(backend.is_running)) is False
    assert actor.does(run(me(backend))) is None
    assert actor.does(run(backend.is_running)) is False


@pytest.mark.usefixtures("async_world")  # blocking calls ask who runs here first
def test_there_is_no_waiter_where_the_library_does_not_run(
    threads: Stage, backend: AsyncBackend
) -> None:
    """create_waiter() raises RuntimeError in a thread that runs no runtime.

    Core asks for a waiter first, and only if that fails who runs here. If this
    fails: ask the library for its current loop or run, which should raise.
    """
    with pytest.raises(RuntimeError):
        threads.actor().does(run(backend.create_waiter))


def test_the_library_runs_no_more_when_it_has_ended(
    async_world: World, threads: Stage, backend: Backend
) -> None:
    """The thread in which a loop has ended is a plain thread again.

    If this fails: something that is_running() or current_task() looks at is set when
    a loop begins, but not cleared when it ends. (A hub may stay with its thread.)
    """

    def script() -> None:
        with async_world.open() as stage:
            assert stage.actor().does(run(backend.is_running)) is True

    def lives_and_dies() -> tuple[bool, object]:
        beside(script)
        return backend.is_running(), me(backend)()

    assert threads.actor().does(run(lives_and_dies)) == (False, None)


def test_core_finds_it(
    stage: Stage, world: World, threads: Stage, backend: Backend
) -> None:
    """Core serves the task through this backend, and a thread beside it through its own.

    If this fails: the entry point must have the import name of the library as its
    name. (``python -m aiologic`` shows what was found.)
    """
    actor = stage.actor()
    find = worlds.async_world if world.is_async else worlds.green_world
    found, task = actor.does(run(find))

    assert found is backend
    assert task is identity_of(actor, backend)
    assert threads.actor().does(run(worlds.green_world))[0] is worlds.threads


def test_core_finds_it_after_each_wait(
    stage: Stage, world: World, backend: Backend
) -> None:
    """A wait does not change which backend serves the task.

    If this fails: park() changes, and does not restore, what this thread records as
    running in it.
    """
    actor = stage.actor()
    find = worlds.async_world if world.is_async else worlds.green_world
    wait = Wait(backend)
    call = actor.starts(park(wait))
    settled(stage, wait)
    wait.wake()
    call.result()

    assert actor.does(run(find))[0] is backend


@pytest.mark.parametrize("shielded", [False, True])
def test_the_frame_of_a_task_is_on_the_stack(
    async_stage: Stage, backend: AsyncBackend, shielded: bool
) -> None:
    """root_frame() is the frame of the task's own coroutine, and below it nothing of the task.

    A runtime may be started inside a task of another; the inner one is the one whose
    frame is nearer.

    If this fails: return ``cr_frame`` of the coroutine that the task was created for,
    or, if the library steps a stack of them by itself, of the one that runs. If only
    the shielded case fails: the call runs in a helper task, and meanwhile the
    helper's frame is on the stack instead of that of the task that shields.
    """

    def look() -> tuple[object, list[object]]:
        stack: list[object] = []
        frame: FrameType | None = sys._getframe()
        while frame is not None:
            stack.append(frame)
            frame = frame.f_back
        task = backend.current_task()
        assert task is not None
        return backend.root_frame(task), stack

    looks = shield(backend, run(look)) if shielded else run(look)
    frame, stack = async_stage.actor().does(looks)

    assert frame in stack
