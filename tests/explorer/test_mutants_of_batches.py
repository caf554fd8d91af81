# SPDX-License-Identifier: ISC
"""Planted bugs in what queues do with several items at once: each is found by what CI explores."""

from __future__ import annotations

from typing import Any, Callable

import pytest

from . import batches, mutant_batches as bugs
from .hands import GREEN, MIXED
from .test_mutants import Planted, find, of_three, of_two


def limited(cls: Any, maxsize: int) -> Callable[[], Any]:
    return lambda: cls(maxsize)


PLANTED = [
    of_two(batches.BatchAgainstGet, bugs.PermitsBeforeItems, "pop from an empty|None"),
    of_three(
        batches.GetManyAgainstWaiter, bugs.TakesWhatIsPromised, "pop from|permits"
    ),
    *[
        of_two(batches.ShutdownAgainstBatch, bug, "permits for|of the batch|unfinished")
        for bug in (bugs.BatchIsNeverLate, bugs.BatchIsAlwaysLate)
    ],
    Planted(
        bugs.BatchOvertakes,
        lambda: batches.BatchBehindAPutter(limited(bugs.BatchOvertakes, 1), MIXED),
        1,
        "overtaken",
    ),
    Planted(
        bugs.ClearCountsWhatItSaw,
        lambda: batches.ClearAgainstGet(limited(bugs.ClearCountsWhatItSaw, 2), GREEN),
        2,
        "are unfinished",
    ),
    Planted(
        bugs.EndsWhereItIsEmpty,
        lambda: batches.ShutdownAgainstIteration(bugs.EndsWhereItIsEmpty, GREEN),
        1,
        "too early",
    ),
]


@pytest.mark.parametrize(
    "planted", PLANTED, ids=[planted.bug.__name__ for planted in PLANTED]
)
def test_a_planted_bug_is_found(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    find(planted, monkeypatch, [bugs])
