# SPDX-License-Identifier: ISC
"""Who tests the tests? Each planted bug is found by an exploration that CI also makes of the real primitive."""

from __future__ import annotations

from typing import Any, Callable, NamedTuple

import pytest
from aiologic import BinarySemaphore
from aiologic._engine import waitqueue
from aiologic.testing import Scenario, Violation, explore, replay

from . import (
    conditions,
    events,
    first_queue,
    mutant_conditions,
    mutant_queues,
    mutants,
    permits,
    releasers,
)
from .hands import ASYNC, GREEN, MIXED


class Planted(NamedTuple):
    """A bug, the exploration that finds it, and the problem that it reports."""

    bug: Any
    scenario: Callable[[], Scenario]
    preemptions: int
    says: str
    patched: str = ""  # what the bug replaces, if it is not a primitive itself
    sweeps: bool = False  # whether each task that leaves sweeps the queue


def of_two(scenario: Any, bug: Any, says: str) -> Planted:
    return Planted(bug, lambda: scenario(bug, GREEN), 2, says)


def of_three(scenario: Any, bug: Any, says: str) -> Planted:
    return Planted(bug, lambda: scenario(bug, MIXED), 1, says)


def unset(cls: Any) -> Callable[[], Any]:
    return lambda: cls(0)


TRACED = [mutants, mutant_conditions, mutant_queues]

