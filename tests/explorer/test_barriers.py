# SPDX-License-Identifier: ISC
"""Latches and barriers, in every order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aiologic import Barrier, Latch, RBarrier

from . import barriers
from .hands import ASYNC, GREEN, MIXED, Hands

if TYPE_CHECKING:
    from .conftest import Explored

# Each search takes seconds; run them with `uv run nox -s explorer`.
pytestmark = pytest.mark.slow

OF_TWO = [
    (barriers.OneMeeting, Barrier),
    (barriers.TimeoutAgainstPass, Barrier),
    (barriers.CancellationAgainstPass, Barrier),
    (barriers.AbortAgainstWait, Barrier),
]

# These classes use the same phases as Barrier, so one world for each task is enough.
OF_TWO_MIXED = [
    (barriers.TimeoutAgainstPass, Latch),
    (barriers.CancellationAgainstPass, Latch),
    (barriers.ResetAfterAbort, RBarrier),
    (barriers.ResetAgainstTimeout, RBarrier),
    (barriers.ResetAgainstCancellation, RBarrier),
]

OF_THREE = [
    (barriers.AbortAgainstPass, Barrier),
    (barriers.TwoBreak, Barrier),
    (barriers.ResetAgainstPass, RBarrier),
    (barriers.ResetAgainstAbort, RBarrier),
    (barriers.ThreeAtALatch, Latch),
    (barriers.AbortAtALatch, Latch),
]


def named(of: tuple[Any, Any]) -> str:
    return f"{of[0].__name__}-{of[1].__name__}"


@pytest.mark.parametrize("hands", [GREEN, ASYNC], ids=lambda hands: hands.name)
@pytest.mark.parametrize("of", OF_TWO, ids=named)
def test_two_tasks(explored: Explored, of: tuple[Any, Any], hands: Hands) -> None:
    scenario, make = of
    explored(scenario(make, hands), preemptions=2)


@pytest.mark.parametrize("of", OF_TWO_MIXED, ids=named)
def test_two_tasks_of_two_worlds(explored: Explored, of: tuple[Any, Any]) -> None:
    scenario, make = of
    explored(scenario(make, MIXED), preemptions=2)


def test_both_come_alone(explored: Explored) -> None:
    explored(barriers.Alone(Barrier, ASYNC), preemptions=2)


def test_two_meet_again(explored: Explored) -> None:
    explored(barriers.TwoMeetings(Barrier, MIXED), preemptions=1)


@pytest.mark.explorer_deep
@pytest.mark.timeout(0)
def test_two_meet_again_deeply(explored: Explored) -> None:
    explored(barriers.TwoMeetings(Barrier, MIXED), preemptions=2)


@pytest.mark.parametrize("of", OF_THREE, ids=named)
def test_three_tasks(explored: Explored, of: tuple[Any, Any]) -> None:
    scenario, make = of
    explored(scenario(make, MIXED), preemptions=1)


@pytest.mark.explorer_deep
@pytest.mark.timeout(0)
@pytest.mark.parametrize("of", OF_THREE, ids=named)
def test_three_tasks_deeply(explored: Explored, of: tuple[Any, Any]) -> None:
    scenario, make = of
    explored(scenario(make, MIXED), preemptions=2)
