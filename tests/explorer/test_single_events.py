# SPDX-License-Identifier: ISC
"""The events of lowlevel in every order; and with planted bugs: see test_mutants.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aiologic._single_events import SingleAsyncEvent

from . import mutant_single_events as mutants, single_events as scenarios
from .test_mutants import Planted, find

if TYPE_CHECKING:
    from typing import Callable

    from .conftest import Explored

OF_TWO = [
    scenarios.SetAgainstWait,
    scenarios.SetAgainstTimeout,
    scenarios.SetAgainstCancellation,
    scenarios.TwoSettersAlone,
]
OF_THREE = [scenarios.TwoSetters, scenarios.TwoWait]

each_world = pytest.mark.parametrize("is_async", [False, True], ids=["green", "async"])


@each_world
@pytest.mark.parametrize("scenario", OF_TWO)
def test_two_tasks(
    explored: Explored, scenario: Callable[..., Any], is_async: bool
) -> None:
    explored(scenario(is_async), preemptions=1)


@pytest.mark.parametrize("scenario", [OF_TWO[1], OF_TWO[2]])
def test_two_tasks_and_a_shield(
    explored: Explored, scenario: Callable[..., Any]
) -> None:
    explored(scenario(True, True), preemptions=1)


def test_three_tasks(explored: Explored) -> None:
    explored(scenarios.TwoSetters(False), preemptions=1)
    explored(scenarios.TwoWait(True), preemptions=1)


@pytest.mark.explorer_deep
@pytest.mark.timeout(0)
@each_world
@pytest.mark.parametrize("scenario", [*OF_TWO, *OF_THREE])
def test_all_deeply(
    explored: Explored, scenario: Callable[..., Any], is_async: bool
) -> None:
    explored(scenario(is_async), preemptions=2)


def planted(scenario: Any, bug: Any, says: str, preemptions: int = 1) -> Planted:
    is_async = issubclass(bug, SingleAsyncEvent)
    kind = "SingleAsyncEvent" if is_async else "SingleGreenEvent"
    return Planted(
        bug,
        lambda: scenario(is_async),
        preemptions,
        says,
        patched=f"aiologic._single_events.{kind}",
    )


PLANTED = [
    planted(scenarios.SetAgainstWait, mutants.NoLookAfterJoining, "deadlock"),
    planted(scenarios.SetAgainstWait, mutants.LooksAndThenJoins, "deadlock"),
    planted(
        scenarios.TwoSettersAlone, mutants.AllWhoSetAreToldSo, "a set is told wrongly"
    ),
    planted(
        scenarios.SetAgainstTimeout,
        mutants.CancelledWithoutALook,
        "set, and not set|told wrongly|no end",
    ),
    planted(
        scenarios.SetAgainstCancellation,
        mutants.LeavesWithoutAMark,
        "it has no end|told wrongly|out of range",
    ),
    planted(
        scenarios.SetAgainstWait, mutants.WokenBeforeTheMark, "cancelled by nobody"
    ),
    planted(scenarios.TwoWait, mutants.NotRefused, "deadlock"),
    planted(scenarios.SetAgainstWait, mutants.LooksInTwoSteps, "it has no end"),
]


@pytest.mark.parametrize("bug", PLANTED, ids=[bug.bug.__name__ for bug in PLANTED])
def test_a_planted_bug_is_found(bug: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    find(bug, monkeypatch, [mutants])


@pytest.mark.explorer_deep
def test_a_planted_bug_is_found_by_a_deep_search(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bug = planted(scenarios.TwoWait, mutants.TidiedByAnybody, "deadlock", 2)
    find(bug, monkeypatch, [mutants])
