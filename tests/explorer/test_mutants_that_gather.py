# SPDX-License-Identifier: ISC
"""Planted bugs in barriers, and in events that happen again or count: each is found by what CI explores, too."""

from __future__ import annotations

from typing import Any, Callable, NamedTuple

import pytest
from aiologic import Barrier
from aiologic.testing import Scenario, Violation, explore, replay

from . import (
    barriers,
    events,
    mutant_barriers,
    mutant_queues,
    mutant_recurring,
    recurring as again,
)
from .hands import ASYNC, GREEN, MIXED


class Planted(NamedTuple):
    """A bug, the exploration that finds it, and the problem that it reports."""

    bug: Any
    scenario: Callable[[], Scenario]
    preemptions: int
    says: str
    patched: str = ""  # what the bug replaces, if it is not a primitive itself


def of_two(scenario: Any, bug: Any, says: str) -> Planted:
    return Planted(bug, lambda: scenario(bug, GREEN), 2, says)


def of_three(scenario: Any, bug: Any, says: str) -> Planted:
    return Planted(bug, lambda: scenario(bug, MIXED), 1, says)


def in_phase(
    scenario: Any, bug: Any, says: str, make: Any = Barrier, preemptions: int = 2
) -> Planted:
    hands = GREEN if preemptions == 2 else MIXED
    return Planted(
        bug,
        lambda: scenario(make, hands),
        preemptions,
        says,
        patched="aiologic._rendezvous.Phase",
    )


TRACED = [mutant_barriers, mutant_recurring, mutant_queues]

B = mutant_barriers
R = mutant_recurring

PLANTED = [
    in_phase(barriers.OneMeeting, B.NoLookAfterArriving, "deadlock"),
    Planted(
        B.OnlyTheLastTells,
        lambda: barriers.Alone(Barrier, ASYNC),
        2,
        "deadlock",
        patched="aiologic._rendezvous.Phase",
    ),
    in_phase(
        barriers.AbortAgainstPass,
        B.MarkIsNotAnnounced,
        "disagree|'str' object",
        preemptions=1,
    ),
    in_phase(
        barriers.TimeoutAgainstPass, B.AnnouncedIsTakenForMarked, "disagree|broken"
    ),
    in_phase(barriers.OneMeeting, B.WokenBeforeTheOutcome, "broken|Assertion"),
    in_phase(barriers.OneMeeting, B.IndexAfterTheWakeUp, "None"),
    in_phase(barriers.TimeoutAgainstPass, B.LeavesQuietly, "deadlock|disagree"),
    of_two(barriers.CancellationAgainstPass, B.LateCancellationBreaks, "broken"),
    of_three(barriers.AbortAgainstPass, B.AbortsOncePassed, "it was aborted"),
    Planted(
        B.OutcomeReadTwice,
        lambda: barriers.Alone(B.OutcomeReadTwice, ASYNC),
        2,
        "surplus",
    ),
    of_two(barriers.TwoMeetings, B.ChainIsNotSettled, "deadlock"),
    of_two(barriers.ResetAgainstTimeout, B.ResetComesSecond, "it was mended"),
    of_three(barriers.ResetAgainstPass, B.ResetForgetsThoseWhoWait, "deadlock"),
    of_three(again.NewcomerWhileSet, R.OneQueue, "cleared before"),
    of_three(again.TwoWaitersSetThenClear, R.WokenWhileSet, "not released"),
    of_three(again.TwoClear, R.ClearedInTwoSteps, "deadlock"),
    of_two(events.SetAgainstWait, mutant_queues.NoSecondLook, "deadlock"),
    of_three(again.TwoClear, R.ClearedUnasked, "deadlock"),
    of_two(again.UpAgainstDown, R.CountedInTwoSteps, "it came to|too many"),
    of_two(again.UpAgainstDown, R.NoLookWhoWasFirst, "it came to|too many"),
    of_three(again.TwoComeDown, R.HappensBeforeTheCount, "not at nought"),
    of_two(again.DownThenUp, R.OneEvent, "up again before"),
    of_three(again.OneDownAnotherUp, R.LooksForNoughtAgain, "not released"),
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

    with pytest.raises(Violation, match=planted.says) as found:
        explore(scenario, preemptions=planted.preemptions, trace=TRACED)

    with pytest.raises(Violation) as again:
        replay(scenario, found.value.schedule, trace=TRACED)
    assert again.value.problem == found.value.problem
