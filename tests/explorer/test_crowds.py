# SPDX-License-Identifier: ISC
"""Waiters of two loops that are woken together, in every order; and bugs in that, planted and found."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from . import crowds as scenarios, mutant_crowds as mutants, test_inboxes
from .sleepers import counts_references
from .test_inboxes import CountedEarly
from .test_mutants import Planted, find

if TYPE_CHECKING:
    from .conftest import Explored

needs_places = pytest.mark.skipif(
    sys.version_info < (3, 10),
    reason="looks for signals at more places than can be guarded: docs/decisions/0021",
)
LONG_TO_SEARCH = [
    scenarios.WakeOfStranger,
    scenarios.WakeAgainstTime,
    scenarios.WakeAgainstCancel,
    pytest.param(scenarios.WakeFromInsideAgainstSignal, marks=needs_places),
]
OF_THREE = [
    scenarios.WakeInTwoThreads,
    scenarios.WakeTwoCrowds,
    pytest.param(scenarios.WakeAgainstSignal, marks=needs_places),
    pytest.param(scenarios.WakeAgainstCloseAndSignal, marks=needs_places),
]

pytestmark = [pytest.mark.slow, counts_references]


@pytest.mark.parametrize(
    "scenario", [scenarios.Wake, scenarios.WakeFromInside, scenarios.WakeAgainstClose]
)
def test_two_tasks(explored: Explored, scenario: Any) -> None:
    explored(scenario(), preemptions=2)


@pytest.mark.parametrize("scenario", LONG_TO_SEARCH + OF_THREE)
def test_long_searches(explored: Explored, scenario: Any) -> None:
    explored(scenario(), preemptions=1)


@pytest.mark.explorer_deep
@pytest.mark.timeout(0)
@pytest.mark.parametrize("scenario", LONG_TO_SEARCH + OF_THREE)
def test_long_searches_deeply(explored: Explored, scenario: Any) -> None:
    explored(scenario(), preemptions=2)


def planted(scenario: Any, bug: Any, says: str, patched: str) -> Any:
    return Planted(bug, scenario, 1, says, patched)


UNPARK = "aiologic_asyncio._waiter.unpark_by_loop"

PLANTED = [
    planted(
        scenarios.Wake, mutants.takes_all_for_one_crowd, "another loop runs it", UNPARK
    ),
    planted(scenarios.WakeOfStranger, mutants.takes_out_all, "the stranger", UNPARK),
    planted(
        scenarios.WakeAgainstSignal,
        mutants.taken_out_before_delivery,
        "deadlock|outcome",
        UNPARK,
    ),
    planted(
        scenarios.WakeAgainstClose,
        mutants.loses_the_first,
        "became of them",
        "aiologic._engine.crowd.Crowd.lost",
    ),
    planted(
        scenarios.WakeTwoCrowds,
        CountedEarly,
        "deadlock",
        "aiologic._engine.inbox._Delivery",
    ),
    planted(
        scenarios.WakeAgainstTime,
        mutants.stops_at_who_is_awake,
        "deadlock",
        "aiologic_asyncio._waiter._asleep",
    ),
    planted(
        scenarios.WakeAgainstCancel,
        mutants.stops_at_who_is_awake,
        "deadlock",
        "aiologic_asyncio._waiter._asleep",
    ),
    planted(
        scenarios.WakeFromInsideAgainstSignal,
        mutants.taken_out_before_the_relay,
        "deadlock",
        "aiologic_asyncio._waiter._relay_all",
    ),
    planted(
        scenarios.WakeAgainstCloseAndSignal,
        mutants.reported_after_a_look,
        "became of them",
        "aiologic._engine.waiter.Waiter.lost",
    ),
]


@pytest.mark.parametrize("bug", PLANTED, ids=[bug.bug.__name__ for bug in PLANTED])
def test_a_planted_bug_is_found(bug: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    find(bug, monkeypatch, [mutants, test_inboxes])
