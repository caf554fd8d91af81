# SPDX-License-Identifier: ISC
"""Whose checkpoint a call has to be that need not wait: the short way to ask, and where it must not be taken.

All calls under "polite" are checkpoints, and it announces itself; none under "hasty" are, and it doesn't.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from aiologic._runtime import checkpoints
from aiologic._runtime.checkpoints import Switch

from .test_quick_task import new_task, served

if TYPE_CHECKING:
    from typing import Any, Optional

    from aiologic._runtime.detect import Worlds

    from ..hand_driven import HandWorld

    Always = dict[str, Optional[bool]]

LONG_WAY: Any = "the long way"


@pytest.fixture
def always(worlds: Worlds) -> Always:
    """Whether all calls under a library are checkpoints, or none."""
    always: Always = {"polite": True, "hasty": False}
    worlds.are_checkpoints = lambda backend: always[backend.library]
    worlds.find_checkpoint_due = lambda: LONG_WAY
    return always


@pytest.fixture
def polite(new_world: type[HandWorld], always: Always) -> HandWorld:
    del always
    polite = new_world("polite")
    polite.announced = True
    return polite


@pytest.fixture
def hasty(new_world: type[HandWorld]) -> HandWorld:
    return new_world("hasty")


def chosen(worlds: Worlds, *backends: HandWorld) -> None:
    served(worlds, *backends)
    assert worlds.quick_task() is None  # the first look


def test_a_task_of_the_one_library(
    worlds: Worlds, polite: HandWorld, hasty: HandWorld, sniffio: Any
) -> None:
    chosen(worlds, hasty, polite)
    sniffio.thread_local.name = "polite"
    with polite.runs(new_task(polite)):
        assert worlds.checkpoint_due() is polite


def test_the_one_library_alone(worlds: Worlds, polite: HandWorld, sniffio: Any) -> None:
    chosen(worlds, polite)
    sniffio.thread_local.name = "polite"
    with polite.runs(new_task(polite)):
        assert worlds.checkpoint_due() is polite


def test_a_task_of_another_is_told_by_the_name_alone(
    worlds: Worlds,
    polite: HandWorld,
    hasty: HandWorld,
    sniffio: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The mere import of a library must cost the others next to nothing."""
    asked: list[HandWorld] = []
    for backend in hasty, polite:
        monkeypatch.setattr(backend, "is_running", partial(asked.append, backend))
        monkeypatch.setattr(backend, "current_task", partial(asked.append, backend))
    chosen(worlds, hasty, polite)
    asked.clear()
    assert sniffio.thread_local.name is None
    assert worlds.checkpoint_due() is None
    assert not asked


def test_one_inside_the_other_takes_the_long_way(
    worlds: Worlds, polite: HandWorld, hasty: HandWorld, sniffio: Any
) -> None:
    chosen(worlds, hasty, polite)
    sniffio.thread_local.name = "polite"
    with polite.runs(new_task(polite)), hasty.runs(None):
        assert worlds.checkpoint_due() is LONG_WAY


