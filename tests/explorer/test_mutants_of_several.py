# SPDX-License-Identifier: ISC
"""Who tests the tests of semaphores, limiters and pools? See test_mutants.py."""

from __future__ import annotations

from typing import Any

import pytest
from aiologic import _pool

from . import mutant_semaphores as mutants, mutants as other_mutants, permits, several
from .hands import GREEN, MIXED
from .test_mutants import Planted, find

TRACED = [mutants, other_mutants]


def of_none_yet(scenario: Any, bug: Any, says: str, *, tasks: int = 3) -> Planted:
    hands, preemptions = (GREEN, 2) if tasks == 2 else (MIXED, 1)
    return Planted(bug, lambda: scenario(lambda: bug(0), hands), preemptions, says)


def of_bounded(bug: Any, says: str) -> Planted:
    return Planted(
        bug, lambda: several.BoundedReleases(lambda: bug(0, 2), GREEN), 2, says
    )


def of_one(scenario: Any, bug: Any, says: str) -> Planted:
    return Planted(bug, lambda: scenario(bug, GREEN), 2, says)


def of_pools(bug: Any, says: str) -> Planted:
    return Planted(bug, lambda: several.PoolInUse(bug), 2, says)


PLANTED = [
    of_none_yet(
        several.OneReleaseForTwo, mutants.LooksBeforeItAdds, "deadlock|lost wake-up"
    ),
    of_none_yet(several.OneReleaseForTwo, mutants.ServesOneOfMany, "deadlock"),
    of_none_yet(
        several.ReleaseAgainstImpatient,
        mutants.CountsThoseWhoWait,
        "permits are free|grant is left over",
        tasks=2,
    ),
    of_none_yet(
        several.ReleasesAddUp, mutants.AddsInTwoSteps, "permits are free", tasks=2
    ),
    of_none_yet(
        several.OneReleaseAgainstNewcomer, mutants.OvertakesTheQueue, "overtaken"
    ),
    Planted(
        mutants.KeepsWhatWasCancelled,
        lambda: permits.CancellationInFrontOfOthers(
            mutants.KeepsWhatWasCancelled, MIXED
        ),
        1,
        "deadlock",
    ),
    of_bounded(mutants.BoundIsComparedFirst, "0 releases were refused|permits are"),
    of_bounded(mutants.RefusedInPart, "miscounted|2 releases were refused"),
    of_one(permits.IllegitimateRelease, mutants.AnybodyGivesBack, "somebody else"),
    Planted(
        mutants.FreeBeforeItIsGivenBack,
        lambda: several.MoreThanPermits(
            lambda: mutants.FreeBeforeItIsGivenBack(1), MIXED
        ),
        1,
        "2 have borrowed",
    ),
    of_one(
        permits.TimeoutAgainstRelease,
        mutants.LeaverIsStillWrittenDown,
        "free and held",
    ),
    of_one(
        permits.CancellationAgainstRelease,
        mutants.CancelledIsStillWrittenDown,
        "free and held",
    ),
    Planted(
        mutants.GivenBackAtTheFirstRelease,
        lambda: permits.TwiceOwned(mutants.GivenBackAtTheFirstRelease, GREEN),
        2,
        "are inside at once|permits are free",
    ),
    Planted(
        mutants.HasNoLastWord,
        lambda: several.LastOfPool(mutants.HasNoLastWord),
        2,
        "empty for somebody",
    ),
    of_pools(mutants.MakesBlocksForItself, "permits are left"),
    of_pools(mutants.SplitsInItsHands, "empty|permits are left"),
]


@pytest.mark.parametrize(
    "planted", PLANTED, ids=[planted.bug.__name__ for planted in PLANTED]
)
def test_a_planted_bug_is_found(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    if issubclass(planted.bug, _pool.Pool):
        monkeypatch.setattr(_pool, "LARGEST_LIST", 1)
    find(planted, monkeypatch, TRACED)
