# SPDX-License-Identifier: ISC
"""Wake-ups from other threads for a loop of asyncio's, in every order; and bugs in that, planted and found."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest
from aiologic_asyncio import _relay, _waiter

from . import asyncio_loops as scenarios
from .sleepers import counts_references
from .test_mutants import Planted, find

if TYPE_CHECKING:
    from .conftest import Explored

TRACED = [_relay, _waiter]

OF_TWO = [
    scenarios.Wake,
    scenarios.WakeAndTime,
    scenarios.TimeAndWake,
    scenarios.WakeAndCancel,
    scenarios.CancelAndWake,
    scenarios.WakeWhileCancelled,
    scenarios.WakeFromBothSides,
    scenarios.WakeAll,
    scenarios.WakeAgainstClose,
    scenarios.WakeAgainstCloseOfAll,
]
STIRRED = [scenarios.StirAgainstWake, scenarios.StirAgainstWakeAndCancel]
OF_THREE = [
    scenarios.WakeAgainstTime,
    scenarios.WakeTwo,
    scenarios.WakesAgainstClose,
]

pytestmark = counts_references


@pytest.mark.parametrize("scenario", OF_TWO)
def test_two_tasks(explored: Explored, scenario: Any) -> None:
    explored(scenario(), preemptions=2, trace=TRACED)


@pytest.mark.parametrize("scenario", STIRRED)
def test_stirred_tasks(explored: Explored, scenario: Any) -> None:
    explored(scenario(), preemptions=1, trace=TRACED)


@pytest.mark.explorer_deep
@pytest.mark.timeout(0)
@pytest.mark.parametrize("scenario", STIRRED)
def test_stirred_tasks_deeply(explored: Explored, scenario: Any) -> None:
    explored(scenario(), preemptions=2, trace=TRACED)


@pytest.mark.parametrize("scenario", OF_THREE)
def test_three_tasks(explored: Explored, scenario: Any) -> None:
    explored(scenario(), preemptions=1, trace=TRACED)


def looks_before_it_forgets(waiter: Any) -> Any:
    """A stirred task looks whether it is decided, and only then is taken for one that does not look any more."""
    outcome = waiter._outcome
    if outcome is _waiter.STIRRED:
        outcome = None if waiter else True
        waiter._outcome = None
    return iter((waiter,) if outcome is None else ())


def posts_without_a_look(waiter: Any) -> None:
    """Who wakes does not look whether the loop was closed meanwhile."""
    loop = waiter._loop
    _waiter._inboxes.of(loop).post(waiter, loop.call_soon_threadsafe)


def posts_for_who_sleeps(waiter: Any) -> None:
    """Who wakes does so only if the task has fallen asleep."""
    if not waiter.done():
        loop = waiter._loop
        _waiter._inboxes.of(loop).post(waiter, loop.call_soon_threadsafe)


def planted(scenario: Any, bug: Any, says: str, patched: str) -> Planted:
    return Planted(
        bug, scenario, 2, says, f"aiologic_asyncio._waiter.AsyncioWaiter.{patched}"
    )


PLANTED = [
    planted(
        scenarios.StirAgainstWake, looks_before_it_forgets, "deadlock", "__await__"
    ),
    planted(
        scenarios.WakesAgainstClose, posts_without_a_look, "became of it", "unpark"
    ),
    planted(scenarios.Wake, posts_for_who_sleeps, "deadlock", "unpark"),
]


@pytest.mark.parametrize("bug", PLANTED, ids=[bug.bug.__name__ for bug in PLANTED])
def test_a_planted_bug_is_found(bug: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    find(bug, monkeypatch, [*TRACED, sys.modules[__name__]])
