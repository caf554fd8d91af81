# SPDX-License-Identifier: ISC
"""A coroutine function that runs once: tasks wait, and another tries again after a failure (contract 1.4.4)."""

from __future__ import annotations

import gc
import inspect
import sys
import weakref
from functools import partial
from typing import TYPE_CHECKING, Any

import aiologic
import pytest
from aiologic import lowlevel, once
from aiologic.testing._interruption import Interrupted

from .attempts import Failing, Steps, Thing, waiting
from .hand_driven import Cancelled
from .raising import ForgivingWorld, heard, needs_places, places

if TYPE_CHECKING:
    from .hand_driven import HandTask, HandWorld


def test_a_coroutine_function_remains_one() -> None:
    async def make() -> Thing:
        return Thing()

    assert inspect.iscoroutinefunction(once(make))
    assert once(make).__name__ == "make"
    assert inspect.iscoroutinefunction(once(Steps()))
    assert inspect.iscoroutinefunction(once(partial(Steps())))


def test_tasks_wait_and_have_the_same_result(world: HandWorld) -> None:
    make = Steps()
    made = once(make)
    tasks = [world.spawn(made()).step() for _ in range(3)]
    assert len(make.events) == 1
    assert waiting(made) == 2

    make.events[0].set()
    assert tasks[0].step().is_done
    # They go on together: none waits for a step of another.
    assert [task.is_woken for task in tasks[1:]] == [True, True]
    assert tasks[2].step().result is tasks[0].result
    assert tasks[1].step().result is tasks[0].result
    assert world.run(made()) is tasks[0].result


def test_a_first_call_that_is_cancelled_lets_the_next_try(world: HandWorld) -> None:
    make = Steps()
    made = once(make)
    first, second, third = [world.spawn(made()).step() for _ in range(3)]
    first.cancel_quietly(KeyError())

    second.step()
    third.step()
    assert len(make.events) == 2
    assert waiting(made) == 1
    make.events[1].set()
    second.step()
    assert third.step().result is second.result


def test_a_first_call_that_fails_lets_the_next_try(world: HandWorld) -> None:
    make = Failing(1)

    async def amake() -> Thing:
        await gate
        return make()

    made = once(amake)
    gate = aiologic.Event()
    first, second = [world.spawn(made()).step() for _ in range(2)]
    gate.set()
    with pytest.raises(LookupError):
        first.step()
    assert isinstance(second.step().result, Thing)
    assert len(make.calls) == 2


@needs_places
@pytest.mark.usefixtures("whatever_is_raised")
@pytest.mark.parametrize("fails", [False, True])
def test_an_interrupt_leaves_it_as_it_was_or_done(
    forgiving_world: ForgivingWorld, fails: bool
) -> None:
    """Wherever a signal handler can raise as a call ends: those that wait get its result, or try again."""
    for interruption in places(3):
        make = Steps()
        made = once(make)
        first, second = [forgiving_world.spawn(made()).step() for _ in range(2)]
        make.events[0].set()

        def end(first: HandTask = first) -> None:
            if fails:
                first.cancel_quietly(Cancelled())
            else:
                first.step()

        error = heard(interruption, end)

        assert isinstance(error, Interrupted) is interruption.was_made
        assert first.is_done
        assert second.is_woken, f"a wake-up was lost {interruption.where}"
        if not second.step().is_done:
            make.events[1].set()
            second.step()
        assert isinstance(second.result, Thing)
        assert forgiving_world.run(made()) is second.result


def test_who_waits_and_is_cancelled_leaves_no_trace(world: HandWorld) -> None:
    make = Steps()
    made = once(make)
    first, second, third = [world.spawn(made()).step() for _ in range(3)]
    second.cancel_quietly(KeyError())
    assert waiting(made) == 1

    make.events[0].set()
    first.step()
    assert third.step().result is first.result


def test_a_task_that_awaits_itself_is_refused(world: HandWorld) -> None:
    @once
    async def make() -> str:
        with pytest.raises(RuntimeError, match="this function is already executing"):
            await make()
        return "made"

    assert world.run(make()) == "made"


def test_a_reentrant_coroutine_function_runs_inside(world: HandWorld) -> None:
    depth: list[None] = []

    @once(reentrant=True)
    async def make() -> int:
        depth.append(None)
        mine = len(depth)
        if mine == 1:
            assert await make() == 2
        return mine

    assert world.run(make()) == 1
    assert world.run(make()) == 1
    assert len(depth) == 2


@pytest.mark.skipif(
    sys.implementation.name != "cpython",
    reason="PyPy closes no coroutine that it collects",
)
def test_a_first_call_whose_task_is_gone_lets_the_next_try(world: HandWorld) -> None:
    """Its loop was closed, and is collected with all its tasks."""
    make = Steps()
    made = once(make)
    first, second = [world.spawn(made()).step() for _ in range(2)]
    make.events.clear()
    gone = weakref.ref(first)
    del first
    gc.collect()

    assert gone() is None
    assert second.is_woken
    second.step()
    make.events[0].set()
    assert isinstance(second.step().result, Thing)


def test_tasks_of_which_there_are_no_weak_references(world: HandWorld) -> None:
    class Bare:
        __slots__ = ()

    @once
    async def make() -> str:
        with pytest.raises(RuntimeError, match="this function is already executing"):
            await make()
        return "made"

    task: Any = Bare()
    with world.runs(task), pytest.raises(StopIteration, match="made"):
        make().send(None)


def test_a_coroutine_that_is_never_awaited_runs_nothing(world: HandWorld) -> None:
    make = Steps()
    made = once(make)
    coroutine = made()
    coroutine.close()
    assert not make.events

    # And one that is closed in the middle of it, as a closed loop leaves it, lets the next try.
    task = world.spawn(made()).step()
    task.coroutine.close()
    world.spawn(made()).step()
    assert len(make.events) == 2


@pytest.mark.usefixtures("checkpoints_restored")
def test_a_call_that_comes_late_is_a_checkpoint_where_they_are_on(
    world: HandWorld,
) -> None:
    make = Steps()
    made = once(make)
    task = world.spawn(made()).step()
    make.events[0].set()
    result = task.step().result

    late = world.spawn(lowlevel.enable_checkpoints(made)()).step()
    assert (late.checkpoints, late.is_done) == (1, False)
    assert late.step().result is result


def test_with_a_result_no_library_is_needed(world: HandWorld) -> None:
    make = Steps()
    made = once(make)
    task = world.spawn(made()).step()
    make.events[0].set()
    result = task.step().result

    with pytest.raises(StopIteration) as stop:
        made().send(None)
    assert stop.value.value is result


def test_no_task_is_kept(world: HandWorld) -> None:
    make = Steps()
    made = once(make)
    task = world.spawn(made()).step()
    waiter = world.spawn(made()).step()
    make.events[0].set()
    task.step()
    waiter.step()
    gone = weakref.ref(task), weakref.ref(waiter)
    del task, waiter
    gc.collect()
    assert [reference() for reference in gone] == [None, None]
    assert made
