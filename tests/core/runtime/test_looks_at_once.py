# SPDX-License-Identifier: ISC
"""Two threads look at once, and what is served changes meanwhile: nobody is hidden by the look that is out of date.

All orders of them are explored in tests/explorer/test_first_looks.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from aiologic._runtime import checkpoints, choosing

if TYPE_CHECKING:
    from typing import Any, Callable

    from aiologic._runtime.detect import Worlds

    from ..hand_driven import HandTask, HandWorld


async def nothing() -> None:
    """What a task does that only has to be there."""


def new_task(backend: HandWorld) -> HandTask:
    task = backend.spawn(nothing())
    task.coroutine.close()
    return task


def test_what_a_look_has_found_that_is_out_of_date(
    worlds: Worlds, new_world: type[HandWorld], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A: looks; B: adds a backend, and looks; A: writes down what it has found; B: asks."""
    world = new_world()
    found: list[object] = []

    def b_asks() -> bool:
        with world.runs(None):
            found.append(worlds.find_async_world())
        return True

    def b_comes() -> None:
        monkeypatch.setattr(choosing, "find_announcements", lambda: None)
        worlds.add(world)
        b_asks()

    worlds.may_checkpoint = b_asks  # which A asks when it has written it down
    monkeypatch.setattr(choosing, "find_announcements", b_comes)
    worlds._choose()

    assert found
    assert {*found} == {(world, None)}


@pytest.mark.parametrize("asks", ["which world", "whether it is a checkpoint"])
def test_a_task_that_was_found_before_its_backend_was_replaced(
    worlds: Worlds,
    new_world: type[HandWorld],
    monkeypatch: pytest.MonkeyPatch,
    asks: str,
) -> None:
    """A: finds its backend; B: replaces it, and looks; A: remembers what it has found; B: asks."""
    world, newer = new_world(), new_world()
    task = new_task(world)
    worlds.add(world)
    find = type(worlds).find_async_world

    def find_and_replace(worlds: Worlds) -> Any:
        monkeypatch.setattr(type(worlds), "find_async_world", find)
        found = find(worlds)
        worlds.add(newer)
        worlds.certain_task()
        return found

    monkeypatch.setattr(checkpoints, "worlds", worlds)
    monkeypatch.setattr(type(worlds), "find_async_world", find_and_replace)
    ask: dict[str, Callable[[], object]] = {
        "which world": worlds.async_world,
        "whether it is a checkpoint": checkpoints._find_checkpoint_due,
    }
    with world.runs(task):
        ask[asks]()
    with newer.runs(task):
        assert worlds.async_world() == (newer, task)
