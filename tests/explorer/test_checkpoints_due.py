# SPDX-License-Identifier: ISC
"""Whose checkpoint a call has to be, asked in every order; and who tests that: see test_mutants.py."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
from aiologic._runtime import (
    activation,
    asking,
    checkpoints,
    choosing,
    courtesy,
    detect,
)

from . import checkpoints_due as scenarios, mutant_checkpoints_due as mutants
from .test_mutants import Planted, find

if TYPE_CHECKING:
    from .conftest import Explored

TRACED = [asking, checkpoints, choosing, detect]

OF_TWO = [
    scenarios.TwoAsk,
    scenarios.LibraryAgainstLook,
    scenarios.LibraryAgainstUse,
    scenarios.SettingAgainstSetting,
    scenarios.SettingAgainstLook,
]


@pytest.fixture(autouse=True)
def _played(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the scenarios replace comes back."""
    monkeypatch.setitem(sys.modules, "sniffio", ModuleType("sniffio"))
    monkeypatch.setattr(courtesy, "PATIENCE_SECONDS", 0)
    monkeypatch.setattr(activation, "watch", lambda *_: None)
    monkeypatch.setattr(checkpoints, "worlds", detect.worlds)
    monkeypatch.setattr(checkpoints, "async_switch", checkpoints.async_switch)
    monkeypatch.setattr(checkpoints, "_settings", {})


@pytest.mark.parametrize("scenario", OF_TWO)
def test_two_tasks(explored: Explored, scenario: Any) -> None:
    explored(scenario(), preemptions=1, trace=TRACED)


@pytest.mark.explorer_deep
@pytest.mark.timeout(0)
@pytest.mark.parametrize("scenario", OF_TWO)
def test_two_tasks_deeply(explored: Explored, scenario: Any) -> None:
    explored(scenario(), preemptions=2, trace=TRACED)


def planted(scenario: Any, bug: Any, says: str, patched: str) -> Planted:
    return Planted(bug, scenario, 1, says, f"aiologic._runtime.{patched}")


PLANTED = [
    planted(
        scenarios.LibraryAgainstLook,
        mutants.holds_after_a_change,
        "passed by",
        "choosing.due_if_announced",
    ),
    planted(
        scenarios.SettingAgainstSetting,
        mutants.published_before_it_is_heeded,
        "all the same",
        "checkpoints.Switch.setting",
    ),
    planted(
        scenarios.SettingAgainstLook,
        mutants.told_only_once,
        "all the same",
        "checkpoints.Switch.setting",
    ),
]


@pytest.mark.parametrize("bug", PLANTED, ids=[bug.bug.__name__ for bug in PLANTED])
def test_a_planted_bug_is_found(bug: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    find(bug, monkeypatch, [mutants, choosing])
