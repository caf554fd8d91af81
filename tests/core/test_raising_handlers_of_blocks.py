# SPDX-License-Identifier: ISC
"""A signal handler that raises as a block is left: it is left all the same, because nobody can leave it again.

If the handler raises before the block's own first step, no code of ours runs, and
nothing can be done.
"""

from __future__ import annotations

from typing import Any, Callable

import aiologic
import pytest
from aiologic.testing._interruption import Interrupted
from aiologic.testing.catalogue import ALL, OWNED

from .raising import ForgivingWorld, heard, needs_places, places

pytestmark = [needs_places, pytest.mark.usefixtures("whatever_is_raised")]

MAKERS: dict[str, Callable[[], Any]] = {
    **{str(kind): kind.make for kind in ALL if kind in OWNED},
    "reading": lambda: aiologic.RWLock().reading,
    "writing": lambda: aiologic.RWLock().writing,
    "Condition": aiologic.Condition,
    "Condition(RLock, timer)": lambda: aiologic.Condition(
        aiologic.RLock(), timer=lambda: 0
    ),
    "Condition(Lock)": lambda: aiologic.Condition(aiologic.Lock()),
    "Condition(BinarySemaphore)": lambda: aiologic.Condition(
        aiologic.BinarySemaphore()
    ),
}
REENTRANT = [
    "RLock",
    *(str(kind) for kind in OWNED if kind.cls is aiologic.RCapacityLimiter),
    "Condition",
    "Condition(RLock, timer)",
]

CASES = [(name, 1) for name in MAKERS] + [(name, 2) for name in REENTRANT]

in_each_way = pytest.mark.parametrize(("name", "times"), CASES)


@pytest.fixture
def world(forgiving_world: ForgivingWorld) -> ForgivingWorld:
    return forgiving_world


def times_held(block: Any) -> int:
    """How many times somebody has it; for a semaphore, nobody can tell who has it."""
    if isinstance(getattr(block, "lock", None), aiologic.BinarySemaphore):
        return int(bool(block))
    return sum(block.statistics().holders.values())


@in_each_way
def test_a_task_leaves(world: ForgivingWorld, name: str, times: int) -> None:
    """Once, if it is in there twice."""

    async def enter() -> None:
        for _ in range(times):
            await block.__aenter__()

    async def leave() -> None:
        await block.__aexit__(None, None, None)

    for number, interruption in enumerate(places(2)):
        block = MAKERS[name]()
        task = world.spawn(enter()).step()
        assert times_held(block) == times

        def left() -> None:
            with world.runs(task), pytest.raises(StopIteration):  # noqa: B023  # called before the next round
                leave().send(None)

        error = heard(interruption, left)

        assert (error is not None) is interruption.was_made, interruption.where
        assert times_held(block) == times - (number > 0), interruption.where


@in_each_way
def test_a_thread_leaves(name: str, times: int) -> None:
    for number, interruption in enumerate(places()):
        block = MAKERS[name]()
        for _ in range(times):
            block.__enter__()

        error = heard(interruption, lambda: block.__exit__(None, None, None))  # noqa: B023

        assert (error is not None) is interruption.was_made, interruption.where
        assert times_held(block) == times - (number > 0), interruption.where


@pytest.mark.parametrize(
    "name", [name for name in MAKERS if not name.startswith("Condition")]
)
def test_who_is_not_inside_is_told(world: ForgivingWorld, name: str) -> None:
    """As always, and nothing else is raised."""
    block = MAKERS[name]()

    async def leave() -> None:
        await block.__aexit__(None, None, None)

    def leave_in_thread() -> None:
        block.__exit__(None, None, None)

    def leave_in_task() -> None:
        world.run(leave())

    for call in (leave_in_thread, leave_in_task):
        with pytest.raises(RuntimeError) as caught:
            call()
        error = caught.value
        assert error.__suppress_context__ or error.__context__ is None


@pytest.mark.parametrize(
    ("make", "release"),
    [
        (aiologic.RLock, (aiologic.RLock, "_release_times")),
        (lambda: aiologic.RCapacityLimiter(1), (aiologic.RCapacityLimiter, "_release")),
        (
            lambda: aiologic.Condition(timer=lambda: 0),
            (aiologic.RLock, "_release_times"),
        ),
    ],
    ids=["RLock", "RCapacityLimiter", "Condition"],
)
def test_what_was_released_is_not_released_again(
    monkeypatch: pytest.MonkeyPatch,
    world: ForgivingWorld,
    make: Callable[[], Any],
    release: tuple[type, str],
) -> None:
    """As the release returns (up to Python 3.10): the task is still in the block around the one that was left."""

    async def leave() -> None:
        await block.__aexit__(None, None, None)

    async def enter_twice() -> None:
        await block.__aenter__()
        await block.__aenter__()

    release_it: Any = getattr(*release)

    def interrupted(*args: Any) -> None:
        release_it(*args)
        raise Interrupted

    block = make()
    block.__enter__()
    block.__enter__()
    with monkeypatch.context() as patch:
        patch.setattr(*release, interrupted)
        with pytest.raises(Interrupted):
            block.__exit__(None, None, None)
    assert times_held(block) == 1

    block = make()
    task = world.spawn(enter_twice()).step()
    with monkeypatch.context() as patch:
        patch.setattr(*release, interrupted)
        with world.runs(task), pytest.raises(Interrupted):
            leave().send(None)
    assert times_held(block) == 1
