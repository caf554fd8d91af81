# SPDX-License-Identifier: ISC
"""Checkpoints switched on and off: by blocks, functions and awaitables, per task and per thread."""

from __future__ import annotations

import inspect
from contextvars import copy_context
from typing import TYPE_CHECKING, Any

import aiologic
import pytest
from aiologic._runtime.threads import ThreadBackend
from aiologic.lowlevel import (
    async_checkpoint,
    async_checkpoint_enabled,
    async_checkpoint_if_cancelled,
    current_green_library_tlocal,
    disable_checkpoints,
    enable_checkpoints,
    green_checkpoint,
    green_checkpoint_enabled,
    green_checkpoint_if_cancelled,
)

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from ..crew import Crew
    from ..hand_driven import HandWorld

pytestmark = pytest.mark.usefixtures("checkpoints_restored")


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """Gets an item for each checkpoint that a thread makes."""
    made: list[None] = []
    monkeypatch.setattr(ThreadBackend, "checkpoint", lambda _: made.append(None))
    return made


def count(world: HandWorld, coroutine: Coroutine[Any, Any, Any]) -> int:
    """How many checkpoints a coroutine makes until it ends."""
    task = world.spawn(coroutine)
    while not task.step().is_done:
        pass
    return task.checkpoints


def are_on() -> tuple[bool, bool]:
    return green_checkpoint_enabled(), async_checkpoint_enabled()


# -- blocks ----------------------------------------------------------------------------------------------------------


def test_off_unless_somebody_switches(world: HandWorld, made: list[None]) -> None:
    green_checkpoint()

    assert made == []
    assert count(world, async_checkpoint()) == 0


def test_a_green_block(made: list[None]) -> None:
    with enable_checkpoints() as is_on:
        assert is_on is True
        assert green_checkpoint_enabled()
        green_checkpoint()
        assert made == [None]
        with disable_checkpoints() as is_on_inside:
            assert is_on_inside is False
            assert not green_checkpoint_enabled()
            green_checkpoint()
        assert green_checkpoint_enabled()

    assert not green_checkpoint_enabled()
    green_checkpoint()
    assert made == [None]


def test_an_async_block(world: HandWorld) -> None:
    async def work() -> None:
        await async_checkpoint()
        async with enable_checkpoints() as is_on:
            assert is_on is True
            assert async_checkpoint_enabled()
            await async_checkpoint()
            async with disable_checkpoints() as is_on_inside:
                assert is_on_inside is False
                assert not async_checkpoint_enabled()
                await async_checkpoint()
            await async_checkpoint()
        assert not async_checkpoint_enabled()
        await async_checkpoint()

    assert count(world, work()) == 2


def test_each_call_in_a_block_is_a_checkpoint(world: HandWorld) -> None:
    """Even of a lock, which asks for its task in the quickest way there is."""

    async def work() -> None:
        async with enable_checkpoints():
            for _ in range(3):
                async with lock:
                    pass

    lock = aiologic.Lock()
    assert count(world, work()) == 3


def test_green_and_async_are_independent(world: HandWorld) -> None:
    async def work() -> list[tuple[bool, bool]]:
        seen = [are_on()]
        with enable_checkpoints():
            seen.append(are_on())
            async with enable_checkpoints():
                seen.append(are_on())
        async with enable_checkpoints():
            seen.append(are_on())
        return seen

    assert world.run(work()) == [
        (False, False),
        (True, False),
        (True, True),
        (False, True),
    ]


def test_a_block_ends_with_an_exception_too() -> None:
    with pytest.raises(ZeroDivisionError), enable_checkpoints():
        raise ZeroDivisionError

    assert not green_checkpoint_enabled()


def test_tasks_that_are_created_inside_inherit(world: HandWorld) -> None:
    async def outer() -> None:
        async with enable_checkpoints():
            inside.append(world.spawn(async_checkpoint()))
        inside.append(world.spawn(async_checkpoint()))

    inside: list[Any] = []
    count(world, outer())

    for task in inside:
        while not task.step().is_done:
            pass
    assert [task.checkpoints for task in inside] == [1, 0]


def test_a_context_that_is_carried_into_another_thread_is_not_heeded(
    crew: Crew,
) -> None:
    with enable_checkpoints():
        context = copy_context()
        assert context.run(green_checkpoint_enabled) is True

        assert crew.run(context.run, green_checkpoint_enabled) is False


