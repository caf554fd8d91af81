# SPDX-License-Identifier: ISC
"""Each bug planted in a readers-writer lock is found by an exploration that CI also makes of the real one."""

from __future__ import annotations

from typing import Any, Callable

import pytest
from aiologic.testing import Scenario, Violation, explore, replay

from . import mutant_rwlocks as mutants, rwlocks
from .hands import GREEN, MIXED


def of_two(scenario: Any, bug: Any, says: str) -> Any:
    return pytest.param(lambda: scenario(bug, MIXED), 2, says, id=bug.__name__)


def of_three(scenario: Any, bug: Any, says: str) -> Any:
    return pytest.param(lambda: scenario(bug, MIXED), 1, says, id=bug.__name__)


def leaving(scenario: Any, bug: Any, says: str) -> Any:
    return pytest.param(lambda: scenario(True, bug, MIXED), 2, says, id=bug.__name__)


PLANTED = [
    of_two(
        rwlocks.ReaderAgainstWriter,
        mutants.ChangedInTwoSteps,
        "reads while another writes|not holding|hold the lock|unlocked lock",
    ),
    of_two(rwlocks.ReadersThatDoNotWait, mutants.ReadersTakeTurns, "reader refused"),
    of_two(rwlocks.ReaderAgainstWriter, mutants.NoLookAfterJoining, "deadlock"),
    of_two(rwlocks.ReaderAgainstWriter, mutants.ReleasedWithoutALook, "deadlock"),
    of_two(rwlocks.IllegitimateRelease, mutants.AnybodyReleases, "somebody else"),
    of_two(
        rwlocks.DowngradeAgainstNewcomer,
        mutants.DowngradedInTwoSteps,
        "reads while another writes|came in between",
    ),
    of_two(rwlocks.DowngradeLetsIn, mutants.DowngradedWithoutALook, "deadlock"),
    of_three(rwlocks.ReadersAgainstWriter, mutants.NewcomerOvertakes, "overtaken"),
    of_three(rwlocks.Phase, mutants.OneReaderAtATime, "deadlock"),
    of_three(
        rwlocks.ReadersAgainstWriter,
        mutants.NoLookAfterTheTurn,
        "deadlock",
    ),
    of_three(
        rwlocks.ReaderAgainstWriters,
        mutants.ServedBeforeReserved,
        "write at once|reads while another writes|hold the lock|not holding",
    ),
    of_three(
        rwlocks.TimedOutWriterInFront,
        mutants.LeaverDoesNotLook,
        "deadlock",
    ),
    pytest.param(
        lambda: rwlocks.CancelledWriterInFront(mutants.LeaverDoesNotLook, GREEN),
        1,
        "still waits behind a cancelled writer",
        id="LeaverDoesNotLook-cancelled",
    ),
    leaving(
        rwlocks.TimeoutAgainstRelease,
        mutants.WriterNotedAfterClaim,
        "not holding|has a writer|unlocked",
    ),
    leaving(
        rwlocks.CancellationAgainstRelease, mutants.CancelledKeepsIt, "hold the lock"
    ),
]


@pytest.mark.parametrize(("make", "preemptions", "says"), PLANTED)
def test_a_planted_bug_is_found(
    make: Callable[[], Scenario], preemptions: int, says: str
) -> None:
    scenario = make()
    with pytest.raises(Violation, match=says) as found:
        explore(scenario, preemptions=preemptions, trace=[mutants])

    with pytest.raises(Violation) as again:
        replay(scenario, found.value.schedule, trace=[mutants])
    assert again.value.problem == found.value.problem
