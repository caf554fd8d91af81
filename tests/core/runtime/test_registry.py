# SPDX-License-Identifier: ISC
"""Plugins are found by entry points; a bad one is told to whom it concerns, and disturbs nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from aiologic.backends import API_VERSION

from .conftest import BACKEND, Site

if TYPE_CHECKING:
    from pathlib import Path

BACKEND_OF_TOY = BACKEND.format(
    library="toy", api_version="API_VERSION", checkpoints=False
)

# A task of the library `toy` comes to an aiologic.Lock.
COME_WITH_TOY = """
    import toy
    toy.task = object()
    import aiologic

    lock = aiologic.Lock()

    def come():
        try:
            lock.async_acquire().send(None)
        except StopIteration as stop:
            print("acquired", stop.value, lock.owner[0])
        except aiologic.BackendError as error:
            print("BackendError:", error)
        except aiologic.AsyncLibraryNotFoundError as error:
            print("AsyncLibraryNotFoundError:", error)

    come()
"""

# What must go on working whatever else is installed.
OTHERS_WORK = """
    import aiologic

    lock = aiologic.Lock()
    with lock:
        assert lock.owner[0] == "threading"

    import toy
    toy.task = object()

    async def work():
        async with lock:
            assert lock.owner[0] == "toy", lock.owner

    try:
        work().send(None)
    except StopIteration:
        print("fine")
"""


@pytest.fixture
def toy(site: Site) -> Site:
    site.add_library("toy")
    return site


def test_a_plugin_serves_its_library(toy: Site) -> None:
    toy.add_distribution("aiologic-toy", "toy")

    assert toy.run(COME_WITH_TOY) == "acquired True toy"


def test_a_plugin_that_raises_on_import(toy: Site) -> None:
    toy.add_distribution("aiologic-toy", "toy", source="1 / 0")

    said = toy.run(COME_WITH_TOY)

    assert said.startswith("BackendError:")
    assert "'toy'" in said
    assert "aiologic-toy 1.0" in said
    assert "ZeroDivisionError: division by zero" in said


def test_a_plugin_that_ends_the_process_on_import(toy: Site) -> None:
    """It is no more than broken; the program is not its."""
    toy.add_distribution(
        "aiologic-toy", "toy", source="import sys; sys.exit('too old a kernel')"
    )
    toy.add_library("stranger")
    toy.add_distribution("aiologic-stranger", "stranger", source="exit(3)")

    said = toy.run("import stranger", COME_WITH_TOY)

    assert said.startswith("BackendError:")
    assert "aiologic-toy 1.0" in said
    assert "SystemExit: too old a kernel" in said


def test_a_plugin_that_raises_in_its_hook(toy: Site) -> None:
    source = """
    from aiologic.backends import hookimpl

    @hookimpl
    def aiologic_backend():
        raise LookupError("no luck")
    """
    toy.add_distribution("aiologic-toy", "toy", source=source)

    said = toy.run(COME_WITH_TOY)

    assert said.startswith("BackendError:")
    assert "LookupError: no luck" in said


def test_a_plugin_whose_library_is_missing(toy: Site) -> None:
    toy.add_distribution("aiologic-toy", "toy", source="import toy_extras")

    said = toy.run(COME_WITH_TOY)

    assert said.startswith("BackendError:")
    assert "pip install toy_extras" in said


def test_a_stranger_whose_entry_points_can_not_be_read(toy: Site) -> None:
    toy.add_distribution("aiologic-toy", "toy")
    for number, spoilt in enumerate((b"[console_scripts]\nno value\n", b"\xff")):
        info = toy.folder / f"a{number}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Name: a{number}\nVersion: 1.0\n", "utf-8")
        (info / "entry_points.txt").write_bytes(spoilt)

    assert toy.run(COME_WITH_TOY) == "acquired True toy"


@pytest.mark.parametrize("metadata", ["Version: 1.0\n", "Name: spoilt\n", ""])
def test_a_stranger_whose_metadata_lack_what_they_must_have(
    toy: Site, metadata: str
) -> None:
    """Python 3.12 warns of it, which may be an error."""
    toy.add_distribution("aiologic-toy", "toy")
    toy.add_distribution("a-spoilt-one", "toy", metadata=metadata)

    assert toy.run(COME_WITH_TOY) == "acquired True toy"


def test_two_distributions_that_claim_one_name(toy: Site) -> None:
    toy.add_distribution("aiologic-toy", "toy")
    toy.add_distribution("better-toy", "toy")

    said = toy.run(COME_WITH_TOY)

    assert said.startswith("BackendError:")
    assert "aiologic-toy 1.0" in said
    assert "better-toy 1.0" in said
    assert "uninstall" in said


def test_one_distribution_that_is_found_twice_is_one(toy: Site) -> None:
    toy.add_distribution("aiologic-toy", "toy")

    twice = f"import sys; sys.path.append({str(toy.folder)!r} + '/.')"
    said = toy.run(twice, COME_WITH_TOY)

    assert said == "acquired True toy"


@pytest.mark.parametrize("name", ["aiologic-toy", "Aiologic_Toy", "aiologic.toy"])
def test_an_older_copy_that_is_shadowed_does_not_count(
    toy: Site, tmp_path: Path, name: str
) -> None:
    """As a virtual environment has it that sees the system's packages; imports take the first, too."""
    toy.add_distribution("aiologic-toy", "toy")
    system = Site(tmp_path / "system")
    system.folder.mkdir()
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.9\n"
    system.add_distribution("aiologic-toy", "toy", source="1 / 0", metadata=metadata)
    behind = f"import sys; sys.path.append({str(system.folder)!r})"

    assert toy.run(behind, COME_WITH_TOY) == "acquired True toy"


