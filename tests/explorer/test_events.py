# SPDX-License-Identifier: ISC
"""Events, and the creation of a queue, in every order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

import pytest
from aiologic import Event
from aiologic.testing.catalogue import EVENTS, Kind

from . import events
from .first_queue import FirstQueue, FirstQueueOfThree
from .hands import ASYNC, GREEN, MIXED, Hands

if TYPE_CHECKING:
    from .conftest import Explored

OF_TWO = [
    events.SetAgainstWait,
    events.TimeoutAgainstSet,
    events.CancellationAgainstSet,
    events.TwoSetters,
]

OF_THREE = [
    events.SetAgainstTwoWaiters,
    events.TimeoutInFrontOfOthers,
    events.CancellationInFrontOfOthers,
    events.TwoSettersAndAWaiter,
    events.NewcomerAgainstSet,
]

SWEPT = [events.TimeoutInFrontOfOthers, events.CancellationInFrontOfOthers]


each_event = pytest.mark.parametrize("make", EVENTS, ids=str)


@pytest.mark.parametrize("hands", [GREEN, ASYNC], ids=lambda hands: hands.name)
@pytest.mark.parametrize("scenario", OF_TWO)
@each_event
def test_two_tasks(
    explored: Explored, make: Kind, scenario: Callable[..., Any], hands: Hands
) -> None:
    explored(scenario(make, hands), preemptions=2)


@pytest.mark.parametrize("scenario", OF_THREE)
@each_event
def test_three_tasks(
    explored: Explored, make: Kind, scenario: Callable[..., Any]
) -> None:
    explored(scenario(make, MIXED), preemptions=1)


@pytest.mark.explorer_deep
@pytest.mark.timeout(0)
@pytest.mark.parametrize("scenario", OF_THREE)
@each_event
def test_three_tasks_deeply(
    explored: Explored, make: Kind, scenario: Callable[..., Any]
) -> None:
    explored(scenario(make, MIXED), preemptions=2)


@pytest.mark.usefixtures("eager_sweeps")
@pytest.mark.parametrize("scenario", SWEPT)
def test_a_sweep_against_set(explored: Explored, scenario: Callable[..., Any]) -> None:
    explored(scenario(Event, MIXED), preemptions=1)


@pytest.mark.explorer_deep
@pytest.mark.timeout(0)
@pytest.mark.usefixtures("eager_sweeps")
@pytest.mark.parametrize("scenario", SWEPT)
def test_a_sweep_against_set_deeply(
    explored: Explored, scenario: Callable[..., Any]
) -> None:
    explored(scenario(Event, MIXED), preemptions=2)


def test_two_need_the_first_queue(explored: Explored) -> None:
    explored(FirstQueue(), preemptions=2)


def test_three_need_the_first_queue(explored: Explored) -> None:
    explored(FirstQueueOfThree(), preemptions=1)


@pytest.mark.explorer_deep
@pytest.mark.timeout(0)
def test_three_need_the_first_queue_deeply(explored: Explored) -> None:
    explored(FirstQueueOfThree(), preemptions=2)
