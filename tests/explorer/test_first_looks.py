# SPDX-License-Identifier: ISC
"""The first look whom to ask, in every order; and who tests that: see test_mutants.py."""

from __future__ import annotations

import importlib.metadata
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
from aiologic._runtime import (
    activation,
    choosing,
    courtesy,
    detect,
    entries,
    registry,
    served,
)

from . import first_looks as scenarios, imports, mutant_first_looks as mutants, toys
from .test_mutants import Planted, find

if TYPE_CHECKING:
    from .conftest import Explored

TRACED = [activation, choosing, detect, entries, registry, served, imports]

OF_TWO = [
    scenarios.ImportAgainstLook,
    scenarios.FailedImportAgainstLook,
    scenarios.ImportedAnewAgainstLook,
    scenarios.TwoFirstLooks,
    scenarios.LookAgainstName,
    scenarios.AddedAgainstLook,
    scenarios.ReplacedAgainstUse,
    scenarios.RemovedAgainstUse,
]
OF_THREE = [
    scenarios.ImportAgainstTwoLooks,
    scenarios.FailedImportAgainstTwoLooks,
    scenarios.ThreeFirstLooks,
]


@pytest.fixture(autouse=True)
def _played(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is imported or read from disk, and nobody waits for another one's look."""
    wrapt: Any = ModuleType("wrapt")
    wrapt.when_imported = scenarios.when_imported
    monkeypatch.setitem(sys.modules, "wrapt", wrapt)
    # It is there, so nobody waits for its import; and nobody is announced in it.
    sniffio: Any = ModuleType("sniffio")
    sniffio.AsyncLibraryNotFoundError = RuntimeError
    monkeypatch.setitem(sys.modules, "sniffio", sniffio)
    monkeypatch.setattr(activation, "_watched", {})
    monkeypatch.setattr(courtesy, "PATIENCE_SECONDS", 0)
    monkeypatch.setattr(importlib.metadata, "distributions", toys.distributions)
    monkeypatch.setattr(entries, "_import_locks", scenarios.imports.locks)
    monkeypatch.setattr(registry, "_hand_over", toys.hand_over)


@pytest.mark.parametrize("scenario", OF_TWO)
def test_two_tasks(explored: Explored, scenario: Any) -> None:
    explored(scenario(), preemptions=1, trace=TRACED)


@pytest.mark.explorer_deep
@pytest.mark.timeout(0)
@pytest.mark.parametrize("scenario", OF_TWO)
def test_two_tasks_deeply(explored: Explored, scenario: Any) -> None:
    explored(scenario(), preemptions=2, trace=TRACED)


@pytest.mark.explorer_deep
@pytest.mark.timeout(0)
@pytest.mark.parametrize("scenario", OF_THREE)
def test_three_tasks_deeply(explored: Explored, scenario: Any) -> None:
    explored(scenario(), preemptions=1, trace=TRACED)


def planted(
    scenario: Any, bug: Any, says: str, patched: str, preemptions: int = 1
) -> Planted:
    return Planted(bug, scenario, preemptions, says, f"aiologic._runtime.{patched}")


NOBODY = "unknown async library"

PLANTED = [
    planted(
        scenarios.ImportedAnewAgainstLook,
        mutants.noted_as_watched_by_name,
        NOBODY,
        "activation.watch",
    ),
    planted(
        scenarios.FailedImportAgainstLook,
        property(mutants.imported_at_one_look),
        "partially initialized",
        "entries.Entry.is_imported",
        preemptions=2,
    ),
    planted(
        scenarios.ImportAgainstLook,
        mutants.halves_hold_for_all,
        NOBODY,
        "choosing.Choice._choose",
    ),
    planted(
        scenarios.ImportAgainstLook,
        mutants.written_down_with_the_last_change,
        NOBODY,
        "choosing.Choice._choose",
        preemptions=2,
    ),
    planted(
        scenarios.ReplacedAgainstUse,
        mutants.remembered_too_late,
        "served by two",
        "detect.Worlds.async_world",
    ),
    planted(
        scenarios.TwoFirstLooks,
        mutants.loaded_by_each,
        "served by two",
        "registry.Registry.load",
    ),
]


@pytest.mark.parametrize(
    "bug",
    PLANTED,
    ids=[getattr(bug.bug, "fget", bug.bug).__name__ for bug in PLANTED],
)
def test_a_planted_bug_is_found(bug: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    find(bug, monkeypatch, [mutants, imports])
