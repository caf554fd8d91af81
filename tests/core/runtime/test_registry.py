# SPDX-License-Identifier: ISC
"""Plugins are found by entry points: which ones count, which are left out, and who is told."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any, Dict

import pytest
from aiologic._runtime import entries

from .conftest import BACKEND, COME_WITH_TOY, Site

if TYPE_CHECKING:
    from pathlib import Path

BACKEND_OF_TOY = BACKEND.format(
    library="toy", api_version="API_VERSION", checkpoints=False
)

# What must keep working whatever else is installed.
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


def test_a_plugin_serves_its_library(toy: Site) -> None:
    toy.add_distribution("aiologic-toy", "toy")

    assert toy.run(COME_WITH_TOY) == "acquired True toy"


# -- what is installed beside it -------------------------------------------------------------------------------------


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
    """Python 3.12 warns about it, and the warning may be an error."""
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
    """As in a virtual environment that sees the system's packages; imports take the first, too."""
    toy.add_distribution("aiologic-toy", "toy")
    system = Site(tmp_path / "system")
    system.folder.mkdir()
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.9\n"
    system.add_distribution("aiologic-toy", "toy", source="1 / 0", metadata=metadata)
    behind = f"import sys; sys.path.append({str(system.folder)!r})"

    assert toy.run(behind, COME_WITH_TOY) == "acquired True toy"


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


# -- what must not be imported ---------------------------------------------------------------------------------------


def test_a_library_whose_import_fails_while_it_is_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """B: finds half of it; A: fails; B: finds no import under way."""
    monkeypatch.setitem(sys.modules, "toy", ModuleType("toy"))

    class FailsMeanwhile(Dict[str, object]):
        def get(self, name: str, default: Any = None) -> Any:
            monkeypatch.delitem(sys.modules, name)
            return default

    monkeypatch.setattr(entries, "_import_locks", FailsMeanwhile())

    assert not entries.Entry("toy").is_imported


def test_a_library_that_must_not_be_imported_is_not_there(toy: Site) -> None:
    """``None`` in sys.modules: test suites do that, and undo it."""
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


# -- what is left out ------------------------------------------------------------------------------------------------


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
    """Installing what is already installed would not help."""
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