def test_a_library_that_must_not_be_imported_is_not_there(toy: Site) -> None:
    """``None`` in sys.modules: test suites do so, and take it back."""
    toy.add_distribution("aiologic-toy", "toy", source="import toy" + BACKEND_OF_TOY)
    absent = """
        import sys
        sys.modules["toy"] = None
        import aiologic

        try:
            aiologic.Lock().async_acquire().send(None)
        except aiologic.AsyncLibraryNotFoundError as error:
            assert "toy" not in str(error), error
        del sys.modules["toy"]
    """

    assert toy.run(absent, COME_WITH_TOY) == "acquired True toy"


def test_what_must_not_be_imported_needs_no_backend(site: Site) -> None:
    """A bare greenlet, and no hub anywhere: its thread blocks."""
    said = site.run(
        """
        import sys
        from types import ModuleType, SimpleNamespace

        sys.modules["gevent"] = sys.modules["trio"] = None
        sys.modules["greenlet"] = greenlet = ModuleType("greenlet")
        greenlet.getcurrent = lambda: SimpleNamespace(parent=greenlet)
        import aiologic

        print(aiologic.Event().wait(0))
        try:
            aiologic.Lock().async_acquire().send(None)
        except aiologic.AsyncLibraryNotFoundError as error:
            print(error)
        """,
        AIOLOGIC_BACKENDS="toy",
    )

    assert said.split("\n") == [
        "False",
        "unknown async library, or not in async context",
    ]


@pytest.mark.parametrize(
    ("api_version", "outdated"),
    [
        (API_VERSION - 1, "aiologic-toy"),
        (API_VERSION + 1, "aiologic-core"),
        (None, "aiologic-toy"),
        ("'1'", "aiologic-toy"),
    ],
)
def test_a_plugin_for_another_interface(
    toy: Site, api_version: object, outdated: str
) -> None:
    toy.add_distribution("aiologic-toy", "toy", api_version=api_version)

    said = toy.run(COME_WITH_TOY)

    assert said.startswith("BackendError:")
    assert f"interface version {api_version}" in said
    assert f"pip install --upgrade {outdated}" in said


def test_a_plugin_that_hands_over_something_else(toy: Site) -> None:
    source = """
    from aiologic.backends import hookimpl

    @hookimpl
    def aiologic_backend():
        return "a backend"
    """
    toy.add_distribution("aiologic-toy", "toy", source=source)

    said = toy.run(COME_WITH_TOY)

    assert said.startswith("BackendError:")
    assert "'a backend'" in said
    assert "AsyncBackend" in said


def test_a_plugin_for_another_copy_of_aiologic(toy: Site) -> None:
    """A vendored copy finds the backends that are installed, and can't use them."""
    source = """
    from aiologic.backends import hookimpl

    class AsyncBackend:
        __module__ = "elsewhere.aiologic.backends"

    class ToyBackend(AsyncBackend):
        library, api_version = "toy", 1

    @hookimpl
    def aiologic_backend():
        return ToyBackend()
    """
    toy.add_distribution("aiologic-toy", "toy", source=source)

    said = toy.run(COME_WITH_TOY)

    assert said.startswith("BackendError:")
    assert "another copy of aiologic (elsewhere.aiologic.backends)" in said
    assert "Depend on aiologic-core instead" in said