@pytest.mark.parametrize("raises", [False, True])
def test_where_the_library_runs_no_task(
    worlds: Worlds,
    polite: HandWorld,
    sniffio: Any,
    raises: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A coroutine that is driven by hand there must not be asked to let others run."""

    def current_task() -> None:
        if raises:
            raise RuntimeError("no task runs here")

    monkeypatch.setattr(polite, "current_task", current_task)
    chosen(worlds, polite)
    sniffio.thread_local.name = "polite"
    assert worlds.checkpoint_due() is LONG_WAY


def test_where_the_name_is_that_of_a_library_that_is_not_served(
    worlds: Worlds, polite: HandWorld, sniffio: Any
) -> None:
    chosen(worlds, polite)
    sniffio.thread_local.name = "unheard-of"
    with polite.runs(new_task(polite)):
        assert worlds.checkpoint_due() is LONG_WAY


@pytest.mark.parametrize(
    "said",
    [
        pytest.param({"polite": None}, id="a block can turn them off"),
        pytest.param({"polite": None, "hasty": None}, id="a block can turn them on"),
        pytest.param({"hasty": None}, id="a block of the other can turn them on"),
        pytest.param({"hasty": True}, id="both"),
        pytest.param({"polite": False}, id="none"),
    ],
)
@pytest.mark.parametrize("first", ["polite", "hasty"])
def test_where_it_depends_on_more(
    worlds: Worlds,
    polite: HandWorld,
    hasty: HandWorld,
    sniffio: Any,
    always: Always,
    said: Always,
    first: str,
) -> None:
    always.update(said)
    chosen(worlds, *((polite, hasty) if first == "polite" else (hasty, polite)))
    with hasty.runs(new_task(hasty)):
        assert worlds.checkpoint_due() is LONG_WAY
    sniffio.thread_local.name = "polite"
    with polite.runs(new_task(polite)):
        assert worlds.checkpoint_due() is LONG_WAY


@pytest.mark.usefixtures("sniffio")
def test_a_library_that_does_not_announce_itself_takes_the_long_way(
    worlds: Worlds, polite: HandWorld, hasty: HandWorld
) -> None:
    polite.announced = False
    chosen(worlds, hasty, polite)
    with polite.runs(new_task(polite)):
        assert worlds.checkpoint_due() is LONG_WAY


def test_without_announcements_all_take_the_long_way(
    worlds: Worlds, polite: HandWorld
) -> None:
    chosen(worlds, polite)
    with polite.runs(new_task(polite)):
        assert worlds.checkpoint_due() is LONG_WAY


def test_a_thread_that_was_told_its_library_takes_the_long_way(
    worlds: Worlds, polite: HandWorld, sniffio: Any
) -> None:
    worlds.async_override.name = "hasty"
    worlds.async_override.name = None
    chosen(worlds, polite)
    sniffio.thread_local.name = "polite"
    with polite.runs(new_task(polite)):
        assert worlds.checkpoint_due() is LONG_WAY


def test_what_holds_for_one_look_only(
    worlds: Worlds, polite: HandWorld, sniffio: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another library is half imported: the next caller looks again, though nothing is known to have changed."""
    active = type(worlds)._active
    monkeypatch.setattr(
        type(worlds), "_active", lambda worlds: (*active(worlds)[:2], False)
    )
    chosen(worlds, polite)
    sniffio.thread_local.name = "polite"
    with polite.runs(new_task(polite)):
        assert worlds.checkpoint_due() is LONG_WAY


def test_a_choice_that_was_overtaken(
    worlds: Worlds, polite: HandWorld, hasty: HandWorld, sniffio: Any
) -> None:
    """A: looks; B: adds a library, and looks; A: publishes what it has chosen; B: asks."""
    chosen(worlds, hasty, polite)
    obsolete = worlds.checkpoint_due
    worlds.look_again()
    assert worlds.checkpoint_due() is LONG_WAY  # until somebody has looked
    assert worlds.quick_task() is None
    assert worlds.checkpoint_due is not obsolete
    with hasty.runs(new_task(hasty)):
        assert obsolete() is LONG_WAY
    sniffio.thread_local.name = "polite"
    with polite.runs(new_task(polite)):
        assert obsolete() is LONG_WAY
        assert worlds.checkpoint_due() is polite


def test_the_first_setting_is_found_only_when_nobody_passes_it_by(
    new_world: type[HandWorld], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A: makes the variable; B: finds it, and turns checkpoints on or off; B: goes by what was sure before A came."""
    world = new_world()
    world.checkpoints_by_default = True
    switch = Switch("test")
    switch.note(world)
    assert switch.always(world) is True
    assert switch.surely_on

    class B:
        looks = 0
        must_ask = True

        def look_again(self) -> None:
            self.looks += 1
            assert switch._setting is None
            # Neither those who look now nor those who did before rely on it.
            switch.note(world)
            assert switch.always(world) is None
            assert not switch.surely_on

    b = B()
    monkeypatch.setattr(checkpoints, "worlds", b)
    monkeypatch.setattr(checkpoints, "_settings", {})
    assert switch.setting() is switch.setting() is switch._setting
    assert b.looks == 1
