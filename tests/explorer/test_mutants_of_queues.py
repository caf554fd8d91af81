# SPDX-License-Identifier: ISC
"""Planted bugs in queues: each is found by an exploration that CI also makes of the real queue."""

from __future__ import annotations

from typing import Any, Callable, NamedTuple

import aiologic
import pytest
from aiologic._carrying import CARRYING
from aiologic._handing import HANDED
from aiologic.testing import Scenario, Violation, explore, replay
from aiologic.testing._virtual import VirtualGreenWaiter

from . import mutant_items as bugs, queue_ends, queue_joins, queues
from .hands import GREEN, MIXED
from .test_queues import (
    CarryingVirtualWaiter,
    HandedVirtualWaiter,
    bounded,
    careful_without_limit,
    virtual_threads,
)

__all__ = ("virtual_threads",)


class Planted(NamedTuple):
    """A bug, the exploration that finds it, and the problem that it reports."""

    bug: Any
    scenario: Callable[[], Scenario]
    preemptions: int
    says: str
    patched: str = ""  # what the bug replaces, if it is not a queue


def of_two(
    scenario: Any, bug: Any, says: str, make: Any = None, patched: str = ""
) -> Planted:
    return Planted(bug, lambda: scenario(make or bug, GREEN), 2, says, patched)


def of_three(scenario: Any, bug: Any, says: str) -> Planted:
    return Planted(bug, lambda: scenario(bug, MIXED), 1, says)


PLANTED = [
    of_two(queues.PutAgainstGet, bugs.PermitBeforeItem, "pop from an empty|popleft"),
    of_three(queues.CancellationInFrontOfAnother, bugs.PermitKept, "deadlock|permits"),
    of_three(queues.NewcomerAgainstHandOver, bugs.NewcomerFirst, "Error"),
    of_three(
        queue_ends.ShutdownAgainstBoth, bugs.EndIsAFlag, "permits for|were put|home"
    ),
    of_two(queue_ends.ShutdownAgainstPut, bugs.LateIsRefused, "permits for|were put"),
    of_two(queue_ends.ShutdownAgainstGet, bugs.NoLookAfterJoining, "deadlock"),
    of_two(queue_ends.ShutdownAgainstGet, bugs.NobodyIsTold, "deadlock"),
    of_two(
        queue_ends.ImmediateShutdownAgainstPut, bugs.DiscardsOnce, "was not discarded"
    ),
    *[
        of_two(
            queue_ends.ImmediateShutdownAgainstCancellation, bug, "was not discarded"
        )
        for bug in (bugs.DiscardsNotWhatCameBack, bugs.DiscardsNotWhatWasInTheAir)
    ],
    of_two(
        queues.CancellationAgainstGet,
        bugs.PlaceKept,
        "places, beside",
        bounded,
        "aiologic._queue.Places",
    ),
    of_two(
        queue_joins.DoneAgainstJoin,
        bugs.SaysDoneAndNoMore,
        "deadlock",
        aiologic.Queue,
        "aiologic._queue.Tally",
    ),
    of_two(
        queue_joins.DoneTooOften,
        bugs.CountsTooMany,
        "Assertion",
        aiologic.Queue,
        "aiologic._queue.Tally",
    ),
    of_two(
        queues.PutAgainstGet,
        bugs.TwoInside,
        "two are in the store|deadlock",  # or the item of the other task is counted, too
        careful_without_limit,
        "aiologic._queue.Exclusive",
    ),
    of_two(
        queues.PutAgainstGet,
        bugs.NobodyIsWoken,
        "deadlock",
        careful_without_limit,
        "aiologic._queue.Exclusive",
    ),
]


# For putters whose waiters carry their items: the waiter with the bug.
CARRIED = [
    (
        None,
        of_two(
            queues.InterruptionAgainstGet,
            bugs.PassesOnWhatIsTaken,
            "places, beside",
            bounded,
            "aiologic._queue.Places",
        ),
    ),
    (
        bugs.LeavesItInTheBox,
        of_two(queues.PutAgainstGet, None, "places, beside|were put", bounded),
    ),
    (
        bugs.EmptiesTheBoxLate,
        of_two(queues.InterruptionAgainstGet, None, "places, beside", bounded),
    ),
    (
        bugs.BringsAndTellsNobody,
        Planted(
            None, lambda: queues.TwoByTwo(bounded, MIXED), 1, "deadlock|somebody waits"
        ),
    ),
]


@pytest.mark.parametrize(
    ("waiter", "planted"),
    CARRIED,
    ids=[(waiter or planted.bug).__name__ for waiter, planted in CARRIED],
)
def test_a_bug_planted_in_carrying_is_found(
    waiter: Any, planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(CARRYING, VirtualGreenWaiter, waiter or CarryingVirtualWaiter)
    test_a_planted_bug_is_found(planted, monkeypatch)


# The same for getters that are handed items directly.
HANDED_OVER = [
    (
        None,
        of_two(
            queues.InterruptionAgainstPut,
            bugs.KeepsWhatItHas,
            "were put",
        ),
    ),
    (
        None,
        of_two(
            queues.InterruptionAgainstPut,
            bugs.OwesNothing,
            "places, beside",
            bounded,
            "aiologic._queue.Places",
        ),
    ),
    (
        bugs.HandsOverToNobody,
        of_two(queues.InterruptionAgainstPut, None, "were put", aiologic.Queue),
    ),
]


@pytest.mark.parametrize(
    ("waiter", "planted"),
    HANDED_OVER,
    ids=[(waiter or planted.bug).__name__ for waiter, planted in HANDED_OVER],
)
def test_a_bug_planted_in_handing_is_found(
    waiter: Any, planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(HANDED, VirtualGreenWaiter, waiter or HandedVirtualWaiter)
    test_a_planted_bug_is_found(planted, monkeypatch)


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
        explore(scenario, preemptions=planted.preemptions, trace=[bugs])

    with pytest.raises(Violation) as again:
        replay(scenario, found.value.schedule, trace=[bugs])
    assert again.value.problem == found.value.problem
