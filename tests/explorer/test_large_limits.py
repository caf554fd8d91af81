# SPDX-License-Identifier: ISC
"""Queues with a pool of places, in every order of two tasks with two preemptions, or three with one; planted bugs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aiologic import _places, _pool

from . import large_limits, queues, unwaiting
from .hands import GREEN, MIXED
from .test_mutants import Planted, find
from .test_queues import bounded, each, virtual_threads

if TYPE_CHECKING:
    from aiologic.testing import Scenario

    from .conftest import Explored

__all__ = ("virtual_threads",)

OF_TWO: Any = [
    ([large_limits.of_two], large_limits.TwoTakeTwo),
    ([large_limits.of_three], large_limits.BatchAgainstPut),
    ([bounded], unwaiting.PutNowAgainstPut),
    ([large_limits.of_two], unwaiting.PutNowAgainstShutdown),
]
OF_THREE: Any = [
    ([large_limits.of_two], large_limits.LastPlace),
    ([large_limits.of_two], large_limits.WaitingForTheLast),
    ([bounded], queues.PuttersInLine),
]


@pytest.fixture(autouse=True)
def a_pool_for_all_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each block of the pool has one."""
    monkeypatch.setattr(_places, "LARGEST_LIST", 0)
    monkeypatch.setattr(_pool, "LARGEST_LIST", 1)


@pytest.fixture(params=[0, 1], ids=lambda count: f"list-of-{count}")
def a_list_for_some(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_places, "LARGEST_LIST", request.param)


@pytest.mark.slow
@pytest.mark.usefixtures("a_list_for_some")
@each(OF_TWO, MIXED)
def test_two_tasks(scenario: Scenario, explored: Explored) -> None:
    assert explored(scenario, 2).schedules > 1


@pytest.mark.slow
@pytest.mark.usefixtures("a_list_for_some")
@each(OF_THREE, MIXED)
def test_three_tasks(scenario: Scenario, explored: Explored) -> None:
    assert explored(scenario, 1).schedules > 1


def planted(scenario: Any, bug: Any, says: str, maxsize: int) -> Planted:
    return Planted(bug, lambda: scenario(lambda: bug(maxsize), GREEN), 2, says)


PLANTED = [
    planted(
        large_limits.LastPlace,
        large_limits.GivesUpTooSoon,
        "it was full for somebody",
        2,
    ),
    planted(
        large_limits.TwoTakeTwo, large_limits.TakesTheRestAtOnce, "AssertionError", 2
    ),
]


@pytest.mark.parametrize(
    "planted", PLANTED, ids=[planted.bug.__name__ for planted in PLANTED]
)
def test_a_planted_bug_is_found(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    find(planted, monkeypatch, [large_limits])
