# SPDX-License-Identifier: ISC
"""What the tests of core share: threads, tasks that are driven by hand, and everything that behaves as a lock."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from aiologic._runtime import checkpoints
from aiologic._runtime.detect import worlds
from aiologic.testing._interruption import Interrupted
from aiologic.testing.catalogue import PERMITS, free_permits

from .callers import AsyncCaller, Caller, GreenCaller
from .crew import Crew
from .hand_driven import HandWorld
from .raising import Alarmed, ForgivingWorld, Missed, Places

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from aiologic import RWLock

    from .hand_driven import HandTask


@pytest.fixture
def crew() -> Iterator[Crew]:
    crew = Crew()
    yield crew
    crew.join()


@pytest.fixture
def tiny_switch_interval() -> Iterator[None]:
    """Threads alternate after every few bytecodes, so races show."""
    # PyPy has the function, but may check the interval rarely.
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.fixture
def world() -> Iterator[HandWorld]:
    """An async world that serves this process while the test runs."""
    world = HandWorld()
    worlds.add(world)
    yield world
    worlds.remove(world.library)


@pytest.fixture
def elsewhere() -> Iterator[HandWorld]:
    """A world whose tasks live in another thread."""
    world = HandWorld("elsewhere")
    world.home = 0
    worlds.add(world)
    yield world
    worlds.remove(world.library)


@pytest.fixture
def forgiving_world() -> Iterator[ForgivingWorld]:
    """The same, for calls that are repeated and interrupted at one place after the other."""
    world = ForgivingWorld()
    worlds.add(world)
    # The first calls after that choose the backends: they take a longer path, with places that later calls don't have.
    worlds.quick_task()
    worlds.green_backend()
    yield world
    worlds.remove(world.library)


@pytest.fixture
def checkpoints_restored(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Undo all changes of checkpoints, so that later tests use the hot paths as if nothing had ever been changed."""
    monkeypatch.setattr(checkpoints, "_settings", {})
    for switch in checkpoints.green_switch, checkpoints.async_switch:
        monkeypatch.setattr(switch, "_setting", None)
        monkeypatch.setattr(switch, "maybe", switch.maybe)
    yield
    monkeypatch.undo()
    worlds.look_again()


@pytest.fixture(params=[Interrupted, Alarmed, Missed])
def whatever_is_raised(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Handlers raise an exception that is unknown to the library, or one of a kind that it expects elsewhere."""
    monkeypatch.setattr(Places, "error", request.param)


@pytest.fixture
def new_world() -> type[HandWorld]:
    """To create more of them; the test decides which of them serve."""
    return HandWorld


@pytest.fixture(params=["green", "async"])
def new_caller(
    request: pytest.FixtureRequest, world: HandWorld
) -> Iterator[Callable[[], Caller]]:
    """To create tasks of one kind of world."""
    with ExitStack() as threads:

        def new_caller() -> Caller:
            if request.param == "async":
                return Caller(AsyncCaller(world))
            thread = threads.enter_context(ThreadPoolExecutor(1))
            return Caller(GreenCaller(thread))

        yield new_caller


@pytest.fixture
def caller(new_caller: Callable[[], Caller]) -> Caller:
    return new_caller()


@pytest.fixture
def other(new_caller: Callable[[], Caller]) -> Caller:
    """Another task of the same kind."""
    return new_caller()


# -- what behaves as a lock ------------------------------------------------------------------------------------------


@pytest.fixture(params=PERMITS, ids=str)
def lock(request: pytest.FixtureRequest) -> Any:
    """A free lock-like primitive; if it has several permits, all but one are taken."""
    return request.param()


@pytest.fixture
def is_free() -> Callable[[Any], int]:
    """Whether a lock-like primitive can be taken now, according to the primitive itself."""
    return free_permits


# -- a lock that readers share ---------------------------------------------------------------------------------------


@pytest.fixture
def start(world: HandWorld, lock: RWLock) -> Iterator[Callable[[str], HandTask]]:
    """Start a task that reads or writes, and stops at a checkpoint when it is inside; the next step makes it leave."""
    tasks: list[HandTask] = []

    async def hold(side: Any) -> None:
        async with side:
            await world.checkpoint()

    def start(way: str) -> HandTask:
        side = lock.writing if way == "write" else lock.reading
        tasks.append(world.spawn(hold(side)))
        return tasks[-1].step()

    yield start
    for task in reversed(tasks):
        with world.runs(task):
            task.coroutine.close()
