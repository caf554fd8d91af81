# SPDX-License-Identifier: ISC
"""Who makes a waiter for a call that must wait and need not know its task, as `_runtime/choosing.py` says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from aiologic import AsyncLibraryNotFoundError

from .test_quick_task import new_task, served

if TYPE_CHECKING:
    from typing import Any

    from aiologic._runtime.detect import Worlds

    from ..hand_driven import HandWorld


@pytest.fixture
def quiet(new_world: type[HandWorld], monkeypatch: pytest.MonkeyPatch) -> HandWorld:
    return naming(new_world("quiet"), monkeypatch)


@pytest.fixture
def loud(new_world: type[HandWorld], monkeypatch: pytest.MonkeyPatch) -> HandWorld:
    loud = naming(new_world("loud"), monkeypatch)
    loud.announced = True
    return loud


def naming(world: HandWorld, monkeypatch: pytest.MonkeyPatch) -> HandWorld:
    """A world whose waiters tell who made them."""
    create_waiter = world.create_waiter

    def create() -> Any:
        waiter = create_waiter()
        waiter.timeout = world  # type: ignore[assignment]  # nobody parks it
        return waiter

    monkeypatch.setattr(world, "create_waiter", create)
    return world


def maker(worlds: Worlds) -> object:
    """Who makes a waiter, asked as queues do."""
    try:
        waiter: Any = worlds.quick_waiter()
    except RuntimeError:
        waiter = worlds.create_async_waiter()
    return waiter.timeout


def test_not_looked_yet(worlds: Worlds, quiet: HandWorld) -> None:
    served(worlds, quiet)
    for _ in range(2):
        assert worlds.quick_waiter == worlds.create_async_waiter
        with quiet.runs(new_task(quiet)):
            assert maker(worlds) is quiet  # which looks
        assert worlds.quick_waiter == quiet.create_waiter
        worlds.look_again()


def test_what_holds_for_one_look_only(
    worlds: Worlds, quiet: HandWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another library is half imported: the next caller looks again, though nothing is known to have changed."""
    active = type(worlds)._active
    monkeypatch.setattr(
        type(worlds), "_active", lambda worlds: (*active(worlds)[:2], False)
    )
    served(worlds, quiet)
    with quiet.runs(new_task(quiet)):
        assert maker(worlds) is quiet
        assert worlds.quick_waiter == worlds.create_async_waiter


def test_the_one_library_is_asked_directly(worlds: Worlds, quiet: HandWorld) -> None:
    served(worlds, quiet)
    assert worlds.quick_task() is None  # the first look
    assert worlds.quick_waiter == quiet.create_waiter
    for task in new_task(quiet), None:
        with quiet.runs(task):
            assert maker(worlds) is quiet
    with pytest.raises(AsyncLibraryNotFoundError):
        maker(worlds)


def test_others_that_announce_themselves_are_heeded(
    worlds: Worlds, quiet: HandWorld, loud: HandWorld, sniffio: Any
) -> None:
    served(worlds, quiet, loud)
    assert worlds.quick_task() is None
    assert worlds.quick_waiter not in (quiet.create_waiter, worlds.create_async_waiter)
    with quiet.runs(new_task(quiet)):
        assert maker(worlds) is quiet
    with loud.runs(new_task(loud)):
        sniffio.thread_local.name = "loud"
        assert maker(worlds) is loud
    sniffio.thread_local.name = None
    with pytest.raises(AsyncLibraryNotFoundError):
        maker(worlds)


@pytest.mark.parametrize("inner", ["quiet", "loud"])
def test_one_inside_the_other(
    worlds: Worlds, quiet: HandWorld, loud: HandWorld, sniffio: Any, inner: str
) -> None:
    """The name is that of the one that announces itself, even where that is the outer one."""
    served(worlds, quiet, loud)
    assert worlds.quick_task() is None
    inside, around = (quiet, loud) if inner == "quiet" else (loud, quiet)
    found: list[object] = []

    async def ask() -> None:
        sniffio.thread_local.name = "loud"
        found.append(maker(worlds))

    async def nest() -> None:
        sniffio.thread_local.name = "loud" if around is loud else None
        found.append(maker(worlds))
        inside.run(ask())

    around.run(nest())

    assert found == [around, inside]


def test_a_library_that_is_not_served(
    worlds: Worlds, quiet: HandWorld, sniffio: Any
) -> None:
    """It announces itself inside a task of the one that is."""
    served(worlds, quiet)
    assert worlds.quick_task() is None
    with quiet.runs(new_task(quiet)):
        assert maker(worlds) is quiet
        sniffio.thread_local.name = "unheard-of"
        with pytest.raises(AsyncLibraryNotFoundError):
            maker(worlds)


def test_of_several_libraries_the_one_that_runs_here_is_found(
    worlds: Worlds, new_world: type[HandWorld], monkeypatch: pytest.MonkeyPatch
) -> None:
    backends = [naming(new_world(name), monkeypatch) for name in ("one", "other")]
    served(worlds, *backends)
    assert worlds.quick_task() is None
    for backend in backends:
        with backend.runs(new_task(backend)):
            assert maker(worlds) is backend


def test_several_one_inside_the_other(
    worlds: Worlds, new_world: type[HandWorld], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = (naming(new_world(name), monkeypatch) for name in ("one", "other"))
    served(worlds, one, other)
    assert worlds.quick_task() is None
    for inside, around in (one, other), (other, one):
        found: list[object] = []

        async def ask() -> None:
            found.append(maker(worlds))  # noqa: B023  # called in this round

        async def nest() -> None:
            inside.run(ask())  # noqa: B023

        around.run(nest())
        assert found == [inside]


def test_each_choice_is_made_anew(
    worlds: Worlds, quiet: HandWorld, new_world: type[HandWorld]
) -> None:
    """What was chosen for one library does not stay when there are two, whoever published it."""
    served(worlds, quiet)
    assert worlds.quick_task() is None
    assert worlds.quick_waiter == quiet.create_waiter
    worlds.registry.add(new_world("other"))
    worlds._choose()
    assert worlds.quick_waiter == worlds.create_async_waiter


@pytest.mark.parametrize("is_heard", [False, True])
def test_a_library_that_announces_itself_is_never_asked_directly(
    worlds: Worlds, loud: HandWorld, is_heard: bool, request: pytest.FixtureRequest
) -> None:
    """It may be able to make a waiter where it runs no task (trio in an instrument)."""
    if is_heard:
        request.getfixturevalue("sniffio")
    served(worlds, loud)
    assert worlds.quick_task() is None
    assert worlds.quick_waiter == worlds.create_async_waiter


def test_a_thread_that_was_told_its_library(worlds: Worlds, quiet: HandWorld) -> None:
    served(worlds, quiet)
    worlds.async_override.name = "unheard-of"
    with quiet.runs(new_task(quiet)), pytest.raises(AsyncLibraryNotFoundError):
        maker(worlds)
    worlds.async_override.name = None
