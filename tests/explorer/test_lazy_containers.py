# SPDX-License-Identifier: ISC
"""The first items of containers that are small until then, in every order; and planted bugs.

Two tasks: all schedules with up to two preemptions. Three tasks: with one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from . import lazy_containers as lazies, mutant_lazies as bugs
from .test_mutants import Planted, find

if TYPE_CHECKING:
    from .conftest import Explored

# `uv run nox -s explorer`.
pytestmark = pytest.mark.slow

OF_TWO = [
    lazies.TwoAppend,
    lazies.TwoExtend,
    lazies.AppendAgainstExtend,
    lazies.BothOnTheLeft,
    lazies.InsertAgainstExtend,
    lazies.AppendAgainstPop,
    lazies.AppendToALimit,
    lazies.TwoPut,
    lazies.PutAgainstGet,
]
OF_THREE = [lazies.ThreeAppend, lazies.PutForTwo]


@pytest.mark.parametrize("scenario", OF_TWO)
def test_two_tasks(scenario: Any, explored: Explored) -> None:
    assert explored(scenario(), 2).schedules > 1


@pytest.mark.parametrize("scenario", OF_THREE)
def test_three_tasks(scenario: Any, explored: Explored) -> None:
    assert explored(scenario(), 1).schedules > 1


@pytest.mark.explorer_deep
@pytest.mark.timeout(0)
@pytest.mark.parametrize("scenario", OF_THREE)
def test_three_tasks_deeply(scenario: Any, explored: Explored) -> None:
    assert explored(scenario(), 2).schedules > 1


def planted(scenario: Any, bug: Any) -> Planted:
    preemptions = 1 if scenario in OF_THREE else 2
    return Planted(bug, lambda: scenario(bug), preemptions, "are there")


PLANTED = [
    planted(lazies.TwoAppend, bugs.DequeOfItsOwn),
    planted(lazies.ThreeAppend, bugs.DequeOfItsOwn),
    planted(lazies.InsertAgainstExtend, bugs.DequeOfItsOwn),
    planted(lazies.TwoExtend, bugs.FillsItAtOnce),
    planted(lazies.AppendAgainstExtend, bugs.FillsItAtOnce),
    planted(lazies.BothOnTheLeft, bugs.FillsItAtOnce),
    planted(lazies.AppendAgainstPop, bugs.GivesItsDequeUp),
    planted(lazies.PutAgainstGet, bugs.GivesItsQueueUp),
    planted(lazies.AppendToALimit, bugs.ForgetsTheLimit),
    planted(lazies.TwoPut, bugs.QueueOfItsOwn),
    planted(lazies.PutForTwo, bugs.ReadsAndThenRemoves),
    Planted(
        bugs.once_looked_born,
        lazies.TwoPut,
        2,
        "are there",
        "aiologic._lazy_content.born",
    ),
]


@pytest.mark.parametrize(
    "planted", PLANTED, ids=[planted.bug.__name__ for planted in PLANTED]
)
def test_a_planted_bug_is_found(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    find(planted, monkeypatch, [bugs])
