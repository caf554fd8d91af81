# SPDX-License-Identifier: ISC
"""Flags, guards and the locks of objects, in every order; and with planted bugs: see test_mutants.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from . import mutant_slots as mutants, slots as scenarios
from .test_mutants import Planted, find

if TYPE_CHECKING:
    from .conftest import Explored

OF_TWO = [
    scenarios.TwoSet(),
    scenarios.SetAgainstGet(),
    scenarios.SetAgainstClear(),
    scenarios.ClearBetweenTwo(),
    scenarios.TwoUse(),
    scenarios.TwoUseTwice(),
    scenarios.RefusedAgainstLeave(),
    scenarios.ClassAndInstance(),
    scenarios.TwoFind(scenarios.Synchronized),
    scenarios.TwoFind(scenarios.WithSlots),
]
# With three tasks, or with two that also use what they have found.
LONGER = [
    scenarios.ThreeSet(),
    scenarios.ThreeUse(),
    scenarios.ThreeFind(scenarios.Synchronized),
    scenarios.ThreeFind(scenarios.WithSlots),
    scenarios.ThreadAndTask(scenarios.Synchronized),
    scenarios.ThreadAndTask(scenarios.WithSlots),
]


@pytest.mark.parametrize("scenario", OF_TWO, ids=lambda scenario: scenario.describe())
def test_two_tasks(explored: Explored, scenario: Any) -> None:
    explored(scenario, preemptions=2)


@pytest.mark.parametrize("scenario", LONGER, ids=lambda scenario: scenario.describe())
def test_longer(explored: Explored, scenario: Any) -> None:
    explored(scenario, preemptions=1)


@pytest.mark.explorer_deep
@pytest.mark.timeout(0)
@pytest.mark.parametrize("scenario", LONGER, ids=lambda scenario: scenario.describe())
def test_longer_deeply(explored: Explored, scenario: Any) -> None:
    explored(scenario, preemptions=2)


def of_two(scenario: Any, bug: Any, says: str) -> Planted:
    return Planted(bug, lambda: scenario(bug), 2, says)


PLANTED = [
    of_two(scenarios.TwoSet, mutants.LooksAndThenSets, "another marker"),
    of_two(scenarios.TwoSet, mutants.PlaceOfItsOwn, "another marker"),
    of_two(scenarios.SetAgainstClear, mutants.SetByItsName, "has not heard so"),
    of_two(
        scenarios.RefusedAgainstLeave,
        mutants.RefusedOneLeaves,
        "two are inside|KeyError",
    ),
    of_two(scenarios.TwoUse, mutants.LooksAndThenEnters, "two are inside|KeyError"),
    of_two(scenarios.TwoUse, mutants.NeverFree, "inside for ever"),
    Planted(
        mutants.Forgetful(),
        lambda: scenarios.TwoFind(scenarios.Synchronized),
        2,
        "has two locks",
        patched="aiologic._context_lock._newborn",
    ),
]


@pytest.mark.parametrize(
    "planted",
    PLANTED,
    ids=[
        getattr(planted.bug, "__name__", type(planted.bug).__name__)
        for planted in PLANTED
    ],
)
def test_a_planted_bug_is_found(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    find(planted, monkeypatch, [mutants])
