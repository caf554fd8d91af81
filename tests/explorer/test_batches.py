# SPDX-License-Identifier: ISC
"""Several items at once, in every order.

Two tasks: all schedules with up to two preemptions. Three tasks: with one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiologic
import pytest

from . import batches
from .hands import ASYNC, GREEN, MIXED
from .test_queues import (
    bounded,
    careful,
    careful_without_limit,
    each,
    virtual_threads,
)

if TYPE_CHECKING:
    from aiologic.testing import Scenario

    from .conftest import Explored

__all__ = ("virtual_threads",)

# A search of seconds each: `uv run nox -s explorer`.
pytestmark = pytest.mark.slow


def of_two_places() -> Any:
    return aiologic.Queue(2)


ALL: list[Any] = [aiologic.Queue, bounded, of_two_places]

OF_TWO = [
    ([aiologic.SimpleQueue, aiologic.Queue, of_two_places], batches.BatchAgainstGet),
    ([aiologic.Queue, of_two_places], batches.BatchAgainstGetMany),
    (ALL, batches.ShutdownAgainstBatch),
    ([aiologic.Queue], batches.ImmediateShutdownAgainstBatch),
    (ALL, batches.BatchAgainstClear),
    ([of_two_places], batches.ClearAgainstGet),
]
# Searches of more than ten thousand schedules each, so in one world.
OF_TWO_THREADS = [
    ([bounded], batches.BatchAgainstGetMany),
    ([bounded], batches.TimeoutAgainstBatch),
    ([bounded], batches.ImmediateShutdownAgainstBatch),
]
OF_TWO_COROUTINES = [
    ([bounded], batches.BatchAgainstGet),
    ([bounded], batches.CancellationAgainstBatch),
    ([of_two_places], batches.ImmediateShutdownAgainstBatch),
]
# Their stores are used by one at a time, which makes many more steps.
OF_TWO_IN_A_STORE = [
    ([careful_without_limit, careful], batches.BatchAgainstGetMany),
    ([careful_without_limit], batches.ShutdownAgainstBatch),
    ([careful_without_limit], batches.ImmediateShutdownAgainstBatch),
    ([careful_without_limit], batches.BatchAgainstClear),
]
OF_THREE = [
    ([aiologic.SimpleQueue, *ALL], batches.BatchForTwo),
    ([aiologic.SimpleQueue, aiologic.Queue], batches.CancellationInFrontOfABatch),
    (ALL, batches.GetManyAgainstWaiter),
    ([bounded], batches.BatchBehindAPutter),
    (ALL, batches.ShutdownAgainstIteration),
]


@each(OF_TWO, GREEN, ASYNC)
def test_two_tasks(scenario: Scenario, explored: Explored) -> None:
    assert explored(scenario, 2).schedules > 1


@each(OF_TWO_THREADS, GREEN)
def test_two_threads(scenario: Scenario, explored: Explored) -> None:
    assert explored(scenario, 2).schedules > 1


@each(OF_TWO_COROUTINES, ASYNC)
def test_two_coroutines(scenario: Scenario, explored: Explored) -> None:
    assert explored(scenario, 2).schedules > 1


@each(OF_TWO_IN_A_STORE, MIXED)
def test_two_tasks_in_a_store(scenario: Scenario, explored: Explored) -> None:
    assert explored(scenario, 1).schedules > 1


@each(OF_THREE, MIXED)
def test_three_tasks(scenario: Scenario, explored: Explored) -> None:
    assert explored(scenario, 1).schedules > 1
