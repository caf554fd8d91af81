# SPDX-License-Identifier: ISC
"""Locks that open at their first release, in every order; and with planted bugs: see test_mutants.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aiologic import _once_lock
from aiologic._runtime.detect import worlds

from . import mutant_once_locks as mutants, once_locks as scenarios
from .test_mutants import Planted, find

if TYPE_CHECKING:
    from .conftest import Explored

OF_TWO = [
    scenarios.TwoUsers,
    scenarios.TwiceInside,
    scenarios.TimeoutAgainstRelease,
    scenarios.NewcomerAgainstRelease,
    scenarios.GivenBackForAWhile,
]


@pytest.fixture(autouse=True)
def _virtual_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lock blocks threads, which are virtual here."""
    monkeypatch.setattr(_once_lock, "create_waiter", worlds.create_green_waiter)


@pytest.mark.parametrize("scenario", OF_TWO)
def test_two_tasks(explored: Explored, scenario: Any) -> None:
    explored(scenario(), preemptions=1)


def test_three_tasks(explored: Explored) -> None:
    explored(scenarios.ThreeUsers(), preemptions=0)
    explored(scenarios.GateOfTwo(), preemptions=1)


@pytest.mark.explorer_deep
@pytest.mark.timeout(0)
@pytest.mark.parametrize("scenario", [*OF_TWO, scenarios.GateOfTwo])
def test_all_deeply(explored: Explored, scenario: Any) -> None:
    explored(scenario(), preemptions=2)


def planted(
    scenario: Any, bug: Any, says: str, patched: str, preemptions: int = 1
) -> Planted:
    return Planted(bug, scenario, preemptions, says, f"aiologic._once_lock.{patched}")


PLANTED = [
    planted(
        scenarios.TwoUsers,
        mutants.taken_without_a_look,
        "two make it|made twice|un-acquired",
        "ThreadOnceLock.acquire",
    ),
    planted(
        scenarios.TwoUsers,
        mutants.waits_without_a_look,
        "deadlock",
        "ThreadOnceLock.acquire",
    ),
    planted(
        scenarios.TwoUsers,
        mutants.opened_before_it_is_free,
        "cannot release|deadlock",
        "open_it",
    ),
    planted(scenarios.TwoUsers, mutants.opened_for_newcomers, "deadlock", "open_it"),
    planted(
        scenarios.TwiceInside,
        mutants.opened_by_any_release,
        "made twice|two make it",
        "ThreadOnceLock.release",
    ),
    planted(scenarios.TwoUsers, mutants.JoinsWithoutALook, "deadlock", "Gate"),
]


@pytest.mark.parametrize("bug", PLANTED, ids=[bug.bug.__name__ for bug in PLANTED])
def test_a_planted_bug_is_found(bug: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    find(bug, monkeypatch, [mutants])


@pytest.mark.explorer_deep
def test_a_planted_bug_is_found_by_a_deep_search(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bug = planted(
        scenarios.GateOfTwo,
        mutants.takes_the_gate_away,
        "deadlock",
        "ThreadOnceLock.acquire",
        preemptions=2,
    )
    find(bug, monkeypatch, [mutants])
