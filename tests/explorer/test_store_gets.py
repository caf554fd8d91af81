# SPDX-License-Identifier: ISC
"""Queues whose store gives several items, or keeps what it gives, or raises, in every order; and planted bugs.

All schedules with up to one preemption, for a store makes many steps; and two
tasks with two where ``explorer_deep`` is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiologic
import pytest

from . import mutant_store_gets as bugs, store_failures, store_gets
from .hands import GREEN, MIXED
from .test_mutants import Planted, find
from .test_queues import each, virtual_threads

if TYPE_CHECKING:
    from aiologic.testing import Scenario

    from .conftest import Explored

__all__ = ("virtual_threads",)

# A search of up to a second each: `uv run nox -s explorer`.
pytestmark = pytest.mark.slow


def gives_all() -> Any:
    return store_gets.GivesAll()


def gives_two() -> Any:
    return store_gets.GivesAll(2)


def keeping() -> Any:
    return store_gets.Keeping()


def keeping_with_one_place() -> Any:
    return store_gets.Keeping(1)


def fragile() -> Any:
    return store_failures.Fragile()


def fragile_with_one_place() -> Any:
    return store_failures.Fragile(1)


def too_full() -> Any:
    return aiologic.Queue([1, 2, 3], maxsize=2)


OF_TWO = [
    ([gives_two], store_gets.AllAgainstPut),
    ([gives_two], store_gets.AllThatWasPromised),
    ([gives_all], store_gets.AllForTwo),
    ([gives_all], store_gets.AllAgainstShutdown),
    ([keeping], store_gets.StickyAgainstShutdown),
    ([fragile_with_one_place], store_failures.PutFailsAgainstGet),
    ([fragile_with_one_place], store_failures.PutFailsTooLate),
    ([fragile_with_one_place], store_failures.GetFailsTooLate),
    ([fragile], store_failures.GetFailsAgainstShutdown),
    ([fragile], store_failures.GetFailsAgainstShutdownAtOnce),
]
OF_THREE = [
    ([keeping_with_one_place], store_gets.StickyForTwo),
    ([fragile], store_failures.GetFailsForOne),
]
TOO_FULL = [
    ([too_full], store_gets.TwoGetsOfTooMany),
    ([too_full], store_gets.PutAgainstTooMany),
]


@each(OF_TWO, MIXED)
def test_two_tasks(scenario: Scenario, explored: Explored) -> None:
    assert explored(scenario, 1).schedules > 1


@pytest.mark.explorer_deep
@pytest.mark.timeout(0)
@each(OF_TWO, MIXED)
def test_two_tasks_deeply(scenario: Scenario, explored: Explored) -> None:
    assert explored(scenario, 2).schedules > 1


@each(OF_THREE, MIXED)
def test_three_tasks(scenario: Scenario, explored: Explored) -> None:
    assert explored(scenario, 1).schedules > 1


@each(TOO_FULL, MIXED)
def test_more_items_than_places(scenario: Scenario, explored: Explored) -> None:
    assert explored(scenario, 2).schedules > 1


def planted(scenario: Any, bug: Any, says: str, *maxsize: int) -> Planted:
    return Planted(bug, lambda: scenario(lambda: bug(*maxsize), GREEN), 1, says)


def of_too_many(scenario: Any, bug: Any, says: str) -> Planted:
    return Planted(bug, lambda: scenario(lambda: bugs.too_full(bug), MIXED), 2, says)


PLANTED = [
    *[
        planted(scenario, bugs.CountsOneForOne, "unfinished|is not right", 2)
        for scenario in (
            store_gets.AllAgainstPut,
            store_gets.AllForTwo,
            store_gets.AllAgainstShutdown,
        )
    ],
    planted(store_gets.AllThatWasPromised, bugs.GoneIsEmpty, "Assertion"),
    planted(store_gets.StickyForTwo, bugs.KeepsThePermit, "deadlock"),
    planted(
        store_gets.StickyAgainstShutdown, bugs.CountsWhatIsDiscarded, "is not right"
    ),
    *[
        planted(scenario, bugs.FailsWithThePermit, says)
        for scenario, says in (
            (store_failures.GetFailsForOne, "deadlock"),
            (store_failures.GetFailsAgainstShutdown, "deadlock|permits for"),
            (store_failures.GetFailsAgainstShutdownAtOnce, "deadlock|is not right"),
        )
    ],
    planted(
        store_failures.GetFailsTooLate, bugs.GivesThePermitBack, "permits|deadlock", 1
    ),
    planted(store_failures.PutFailsAgainstGet, bugs.KeepsThePlace, "deadlock", 1),
    planted(store_failures.PutFailsTooLate, bugs.ServesNobody, "deadlock", 1),
    of_too_many(store_gets.TwoGetsOfTooMany, bugs.ExcessIsANumber, "places, beside"),
    of_too_many(store_gets.PutAgainstTooMany, bugs.ExcessIsForgotten, "as many items"),
]


@pytest.mark.parametrize(
    "planted", PLANTED, ids=[planted.bug.__name__ for planted in PLANTED]
)
def test_a_planted_bug_is_found(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    find(planted, monkeypatch, [bugs, store_failures, store_gets])
