# SPDX-License-Identifier: ISC
"""Bugs that are planted in primitives are found by samples of what CI also samples of the real ones."""

from __future__ import annotations

import sys
from typing import Any, Callable, NamedTuple

import aiologic
import pytest
from aiologic.testing import Scenario, Violation, replay, sample

from . import (
    mutant_barriers,
    mutant_conditions,
    mutant_items,
    mutant_once,
    mutant_queues,
    mutant_rwlocks,
    mutant_semaphores,
    mutant_stores,
    mutants,
    test_inboxes,
)
from .busy_meetings import BusyBarrier, BusyEvent, BusyRBarrier
from .busy_others import BusyInbox, BusyOnce, BusyReleases, BusyStore
from .busy_permits import BusyCondition, BusyPermits, BusyRWLock
from .busy_queues import BusyQueue, BusyUntilDiscarded, BusyUntilShut
from .hands import MIXED
from .test_once import threads_of_callers
from .test_queues import virtual_threads

__all__ = ("threads_of_callers", "virtual_threads")

pytestmark = pytest.mark.slow


class Planted(NamedTuple):
    """A bug, a scenario, and what the bug replaces, if it is no primitive itself."""

    bug: Any
    scenario: Callable[[], Scenario]
    patched: str = ""


def of(kind: Any, bug: Any, hands: Any = MIXED) -> Planted:
    return Planted(bug, lambda: kind(bug, hands))


class BusyBuggyInbox(BusyInbox):
    inbox_class = test_inboxes.KeepsItsSpare


PHASE = "aiologic._rendezvous.Phase"
PLANTED = [
    of(BusyUntilShut, mutant_items.EndIsAFlag),
    of(BusyQueue, mutant_items.NobodyIsTold),
    of(BusyUntilShut, mutant_items.LateIsRefused),
    of(BusyUntilDiscarded, mutant_items.EndIsAFlag),
    of(BusyPermits, mutants.TurnIsLost),
    of(BusyPermits, mutants.CancelledKeepsGrant),
    of(BusyPermits, mutants.NoLookAfterTheTurn),
    of(BusyPermits, mutant_semaphores.CancelledIsStillWrittenDown),
    of(BusyRWLock, mutant_rwlocks.ServedBeforeReserved),
    of(BusyRWLock, mutant_rwlocks.CancelledKeepsIt),
    of(BusyCondition, mutant_conditions.GivesTheLockAway),
    Planted(
        mutant_barriers.IndexAfterTheWakeUp,
        lambda: BusyBarrier(aiologic.Barrier, MIXED),
        PHASE,
    ),
    Planted(
        mutant_barriers.OnlyTheLastTells,
        lambda: BusyRBarrier(aiologic.RBarrier, MIXED),
        PHASE,
    ),
    of(BusyEvent, mutant_queues.NoSecondLook),
    Planted(
        mutant_semaphores.ServesOneOfMany,
        lambda: BusyReleases(lambda: mutant_semaphores.ServesOneOfMany(0), MIXED),
    ),
    Planted(
        mutant_stores.CountsOneForOne,
        lambda: BusyStore(mutant_stores.CountsOneForOne, MIXED),
    ),
    Planted(
        mutant_once.NobodyIsWoken,
        lambda: BusyOnce(aiologic.once, True),
        "aiologic._once.Once",
    ),
    Planted(test_inboxes.KeepsItsSpare, BusyBuggyInbox),
]


@pytest.mark.parametrize(
    "planted", PLANTED, ids=[planted.bug.__name__ for planted in PLANTED]
)
def test_a_planted_bug_is_found(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    if planted.patched:
        monkeypatch.setattr(planted.patched, planted.bug)
    scenario = planted.scenario()
    traced = [sys.modules[planted.bug.__module__]]
    with pytest.raises(Violation) as found:
        sample(scenario, schedules=10_000, trace=traced)
    with pytest.raises(Violation) as again:
        replay(scenario, found.value.schedule, trace=traced)
    assert again.value.problem == found.value.problem
