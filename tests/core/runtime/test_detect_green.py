# SPDX-License-Identifier: ISC
"""Which green task runs the caller: a thread, or a greenlet of a library that has a backend."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from aiologic._runtime.entries import Entry
from aiologic._runtime.threads import ThreadWaiter
from aiologic.backends import API_VERSION, PENDING, GreenBackend, GreenWaiter
from aiologic.exceptions import BackendError, GreenLibraryNotFoundError

if TYPE_CHECKING:
    from typing import Any

    from aiologic._runtime.detect import Worlds

    from ..crew import Crew
    from ..hand_driven import HandWorld


class FakeWaiter(GreenWaiter):
    __slots__ = ()

    def park(self, timeout: float | None) -> bool:
        raise AssertionError("nobody parks here")

    def unpark(self) -> None:
        """Nobody sleeps here."""


class FakeGreen(GreenBackend):
    """Greenlets by name."""

    api_version = API_VERSION

    def __init__(self, library: str = "greens", mine: str = "") -> None:
        self.library = library
        self.running: str | None = None
        self.mine = mine  # how the names of its own greenlets begin

    def current_task(self) -> object | None:
        return self.running

    def is_running(self) -> bool:
        return self.running is not None

    def knows(self, task: object) -> bool:
        return isinstance(task, str) and task.startswith(self.mine)

    def runs_here(self, task: object) -> bool:
        return True

    def create_waiter(self) -> GreenWaiter:
        return FakeWaiter(PENDING)

    def checkpoint(self) -> None:
        """There are no other tasks."""

    def current_token(self) -> object:
        return self


@pytest.fixture
def greenlet(worlds: Worlds, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The caller is a greenlet that another one has started."""
    stub: Any = ModuleType("greenlet")
    stub.getcurrent = lambda: SimpleNamespace(parent=object())
    monkeypatch.setitem(sys.modules, "greenlet", stub)
    worlds.look_again()
    return stub


def test_threads_are_what_is_left(worlds: Worlds, crew: Crew) -> None:
    backend, task = worlds.green_world()

    assert backend is worlds.threads
    assert worlds.green_world() == (backend, task)
    other_backend, other_task = crew.run(worlds.green_world)
    assert other_backend is worlds.threads
    assert other_task is not task


def test_a_backend_that_has_a_task_serves_the_caller(worlds: Worlds) -> None:
    greens = FakeGreen()
    worlds.add(greens)
    thread = worlds.green_world()
    assert thread[0] is worlds.threads

    greens.running = "a greenlet"
    assert worlds.green_world() == (greens, "a greenlet")
    assert isinstance(worlds.create_green_waiter(), FakeWaiter)

    greens.running = None
    assert worlds.green_world() == thread


def test_a_backend_may_say_no_with_an_error(worlds: Worlds) -> None:
    class Refusing(FakeGreen):
        def current_task(self) -> object | None:
            raise RuntimeError("not here")

    worlds.add(Refusing())

    assert worlds.green_world()[0] is worlds.threads


def test_a_backend_is_forgotten_when_it_is_removed(worlds: Worlds) -> None:
    greens = FakeGreen()
    greens.running = "a greenlet"
    worlds.add(greens)
    worlds.remove("greens")

    assert worlds.green_world()[0] is worlds.threads


def test_an_override_chooses_between_backends(worlds: Worlds, crew: Crew) -> None:
    greens, others = FakeGreen("greens"), FakeGreen("others")
    greens.running, others.running = "a greenlet", "another"
    worlds.add(greens)
    worlds.add(others)

    worlds.green_override.name = "others"
    assert worlds.green_world() == (others, "another")
    worlds.green_override.name = "threading"
    assert worlds.green_world()[0] is worlds.threads
    worlds.green_override.name = "greens"
    assert worlds.green_world() == (greens, "a greenlet")

    # It is the thread's own.
    worlds.green_override.name = "threading"
    assert crew.run(worlds.green_world) == (greens, "a greenlet")


def test_the_named_backend_also_serves_who_interrupts_a_look(worlds: Worlds) -> None:
    greens = FakeGreen()
    greens.running = "a greenlet"
    worlds.add(greens)
    worlds.green_override.name = "greens"

    assert worlds._courtesy.call(worlds.green_world) == (greens, "a greenlet")


class WithAHub(FakeGreen):
    """Runs wherever it has a hub, whether or not the current greenlet is one of its own."""

    has_hub = False

    def is_running(self) -> bool:
        return self.has_hub


