# SPDX-License-Identifier: ISC
"""Primitives that many tasks use in all ways at once, in orders that are chosen at random."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiologic
import pytest

from .busy_meetings import BusyBarrier, BusyEvent, BusyRBarrier
from .busy_others import BusyInbox, BusyOnce, BusyReleases, BusyStore
from .busy_permits import BusyCondition, BusyPermits, BusyRWLock
from .busy_queues import (
    BusyQueue,
    BusyThreads,
    BusyThreadsUntilDiscarded,
    BusyUntilDiscarded,
    BusyUntilShut,
    InterruptedAtTheEnd,
)
from .hands import ASYNC, GREEN, MIXED, Hands
from .stores import WilfulQueue
from .test_conditions import over_lock, over_rlock, over_semaphore
from .test_once import threads_of_callers
from .test_queues import (
    bounded,
    careful,
    careful_without_limit,
    carrying,
    virtual_threads,
)

if TYPE_CHECKING:
    from aiologic.testing import Scenario

    from .conftest import Sampled

__all__ = ("carrying", "threads_of_callers", "virtual_threads")

pytestmark = pytest.mark.slow


def two_places() -> Any:
    return aiologic.Queue(2)


def semaphore_of_two() -> Any:
    return aiologic.Semaphore(2)


def bounded_of_two() -> Any:
    return aiologic.BoundedSemaphore(2)


def limiter_of_two() -> Any:
    return aiologic.CapacityLimiter(2)


BOUNDED: list[Any] = [bounded, two_places]


def none_yet() -> Any:
    return aiologic.Semaphore(0)


def wilful() -> Any:
    return WilfulQueue()


def wilful_with_places() -> Any:
    return WilfulQueue(2)


QUEUES: list[Any] = [aiologic.Queue, *BOUNDED, aiologic.PriorityQueue]
STORES: list[Any] = [careful, careful_without_limit]
PERMITS: list[Any] = [
    aiologic.Lock,
    aiologic.RLock,
    aiologic.BinarySemaphore,
    aiologic.CapacityLimiter,
    semaphore_of_two,
    bounded_of_two,
    limiter_of_two,
]
EVENTS: list[Any] = [aiologic.Event, aiologic.REvent, aiologic.CountdownEvent]
CONDITIONS: list[Any] = [over_lock, over_rlock, over_semaphore]


def each(
    worlds: tuple[Hands, ...], *groups: tuple[list[Any], list[Any]]
) -> pytest.MarkDecorator:
    scenarios = [
        kind(make, hands)
        for kinds, makes in groups
        for kind in kinds
        for make in makes
        for hands in worlds
    ]
    return pytest.mark.parametrize(
        "scenario", scenarios, ids=[scenario.describe() for scenario in scenarios]
    )


EACH = each(
    (ASYNC, MIXED),
    ([BusyQueue, BusyUntilDiscarded, BusyUntilShut], [*QUEUES, *STORES]),
    ([BusyPermits], PERMITS),
    ([BusyRWLock], [aiologic.RWLock]),
    ([BusyCondition], CONDITIONS),
    ([BusyBarrier], [aiologic.Barrier, aiologic.RBarrier]),
    ([BusyRBarrier], [aiologic.RBarrier]),
    ([BusyEvent], EVENTS),
    ([BusyReleases], [semaphore_of_two, none_yet]),
    ([BusyStore], [wilful, wilful_with_places]),
)
OTHERS = pytest.mark.parametrize(
    "scenario",
    [BusyInbox(), BusyOnce(aiologic.once, False), BusyOnce(aiologic.once, True)],
    ids=["BusyInbox", "BusyOnce-green", "BusyOnce-async"],
)

# Whose waits, as those of real threads, may end with the item put, or got.
CARRYING = each(
    (GREEN, MIXED),
    ([BusyThreads, BusyThreadsUntilDiscarded], [aiologic.Queue, *BOUNDED]),
    ([InterruptedAtTheEnd], [aiologic.Queue, bounded]),
)


@EACH
def test_a_few_orders(scenario: Scenario, sampled: Sampled) -> None:
    sampled(scenario, 100)


@OTHERS
def test_a_few_orders_of_others(scenario: Scenario, sampled: Sampled) -> None:
    sampled(scenario, 100)


@pytest.mark.explorer_deep
@pytest.mark.timeout(0)
@OTHERS
def test_many_orders_of_others(scenario: Scenario, sampled: Sampled) -> None:
    sampled(scenario, 20_000, seed=1)


@pytest.mark.explorer_deep
@pytest.mark.timeout(0)
@EACH
def test_many_orders(scenario: Scenario, sampled: Sampled) -> None:
    sampled(scenario, 20_000, seed=1)


@pytest.mark.usefixtures("carrying")
@CARRYING
def test_a_few_orders_with_threads(scenario: Scenario, sampled: Sampled) -> None:
    sampled(scenario, 100)


@pytest.mark.explorer_deep
@pytest.mark.timeout(0)
@pytest.mark.usefixtures("carrying")
@CARRYING
def test_many_orders_with_threads(scenario: Scenario, sampled: Sampled) -> None:
    sampled(scenario, 20_000, seed=1)