def test_a_plugin_that_serves_another_library_than_it_says(toy: Site) -> None:
    toy.add_library("robot")
    toy.add_distribution("aiologic-robot", "robot")
    toy.add_distribution(
        "aiologic-toy", "toy", source="from aiologic_robot import aiologic_backend"
    )

    said = toy.run(COME_WITH_TOY)

    assert said.startswith("BackendError:")
    assert "'toy'" in said
    assert "'robot'" in said


def test_a_plugin_without_the_hook(toy: Site) -> None:
    toy.add_distribution("aiologic-toy", "toy", source="")

    said = toy.run(COME_WITH_TOY)

    assert said.startswith("BackendError:")
    assert "aiologic_backend()" in said


def test_an_error_is_found_out_once_and_told_each_time(toy: Site) -> None:
    source = "print('imported'); import toy_extras"
    toy.add_distribution("aiologic-toy", "toy", source=source)

    first, *told = toy.run(COME_WITH_TOY, "come()").splitlines()

    assert first == "imported"
    assert len(told) == 2
    assert told[0] == told[1]


@pytest.mark.parametrize("is_imported", [False, True])
def test_a_strangers_broken_plugin_disturbs_nobody_else(
    toy: Site, is_imported: bool
) -> None:
    toy.add_distribution("aiologic-toy", "toy")
    toy.add_library("stranger")
    toy.add_distribution("aiologic-stranger", "stranger", source="1 / 0")

    said = toy.run("import stranger" if is_imported else "", OTHERS_WORK)

    assert said == "fine"


def test_a_plugin_is_not_imported_before_its_library(toy: Site) -> None:
    toy.add_distribution("aiologic-toy", "toy")
    toy.add_library("stranger")
    toy.add_distribution("aiologic-stranger", "stranger", source="print('too early')")

    assert toy.run(OTHERS_WORK) == "fine"


@pytest.mark.parametrize(
    ("narrowed_to", "is_served"),
    [
        ("toy", True),
        ("robot, toy,", True),
        ("", True),
        (" , ", True),
        ("robot", False),
    ],
)
def test_discovery_can_be_narrowed(
    toy: Site, narrowed_to: str, is_served: bool
) -> None:
    toy.add_distribution("aiologic-toy", "toy")

    said = toy.run(COME_WITH_TOY, AIOLOGIC_BACKENDS=narrowed_to)

    assert said.startswith("acquired" if is_served else "AsyncLibraryNotFoundError")


@pytest.mark.parametrize("is_named", [False, True])
def test_who_is_left_out_is_told_by_what(toy: Site, is_named: bool) -> None:
    """To install what is installed is no help."""
    toy.add_distribution("aiologic-asyncio-of-ours", "asyncio", source="")
    toy.add_distribution("aiologic-toy", "toy")
    name = "asyncio" if is_named else None
    said = toy.run(
        f"""
        import asyncio
        from aiologic.lowlevel import current_async_library, current_async_library_tlocal

        current_async_library_tlocal.name = {name!r}
        try:
            current_async_library()
        except Exception as error:
            print(type(error).__name__, error)
        """,
        AIOLOGIC_BACKENDS="asynco, robot",
    )

    assert said.startswith("AsyncLibraryNotFoundError")
    assert "the backend for asyncio is installed" in said
    assert "left out by the environment variable AIOLOGIC_BACKENDS=asynco,robot" in said
    assert "pip" not in said


def test_a_greenlet_that_is_left_out_is_told_by_what(toy: Site) -> None:
    toy.add_distribution("aiologic-toy", "toy")
    said = toy.run(
        """
        import aiologic
        from aiologic.lowlevel import current_green_library_tlocal

        current_green_library_tlocal.name = "toy"
        try:
            aiologic.Event().wait(0)
        except aiologic.GreenLibraryNotFoundError as error:
            print(error)
        """,
        AIOLOGIC_BACKENDS="robot",
    )

    assert "the backend for toy is installed, and left out by" in said


def test_names_that_match_nothing_are_known(toy: Site) -> None:
    toy.add_distribution("aiologic-toy", "toy")
    said = toy.run(
        """
        from aiologic._runtime.registry import Registry

        registry = Registry()
        print(registry.unmatched)
        registry.discover()
        print(registry.unmatched)
        """,
        AIOLOGIC_BACKENDS="toy,tyo, robot",
    )

    assert said.split("\n") == ["[]", "['tyo', 'robot']"]
