# SPDX-License-Identifier: ISC
"""What notifiers of conditions decide, in every order: see test_conditions.py; and planted bugs."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Iterator

import pytest
from aiologic import BinarySemaphore, Condition, Lock, RLock

from . import (
    closed_waits,
    mutant_conditions,
    mutant_notifiers as bugs,
    notifiers,
    raising_predicates,
)
from .hands import ASYNC, GREEN, MIXED
from .test_conditions import each_of, over_nothing, over_rlock, over_semaphore
from .test_mutants import Planted, find

if TYPE_CHECKING:
    from aiologic.testing import Scenario

    from .conftest import Explored


@pytest.fixture(autouse=True)
def _counted_log() -> Iterator[None]:
    """What is logged about predicates is counted, and goes nowhere."""
    logger = logging.getLogger("aiologic._conditions")
    propagates = logger.propagate
    logger.addHandler(raising_predicates.LOG)
    logger.propagate = False
    yield
    logger.propagate = propagates
    logger.removeHandler(raising_predicates.LOG)


def over_a_timer_that_stands_still() -> Any:
    return Condition(RLock(), timer=lambda: 0)


OF_TWO = [
    notifiers.NotifyTheOld(over_rlock, MIXED),
    notifiers.TrialOfTheNotifier(over_nothing, MIXED),
    notifiers.TrialAfterTimeout(over_semaphore, MIXED),
    notifiers.FalseAgainstTimeout(over_rlock, MIXED),
    notifiers.FalseAgainstTimeout(over_a_timer_that_stands_still, ASYNC),
    notifiers.TrueAgain(over_rlock, GREEN),
    notifiers.TrueAgain(over_rlock, ASYNC),
    raising_predicates.RaisesAgainstCancellation(over_rlock, GREEN),
]
OF_THREE = [
    notifiers.ToldByItself(over_nothing, MIXED),
    notifiers.OldAgainstCancellation(over_nothing, ASYNC),
    notifiers.TrialAgainstTimeout(over_nothing, GREEN),
    notifiers.TrialAgainstCancellation(over_nothing, ASYNC),
    notifiers.TrialAgainstNotifier(over_nothing, MIXED),
    notifiers.TrueAgainstTimeout(over_semaphore, ASYNC),
    raising_predicates.Raises(over_rlock, MIXED),
    raising_predicates.RaisesAgainstTimeout(over_rlock, ASYNC),
    closed_waits.ClosedAgainstNotify(over_rlock, GREEN),
]


# Most of these waits end early, which takes so many steps that a second preemption is for explorer_deep.
@pytest.mark.slow
@each_of([*OF_TWO, *OF_THREE])
def test_all(explored: Explored, scenario: Scenario) -> None:
    assert explored(scenario, preemptions=1).schedules > 100


@pytest.mark.explorer_deep
@pytest.mark.timeout(0)
@each_of(OF_TWO)
def test_two_tasks_deeply(explored: Explored, scenario: Scenario) -> None:
    explored(scenario, preemptions=2)


def planted(scenario: Any, bug: Any, says: str, *lock: Any) -> Planted:
    """A condition with a bug."""
    return Planted(bug, lambda: scenario(lambda: bug(*lock), MIXED), 1, says)


def replaced(scenario: Any, bug: Any, says: str, patched: str, hands: Any) -> Planted:
    """A part of the conditions with a bug."""
    return Planted(
        bug, lambda: scenario(over_rlock, hands), 1, says, f"aiologic.{patched}"
    )


PLANTED = [
    planted(notifiers.NotifyTheOld, bugs.ForgetsTheDeadline, "the wrong"),
    planted(
        notifiers.ToldByItself, bugs.LeavesItWithoutADeadline, "woken by itself", None
    ),
    planted(notifiers.TrialAgainstNotifier, bugs.NoLookAfterTheTurn, "too late", None),
    planted(notifiers.TrialAgainstTimeout, bugs.KeepsItOnTrial, "deadlock", None),
    planted(notifiers.TrialOfTheNotifier, bugs.PassesOnWithoutABound, "no end", None),
    Planted(
        bugs.TrustsOnTrial,
        lambda: notifiers.TrialAfterTimeout(
            lambda: bugs.TrustsOnTrial(BinarySemaphore()), MIXED
        ),
        1,
        "AttributeError",
    ),
    planted(
        notifiers.OldAgainstCancellation,
        mutant_conditions.LostWithItsTask,
        "deadlock",
        None,
    ),
    Planted(
        mutant_conditions.LostWithItsTask,
        lambda: notifiers.TrueAgainstTimeout(mutant_conditions.LostWithItsTask, ASYNC),
        1,
        "deadlock",
    ),
    Planted(
        bugs.TrustsTheNotifier,
        lambda: notifiers.TrueAgain(lambda: bugs.TrustsTheNotifier(Lock()), MIXED),
        1,
        "it was false",
    ),
    replaced(
        notifiers.FalseAgainstTimeout,
        bugs.sends_back_whom_it_finds,
        "waits for what has been|left over",
        "_notifying._send_back",
        MIXED,
    ),
    replaced(
        closed_waits.ClosedAgainstNotify,
        bugs.looks_before_it_takes,
        "IndexError",
        "_condition_notifies.hand_over_one",
        GREEN,
    ),
    replaced(
        raising_predicates.Raises,
        bugs.errors_are_false,
        "deadlock",
        "_notifying._is_true",
        MIXED,
    ),
    replaced(
        raising_predicates.RaisesAgainstCancellation,
        bugs.tells_nobody,
        "were raised, and",
        "_condition_predicates._tell_nobody",
        GREEN,
    ),
    replaced(
        raising_predicates.RaisesAgainstTimeout,
        bugs.last_value_only,
        "were raised, and",
        "_condition_predicates._last_value",
        ASYNC,
    ),
]


@pytest.mark.parametrize(
    "bug", PLANTED, ids=[f"{bug.bug.__name__}-{bug.patched}" for bug in PLANTED]
)
def test_a_planted_bug_is_found(bug: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    find(bug, monkeypatch, [bugs, mutant_conditions])
