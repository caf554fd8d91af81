# SPDX-License-Identifier: ISC
"""Events that happen again, and events that count, in every order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

import pytest
from aiologic import CountdownEvent, REvent

from . import recurring
from .hands import ASYNC, GREEN, MIXED, Hands

if TYPE_CHECKING:
    from .conftest import Explored

# Each search takes seconds; run them with `uv run nox -s explorer`.
pytestmark = pytest.mark.slow

# What they have in common with events that happen once is explored in test_events.py.

OF_TWO = [
    recurring.SetThenClear,
    recurring.TimeoutAgainstSetThenClear,
]

OF_THREE = [
    recurring.TwoWaitersSetThenClear,
    recurring.CancellationAgainstSetThenClear,
    recurring.NewcomerAfterClear,
    recurring.NewcomerWhileSet,
    recurring.TwoClear,
]

COUNTING_OF_TWO = [
    recurring.OneTooMany,
    recurring.UpAgainstDown,
    recurring.DownThenUp,
    recurring.ClearAgainstUp,
    recurring.TimeoutAgainstDown,
]

COUNTING_OF_THREE = [
    recurring.TwoComeDown,
    recurring.OneDownAnotherUp,
    recurring.CancellationAgainstDown,
]

in_each_world = pytest.mark.parametrize(
    "hands", [GREEN, ASYNC], ids=lambda hands: hands.name
)


@in_each_world
@pytest.mark.parametrize("scenario", OF_TWO)
def test_two_tasks(
    explored: Explored, scenario: Callable[..., Any], hands: Hands
) -> None:
    explored(scenario(REvent, hands), preemptions=2)


@pytest.mark.parametrize("scenario", OF_THREE)
def test_three_tasks(explored: Explored, scenario: Callable[..., Any]) -> None:
    explored(scenario(REvent, MIXED), preemptions=1)


@pytest.mark.explorer_deep
@pytest.mark.timeout(0)
@pytest.mark.parametrize("scenario", OF_THREE)
def test_three_tasks_deeply(explored: Explored, scenario: Callable[..., Any]) -> None:
    explored(scenario(REvent, MIXED), preemptions=2)


@in_each_world
@pytest.mark.parametrize("scenario", COUNTING_OF_TWO)
def test_two_count(
    explored: Explored, scenario: Callable[..., Any], hands: Hands
) -> None:
    explored(scenario(CountdownEvent, hands), preemptions=2)


@pytest.mark.parametrize("scenario", COUNTING_OF_THREE)
def test_three_count(explored: Explored, scenario: Callable[..., Any]) -> None:
    explored(scenario(CountdownEvent, MIXED), preemptions=1)


@pytest.mark.explorer_deep
@pytest.mark.timeout(0)
@pytest.mark.parametrize("scenario", COUNTING_OF_THREE)
def test_three_count_deeply(explored: Explored, scenario: Callable[..., Any]) -> None:
    explored(scenario(CountdownEvent, MIXED), preemptions=2)
