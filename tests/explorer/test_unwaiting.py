# SPDX-License-Identifier: ISC
"""What never waits on a queue, in every order of two tasks, with up to two preemptions; and planted bugs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiologic
import pytest

from . import mutant_items, mutant_unwaiting as bugs, unwaiting
from .hands import GREEN, MIXED
from .test_mutants import Planted, find
from .test_queues import bounded, careful_without_limit, each, virtual_threads

if TYPE_CHECKING:
    from aiologic.testing import Scenario

    from .conftest import Explored

__all__ = ("virtual_threads",)


def of_two_places() -> Any:
    return aiologic.Queue(2)


OF_TWO = [
    ([aiologic.Queue, bounded], unwaiting.PutNowAgainstGet),
    ([bounded], unwaiting.PutNowAgainstPut),
    ([aiologic.Queue, of_two_places], unwaiting.PutNowAgainstShutdown),
    ([aiologic.Queue, of_two_places], unwaiting.PutNowAgainstImmediateShutdown),
    ([aiologic.Queue, of_two_places], unwaiting.PeekAgainstGet),
    ([aiologic.Queue], unwaiting.PeekAgainstPut),
    ([aiologic.Queue], unwaiting.PeekAgainstShutdown),
    ([aiologic.Queue], unwaiting.PeekAgainstImmediateShutdown),
]
STORES: Any = [aiologic.PriorityQueue, careful_without_limit]
OF_TWO_IN_A_STORE = [
    (STORES, unwaiting.PutNowAgainstGet),
    (STORES[1:], unwaiting.PutNowAgainstShutdown),
    (STORES[:1], unwaiting.PeekAgainstGet),
    (STORES[:1], unwaiting.PeekAgainstShutdown),
    (STORES[:1], unwaiting.PeekAgainstImmediateShutdown),
]


@pytest.mark.slow
@each(OF_TWO, MIXED)
def test_two_tasks(scenario: Scenario, explored: Explored) -> None:
    assert explored(scenario, 2).schedules > 1


@pytest.mark.slow
@each(OF_TWO_IN_A_STORE, MIXED)
def test_two_tasks_in_a_store(scenario: Scenario, explored: Explored) -> None:
    assert explored(scenario, 1).schedules > 1


@pytest.mark.explorer_deep
@pytest.mark.timeout(0)
@each(OF_TWO_IN_A_STORE, MIXED)
def test_two_tasks_in_a_store_deeply(scenario: Scenario, explored: Explored) -> None:
    assert explored(scenario, 2).schedules > 1


def planted(scenario: Any, bug: Any, says: str, *maxsize: int) -> Planted:
    return Planted(bug, lambda: scenario(lambda: bug(*maxsize), GREEN), 2, says)


PLANTED = [
    planted(unwaiting.PutNowAgainstPut, bugs.LooksBeforeItPuts, "places, beside", 1),
    planted(unwaiting.PutNowAgainstGet, bugs.ServesNobody, "deadlock"),
    planted(
        unwaiting.PutNowAgainstShutdown, mutant_items.EndIsAFlag, "permits|were put"
    ),
    planted(unwaiting.PeekAgainstShutdown, bugs.ShowsWhatIsThere, "was shown"),
    planted(unwaiting.PeekAgainstGet, bugs.LooksBeforeItShows, "IndexError"),
]


@pytest.mark.parametrize(
    "planted", PLANTED, ids=[planted.bug.__name__ for planted in PLANTED]
)
def test_a_planted_bug_is_found(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    find(planted, monkeypatch, [bugs, mutant_items])
