# SPDX-License-Identifier: ISC
"""Wake-ups from other threads for a hub of eventlet's, in every order; and bugs in that, planted and found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("eventlet", reason="it is about eventlet")

from aiologic_eventlet import _entrance, _round, _waiter

from . import eventlet_hubs, hub_wakes, mutant_hubs as mutants
from .eventlet_hubs import EventletHub
from .sleepers import counts_references
from .test_mutants import Planted, find

if TYPE_CHECKING:
    from .conftest import Explored

TRACED = [_entrance, _round, _waiter]

OF_TWO = [
    *hub_wakes.OF_TWO,
    eventlet_hubs.WakeAgainstAbort,
    eventlet_hubs.WakeOfAnotherAgainstAbort,
    eventlet_hubs.WakeAgainstLoss,
]

pytestmark = counts_references


@pytest.fixture(autouse=True)
def _played(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_entrance, "pair_of_sockets", eventlet_hubs.pair_of_sockets)
    monkeypatch.setattr(_waiter, "getcurrent", eventlet_hubs.current_greenlet)
    hub_wakes.play(monkeypatch, _waiter)


@pytest.mark.parametrize("scenario", OF_TWO)
def test_two_tasks(explored: Explored, scenario: Any) -> None:
    explored(scenario(EventletHub), preemptions=2, trace=TRACED)


@pytest.mark.parametrize("scenario", hub_wakes.OF_THREE)
def test_three_tasks(explored: Explored, scenario: Any) -> None:
    explored(scenario(EventletHub), preemptions=1, trace=TRACED)


def planted(scenario: Any, bug: Any, says: str, patched: str) -> Planted:
    return Planted(
        bug,
        lambda: scenario(EventletHub),
        2,
        says,
        f"aiologic_eventlet._entrance.Entrance.{patched}",
    )


PLANTED = [
    planted(
        hub_wakes.WakeAgainstEndOfThread,
        mutants.drops_the_bell_last,
        "is what became of it|left in the entrance",
        "close",
    ),
    planted(hub_wakes.Wake, mutants.rung_before_it_is_left, "deadlock", "schedule"),
    planted(hub_wakes.WakeTwo, mutants.heard_after_a_look, "deadlock", "_come_in"),
    planted(
        eventlet_hubs.WakeAgainstLoss,
        mutants.marked_after_the_round,
        "deadlock",
        "miss_round",
    ),
]


@pytest.mark.parametrize("bug", PLANTED, ids=[bug.bug.__name__ for bug in PLANTED])
def test_a_planted_bug_is_found(bug: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    find(bug, monkeypatch, [*TRACED, mutants])
