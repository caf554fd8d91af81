# SPDX-License-Identifier: ISC
"""A function that runs once (contract 1.4.4), and a coroutine function that does."""

from __future__ import annotations

import gc
import inspect
import subprocess
import sys
import threading
import weakref
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

import aiologic
import pytest
from aiologic import lowlevel, once
from aiologic.testing._interruption import Interrupted, RaisingInterruption

from .test_reentrancy import interruptions

if TYPE_CHECKING:
    from typing import Callable, Coroutine

    from typing_extensions import assert_type

    from .crew import Crew, Member
    from .hand_driven import HandWorld


class Thing:
    """What is made once."""


class Failing:
    """Makes a thing, after it has failed so many times; notes each call."""

    def __init__(self, failures: int = 0) -> None:
        self.calls: list[int] = []
        self.failures = failures

    def __call__(self) -> Thing:
        self.calls.append(threading.get_ident())
        if len(self.calls) <= self.failures:
            raise LookupError(f"failure {len(self.calls)}")
        return Thing()


def waiting(function: Any) -> int:
    """How many wait for the call that runs now."""
    state = inspect.getclosurevars(function).nonlocals["state"]
    attempt = state._attempts.get(None)
    return 0 if attempt is None else attempt.over.waiting


# -- plain functions -------------------------------------------------------------------------------------------------


def test_it_runs_once_and_its_result_is_kept() -> None:
    make = Failing()
    made = once(make)

    first = made()
    assert isinstance(first, Thing)
    assert made() is first
    assert len(make.calls) == 1


def test_any_result_is_one() -> None:
    """Also what is false, or is what "none" is to others."""
    calls: list[None] = []
    append = once(partial(calls.append, None))
    assert [append(), append()] == [None, None]
    assert len(calls) == 1


def test_an_exception_is_not_kept() -> None:
    make = Failing(2)
    made = once(make)

    for number in (1, 2):
        with pytest.raises(LookupError, match=str(number)):
            made()
    assert made() is made()
    assert len(make.calls) == 3


def test_callers_block_their_threads_and_go_on_together(crew: Crew) -> None:
    go_on = threading.Event()
    calls: list[None] = []

    @once
    def make() -> Thing:
        calls.append(None)
        assert go_on.wait(20)
        return Thing()

    members = [crew.start(make) for _ in range(4)]
    crew.wait_until(lambda: waiting(make) == 3)
    assert all(member.thread.is_alive() for member in members)
    go_on.set()

    assert len({id(member.result()) for member in members}) == 1
    assert len(calls) == 1


def test_of_those_who_wait_one_tries_again(crew: Crew) -> None:
    """Its caller gets the exception; of the others one makes the next attempt, and the last waits for that."""
    go_on = [threading.Event(), threading.Event()]
    calls: list[None] = []

    @once
    def make() -> Thing:
        calls.append(None)
        number = len(calls)
        assert go_on[number - 1].wait(20)
        if number == 1:
            raise LookupError
        return Thing()

    failing = crew.start(make)
    crew.wait_until(lambda: calls)
    others = [crew.start(make) for _ in range(2)]
    crew.wait_until(lambda: waiting(make) == 2)
    go_on[0].set()

    with pytest.raises(LookupError):
        failing.result()
    crew.wait_until(lambda: waiting(make) == 1)
    go_on[1].set()
    assert others[0].result() is others[1].result()
    assert len(calls) == 2


def test_a_recursive_call_is_refused() -> None:
    @once
    def make() -> Thing:
        with pytest.raises(RuntimeError, match="this function is already executing"):
            make()
        return Thing()

    assert make() is make()


def test_a_reentrant_one_runs_inside_and_the_last_result_is_kept(crew: Crew) -> None:
    depth: list[None] = []
    members: list[Member] = []

    @once(reentrant=True)
    def make() -> str:
        depth.append(None)
        if len(depth) == 2:
            return "inner"
        assert make() == "inner"
        # Nobody else is told of it before all is over.
        members.append(crew.start(make))
        crew.wait_until(lambda: waiting(make) == 1)
        return "outer"

    assert make() == "outer"
    assert members[0].result() == "outer"
    assert make() == "outer"
    assert len(depth) == 2


def test_what_an_inner_call_returned_is_kept_if_the_outer_one_fails() -> None:
    depth: list[None] = []

    @once(reentrant=True)
    def make() -> str:
        depth.append(None)
        if len(depth) == 1:
            make()
            raise LookupError
        return "inner"

    with pytest.raises(LookupError):
        make()
    assert make() == "inner"
    assert len(depth) == 2


