# SPDX-License-Identifier: ISC
"""The readers-writer lock, in every order.

Two tasks: all schedules with up to two preemptions. Three tasks: with one, and
with two if ``explorer_deep`` is selected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Sequence

import pytest
from aiologic import RWLock

from . import rwlocks
from .hands import ASYNC, GREEN, MIXED, Hands

if TYPE_CHECKING:
    from aiologic.testing import Scenario

    from .conftest import Explored

# Each search takes seconds; run them with `uv run nox -s explorer`.
pytestmark = pytest.mark.slow

OF_TWO = [
    rwlocks.ReaderAgainstWriter,
    rwlocks.TwoWriters,
    rwlocks.ReadersThatDoNotWait,
    rwlocks.AttemptsOfBothKinds,
    rwlocks.DowngradeLetsIn,
    rwlocks.DowngradeAgainstNewcomer,
    rwlocks.IllegitimateRelease,
]

OF_THREE = [
    rwlocks.ReadersAgainstWriter,
    rwlocks.ReaderAgainstWriters,
    rwlocks.Phase,
    rwlocks.TimedOutWriterInFront,
    rwlocks.CancelledWriterInFront,
    rwlocks.DowngradeAgainstBoth,
]


def each(
    scenarios: Sequence[Callable[..., Scenario]], *hands: Hands
) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "scenario",
        [
            pytest.param(scenario(RWLock, hand), id=f"{scenario.__name__}-{hand.name}")
            for scenario in scenarios
            for hand in hands
        ],
    )


def leaving(*scenarios: tuple[Any, bool]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "scenario",
        [
            pytest.param(
                scenario(writes, RWLock, MIXED),
                id=f"{scenario.__name__}-{'writer' if writes else 'reader'}",
            )
            for scenario, writes in scenarios
        ],
    )


# The state does not depend on the world, so one pair is enough: a thread and a coroutine.
@each(OF_TWO, MIXED)
def test_two_tasks(explored: Explored, scenario: Scenario) -> None:
    explored(scenario, preemptions=2)


# They differ in what is taken back; the other two combinations are left to explorer_deep.
@leaving(
    (rwlocks.TimeoutAgainstRelease, True), (rwlocks.CancellationAgainstRelease, False)
)
def test_one_leaves(explored: Explored, scenario: Scenario) -> None:
    explored(scenario, preemptions=2)


@each(OF_THREE, MIXED)
def test_three_tasks(explored: Explored, scenario: Scenario) -> None:
    explored(scenario, preemptions=1)


@leaving((rwlocks.CancellationInFrontOfOthers, True))
def test_one_leaves_in_front_of_others(explored: Explored, scenario: Scenario) -> None:
    explored(scenario, preemptions=1)


@pytest.mark.usefixtures("eager_sweeps")
@each([rwlocks.TimedOutWriterInFront, rwlocks.CancelledWriterInFront], GREEN)
def test_a_sweep_in_front_of_others(explored: Explored, scenario: Scenario) -> None:
    explored(scenario, preemptions=1)


# -- in a session of its own ----------------------------------------------------------------------------------------


@pytest.mark.explorer_deep
@pytest.mark.timeout(0)
@each(OF_TWO, GREEN, ASYNC)
def test_two_tasks_of_one_world_deeply(explored: Explored, scenario: Scenario) -> None:
    explored(scenario, preemptions=2)


@pytest.mark.explorer_deep
@pytest.mark.timeout(0)
@leaving(
    (rwlocks.TimeoutAgainstRelease, False),
    (rwlocks.CancellationAgainstRelease, True),
    (rwlocks.CancellationInFrontOfOthers, False),
    (rwlocks.CancellationInFrontOfOthers, True),
)
def test_one_leaves_deeply(explored: Explored, scenario: Scenario) -> None:
    explored(scenario, preemptions=2)


@pytest.mark.explorer_deep
@pytest.mark.timeout(0)
@each(OF_THREE, MIXED)
def test_three_tasks_deeply(explored: Explored, scenario: Scenario) -> None:
    explored(scenario, preemptions=2)
