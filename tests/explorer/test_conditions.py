# SPDX-License-Identifier: ISC
"""Conditions, in every order: the two decisions of each wait against time-outs, cancellation and newcomers.

Two tasks: all schedules with up to two preemptions. Three tasks: with one, and
with two if ``explorer_deep`` is selected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

import aiologic
import pytest

from . import conditions
from .hands import ASYNC, GREEN, MIXED, Hands

if TYPE_CHECKING:
    from aiologic.testing import Scenario

    from .conftest import Explored

# Each search takes seconds; run them with `uv run nox -s explorer`.
pytestmark = pytest.mark.slow

Make = Callable[[], Any]


def over_lock() -> Any:
    return aiologic.Condition(aiologic.Lock())


def over_rlock() -> Any:
    return aiologic.Condition()


def over_semaphore() -> Any:
    return aiologic.Condition(aiologic.BinarySemaphore())


def over_bounded() -> Any:
    return aiologic.Condition(aiologic.BoundedBinarySemaphore())


def over_nothing() -> Any:
    return aiologic.Condition(None)


OF_TWO = [
    conditions.NotifyAgainstWait,
    conditions.NotifyAgainstTimeout,
    conditions.NotifyAgainstCancellation,
]

OF_THREE = [
    conditions.NotifyAgainstTwoWaiters,
    conditions.OneForTwo,
    conditions.TimeoutPassesOn,
    conditions.CancellationPassesOn,
    conditions.NewcomerAgainstNotify,
    conditions.Delegated,
    conditions.DelegatedAndCancelled,
]

PASSING_ON = [conditions.TimeoutPassesOn, conditions.CancellationPassesOn]

LOCKS = [over_lock, over_rlock, over_semaphore, over_bounded]


def each(
    scenarios: list[Any], makes: list[Make], *hands: Hands
) -> pytest.MarkDecorator:
    """All combinations, with their names as ids."""
    return each_of(
        [
            scenario(make, hand)
            for scenario in scenarios
            for make in makes
            for hand in hands
        ]
    )


def each_of(scenarios: list[Any]) -> pytest.MarkDecorator:
    """These, with their names as ids."""
    return pytest.mark.parametrize(
        "scenario",
        [
            pytest.param(
                scenario,
                id=f"{type(scenario).__name__}-{scenario.make.__name__}-{scenario.hands.name}",
            )
            for scenario in scenarios
        ],
    )


@each([conditions.NotifyAgainstWait], [over_lock, over_rlock], GREEN, ASYNC)
def test_two_tasks(explored: Explored, scenario: Scenario) -> None:
    explored(scenario, preemptions=2)


@each([conditions.NotifyAgainstWait], LOCKS[2:], MIXED)
def test_two_tasks_of_two_worlds(explored: Explored, scenario: Scenario) -> None:
    explored(scenario, preemptions=2)


# A wait that ends early takes many steps. The differences between locks and worlds are explored by explorer_deep.
@each(OF_TWO[1:], [over_rlock], MIXED)
def test_two_tasks_of_whom_one_leaves(explored: Explored, scenario: Scenario) -> None:
    explored(scenario, preemptions=2)


@pytest.mark.explorer_deep
@pytest.mark.timeout(0)
@each(OF_TWO[1:], LOCKS, GREEN, ASYNC)
def test_two_tasks_of_whom_one_leaves_deeply(
    explored: Explored, scenario: Scenario
) -> None:
    explored(scenario, preemptions=2)


@each(OF_TWO[1:], [over_nothing], MIXED)
def test_two_tasks_without_a_lock(explored: Explored, scenario: Scenario) -> None:
    explored(scenario, preemptions=2)


@each([conditions.CancelledTwice], [over_rlock, over_semaphore], ASYNC)
def test_cancelled_twice(explored: Explored, scenario: Scenario) -> None:
    explored(scenario, preemptions=1)


@each(OF_THREE, [over_rlock], MIXED)
def test_three_tasks(explored: Explored, scenario: Scenario) -> None:
    explored(scenario, preemptions=1)


TOGETHER = [
    conditions.NotifiedTogether,
    conditions.TogetherAgainstTimeout,
    conditions.TogetherAgainstCancellation,
]


@each(TOGETHER, [over_rlock], ASYNC, GREEN)
def test_two_that_are_stirred(explored: Explored, scenario: Scenario) -> None:
    explored(scenario, preemptions=1)


@pytest.mark.explorer_deep
@pytest.mark.timeout(0)
@each([*OF_THREE, *TOGETHER], LOCKS, MIXED, ASYNC)
def test_three_tasks_deeply(explored: Explored, scenario: Scenario) -> None:
    explored(scenario, preemptions=2)


@each([conditions.LongNotifyAgainstTimeout], LOCKS, MIXED)
def test_a_notifier_inside(explored: Explored, scenario: Scenario) -> None:
    explored(scenario, preemptions=1)


@each([conditions.TakenBackAgainstTimeout], LOCKS[:2], MIXED)
def test_it_is_false_again(explored: Explored, scenario: Scenario) -> None:
    explored(scenario, preemptions=1)


def test_two_notifiers(explored: Explored) -> None:
    explored(conditions.TwoNotifiers(over_nothing, MIXED), preemptions=1)


@pytest.mark.usefixtures("eager_sweeps")
def test_a_sweep_against_a_notification(explored: Explored) -> None:
    explored(conditions.NotifyAgainstSweep(over_nothing, MIXED), preemptions=1)


@pytest.mark.usefixtures("eager_sweeps")
@each(PASSING_ON[:1], [over_rlock], MIXED)
def test_a_sweep_in_front_of_others(explored: Explored, scenario: Scenario) -> None:
    explored(scenario, preemptions=1)


@pytest.mark.explorer_deep
@pytest.mark.timeout(0)
@pytest.mark.usefixtures("eager_sweeps")
@each(PASSING_ON, LOCKS, MIXED)
def test_a_sweep_in_front_of_others_deeply(
    explored: Explored, scenario: Scenario
) -> None:
    explored(scenario, preemptions=2)


# Coroutines have their own text of what a wait for a predicate does when the notification was for nothing.
@each([conditions.Delegated, conditions.DelegatedAndCancelled], [over_rlock], ASYNC)
def test_predicates_of_coroutines(explored: Explored, scenario: Scenario) -> None:
    explored(scenario, preemptions=1)


@each([conditions.TakenBackAgainstTimeout], LOCKS[:2], ASYNC)
def test_a_predicate_of_a_coroutine_is_taken_back(
    explored: Explored, scenario: Scenario
) -> None:
    explored(scenario, preemptions=1)
