# SPDX-License-Identifier: ISC
"""Queues, in every order.

Two tasks: all schedules with up to two preemptions. Three tasks: with one, and
with two if ``explorer_deep`` is selected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiologic
import pytest
from aiologic import _exclusive
from aiologic._carrying import CARRYING, bring
from aiologic._handing import HANDED, hand_over
from aiologic.testing._virtual import VirtualGreenBackend, VirtualGreenWaiter

from . import queue_ends, queue_joins, queues
from .careful_queue import CarefulQueue
from .hands import ASYNC, GREEN, MIXED, Hands

if TYPE_CHECKING:
    from aiologic.testing import Scenario

    from .conftest import Explored

# Each search takes seconds; run them with `uv run nox -s explorer`.
pytestmark = pytest.mark.slow


def bounded() -> Any:
    return aiologic.Queue(1)


def careful() -> Any:
    return CarefulQueue(1)


def careful_without_limit() -> Any:
    return CarefulQueue()


SIMPLE: list[Any] = [aiologic.SimpleQueue]
FIFO: list[Any] = [aiologic.Queue, bounded]
ENDING: list[Any] = [*FIFO, careful_without_limit]
BOUNDED: list[Any] = [bounded, careful]

OF_TWO = [
    ([*SIMPLE, *FIFO, aiologic.LifoQueue], queues.PutAgainstGet),
    ([*SIMPLE, *FIFO], queues.TimeoutAgainstPut),
    ([*SIMPLE, aiologic.Queue], queues.CancellationAgainstPut),
    ([bounded], queues.TimeoutAgainstGet),
    ([bounded], queues.CancellationAgainstGet),
    ([aiologic.Queue], queue_ends.ShutdownAgainstPut),
    ([aiologic.Queue], queue_ends.ImmediateShutdownAgainstPut),
    (FIFO, queue_ends.ShutdownAgainstGet),
    (BOUNDED, queue_ends.ShutdownAgainstWaitingPut),
    ([aiologic.Queue], queue_joins.DoneAgainstJoin),
    ([aiologic.Queue], queue_joins.DoneTooOften),
]
# Their puts and gets have three times as many steps, so a search with two preemptions takes fifteen times as long.
OF_TWO_CAREFUL = [
    ([careful_without_limit], queues.PutAgainstGet),
    ([careful_without_limit], queues.CancellationAgainstPut),
    ([careful_without_limit], queue_ends.ImmediateShutdownAgainstPut),
    ([careful_without_limit], queue_ends.ImmediateShutdownAgainstCancellation),
    ([careful], queues.TimeoutAgainstPut),
    ([careful], queues.TimeoutAgainstGet),
    ([careful], queues.CancellationAgainstGet),
]
# For the kinds in which the next item is not the oldest.
OF_TWO_OUT_OF_ORDER = [
    ([aiologic.SimpleLifoQueue], queues.PutAgainstGet),
    ([aiologic.SimpleLifoQueue], queues.TimeoutAgainstPut),
    ([aiologic.SimpleLifoQueue], queues.CancellationAgainstPut),
]
OUT_OF_ORDER: list[Any] = [aiologic.LifoQueue, aiologic.PriorityQueue]
OF_TWO_OUT_OF_ORDER_IN_A_STORE = [
    (OUT_OF_ORDER, queues.PutAgainstGet),
    (OUT_OF_ORDER, queues.TimeoutAgainstPut),
    (OUT_OF_ORDER, queues.CancellationAgainstPut),
    (OUT_OF_ORDER, queue_ends.ShutdownAgainstGet),
]
# For threads whose waiters carry their items.
OF_TWO_CARRYING = [
    queues.PutAgainstGet,
    queues.ThreeAgainstGet,
    queues.TimeoutAgainstGet,
    queues.InterruptionAgainstGet,
    queue_ends.ShutdownAgainstGet,
]
OF_THREE_CARRYING = [
    queues.InterruptionInFrontOfAnother,
    queues.NewcomerAgainstHandOver,
    queues.TwoByTwo,
    queue_ends.ShutdownAgainstBoth,
    queue_ends.ImmediateShutdownAgainstBoth,
]
OF_THREE = [
    ([*SIMPLE, aiologic.Queue], queues.CancellationInFrontOfAnother),
    ([bounded], queues.PuttersInLine),
    ([*SIMPLE, *FIFO], queues.NewcomerAgainstHandOver),
    ([*SIMPLE, *FIFO, careful], queues.TwoByTwo),
    (FIFO, queue_ends.ShutdownAgainstBoth),
    (FIFO, queue_ends.ImmediateShutdownAgainstBoth),
    (ENDING, queue_ends.TwoShutdowns),
    (ENDING, queue_ends.ImmediateShutdownAndAnother),
    ([aiologic.Queue], queue_joins.TwoSayDone),
    ([aiologic.Queue], queue_joins.DoneFarTooOften),
]


def each(scenarios: Any, *hands: Hands) -> pytest.MarkDecorator:
    """All combinations, with their names as ids."""
    return pytest.mark.parametrize(
        "scenario",
        [
            pytest.param(
                scenario(make, hand),
                id=f"{scenario.__name__}-{make.__name__}-{hand.name}",
            )
            for makes, scenario in scenarios
            for make in makes
            for hand in hands
        ],
    )


@pytest.fixture(autouse=True)
def virtual_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """A task that waits for a store blocks its thread in a way that the scheduler knows."""
    monkeypatch.setattr(
        _exclusive, "create_waiter", VirtualGreenBackend().create_waiter
    )
    monkeypatch.setattr(
        _exclusive, "park_unguarded", lambda waiter, timeout: waiter.park(timeout)
    )


@each(OF_TWO, GREEN, ASYNC)
def test_two_tasks(scenario: Scenario, explored: Explored) -> None:
    assert explored(scenario, 2).schedules > 1


@each(
    [
        ([careful_without_limit], queue_ends.ShutdownAgainstPut),
        ([careful_without_limit], queue_ends.ShutdownAgainstGet),
    ],
    GREEN,
)
def test_two_tasks_in_a_store(scenario: Scenario, explored: Explored) -> None:
    assert explored(scenario, 2).schedules > 1


@each(OF_TWO_CAREFUL, GREEN, ASYNC)
def test_two_tasks_in_a_store_once(scenario: Scenario, explored: Explored) -> None:
    assert explored(scenario, 1).schedules > 1


@each(OF_TWO_OUT_OF_ORDER, MIXED)
def test_two_tasks_out_of_order(scenario: Scenario, explored: Explored) -> None:
    assert explored(scenario, 2).schedules > 1


@each(OF_TWO_OUT_OF_ORDER_IN_A_STORE, MIXED)
def test_two_tasks_out_of_order_in_a_store(
    scenario: Scenario, explored: Explored
) -> None:
    assert explored(scenario, 1).schedules > 1


@pytest.mark.explorer_deep
@pytest.mark.timeout(0)
@each(OF_TWO_OUT_OF_ORDER_IN_A_STORE, MIXED)
def test_two_tasks_out_of_order_in_a_store_deeply(
    scenario: Scenario, explored: Explored
) -> None:
    assert explored(scenario, 2).schedules > 1


@each([([aiologic.SimpleLifoQueue], queues.CancellationInFrontOfAnother)], MIXED)
def test_three_tasks_out_of_order(scenario: Scenario, explored: Explored) -> None:
    assert explored(scenario, 1).schedules > 1


class CarryingVirtualWaiter(VirtualGreenWaiter):
    """The waiter of a virtual thread that carries its item."""

    __slots__ = ()

    def unpark(self) -> None:
        bring(self)
        super().unpark()


class HandedVirtualWaiter(VirtualGreenWaiter):
    """The waiter of a virtual thread that is handed an item directly."""

    __slots__ = ()

    def unpark(self) -> None:
        hand_over(self)
        super().unpark()


@pytest.fixture
def carrying(monkeypatch: pytest.MonkeyPatch) -> None:
    """Virtual threads carry their items, and are handed items directly, as real ones are."""
    monkeypatch.setitem(CARRYING, VirtualGreenWaiter, CarryingVirtualWaiter)
    monkeypatch.setitem(HANDED, VirtualGreenWaiter, HandedVirtualWaiter)


@pytest.mark.usefixtures("carrying")
@each(
    [
        *[([bounded], scenario) for scenario in OF_TWO_CARRYING],
        ([aiologic.Queue, bounded], queues.InterruptionAgainstPut),
        ([aiologic.Queue], queues.CancellationAgainstPut),
        ([aiologic.Queue], queue_ends.ShutdownAgainstGet),
        ([aiologic.Queue], queue_ends.ImmediateShutdownAgainstCancellation),
    ],
    GREEN,
)
def test_two_tasks_of_which_one_carries(scenario: Scenario, explored: Explored) -> None:
    assert explored(scenario, 2).schedules > 1


@pytest.mark.usefixtures("carrying")
@each(
    [
        *[([bounded], scenario) for scenario in OF_THREE_CARRYING],
        ([aiologic.Queue], queues.CancellationInFrontOfAnother),
        ([aiologic.Queue], queue_ends.ImmediateShutdownAgainstBoth),
    ],
    GREEN,
    MIXED,
)
def test_three_tasks_of_which_some_carry(
    scenario: Scenario, explored: Explored
) -> None:
    assert explored(scenario, 1).schedules > 1


@pytest.mark.explorer_deep
@pytest.mark.timeout(0)
@each(OF_TWO_CAREFUL, GREEN, ASYNC)
def test_two_tasks_in_a_store_deeply(scenario: Scenario, explored: Explored) -> None:
    assert explored(scenario, 2).schedules > 1


@each(OF_THREE, MIXED)
def test_three_tasks(scenario: Scenario, explored: Explored) -> None:
    assert explored(scenario, 1).schedules > 1


@pytest.mark.explorer_deep
@pytest.mark.timeout(0)
@each(
    [
        ([careful_without_limit], queue_ends.ShutdownAgainstBoth),
        ([careful_without_limit], queue_ends.ImmediateShutdownAgainstBoth),
    ],
    MIXED,
)
def test_three_tasks_in_a_store_once(scenario: Scenario, explored: Explored) -> None:
    assert explored(scenario, 1).schedules > 1


@pytest.mark.explorer_deep
@pytest.mark.timeout(0)
@each(OF_THREE, MIXED)
def test_three_tasks_deeply(scenario: Scenario, explored: Explored) -> None:
    assert explored(scenario, 2).schedules > 1


@pytest.mark.usefixtures("eager_sweeps")
@each(
    [
        (SIMPLE, queues.CancellationInFrontOfAnother),
        ([bounded], queues.PuttersInLine),
    ],
    MIXED,
)
def test_swept_at_once(scenario: Scenario, explored: Explored) -> None:
    assert explored(scenario, 1).schedules > 1
