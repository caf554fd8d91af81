# SPDX-License-Identifier: ISC
"""Which library runs the caller, as users are told; and the error where none does."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

import aiologic
import pytest
from aiologic._runtime.detect import worlds
from aiologic.lowlevel import (
    async_checkpoint_enabled,
    async_clock,
    async_seconds_per_sleep,
    async_seconds_per_timeout,
    create_async_waiter,
    current_async_library,
    current_async_library_tlocal,
    current_async_task,
    current_async_task_ident,
    current_async_token,
    current_async_token_ident,
    current_green_library,
    current_green_library_tlocal,
    current_green_task,
    current_green_task_ident,
    green_checkpoint_enabled,
    green_sleep,
    shield,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .crew import Crew
    from .hand_driven import HandWorld


@pytest.fixture
def other_world(new_world: type[HandWorld]) -> Iterator[HandWorld]:
    """A world that begins inside the first."""
    world = new_world("innerdriven")
    worlds.add(world)
    yield world
    worlds.remove(world.library)


async def library() -> str:
    return current_async_library()


def test_no_library() -> None:
    assert current_green_library() == "threading"
    assert current_green_library(failsafe=True) == "threading"
    assert current_async_library(failsafe=True) is None
    with pytest.raises(
        aiologic.AsyncLibraryNotFoundError,
        match=r"^unknown async library, or not in async context",
    ):
        current_async_library()


@pytest.mark.parametrize(
    "question",
    [
        current_async_library,
        current_async_task,
        current_async_task_ident,
        current_async_token,
        current_async_token_ident,
        async_clock,
        async_seconds_per_sleep,
        async_seconds_per_timeout,
        create_async_waiter,
    ],
)
@pytest.mark.usefixtures("world")
def test_what_needs_a_library_says_so(question: Callable[[], object]) -> None:
    with pytest.raises(aiologic.AsyncLibraryNotFoundError, match="unknown async lib"):
        question()


def test_checkpoints_are_off_where_no_library_runs(world: HandWorld) -> None:
    """D23: the answer is not global, whatever runs elsewhere."""
    world.checkpoints_by_default = True
    worlds.look_again()

    async def enabled() -> bool:
        return async_checkpoint_enabled()

    assert world.run(enabled()) is True
    assert async_checkpoint_enabled() is False
    assert green_checkpoint_enabled() is False


@pytest.mark.parametrize("ask", [async_checkpoint_enabled, current_async_library])
def test_what_a_callback_has_asked_is_not_the_answer_for_others(
    world: HandWorld, ask: Callable[[], object]
) -> None:
    worlds.look_again()
    with world.runs(None):
        ask()
    with pytest.raises(aiologic.AsyncLibraryNotFoundError):
        current_async_library()


def test_a_task_and_a_callback(world: HandWorld) -> None:
    task = world.spawn(library())
    with world.runs(task):
        assert current_async_library() == "handdriven"
        assert current_async_library(failsafe=True) == "handdriven"
        assert current_async_task() is task
        assert current_async_task_ident() == ("handdriven", id(task))
        assert current_async_token() is world
        assert current_async_token_ident() == ("handdriven", id(world))
    with world.runs(None):
        assert current_async_library() == "handdriven"
        assert current_async_token() is world
        for question in current_async_task, current_async_task_ident:
            with pytest.raises(RuntimeError, match="no current task: handdriven"):
                question()
    assert task.step().result == "handdriven"


def test_the_innermost_runtime_is_meant(
    world: HandWorld, other_world: HandWorld
) -> None:
    """D17: even if the outer one was said to run."""

    async def outer() -> list[str]:
        inside = [current_async_library(), other_world.run(library())]
        current_async_library_tlocal.name = "handdriven"
        inside += [current_async_library(), other_world.run(library())]
        current_async_library_tlocal.name = None
        return [*inside, current_async_library()]

    first, second = "handdriven", "innerdriven"
    assert world.run(outer()) == [first, second, first, second, first]


@pytest.fixture
def override() -> Iterator[Any]:
    yield current_async_library_tlocal
    current_async_library_tlocal.name = None


def test_a_library_that_has_no_backend_is_told_what_to_install(override: Any) -> None:
    override.name = "robot"
    assert current_async_library(failsafe=True) is None
    with pytest.raises(
        aiologic.AsyncLibraryNotFoundError, match="'robot': pip install aiologic-robot"
    ):
        current_async_library()


@pytest.mark.usefixtures("world")
def test_a_library_that_is_said_to_run_and_does_not(override: Any) -> None:
    """There is nothing to install."""
    override.name = "handdriven"
    assert current_async_library(failsafe=True) is None
    with pytest.raises(
        aiologic.AsyncLibraryNotFoundError, match="'handdriven' is said to run here"
    ) as told:
        current_async_library()
    assert "pip" not in str(told.value)


def test_an_override_is_its_threads_own(crew: Crew) -> None:
    current_green_library_tlocal.name = "robot"
    try:
        with pytest.raises(
            aiologic.GreenLibraryNotFoundError, match="pip install aiologic-robot"
        ):
            current_green_library()
        assert current_green_library(failsafe=True) == "threading"
        assert crew.run(current_green_library) == "threading"
    finally:
        current_green_library_tlocal.name = None


def test_a_greenlet_that_nobody_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer "threading" would have its thread block, with all its greenlets."""
    greenlet: Any = ModuleType("greenlet")
    hub = object()
    greenlet.getcurrent = lambda: type("Greenlet", (), {"parent": hub})
    monkeypatch.setitem(sys.modules, "greenlet", greenlet)
    monkeypatch.setitem(sys.modules, "gevent", ModuleType("gevent"))
    monkeypatch.setattr(worlds.registry, "_found", {True: {}})
    worlds.look_again()
    try:
        for blocking in current_green_library, shield(print), lambda: green_sleep(0):
            with pytest.raises(aiologic.GreenLibraryNotFoundError, match="gevent"):
                blocking()
        assert current_green_library(failsafe=True) == "threading"
        assert current_green_task_ident()[0] == "threading"
        assert current_green_task()
    finally:
        monkeypatch.undo()
        worlds.look_again()


def test_a_call_that_can_not_be_shielded_makes_no_coroutine() -> None:
    """Otherwise there would be a warning that it was never awaited."""
    coroutine = shield(library)()
    with pytest.raises(aiologic.AsyncLibraryNotFoundError):
        coroutine.send(None)
