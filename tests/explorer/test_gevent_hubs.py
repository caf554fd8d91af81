# SPDX-License-Identifier: ISC
"""Wake-ups from other threads for a hub of gevent's, in every order; and bugs in that, planted and found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("gevent", reason="it is about gevent")

from aiologic_gevent import _entrance, _waiter

from . import gevent_hubs, hub_wakes, mutant_hubs as mutants
from .gevent_hubs import GeventHub, Sleep
from .sleepers import counts_references
from .test_mutants import Planted, find

if TYPE_CHECKING:
    from .conftest import Explored

TRACED = [_entrance, _waiter]

OF_TWO = [
    *hub_wakes.OF_TWO,
    gevent_hubs.WakeAgainstThrow,
    gevent_hubs.WakeAgainstDestroy,
]
OF_THREE = [*hub_wakes.OF_THREE, gevent_hubs.WakesAgainstDestroy]

pytestmark = counts_references


@pytest.fixture(autouse=True)
def _played(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_waiter, "Waiter", Sleep)
    hub_wakes.play(monkeypatch, _waiter)


@pytest.mark.parametrize("scenario", OF_TWO)
def test_two_tasks(explored: Explored, scenario: Any) -> None:
    explored(scenario(GeventHub), preemptions=2, trace=TRACED)


@pytest.mark.parametrize("scenario", OF_THREE)
def test_three_tasks(explored: Explored, scenario: Any) -> None:
    explored(scenario(GeventHub), preemptions=1, trace=TRACED)


def planted(scenario: Any, bug: Any, says: str, patched: str) -> Planted:
    return Planted(
        bug,
        lambda: scenario(GeventHub),
        2,
        says,
        f"aiologic_gevent._entrance.{patched}",
    )


PLANTED = [
    planted(
        hub_wakes.WakeAgainstEndOfThread,
        mutants.emptied_before_it_is_closed,
        "is what became of it|left in the entrance",
        "Entrance.close",
    ),
    planted(
        gevent_hubs.WakeAgainstDestroy,
        mutants.left_after_a_look,
        "is what became of it|left in the entrance",
        "Entrance.schedule",
    ),
    planted(
        gevent_hubs.WakeAgainstDestroy,
        mutants.closed_and_counted,
        "a closed watcher is touched",
        "Entrance.leave",
    ),
    planted(
        hub_wakes.WakeTwo,
        mutants.counts_one,
        "the hub ends, and somebody sleeps in it",
        "Entrance.leave",
    ),
    planted(
        hub_wakes.WakeTwo,
        mutants.comes_in_for_all,
        "deadlock",
        "_come_in",
    ),
]


@pytest.mark.parametrize("bug", PLANTED, ids=[bug.bug.__name__ for bug in PLANTED])
def test_a_planted_bug_is_found(bug: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    find(bug, monkeypatch, [*TRACED, mutants])
