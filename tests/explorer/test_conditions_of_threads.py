# SPDX-License-Identifier: ISC
"""Conditions over locks of threads, which each waiter has to regain by itself, in every order; and planted bugs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiologic
import pytest
from aiologic._condition_kinds_of_threads import KindOfThreadLock, KindOfThreadRLock

from . import conditions, locks_of_threads, test_conditions
from .hands import GREEN
from .locks_of_threads import LockOfThreads, RLockOfThreads
from .test_mutants import Planted, find

if TYPE_CHECKING:
    from aiologic.testing import Scenario

    from .conftest import Explored


def over_thread_lock() -> Any:
    return aiologic.Condition(LockOfThreads())


def over_thread_rlock() -> Any:
    return aiologic.Condition(RLockOfThreads())


LOCKS = [over_thread_lock, over_thread_rlock]
OF_THREE = [conditions.NotifyAgainstTwoWaiters, conditions.Delegated]
# A wait that ends early takes many steps, and is the same for both.
OF_WHOM_ONE_LEAVES = [
    conditions.OneForTwo,
    conditions.TimeoutPassesOn,
    conditions.CancellationPassesOn,
    conditions.DelegatedAndCancelled,
]


@pytest.mark.slow
@test_conditions.each([conditions.NotifyAgainstWait], LOCKS, GREEN)
def test_two_tasks(explored: Explored, scenario: Scenario) -> None:
    explored(scenario, preemptions=2)


@pytest.mark.slow
@test_conditions.each([conditions.NotifyAgainstTimeout], LOCKS[:1], GREEN)
def test_two_tasks_of_whom_one_leaves(explored: Explored, scenario: Scenario) -> None:
    explored(scenario, preemptions=2)


@pytest.mark.slow
@test_conditions.each(OF_THREE, LOCKS, GREEN)
def test_three_tasks(explored: Explored, scenario: Scenario) -> None:
    explored(scenario, preemptions=1)


@pytest.mark.slow
@test_conditions.each(OF_WHOM_ONE_LEAVES, LOCKS[:1], GREEN)
def test_three_tasks_of_whom_one_leaves(explored: Explored, scenario: Scenario) -> None:
    explored(scenario, preemptions=1)


class GoesOnWithoutTheLock(KindOfThreadLock):
    """Who is woken tries to regain the lock, and goes on without it."""

    __slots__ = ()

    def regain(self, lock: Any, state: Any, me: object) -> None:
        lock.acquire(False)


class RestoresWithoutTheLock(KindOfThreadRLock):
    """The same, of a lock that knows its thread."""

    __slots__ = ()

    def regain(self, lock: Any, state: Any, me: object) -> None:
        lock.acquire(False)


PLANTED = [
    Planted(
        GoesOnWithoutTheLock,
        lambda: conditions.NotifyAgainstTwoWaiters(over_thread_lock, GREEN),
        1,
        "two are inside|permits|released",
        patched="aiologic._condition_kinds.KindOfThreadLock",
    ),
    Planted(
        RestoresWithoutTheLock(),
        lambda: conditions.NotifyAgainstTwoWaiters(over_thread_rlock, GREEN),
        1,
        "two are inside|not holding|un-acquired",
        patched="aiologic._condition_kinds._THREAD_RLOCK",
    ),
]


@pytest.mark.parametrize("planted", PLANTED, ids=["thread_lock", "thread_rlock"])
def test_a_planted_bug_is_found(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    find(planted, monkeypatch, [locks_of_threads])
