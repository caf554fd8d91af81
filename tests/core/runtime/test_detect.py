# SPDX-License-Identifier: ISC
"""Which task runs the caller, and which backend serves it: the async side.

Each test has worlds of its own, in which nothing is installed.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING

import pytest
from aiologic._runtime.entries import Entry
from aiologic.backends import API_VERSION
from aiologic.exceptions import AsyncLibraryNotFoundError, BackendError

from .conftest import BACKEND

if TYPE_CHECKING:
    from typing import Any

    from aiologic._runtime.detect import Worlds

    from ..crew import Crew
    from ..hand_driven import HandTask, HandWorld
    from .conftest import Site


async def nothing() -> None:
    """The coroutine of a task that only has to exist."""


def served(worlds: Worlds, *backends: HandWorld) -> None:
    for backend in backends:
        worlds.add(backend)


def new_task(backend: HandWorld) -> HandTask:
    task = backend.spawn(nothing())
    task.coroutine.close()
    return task


# -- the long way ----------------------------------------------------------------------------------------------------


def test_a_callback_has_a_world_and_no_task(
    worlds: Worlds, new_world: type[HandWorld]
) -> None:
    world = new_world()
    served(worlds, world)
    with world.runs(None):
        assert worlds.async_world() == (world, None)


def test_a_backend_that_comes_after_the_first_look_is_served(
    worlds: Worlds, new_world: type[HandWorld]
) -> None:
    assert worlds.find_async_world() is None
    world = new_world()
    served(worlds, world)
    with world.runs(None):
        assert worlds.find_async_world() == (world, None)


def test_a_backend_for_another_interface_is_not_taken(
    worlds: Worlds, new_world: type[HandWorld]
) -> None:
    world = new_world()
    world.api_version = API_VERSION + 1

    with pytest.raises(BackendError, match="interface version"):
        worlds.add(world)

    with world.runs(None):
        assert worlds.find_async_world() is None


def test_the_worlds_of_two_threads_are_independent(
    worlds: Worlds, new_world: type[HandWorld], crew: Crew
) -> None:
    world = new_world()
    served(worlds, world)
    with world.runs(new_task(world)):
        assert crew.run(worlds.find_async_world) is None
        assert worlds.find_async_world() is not None


@pytest.mark.parametrize("order", [("one", "other"), ("other", "one")])
def test_the_innermost_of_two_runtimes_runs_the_caller(
    worlds: Worlds, new_world: type[HandWorld], order: tuple[str, str]
) -> None:
    """No matter in which order they were found."""
    backends = {name: new_world(name) for name in order}
    served(worlds, *backends.values())
    one, other = backends["one"], backends["other"]
    found = []

    async def inner() -> None:
        found.append(worlds.async_world()[0])

    async def outer() -> None:
        found.append(worlds.async_world()[0])
        other.run(inner())
        found.append(worlds.async_world()[0])

    one.run(outer())

    assert found == [one, other, one]


def test_a_task_of_the_inner_runtime_wins_over_a_stale_announcement(
    worlds: Worlds, new_world: type[HandWorld], sniffio: Any
) -> None:
    """D17: the outer library announced itself, the inner one does not."""
    loud, quiet = new_world("loud"), new_world("quiet")
    loud.announced = True
    served(worlds, loud, quiet)
    found = []

    async def inner() -> None:
        found.append(worlds.async_world()[0])

    async def outer() -> None:
        sniffio.thread_local.name = "loud"
        quiet.run(inner())
        found.append(worlds.async_world()[0])

    loud.run(outer())

    assert found == [quiet, loud]


def test_tasks_come_before_the_callbacks_around_them(
    worlds: Worlds, new_world: type[HandWorld]
) -> None:
    outer, inner = new_world("outer"), new_world("inner")
    served(worlds, outer, inner)
    task = new_task(inner)
    with outer.runs(None), inner.runs(task):
        assert worlds.async_world() == (inner, task)


def test_callbacks_inside_of_callbacks_have_a_world_and_no_task(
    worlds: Worlds, new_world: type[HandWorld]
) -> None:
    outer, inner = new_world("outer"), new_world("inner")
    served(worlds, outer, inner)
    with outer.runs(None), inner.runs(None):
        backend, task = worlds.async_world()
    assert backend in {outer, inner}
    assert task is None


# -- announcements and overrides -------------------------------------------------------------------------------------


def test_who_announces_itself_is_asked_only_where_its_name_is_found(
    worlds: Worlds, new_world: type[HandWorld], sniffio: Any
) -> None:
    quiet, loud = new_world("quiet"), new_world("loud")
    loud.announced = True
    served(worlds, quiet, loud)
    task = new_task(loud)
    with loud.runs(task):
        assert worlds.find_async_world() is None
        sniffio.thread_local.name = "loud"
        assert worlds.find_async_world() == (loud, task)


def test_an_override_is_announced_through_sniffio_too(
    worlds: Worlds, sniffio: Any, crew: Crew
) -> None:
    worlds.async_override.name = "robot"

    assert sniffio.thread_local.name == "robot"
    assert crew.run(lambda: worlds.async_override.name) is None
    worlds.async_override.name = None
    assert sniffio.thread_local.name is None


def test_a_name_that_sniffio_has_counts_as_an_override(
    worlds: Worlds, sniffio: Any
) -> None:
    sniffio.thread_local.name = "robot"

    assert worlds.async_override.name == "robot"


@pytest.mark.parametrize("is_there", [True, False], ids=["sniffio", "late sniffio"])
def test_who_announces_itself_inside_of_an_override_runs_there(
    worlds: Worlds,
    new_world: type[HandWorld],
    monkeypatch: pytest.MonkeyPatch,
    sniffio: Any,
    is_there: bool,
) -> None:
    """The last writer is right, as if the override were sniffio's own; even if sniffio came after the override."""
    quiet, loud = new_world("quiet"), new_world("loud")
    loud.announced = True
    served(worlds, quiet, loud)
    found: list[object] = []

    async def inner() -> None:
        found.append(worlds.async_world()[0])

    def run_loud() -> None:
        before = sniffio.thread_local.name
        sniffio.thread_local.name = "loud"
        loud.run(inner())
        sniffio.thread_local.name = before

    async def outer() -> None:
        run_loud()
        found.append(worlds.async_world()[0])

    if not is_there:
        monkeypatch.delitem(sys.modules, "sniffio")
    worlds.async_override.name = "quiet"
    monkeypatch.setitem(sys.modules, "sniffio", sniffio)
    quiet.run(outer())
    run_loud()
    assert worlds.async_override.name == "quiet"
    worlds.async_override.name = None
    assert worlds.async_override.name is None

    assert found == [loud, quiet, loud]


