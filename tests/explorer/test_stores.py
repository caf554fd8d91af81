# SPDX-License-Identifier: ISC
"""Queues with wilful stores, in every order; and planted bugs.

All schedules with up to one preemption, for a store makes many steps; and two
tasks with two where ``explorer_deep`` is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from . import mutant_stores as bugs, stores
from .hands import GREEN, MIXED
from .test_mutants import Planted, find
from .test_queues import each, virtual_threads

if TYPE_CHECKING:
    from aiologic.testing import Scenario

    from .conftest import Explored

__all__ = ("virtual_threads",)


def endless() -> Any:
    return stores.WilfulQueue()


def bounded() -> Any:
    return stores.WilfulQueue(1)


def of_two_places() -> Any:
    return stores.WilfulQueue(2)


OF_TWO = [
    ([endless, bounded], stores.SameAgainstGet),
    ([endless, of_two_places], stores.DropAgainstGet),
    ([endless, of_two_places], stores.DropAgainstCancellation),
    ([endless, bounded], stores.SeveralAgainstGet),
]
OF_THREE = [
    ([endless], stores.DropAgainstTwo),
    ([endless, bounded], stores.SeveralForTwo),
]


@pytest.mark.slow
@each(OF_TWO, MIXED)
def test_two_tasks(scenario: Scenario, explored: Explored) -> None:
    assert explored(scenario, 1).schedules > 1


@pytest.mark.slow
@pytest.mark.explorer_deep
@pytest.mark.timeout(0)
@each(OF_TWO, MIXED)
def test_two_tasks_deeply(scenario: Scenario, explored: Explored) -> None:
    assert explored(scenario, 2).schedules > 1


@pytest.mark.slow
@each(OF_THREE, MIXED)
def test_three_tasks(scenario: Scenario, explored: Explored) -> None:
    assert explored(scenario, 1).schedules > 1


def planted(scenario: Any, bug: Any, says: str, *maxsize: int) -> Planted:
    return Planted(bug, lambda: scenario(lambda: bug(*maxsize), GREEN), 1, says)


PLANTED = [
    planted(stores.SeveralAgainstGet, bugs.CountsOneForOne, "deadlock|permits for"),
    planted(stores.DropAgainstGet, bugs.DropsWithoutPlaces, "unfinished"),
    planted(stores.DropAgainstGet, bugs.OnlyWhatIsFree, "unfinished|permits"),
    planted(stores.DropAgainstGet, bugs.GoneIsEmpty, "Assertion"),
    planted(stores.SeveralAgainstGet, bugs.OwesNoPlaces, "places, beside", 1),
]


@pytest.mark.parametrize(
    "planted", PLANTED, ids=[planted.bug.__name__ for planted in PLANTED]
)
def test_a_planted_bug_is_found(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    find(planted, monkeypatch, [bugs, stores])
