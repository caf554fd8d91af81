# SPDX-License-Identifier: ISC
"""What hot paths ask for the current task, row by row of the table in `_runtime/choosing.py`.

Each test has worlds of its own, in which nothing is installed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from typing import Any

    from aiologic._runtime.detect import Worlds

    from ..crew import Crew
    from ..hand_driven import HandTask, HandWorld


async def nothing() -> None:
    """The coroutine of a task that only has to exist."""


def served(worlds: Worlds, *backends: HandWorld) -> None:
    for backend in backends:
        worlds.add(backend)


def new_task(backend: HandWorld) -> HandTask:
    task = backend.spawn(nothing())
    task.coroutine.close()
    return task


def quickly(worlds: Worlds) -> object | None:
    """What a hot path gets at its second look; the first one chooses."""
    assert worlds.quick_task() is None
    return worlds.quick_task()


def test_not_looked_yet_says_none(worlds: Worlds, new_world: type[HandWorld]) -> None:
    world = new_world()
    served(worlds, world)
    with world.runs(new_task(world)):
        assert worlds.quick_task() is None
        assert worlds.quick_task() is not None
        worlds.look_again()
        assert worlds.quick_task() is None


def test_one_library_is_asked_directly(
    worlds: Worlds, new_world: type[HandWorld]
) -> None:
    world = new_world()
    served(worlds, world)
    task = new_task(world)
    with world.runs(task):
        assert quickly(worlds) is task
        assert worlds.outer_task() is task
    assert worlds.quick_task() is None


@pytest.mark.usefixtures("sniffio")
def test_one_library_that_announces_itself_is_asked_directly(
    worlds: Worlds, new_world: type[HandWorld]
) -> None:
    world = new_world()
    world.announced = True
    served(worlds, world)
    task = new_task(world)
    with world.runs(task):
        assert quickly(worlds) is task
        assert worlds.outer_task() is task


def test_others_that_announce_themselves_are_heeded(
    worlds: Worlds, new_world: type[HandWorld], sniffio: Any
) -> None:
    quiet, loud = new_world("quiet"), new_world("loud")
    loud.announced = True
    served(worlds, quiet, loud)
    task = new_task(quiet)
    with quiet.runs(task):
        assert quickly(worlds) is task
        sniffio.thread_local.name = "loud"
        assert worlds.quick_task() is None
        # A task that leaves a block only asks whether it is the one that entered it.
        assert worlds.outer_task() is task


def test_of_several_libraries_the_one_that_runs_here_is_found(
    worlds: Worlds, new_world: type[HandWorld], crew: Crew
) -> None:
    """They are used in the same process; they need not run inside each other for that."""
    backends = [new_world(name) for name in ("one", "other", "third")]
    served(worlds, *backends)
    assert worlds.quick_task() is None
    for backend in backends:
        task = new_task(backend)
        with backend.runs(task):
            assert worlds.quick_task() is task
            assert worlds.certain_task() is task
            assert worlds.outer_task() is task
            assert crew.run(worlds.quick_task) is None
    assert worlds.quick_task() is None
    assert worlds.certain_task() is None
    assert worlds.outer_task() is None


@pytest.mark.parametrize("inner", [0, 1, 2])
@pytest.mark.parametrize("outer", [0, 1, 2])
def test_several_libraries_one_inside_the_other_take_the_long_way(
    worlds: Worlds, new_world: type[HandWorld], outer: int, inner: int
) -> None:
    if outer == inner:
        pytest.skip("about two of them")
    backends = [new_world(name) for name in ("one", "other", "third")]
    served(worlds, *backends)
    tasks: list[object] = []
    found: list[object] = []

    def ask(backend: HandWorld) -> None:
        tasks.append(backend.current_task())
        found.append(worlds.async_world())

    async def inside() -> None:
        ask(backends[inner])
        assert worlds.quick_task() is None
        assert worlds.certain_task() is None
        assert worlds.outer_task() in tasks

    async def around() -> None:
        ask(backends[outer])
        backends[inner].run(inside())
        assert worlds.quick_task() is tasks[0]
        ask(backends[outer])

    backends[outer].run(around())

    order = [backends[outer], backends[inner], backends[outer]]
    assert found == list(zip(order, tasks))


@pytest.mark.parametrize("inner", ["one", "other"])
def test_a_task_inside_a_callback_of_another_library_takes_the_long_way(
    worlds: Worlds, new_world: type[HandWorld], inner: str
) -> None:
    backends = {name: new_world(name) for name in ("one", "other")}
    served(worlds, *backends.values())
    inside = backends.pop(inner)
    (around,) = backends.values()
    task = new_task(inside)
    with around.runs(None):
        assert quickly(worlds) is None
        with inside.runs(task):
            assert worlds.quick_task() is None
            assert worlds.certain_task() is None
            assert worlds.async_world() == (inside, task)
        assert worlds.certain_task() is None
        assert worlds.async_world() == (around, None)


def test_of_several_libraries_and_others_that_announce_themselves(
    worlds: Worlds, new_world: type[HandWorld], sniffio: Any
) -> None:
    quiet, silent, loud = new_world("quiet"), new_world("silent"), new_world("loud")
    loud.announced = True
    served(worlds, quiet, silent, loud)
    task, loud_task = new_task(silent), new_task(loud)
    with silent.runs(task):
        assert quickly(worlds) is task
    with loud.runs(loud_task):
        assert worlds.quick_task() is None
        sniffio.thread_local.name = "loud"
        assert worlds.quick_task() is loud_task
        assert worlds.outer_task() is not loud_task
        assert worlds.announced_task() is loud_task
        with silent.runs(task):  # which of the two is the inner one?
            assert worlds.quick_task() is None
            assert worlds.certain_task() is None


@pytest.mark.usefixtures("sniffio")
def test_several_libraries_that_all_announce_themselves_take_the_long_way(
    worlds: Worlds, new_world: type[HandWorld]
) -> None:
    one, other = new_world("one"), new_world("other")
    one.announced = other.announced = True
    served(worlds, one, other)
    with one.runs(new_task(one)):
        assert quickly(worlds) is None
        assert worlds.certain_task() is None
        assert worlds.find_async_world() is None  # its name is not there


def test_of_several_libraries_one_whose_calls_may_be_checkpoints(
    worlds: Worlds, new_world: type[HandWorld]
) -> None:
    worlds.are_checkpoints = lambda backend: backend.library != "hasty"
    hasty, polite = new_world("hasty"), new_world("polite")
    served(worlds, hasty, polite)
    task = new_task(hasty)
    with hasty.runs(task):
        assert quickly(worlds) is task
    task = new_task(polite)
    with polite.runs(task):
        assert worlds.quick_task() is None
        assert worlds.certain_task() is task
        assert worlds.outer_task() is task


def test_where_calls_may_be_checkpoints_they_take_the_long_way(
    worlds: Worlds, new_world: type[HandWorld]
) -> None:
    worlds.are_checkpoints = lambda *_: None
    world = new_world()
    served(worlds, world)
    task = new_task(world)
    with world.runs(task):
        assert quickly(worlds) is None
        assert worlds.outer_task() is task


def test_where_somebody_names_a_library_they_take_the_long_way(
    worlds: Worlds, new_world: type[HandWorld]
) -> None:
    world = new_world()
    served(worlds, world)
    task = new_task(world)
    with world.runs(task):
        assert quickly(worlds) is task
        worlds.async_override.name = "robot"
        assert quickly(worlds) is None


def test_nobody_is_asked_where_nothing_is_served(worlds: Worlds) -> None:
    assert quickly(worlds) is None
    assert worlds.find_async_world() is None