def test_a_manager_serves_one_block_at_a_time() -> None:
    manager = enable_checkpoints()
    with manager, pytest.raises(RuntimeError, match="already in use"):
        manager.__enter__()
    assert not green_checkpoint_enabled()
    with pytest.raises(RuntimeError, match="not in use"):
        manager.__exit__(None, None, None)
    with manager:
        assert green_checkpoint_enabled()


# -- functions and awaitables ----------------------------------------------------------------------------------------


def test_a_function() -> None:
    @enable_checkpoints
    def work(first: int, *, second: int) -> tuple[int, int, bool]:
        """Work."""
        return first, second, green_checkpoint_enabled()

    assert work(1, second=2) == (1, 2, True)
    assert work.__name__ == "work"
    assert work.__doc__ == "Work."
    assert not green_checkpoint_enabled()
    assert disable_checkpoints(work)(3, second=4) == (3, 4, True)


def test_a_coroutine_function(world: HandWorld) -> None:
    @enable_checkpoints
    async def work(first: int, *, second: int) -> tuple[int, int]:
        await async_checkpoint()
        return first, second

    async def twice() -> None:
        assert await work(1, second=2) == (1, 2)
        await async_checkpoint()
        assert await work(3, second=4) == (3, 4)

    assert inspect.iscoroutinefunction(work)
    assert work.__name__ == "work"
    assert count(world, twice()) == 2


def test_an_awaitable(world: HandWorld) -> None:
    class Answer:
        def __await__(self) -> Any:
            yield from async_checkpoint().__await__()
            return 42

    async def work() -> None:
        assert await enable_checkpoints(Answer()) == 42
        assert await disable_checkpoints(Answer()) == 42
        assert await Answer() == 42
        await enable_checkpoints(async_checkpoint())

    assert count(world, work()) == 2


@pytest.mark.parametrize("wrapped", [None, 1, "lock"])
def test_nothing_else_can_be_switched(wrapped: Any) -> None:
    for switch in enable_checkpoints, disable_checkpoints:
        with pytest.raises(TypeError, match="must be an awaitable or a callable") as no:
            switch(wrapped)
        assert repr(wrapped) in str(no.value)


# -- force -----------------------------------------------------------------------------------------------------------


def test_force_wins_over_everything(world: HandWorld, made: list[None]) -> None:
    async def work() -> None:
        async with disable_checkpoints():
            await async_checkpoint(force=True)

    assert count(world, async_checkpoint(force=True)) == 1
    assert count(world, work()) == 1
    with disable_checkpoints():
        green_checkpoint(force=True)
    green_checkpoint(force=True)
    assert made == [None, None]


def test_a_forced_async_checkpoint_outside_of_a_library_does_nothing() -> None:
    for checkpoint in async_checkpoint, async_checkpoint_if_cancelled:
        with pytest.raises(StopIteration):
            checkpoint(force=True).send(None)


@pytest.mark.parametrize("force", [False, True])
def test_a_green_checkpoint_under_an_unknown_library_does_nothing(
    made: list[None], force: bool
) -> None:
    """Contract 1.4.6: like an async one; a call that has to wait raises."""
    current_green_library_tlocal.name = "robot"
    try:
        with enable_checkpoints():
            green_checkpoint(force=force)
            green_checkpoint_if_cancelled(force=force)
    finally:
        current_green_library_tlocal.name = None
    assert made == []


@pytest.mark.parametrize("force", [False, True])
def test_to_look_for_cancellation_never_yields_here(
    world: HandWorld, made: list[None], force: bool
) -> None:
    green_checkpoint_if_cancelled(force=force)

    assert made == []
    assert count(world, async_checkpoint_if_cancelled(force=force)) == 0


def test_to_look_for_cancellation_asks_the_library_where_it_has_to(
    world: HandWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    async def look(_: HandWorld) -> None:
        asked.append("async")

    monkeypatch.setattr(type(world), "checkpoint_if_cancelled", look)
    monkeypatch.setattr(
        ThreadBackend, "checkpoint_if_cancelled", lambda _: asked.append("green")
    )

    async def work() -> None:
        await async_checkpoint_if_cancelled()
        assert asked == []
        await async_checkpoint_if_cancelled(force=True)
        async with enable_checkpoints():
            await async_checkpoint_if_cancelled()

    world.run(work())
    assert asked == ["async"] * 2
    asked.clear()

    green_checkpoint_if_cancelled()
    assert asked == []
    green_checkpoint_if_cancelled(force=True)
    with enable_checkpoints():
        green_checkpoint_if_cancelled()
    assert asked == ["green"] * 2
