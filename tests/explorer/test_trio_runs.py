# SPDX-License-Identifier: ISC
"""Wake-ups from other threads for a run of trio's, in every order; and bugs in that, planted and found."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("trio", reason="it is about trio")

from aiologic_trio import _waiter

from . import trio_runs as scenarios
from .sleepers import counts_references
from .test_mutants import Planted, find

if TYPE_CHECKING:
    from .conftest import Explored

TRACED = [_waiter]

OF_TWO = [
    scenarios.Wake,
    scenarios.WakeAndTime,
    scenarios.TimeAndWake,
    scenarios.WakeFromBothSides,
    scenarios.WakeAll,
    scenarios.WakeAgainstCrash,
]
OF_THREE = [scenarios.WakeAgainstTime, scenarios.WakeTwo]

pytestmark = counts_references


@pytest.fixture(autouse=True)
def _played(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "checkpoint",
        "current_task",
        "current_trio_token",
        "reschedule",
        "wait_task_rescheduled",
    ):
        monkeypatch.setattr(_waiter, name, getattr(scenarios, name))
    monkeypatch.setattr(_waiter, "scope_for", scenarios.Scope)


@pytest.mark.parametrize("scenario", OF_TWO)
def test_two_tasks(explored: Explored, scenario: Any) -> None:
    explored(scenario(), preemptions=2, trace=TRACED)


@pytest.mark.parametrize("scenario", OF_THREE)
def test_three_tasks(explored: Explored, scenario: Any) -> None:
    explored(scenario(), preemptions=1, trace=TRACED)


def forgets_who_is_refused(waiter: Any) -> None:
    """Who wakes takes no notice of a run that has crashed."""
    with suppress(RuntimeError):
        waiter.loop.run_sync_soon(waiter.resume)


def resumes_at_once(waiter: Any) -> None:
    """Another thread makes the task ready."""
    waiter.resume()


def planted(scenario: Any, bug: Any, says: str, patched: str) -> Planted:
    return Planted(
        bug, scenario, 2, says, f"aiologic_trio._waiter.TrioWaiter.{patched}"
    )


PLANTED = [
    planted(
        scenarios.WakeAgainstCrash, forgets_who_is_refused, "became of it", "unpark"
    ),
    planted(scenarios.Wake, resumes_at_once, "another thread|deadlock", "unpark"),
]


@pytest.mark.parametrize("bug", PLANTED, ids=[bug.bug.__name__ for bug in PLANTED])
def test_a_planted_bug_is_found(bug: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    find(bug, monkeypatch, [*TRACED, sys.modules[__name__]])
