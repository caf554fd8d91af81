# SPDX-License-Identifier: ISC
"""Tasks that wait until all items of a queue are dealt with, in every order; and planted bugs.

The count alone: all schedules with up to two preemptions. Where that takes
long: with one, and with two if ``explorer_deep`` is selected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiologic
import pytest

from . import joins, mutant_tallies as bugs
from .hands import ASYNC, GREEN, MIXED
from .test_mutants import Planted, find
from .test_queues import each

if TYPE_CHECKING:
    from aiologic.testing import Scenario

    from .conftest import Explored

# A search of up to a second each: `uv run nox -s explorer`.
pytestmark = pytest.mark.slow

QUEUE: list[Any] = [aiologic.Queue]

# About ten thousand schedules each with two preemptions.
LONGER = pytest.mark.parametrize(
    "scenario", [joins.LeaverBehindAnother, joins.PutAndDoneAfterThat]
)
LEAVING = [(QUEUE, joins.TimeoutAgainstDone), (QUEUE, joins.CancellationAgainstDone)]


@each(LEAVING, GREEN, ASYNC)
def test_a_task_that_leaves(scenario: Scenario, explored: Explored) -> None:
    assert explored(scenario, 1).schedules > 1


@pytest.mark.explorer_deep
@pytest.mark.timeout(0)
@each(LEAVING, GREEN, ASYNC)
def test_a_task_that_leaves_deeply(scenario: Scenario, explored: Explored) -> None:
    assert explored(scenario, 2).schedules > 1


@each([(QUEUE, joins.TwoJoin)], MIXED)
def test_three_tasks(scenario: Scenario, explored: Explored) -> None:
    assert explored(scenario, 1).schedules > 1


@pytest.mark.explorer_deep
@pytest.mark.timeout(0)
@each([(QUEUE, joins.TwoJoin)], MIXED)
def test_three_tasks_deeply(scenario: Scenario, explored: Explored) -> None:
    assert explored(scenario, 2).schedules > 1


@pytest.mark.parametrize(
    "scenario",
    [
        joins.PutAfterThat,
        joins.PutByWhoIsTold,
        joins.LastTwoAreDone,
        joins.DoneWhileSomeStay,
    ],
)
def test_the_count(scenario: Any, explored: Explored) -> None:
    assert explored(scenario(), 2).schedules > 1


@pytest.mark.usefixtures("eager_sweeps")
@LONGER
def test_the_count_once(scenario: Any, explored: Explored) -> None:
    assert explored(scenario(), 1).schedules > 1


@pytest.mark.explorer_deep
@pytest.mark.timeout(0)
@pytest.mark.usefixtures("eager_sweeps")
@LONGER
def test_the_count_deeply(scenario: Any, explored: Explored) -> None:
    assert explored(scenario(), 2).schedules > 1


def of_queue(scenario: Any, bug: Any, says: str) -> Planted:
    def make() -> Any:
        return scenario(aiologic.Queue, MIXED)

    return Planted(bug, make, 1, says, "aiologic._tally._wake")


def of_count(scenario: Any, bug: Any, preemptions: int, says: str) -> Planted:
    tally = "tests.explorer.joins.Tally"
    return Planted(bug, scenario, preemptions, says, tally, sweeps=True)


PLANTED = [
    of_count(joins.LeaverBehindAnother, bugs.LeaverDoesNotLook, 1, "left behind"),
    of_count(joins.PutAfterThat, bugs.LooksWhetherItIsOver, 1, "was not told"),
    of_count(joins.PutByWhoIsTold, bugs.AsksForItself, 1, "one of the two"),
    of_count(joins.PutAndDoneAfterThat, bugs.TurnIsUsedOnce, 1, "left behind|for ever"),
    of_count(joins.DoneWhileSomeStay, bugs.LooksWhetherAnybodyIsThere, 1, "for ever"),
    of_count(joins.LastTwoAreDone, bugs.ServesWhatIsServed, 2, r"max\(\)"),
    Planted(
        bugs.wake_everybody,
        joins.PutAfterThat,
        1,
        "told too early",
        "aiologic._tally._wake",
    ),
    of_queue(joins.TwoJoin, bugs.wake_one, "deadlock"),
    *[
        of_queue(scenario, bugs.wake_who_left, "IndexError")
        for scenario in (joins.TimeoutAgainstDone, joins.CancellationAgainstDone)
    ],
]


@pytest.mark.parametrize(
    "planted", PLANTED, ids=[planted.bug.__name__ for planted in PLANTED]
)
def test_a_planted_bug_is_found(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    find(planted, monkeypatch, [bugs])
