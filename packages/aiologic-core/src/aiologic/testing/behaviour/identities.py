# SPDX-License-Identifier: ISC
"""Which task calls, and what it runs in, as objects and as numbers; locks use the same.

If one of these fails: look at duties 1 and 9; for tokens, at duty 12; for callbacks, at
duty 10 and at ``World.callbacks_are_tasks``.
"""

from __future__ import annotations

import threading
from typing import Any, NamedTuple

import pytest

import aiologic
from aiologic.lowlevel import (
    current_async_library,
    current_async_task,
    current_async_task_ident,
    current_async_token,
    current_async_token_ident,
    current_green_library,
    current_green_task,
    current_green_task_ident,
    current_green_token,
    current_green_token_ident,
    current_thread,
    current_thread_ident,
)

from ..operations import acquire, release, run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from .._stage import Stage, World


class Questions(NamedTuple):
    """The questions that can be asked in one kind of world."""

    library: Callable[[], str]
    task: Callable[[], Any]
    task_ident: Callable[[], tuple[str, int]]
    token: Callable[[], Any]
    token_ident: Callable[[], tuple[str, int]]


GREEN = Questions(
    current_green_library,
    current_green_task,
    current_green_task_ident,
    current_green_token,
    current_green_token_ident,
)
ASYNC = Questions(
    current_async_library,
    current_async_task,
    current_async_task_ident,
    current_async_token,
    current_async_token_ident,
)


@pytest.fixture
def ask(world: World) -> Questions:
    return ASYNC if world.is_async else GREEN


def test_the_library_is_known(stage: Stage, world: World, ask: Questions) -> None:
    assert stage.actor().does(run(ask.library)) == world.library


def test_every_task_is_another_and_stays_the_same(stage: Stage, ask: Questions) -> None:
    actors = [stage.actor() for _ in range(3)]
    tasks = [actor.does(run(ask.task)) for actor in actors]

    assert len({id(task) for task in tasks}) == 3
    for actor, task in zip(actors, tasks):
        assert actor.does(run(ask.task)) is task


def test_a_number_stands_for_its_task(
    stage: Stage, world: World, ask: Questions
) -> None:
    actors = [stage.actor() for _ in range(3)]
    idents = [actor.does(run(ask.task_ident)) for actor in actors]

    assert len(set(idents)) == 3
    assert {library for library, _ in idents} == {world.library}
    assert [actor.does(run(ask.task_ident)) for actor in actors] == idents


def test_a_lock_shows_its_owner_by_that_number(
    stage: Stage, ask: Questions, lock: aiologic.Lock
) -> None:
    actor, other = stage.actor(), stage.actor()
    actor.does(acquire(lock))

    assert lock.owner == actor.does(run(ask.task_ident))
    assert lock.owner != other.does(run(ask.task_ident))
    actor.does(release(lock))


def test_tasks_that_never_run_at_once_share_a_token(
    stage: Stage, world: World, ask: Questions
) -> None:
    first, second = stage.actor(), stage.actor()
    tokens = [actor.does(run(ask.token)) for actor in (first, second)]
    idents = [actor.does(run(ask.token_ident)) for actor in (first, second)]
    threads = [actor.does(run(current_thread_ident)) for actor in (first, second)]

    shared = threads[0] == threads[1]
    assert (tokens[0] is tokens[1]) is shared
    assert (idents[0] == idents[1]) is shared
    assert {library for library, _ in idents} == {world.library}


def test_another_stage_is_another_token(
    stage: Stage, world: World, ask: Questions
) -> None:
    mine = stage.actor().does(run(ask.token))
    with world.open() as other:
        assert other.actor().does(run(ask.token)) is not mine


def test_a_callback_has_a_library_and_a_token_and_no_task(
    async_stage: Stage, async_world: World
) -> None:
    token = async_stage.actor().does(run(current_async_token))
    with async_stage.frozen(as_callback=True) as inside:
        assert inside(current_async_library) == async_world.library
        assert inside(current_async_token) is token
        if async_world.callbacks_are_tasks:
            assert inside(current_async_task) is not None
        else:
            for question in current_async_task, current_async_task_ident:
                with pytest.raises(RuntimeError, match="no current task"):
                    inside(question)


def test_the_thread_is_the_real_one(stage: Stage) -> None:
    def thread() -> tuple[threading.Thread, int]:
        return current_thread(), current_thread_ident()

    actor = stage.actor()
    found, ident = actor.does(run(thread))
    assert isinstance(found, threading.Thread)
    assert found is not threading.main_thread()
    assert actor.does(run(thread)) == (found, ident)


def test_outside_there_is_no_async_library(stage: Stage, threads: Stage) -> None:
    """A running world exists only for its own thread."""
    stage.actor().does(run(lambda: None))
    outsider = threads.actor()

    assert outsider.does(run(current_green_library)) == "threading"
    assert outsider.does(run(lambda: current_async_library(failsafe=True))) is None
    for question in ASYNC:
        with pytest.raises(aiologic.AsyncLibraryNotFoundError):
            outsider.does(run(question))
