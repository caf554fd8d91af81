# SPDX-License-Identifier: ISC
"""The same object, put several times into a queue that comes to its end, in every order; and a planted bug."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from aiologic.testing import Scenario

from . import late_twins
from .late_twins import ClaimsTheFirst, LateTriplets, LateTwins, TwinsAgainstShutdown
from .test_mutants import Planted, find

if TYPE_CHECKING:
    from .conftest import Explored

# Each search takes seconds; run them with `uv run nox -s explorer`.
pytestmark = pytest.mark.slow

OF_THREE = pytest.mark.parametrize(
    "scenario", [LateTriplets(), TwinsAgainstShutdown()], ids=Scenario.describe
)


def test_two_tasks(explored: Explored) -> None:
    assert explored(LateTwins(), 2).schedules > 1


@OF_THREE
def test_three_tasks(scenario: Scenario, explored: Explored) -> None:
    assert explored(scenario, 1).schedules > 1


@pytest.mark.explorer_deep
@pytest.mark.timeout(0)
@OF_THREE
def test_three_tasks_deeply(scenario: Scenario, explored: Explored) -> None:
    assert explored(scenario, 2).schedules > 1


def test_a_planted_bug_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    bug = Planted(
        ClaimsTheFirst, lambda: LateTwins(ClaimsTheFirst), 2, "permits for 1 items"
    )
    find(bug, monkeypatch, [late_twins])
