# SPDX-License-Identifier: ISC
"""What is imported later on is served from then on, and watching for it costs nothing if nothing can come."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING

import pytest
from aiologic._runtime import activation

if TYPE_CHECKING:
    from typing import Any

    from .conftest import Site

ONLY_TOY = {"AIOLOGIC_BACKENDS": "toy"}


def test_a_library_that_is_imported_later_is_served(site: Site) -> None:
    site.add_library("toy")
    site.add_distribution("aiologic-toy", "toy")
    said = site.run("""
        import aiologic

        lock = aiologic.Lock()

        async def work():
            async with lock:
                return lock.owner[0]

        try:
            work().send(None)
        except aiologic.AsyncLibraryNotFoundError:
            print("not yet")
        import toy
        toy.task = object()
        try:
            work().send(None)
        except StopIteration as stop:
            print(stop.value)
    """)

    assert said.split("\n") == ["not yet", "toy"]


def test_two_libraries_that_are_imported_one_by_one_are_both_served(site: Site) -> None:
    for library in "toy", "robot":
        site.add_library(library)
        site.add_distribution(f"aiologic-{library}", library)
    said = site.run("""
        import aiologic

        lock = aiologic.Lock()

        async def work():
            async with lock:
                print(lock.owner[0])

        def run():
            try:
                work().send(None)
            except StopIteration:
                pass

        import toy
        toy.task = object()
        run()
        toy.task = None
        import robot
        robot.task = object()
        run()
        robot.task = None
        toy.task = object()
        run()
    """)

    assert said.split() == ["toy", "robot", "toy"]


def test_a_library_that_is_imported_anew_before_anybody_looks_is_served(
    site: Site,
) -> None:
    """The first import was heard of, and the hook is gone with it."""
    site.add_library("toy")
    site.add_distribution("aiologic-toy", "toy")
    said = site.run(
        """
        import sys
        from aiologic.lowlevel import current_async_library

        print(current_async_library(failsafe=True))
        import toy
        del sys.modules["toy"]
        print(current_async_library(failsafe=True))
        import toy
        toy.task = object()
        print(current_async_library(failsafe=True))
        """,
        **ONLY_TOY,
    )

    assert said.split() == ["None", "None", "toy"]


def test_a_library_whose_import_another_s_hook_has_failed_is_served(site: Site) -> None:
    """wrapt calls ours, and then theirs, which raises: the import fails, and the hooks are gone."""
    site.add_library("toy")
    site.add_distribution("aiologic-toy", "toy")
    said = site.run(
        """
        import wrapt
        from aiologic.lowlevel import current_async_library

        print(current_async_library(failsafe=True))
        wrapt.when_imported("toy")(lambda _: 1 / 0)
        try:
            import toy
        except ZeroDivisionError:
            print("failed")
        print(current_async_library(failsafe=True))
        import toy
        toy.task = object()
        print(current_async_library(failsafe=True))
        """,
        **ONLY_TOY,
    )

    assert said.split() == ["None", "failed", "None", "toy"]


def test_the_users_import_never_fails_because_of_a_plugin(site: Site) -> None:
    site.add_library("toy")
    site.add_distribution("aiologic-toy", "toy", source="1 / 0")
    said = site.run("""
        import aiologic

        try:
            aiologic.Lock().async_acquire().send(None)
        except aiologic.AsyncLibraryNotFoundError:
            print("not yet")
        import toy
        print(toy.task)
    """)

    assert said.split("\n") == ["not yet", "None"]


def test_the_import_of_a_library_does_not_import_its_plugin(site: Site) -> None:
    site.add_library("toy")
    site.add_distribution("aiologic-toy", "toy", source="print('imported')")
    said = site.run("""
        import aiologic

        try:
            aiologic.Lock().async_acquire().send(None)
        except aiologic.AsyncLibraryNotFoundError:
            pass
        import toy
        with aiologic.Lock():
            print("threads go on")
    """)

    assert said == "threads go on"


def test_threads_alone_watch_nothing(site: Site) -> None:
    site.add_library("toy")
    site.add_distribution("aiologic-toy", "toy")
    said = site.run("""
        import sys
        import aiologic

        with aiologic.Lock(), aiologic.RLock(), aiologic.BinarySemaphore():
            aiologic.Event().wait(0)
        print(*{"wrapt", "pluggy", "importlib.metadata", "aiologic_toy"} & {*sys.modules})
    """)

    assert said == ""


def test_where_everything_is_imported_nothing_is_watched(site: Site) -> None:
    site.add_library("toy")
    site.add_module("sniffio", "import threading; thread_local = threading.local()")
    site.add_distribution("aiologic-toy", "toy")
    said = site.run(
        """
        import sys
        import sniffio, toy
        import aiologic

        sniffio.thread_local.name = None
        toy.task = object()
        try:
            aiologic.Event().with_(0).send(None)
        except NotImplementedError:
            print("served")
        print(*{"wrapt"} & {*sys.modules})
        """,
        **ONLY_TOY,
    )

    assert said.split() == ["served"]


def test_without_any_plugin_nothing_is_watched(site: Site) -> None:
    said = site.run(
        """
        import sys
        import aiologic

        try:
            aiologic.Event().with_(0).send(None)
        except aiologic.AsyncLibraryNotFoundError:
            print("nobody")
        print(*{"wrapt"} & {*sys.modules})
        """,
        **ONLY_TOY,
    )

    assert said.split() == ["nobody"]


def test_a_watch_that_a_handler_interrupts_is_set_the_next_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls: list[str] = []

    def when_imported(name: str) -> Any:
        calls.append(name)
        if len(calls) == 1:
            raise KeyboardInterrupt
        return id

    stub: Any = ModuleType("wrapt")
    stub.when_imported = when_imported
    monkeypatch.setitem(sys.modules, "wrapt", stub)
    monkeypatch.setattr(activation, "_watched", {})

    with pytest.raises(KeyboardInterrupt):
        activation.watch(["nobody_imports_this"], lambda: None)
    for _ in range(2):
        activation.watch(["nobody_imports_this"], lambda: None)

    assert calls == ["nobody_imports_this"] * 2