def test_it_has_the_name_of_what_it_wraps() -> None:
    def make() -> Thing:
        """Make it."""
        return Thing()

    made = once(make)
    assert (made.__name__, made.__doc__, made.__module__) == (
        "make",
        "Make it.",
        __name__,
    )
    assert inspect.unwrap(made) is make
    with pytest.raises(TypeError, match="takes 0 positional arguments"):
        made(1)  # type: ignore[call-arg]


def test_what_cant_be_called_is_refused() -> None:
    with pytest.raises(TypeError, match="must be a function, got 5"):
        once(5)  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="must be a function"):
        once(reentrant=True)(None)  # type: ignore[type-var]


def test_it_is_one_thing_under_two_names() -> None:
    assert lowlevel.once is aiologic.once


def test_who_does_not_ask_for_it_does_not_import_it() -> None:
    script = (
        "import sys, aiologic, aiologic.lowlevel; a = set(sys.modules);"
        "aiologic.lowlevel.once; print('aiologic._once' in a, 'aiologic._once' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, check=True
    )
    assert done.stdout.split() == ["False", "True"]


def test_a_handler_may_call_it_at_any_moment() -> None:
    """It is refused while its own thread runs the function, and else gets the result; it never waits for itself."""
    for interruption in interruptions():
        make = Failing()
        made = once(make)
        heard: list[Any] = []

        def handler(made: Any = made, heard: list[Any] = heard) -> None:
            try:
                heard.append(made())
            except RuntimeError as error:
                heard.append(str(error))

        result = interruption.during(made, handler)

        assert isinstance(result, Thing)
        assert made() is result
        assert len(make.calls) == 1
        for each in heard:
            assert each is result or each == "this function is already executing"


def test_a_handler_may_run_a_reentrant_one_at_any_moment() -> None:
    for interruption in interruptions():
        make = Failing()
        made = once(reentrant=True)(make)
        result = interruption.during(made, made)

        assert isinstance(result, Thing)
        assert made() is made()
        assert len(make.calls) <= 2


@pytest.mark.parametrize("failures", [0, 1])
def test_an_interrupt_leaves_it_as_it_was_or_done(failures: int) -> None:
    """KeyboardInterrupt, wherever a signal handler can raise; see aiologic/testing/_interruption.py."""
    for number in range(200):
        make = Failing(failures)
        made = once(make)
        interruption = RaisingInterruption(
            number, Interrupted.now, [lowlevel.once.__code__.co_filename, __file__]
        )
        with suppress(Interrupted, LookupError):
            interruption.during(made)
        make.failures = 0
        # Nobody is inside any more, and so nobody waits for ever.
        thread = threading.Thread(target=made, daemon=True)
        thread.start()
        thread.join(20)
        assert not thread.is_alive(), interruption.where
        assert made() is made()
        if not interruption.was_made:
            assert number > 3
            return
    pytest.fail("it does not end")


@pytest.mark.usefixtures("tiny_switch_interval")
def test_of_many_at_once_one_runs_it(crew: Crew) -> None:
    for failures in (0, 1, 2) * 10:
        make = Failing(failures)
        made = once(make)

        def call(made: Any = made) -> Any:
            try:
                return made()
            except LookupError:
                return None

        results = crew.race(*[call] * 4)
        assert len(make.calls) == failures + 1
        assert results.count(None) == failures
        assert len({id(result) for result in results if result is not None}) == 1


# -- coroutine functions ---------------------------------------------------------------------------------------------


class Steps:
    """A coroutine function that waits for its event, each time for another one."""

    def __init__(self) -> None:
        self.events: list[aiologic.Event] = []

    async def __call__(self) -> Thing:
        self.events.append(aiologic.Event())
        await self.events[-1]
        return Thing()


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
    # They go on together: nobody waits for another one's step.
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
    """Its loop was closed, and is collected with all that it had."""
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

    # And one that is closed in the midst of it, as a closed loop leaves it, lets the next try.
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


if TYPE_CHECKING:

    def types() -> None:
        @once
        def make() -> int:
            return 1

        @once(reentrant=True)
        async def amake() -> int:
            return 1

        assert_type(make, Callable[[], int])
        assert_type(amake, Callable[[], Coroutine[Any, Any, int]])
        assert_type(make(), int)