@pytest.mark.parametrize("order", [("greens", "others"), ("others", "greens")])
@pytest.mark.parametrize("says", [None, "others 1"])
def test_of_two_hubs_in_a_thread_a_greenlets_own_one_serves_it(
    worlds: Worlds, order: tuple[str, str], says: str | None
) -> None:
    """Whichever is asked first; so a hub that appears later changes nobody's identity (D15)."""
    backends = {name: WithAHub(name, mine=name) for name in order}
    for backend in backends.values():
        worlds.add(backend)
    greens, others = backends["greens"], backends["others"]
    others.has_hub, others.running = True, "others 1"
    assert worlds.green_world() == (others, "others 1")

    # This library knows no such greenlet, or takes any current greenlet for its own.
    greens.has_hub, greens.running = True, says

    assert worlds.green_world() == (others, "others 1")


@pytest.mark.parametrize("order", [("greens", "others"), ("others", "greens")])
def test_where_a_thread_with_two_hubs_began_it_is_the_thread(
    worlds: Worlds, order: tuple[str, str]
) -> None:
    for name in order:
        made = WithAHub(name)
        made.has_hub = True
        worlds.add(made)

    backend, task = worlds.green_world()

    assert backend.library == order[0]
    assert task is worlds.threads.current_task()


@pytest.mark.parametrize("name", ["gevent", "robot"])
def test_an_override_without_a_backend_is_told_what_to_install(
    worlds: Worlds, name: str
) -> None:
    worlds.green_override.name = name

    with pytest.raises(GreenLibraryNotFoundError, match=f"'{name}'") as told:
        worlds.green_world()

    assert f"pip install aiologic-{name}" in str(told.value)
    with pytest.raises(GreenLibraryNotFoundError):
        worlds.create_green_waiter()
    worlds.green_override.name = None
    assert worlds.green_world()[0] is worlds.threads


def test_an_async_library_is_no_green_one(
    worlds: Worlds, new_world: type[HandWorld]
) -> None:
    backend = new_world()
    worlds.registry.add(backend)
    worlds.green_override.name = backend.library

    with pytest.raises(GreenLibraryNotFoundError, match=r"is no green library$"):
        worlds.green_world()


@pytest.mark.usefixtures("greenlet")
def test_a_greenlet_that_nobody_serves_is_told_what_to_install(
    worlds: Worlds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its thread would block, and all its other greenlets with it."""
    monkeypatch.setitem(sys.modules, "gevent", ModuleType("gevent"))

    with pytest.raises(GreenLibraryNotFoundError, match="pip install aiologic-gevent"):
        worlds.create_green_waiter()


def test_who_is_served_by_a_broken_plugin_is_told(
    worlds: Worlds, greenlet: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Named or not; and it is not its thread that blocks."""
    broken = Entry("greens")
    broken.settle(None, "greens are broken")
    worlds.registry.entries["greens"] = broken
    monkeypatch.setitem(sys.modules, "greens", ModuleType("greens"))

    for name in None, "greens":
        worlds.green_override.name = name
        with pytest.raises(BackendError, match="greens are broken"):
            worlds.create_green_waiter()

    # The thread itself is not served by it.
    worlds.green_override.name = None
    greenlet.getcurrent = lambda: SimpleNamespace(parent=None)
    assert isinstance(worlds.create_green_waiter(), ThreadWaiter)


def test_where_greenlets_must_not_be_imported_there_are_none(
    worlds: Worlds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``None`` in sys.modules: test suites do that."""
    monkeypatch.setitem(sys.modules, "greenlet", None)

    assert isinstance(worlds.create_green_waiter(), ThreadWaiter)


def test_the_main_greenlet_of_a_thread_is_the_thread(
    worlds: Worlds, greenlet: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "gevent", ModuleType("gevent"))
    greenlet.getcurrent = lambda: SimpleNamespace(parent=None)

    assert isinstance(worlds.create_green_waiter(), GreenWaiter)


@pytest.mark.usefixtures("greenlet")
def test_greenlets_without_a_library_block_their_thread(
    worlds: Worlds,
) -> None:
    """Bridges from async to sync code have no hub that could run other greenlets meanwhile."""
    assert isinstance(worlds.create_green_waiter(), GreenWaiter)


def test_tasks_are_described_by_their_library(worlds: Worlds) -> None:
    greens = FakeGreen()
    worlds.add(greens)
    greens.running = "a greenlet"
    backend, task = worlds.green_world()

    assert worlds.backend_of(task) is backend
    assert worlds.describe(task)[0] == "greens"
    thread = worlds.threads.current_task()
    library, number = worlds.describe(thread)
    assert library == "threading"
    assert number == thread.ident  # type: ignore[attr-defined]
    assert worlds.describe(object())[0] == "unknown"
