# SPDX-License-Identifier: ISC
"""Shielded calls in a hub of eventlet's, in every order; and bugs in that, planted and found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("eventlet", reason="it is about eventlet")

from aiologic_eventlet import _cancellation, _entrance, _waiter

from . import eventlet_hubs, hub_wakes, mutant_shields as mutants, shields
from .sleepers import counts_references
from .test_mutants import Planted, find

if TYPE_CHECKING:
    from .conftest import Explored

OF_TWO = [shields.Shielded, shields.AgainstStrangerAtOnce]
OF_THREE = [
    shields.AgainstCancel,
    shields.AgainstTwo,
    shields.AgainstThree,
    shields.AgainstStranger,
]

pytestmark = [pytest.mark.slow, counts_references]


@pytest.fixture(autouse=True)
def _played(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_entrance, "pair_of_sockets", eventlet_hubs.pair_of_sockets)
    monkeypatch.setattr(_cancellation, "may_block_here", hub_wakes.may_block_here)
    monkeypatch.setattr(_waiter, "may_block_here", hub_wakes.may_block_here)
    monkeypatch.setattr(_waiter, "is_awake", shields.is_awake)


@pytest.mark.parametrize("scenario", OF_TWO)
def test_two_tasks(explored: Explored, scenario: Any) -> None:
    explored(scenario(), preemptions=2)


@pytest.mark.parametrize("scenario", OF_THREE)
def test_three_tasks(explored: Explored, scenario: Any) -> None:
    explored(scenario(), preemptions=1)


@pytest.mark.explorer_deep
@pytest.mark.timeout(0)
@pytest.mark.parametrize("scenario", OF_THREE)
def test_three_tasks_deeply(explored: Explored, scenario: Any) -> None:
    explored(scenario(), preemptions=2)


def planted(scenario: Any, bug: Any, says: str) -> Planted:
    return Planted(
        bug, scenario, 1, says, "aiologic_eventlet._cancellation.ShieldedCall"
    )


PLANTED = [
    planted(shields.AgainstCancel, mutants.LeavesAtOnce, "goes on by itself"),
    planted(shields.AgainstTwo, mutants.KeepsOne, "deadlock"),
    planted(shields.AgainstThree, mutants.WakesWhoWaitedBefore, "deadlock"),
    planted(shields.AgainstStrangerAtOnce, mutants.InterruptsNewborns, "StrangeError"),
    planted(shields.AgainstStranger, mutants.InterruptsTheDead, "StrangeError"),
]


@pytest.mark.parametrize("bug", PLANTED, ids=[bug.bug.__name__ for bug in PLANTED])
def test_a_planted_bug_is_found(bug: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    find(bug, monkeypatch, [mutants])