PLANTED = [
    of_two(permits.AcquireRelease, mutants.NoLookAfterJoining, "deadlock"),
    Planted(
        mutants.NoLookInTheBlock,
        lambda: permits.AcquireRelease(mutants.NoLookInTheBlock, ASYNC),
        2,
        "deadlock",
    ),
    of_two(permits.AcquireRelease, mutants.OwnerAfterWakeUp, "not holding|owner"),
    of_two(permits.TimeoutAgainstRelease, mutants.OwnerAfterClaim, "not holding|owner"),
    of_three(permits.HandOverChain, mutants.NoLookAfterPuttingBack, "deadlock"),
    of_three(permits.HandOverChain, mutants.NoLookAfterTheTurn, "deadlock"),
    of_three(
        permits.HandOverChain, mutants.OwnerClearedAfterRelease, "not holding|owner"
    ),
    of_three(permits.NewcomerAgainstHandOver, mutants.NewcomerOvertakes, "overtaken"),
    of_two(permits.IllegitimateRelease, mutants.AnybodyReleases, "somebody else"),
    of_two(
        permits.CancellationAgainstRelease, mutants.CancelledKeepsGrant, "0 permits"
    ),
    of_two(permits.TimeoutAgainstRelease, mutants.TurnIsLost, "turn is lost"),
    Planted(
        mutants.LeaverDoesNotLook,
        lambda: permits.TimeoutInFrontOfOthers(mutants.LeaverDoesNotLook, MIXED),
        1,
        "deadlock|0 permits",
        sweeps=True,
    ),
    Planted(
        mutants.TurnIsNotTaken,
        lambda: permits.TimeoutInFrontOfOthers(mutants.TurnIsNotTaken, MIXED),
        1,
        "index out of range|deadlock",
        sweeps=True,
    ),
    Planted(
        mutants.forgetful_green_wait,
        lambda: permits.TimeoutAgainstRelease(BinarySemaphore, GREEN),
        2,
        "0 permits",
        patched="aiologic._semaphore.green_wait",
    ),
    Planted(
        mutant_queues.ClaimedTwice,
        lambda: permits.TimeoutAgainstRelease(mutants.ServedByFirst, GREEN),
        2,
        "0 permits",
        patched="aiologic._engine.waitqueue.WaitQueue",
    ),
    Planted(
        mutant_queues.SweptWithoutFence,
        lambda: permits.SweepAgainstReturn(unset(BinarySemaphore), GREEN),
        2,
        "overtaken",
        patched="aiologic._engine.waitqueue.WaitQueue",
        sweeps=True,
    ),
    Planted(
        mutant_queues.SweptToTheBack,
        lambda: permits.SweepAgainstNewcomer(unset(BinarySemaphore), MIXED),
        1,
        "overtaken",
        patched="aiologic._engine.waitqueue.WaitQueue",
        sweeps=True,
    ),
    Planted(
        mutants.TwoReleasesMakeOne,
        lambda: releasers.TwoReleasersForTwo(unset(mutants.TwoReleasesMakeOne), MIXED),
        1,
        "served one waiter",
    ),
    Planted(
        mutants.TwoReleasesMakeTwo,
        lambda: releasers.TwoReleasers(unset(mutants.TwoReleasesMakeTwo), GREEN),
        2,
        "2 permits",
    ),
    Planted(
        mutants.BoundIsLookedAt,
        lambda: releasers.TwoReleasersOfOnePermit(
            lambda: mutants.BoundIsLookedAt(0, 1), GREEN
        ),
        2,
        "0 releases of two",
    ),
    of_two(events.SetAgainstWait, mutant_queues.SetTooLate, "deadlock"),
    of_two(events.SetAgainstWait, mutant_queues.NoSecondLook, "deadlock"),
    of_two(events.SetAgainstWait, mutant_queues.WokenBeforeSet, "has not happened"),
    Planted(
        mutant_queues.unsettled_queue_for,
        first_queue.FirstQueue,
        2,
        "where nobody looks",
        patched="aiologic._engine.waitqueue.queue_for",
    ),
    Planted(
        mutant_queues.once_looked_queue_for,
        first_queue.FirstQueue,
        2,
        "where nobody looks",
        patched="aiologic._engine.waitqueue.queue_for",
    ),
    of_two(
        conditions.NotifyAgainstWait, mutant_conditions.ReleasedTooEarly, "deadlock"
    ),
    of_three(
        conditions.LongNotifyAgainstTimeout,
        mutant_conditions.LeavesWithoutTheLock,
        "two are inside",
    ),
    Planted(
        mutant_conditions.GoesOnTooEarly,
        lambda: conditions.NotifiedTogether(mutant_conditions.GoesOnTooEarly, ASYNC),
        1,
        "two are inside|a free lock has an owner",
    ),
    Planted(
        mutant_conditions.ThreadGoesOnTooEarly,
        lambda: conditions.NotifiedTogether(
            mutant_conditions.ThreadGoesOnTooEarly, GREEN
        ),
        1,
        "two are inside|a free lock has an owner",
    ),
    of_three(
        conditions.CancellationPassesOn,
        mutant_conditions.GivesTheLockAway,
        "two are inside",
    ),
    of_three(conditions.TimeoutPassesOn, mutant_conditions.LostWithItsTask, "deadlock"),
    of_three(
        conditions.OneForTwo, mutant_conditions.DoubledByItsTask, "more were woken"
    ),
    Planted(
        mutant_conditions.WorkIsForgotten,
        lambda: conditions.NotifyAgainstSweep(
            lambda: mutant_conditions.WorkIsForgotten(None), MIXED
        ),
        1,
        "deadlock|wait_once",
        sweeps=True,
    ),
]


@pytest.mark.parametrize(
    "planted", PLANTED, ids=[planted.bug.__name__ for planted in PLANTED]
)
def test_a_planted_bug_is_found(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    find(planted, monkeypatch, TRACED)


def find(planted: Planted, monkeypatch: pytest.MonkeyPatch, traced: list[Any]) -> None:
    """Explore, and replay what was found."""
    if planted.patched:
        monkeypatch.setattr(planted.patched, planted.bug)
    if planted.sweeps:
        monkeypatch.setattr(waitqueue, "SMALLEST_SWEEP", 1)
    scenario = planted.scenario()

    with pytest.raises(Violation, match=planted.says) as found:
        explore(scenario, preemptions=planted.preemptions, trace=traced)

    with pytest.raises(Violation) as again:
        replay(scenario, found.value.schedule, trace=traced)
    assert again.value.problem == found.value.problem
    assert again.value.story == found.value.story