def test_a_name_that_was_kept_before_sniffio_came_is_forgotten(
    worlds: Worlds, monkeypatch: pytest.MonkeyPatch, sniffio: Any
) -> None:
    """A caller that resets the later one finds none."""
    monkeypatch.delitem(sys.modules, "sniffio")
    worlds.async_override.name = "early"
    monkeypatch.setitem(sys.modules, "sniffio", sniffio)
    worlds.async_override.name = "late"
    assert sniffio.thread_local.name == "late"
    sniffio.thread_local.name = None

    assert worlds.async_override.name is None


def test_an_override_can_be_set_while_sniffio_is_being_imported(
    worlds: Worlds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sniffio", ModuleType("sniffio"))
    worlds.async_override.name = "robot"
    assert worlds.async_override.name == "robot"
    worlds.async_override.name = None
    assert worlds.async_override.name is None


def test_a_sniffio_that_is_still_being_imported_is_no_sniffio(
    worlds: Worlds, new_world: type[HandWorld], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sniffio", ModuleType("sniffio"))
    world = new_world()
    served(worlds, world)
    task = new_task(world)
    with world.runs(task):
        assert worlds.async_world() == (world, task)


@pytest.mark.parametrize("name", [1, b"toy", object])
def test_an_override_must_be_a_name(worlds: Worlds, name: Any) -> None:
    for override in worlds.async_override, worlds.green_override:
        with pytest.raises(TypeError, match="name must be a string or None") as caught:
            override.name = name
        assert repr(name) in str(caught.value)
        assert override.name is None
        assert not override.was_used


@pytest.mark.parametrize("order", [("quiet", "loud"), ("loud", "quiet")])
def test_of_coroutines_without_frames_the_announced_one_is_the_inner_one(
    worlds: Worlds,
    new_world: type[HandWorld],
    monkeypatch: pytest.MonkeyPatch,
    sniffio: Any,
    order: tuple[str, str],
) -> None:
    """Compiled coroutines have none."""
    monkeypatch.setattr(new_world, "root_frame", lambda *_: None)
    backends = {name: new_world(name) for name in order}
    quiet, loud = backends["quiet"], backends["loud"]
    loud.announced = True
    served(worlds, *backends.values())
    task = new_task(loud)
    sniffio.thread_local.name = "loud"
    with quiet.runs(new_task(quiet)), loud.runs(task):
        assert worlds.async_world() == (loud, task)


# -- errors ----------------------------------------------------------------------------------------------------------


def test_outside_of_all_worlds(
    worlds: Worlds, new_world: type[HandWorld], monkeypatch: pytest.MonkeyPatch
) -> None:
    for library in "asyncio", "trio", "curio":
        monkeypatch.delitem(sys.modules, library, raising=False)
    served(worlds, new_world())

    with pytest.raises(AsyncLibraryNotFoundError, match="not in async context") as told:
        worlds.async_world()

    assert "pip install" not in str(told.value)


def test_a_library_that_is_served_need_not_be_installed(
    worlds: Worlds, new_world: type[HandWorld], monkeypatch: pytest.MonkeyPatch
) -> None:
    for library in "asyncio", "curio":
        monkeypatch.delitem(sys.modules, library, raising=False)
    monkeypatch.setitem(sys.modules, "trio", ModuleType("trio"))
    served(worlds, new_world("trio"))

    with pytest.raises(AsyncLibraryNotFoundError, match="not in async context") as told:
        worlds.async_world()

    assert "pip install" not in str(told.value)


def test_a_broken_plugin_is_not_told_to_those_who_named_another(
    worlds: Worlds, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Entry("toy")
    broken.settle(None, "toy is broken")
    worlds.registry.entries["toy"] = broken
    monkeypatch.setitem(sys.modules, "toy", ModuleType("toy"))
    worlds.async_override.name = "robot"

    with pytest.raises(AsyncLibraryNotFoundError, match="aiologic-robot"):
        worlds.async_world()

    worlds.async_override.name = "toy"
    with pytest.raises(BackendError, match="toy is broken"):
        worlds.async_world()


@pytest.mark.parametrize(("name", "is_imported"), [("toy", False), ("gevent", True)])
def test_a_broken_plugin_is_not_told_to_those_whom_it_can_not_serve(
    worlds: Worlds, monkeypatch: pytest.MonkeyPatch, name: str, is_imported: bool
) -> None:
    """Its library is not imported, or is a green one."""
    broken = Entry(name)
    broken.settle(None, "it is broken")
    worlds.registry.entries[name] = broken
    if is_imported:
        monkeypatch.setitem(sys.modules, name, ModuleType(name))

    with pytest.raises(AsyncLibraryNotFoundError):
        worlds.async_world()


def test_a_library_without_a_backend_is_told_what_to_install(
    worlds: Worlds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "trio", ModuleType("trio"))

    with pytest.raises(AsyncLibraryNotFoundError, match=r"pip install .*aiologic-trio"):
        worlds.async_world()


def test_a_frozen_application_is_told_what_to_freeze(
    worlds: Worlds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "trio", ModuleType("trio"))
    monkeypatch.setattr(sys, "frozen", True, raising=False)

    with pytest.raises(AsyncLibraryNotFoundError, match=r"freeze .*aiologic-trio") as e:
        worlds.async_world()

    assert "--hidden-import aiologic_trio --copy-metadata aiologic-trio" in str(e.value)
    assert "pip" not in str(e.value)


def test_threads_are_no_async_library(worlds: Worlds) -> None:
    worlds.async_override.name = worlds.threads.library

    with pytest.raises(AsyncLibraryNotFoundError, match=r"is no async library$"):
        worlds.async_world()


def test_an_override_without_a_backend_counts_also_where_another_library_runs(
    worlds: Worlds, new_world: type[HandWorld]
) -> None:
    world = new_world()
    served(worlds, world)
    worlds.async_override.name = "robot"
    with world.runs(new_task(world)):
        assert worlds.find_async_world() is None


def test_a_library_that_nobody_has_imported_by_its_name_can_be_named(
    site: Site,
) -> None:
    site.add_library("robot")
    backend = BACKEND.format(
        library="toy", api_version="API_VERSION", checkpoints=False
    )
    site.add_distribution(
        "aiologic-toy",
        "toy",
        source=backend.replace("import toy", "import robot as toy"),
    )

    said = site.run("""
        import sys
        import robot
        from aiologic.lowlevel import current_async_library, current_async_library_tlocal

        robot.task = object()
        current_async_library_tlocal.name = "toy"
        print(current_async_library(), "toy" in sys.modules)
    """)

    assert said == "toy False"


@pytest.mark.parametrize("name", ["curio", "robot"])
def test_an_override_without_a_backend_is_told_what_to_install(
    worlds: Worlds, name: str
) -> None:
    worlds.async_override.name = name

    with pytest.raises(AsyncLibraryNotFoundError, match=f"'{name}'") as told:
        worlds.async_world()

    assert f"pip install aiologic-{name}" in str(told.value)
    assert worlds.find_async_world() is None
