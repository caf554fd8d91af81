# SPDX-License-Identifier: ISC
"""Conditions over locks of threads, which each waiter has to regain by itself, in every order; and planted bugs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiologic
import pytest
from aiologic import _once_lock
from aiologic._condition_kinds_of_threads import (
    KindOfOnceLock,
    KindOfThreadLock,
    KindOfThreadRLock,
)
from aiologic._runtime.detect import worlds
from aiologic.lowlevel import create_thread_oncelock

from . import conditions, notifiers, test_conditions
from .hands import ASYNC, GREEN, MIXED
from .locks_of_threads import LockOfThreads, RLockOfThreads
from .test_mutants import Planted, find

if TYPE_CHECKING:
    from aiologic.testing import Scenario

    from .conftest import Explored


def over_thread_lock() -> Any:
    return aiologic.Condition(LockOfThreads())


def over_thread_rlock() -> Any:
    return aiologic.Condition(RLockOfThreads())


def over_once_lock() -> Any:
    return aiologic.Condition(create_thread_oncelock())


LOCKS = [over_thread_lock, over_thread_rlock]
OF_THREE = [conditions.NotifyAgainstTwoWaiters, conditions.Delegated]
# A wait that ends early takes many steps, and is the same for both.
OF_WHOM_ONE_LEAVES = [
    conditions.OneForTwo,
    conditions.TimeoutPassesOn,
    conditions.CancellationPassesOn,
    conditions.DelegatedAndCancelled,
]


@pytest.fixture(autouse=True)
def _virtual_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """A once-lock blocks threads, which are virtual here."""
    monkeypatch.setattr(_once_lock, "create_waiter", worlds.create_green_waiter)


@pytest.mark.slow
@test_conditions.each([conditions.NotifyAgainstWait], LOCKS, GREEN, ASYNC)
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


# What follows a lock of threads in the blocks and the waits of coroutines has a text of its own.
@pytest.mark.slow
@test_conditions.each_of(
    [
        conditions.NotifyAgainstCancellation(over_thread_lock, ASYNC),
        conditions.NotifyAgainstCancellation(over_thread_rlock, ASYNC),
        conditions.NotifyAgainstTimeout(over_thread_lock, ASYNC),
    ]
)
def test_coroutines(explored: Explored, scenario: Scenario) -> None:
    explored(scenario, preemptions=1)


# The first wait opens the lock. From then on notifications are on trial.
@pytest.mark.slow
@test_conditions.each_of(
    [
        conditions.NotifyAgainstWait(over_once_lock, GREEN),
        conditions.NotifyAgainstWait(over_once_lock, ASYNC),
        notifiers.OnTrial(over_once_lock, MIXED),
        notifiers.TrialOfTheNotifier(over_once_lock, MIXED),
    ]
)
def test_a_once_lock(explored: Explored, scenario: Scenario) -> None:
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


class CountsForTheThread(KindOfThreadLock):
    """A block of a coroutine is counted as its thread's, and so does not end as the task's."""

    __slots__ = ()

    async def async_enter(self, lock: Any) -> None:
        self.enter(lock)


class OpensTooEarly(KindOfOnceLock):
    """The lock is opened before the task is queued."""

    __slots__ = ()

    def request(self, lock: Any, me: object) -> Any:
        super().request(lock, me)
        self.let_go(lock, None)


class StaysShut(KindOfOnceLock):
    """Who waits does not open the lock."""

    __slots__ = ()

    def let_go(self, lock: Any, waiter: Any) -> None:
        """Nothing."""


class IsTheHoldersOnly(KindOfOnceLock):
    """Nobody may notify when it is open."""

    __slots__ = ()

    def may_notify(self, lock: Any) -> bool:
        return bool(lock._is_owned())


PLANTED = [
    Planted(
        GoesOnWithoutTheLock,
        lambda: conditions.NotifyAgainstTwoWaiters(over_thread_lock, GREEN),
        1,
        "two are inside|release unlocked",
        patched="aiologic._condition_kinds.KindOfThreadLock",
    ),
    Planted(
        RestoresWithoutTheLock(),
        lambda: conditions.NotifyAgainstTwoWaiters(over_thread_rlock, GREEN),
        1,
        "two are inside|un-acquired",
        patched="aiologic._condition_kinds._THREAD_RLOCK",
    ),
    Planted(
        CountsForTheThread,
        lambda: conditions.NotifyAgainstWait(over_thread_lock, ASYNC),
        1,
        "deadlock|is held",
        patched="aiologic._condition_kinds.KindOfThreadLock",
    ),
    *[
        Planted(
            bug(),
            lambda: conditions.NotifyAgainstWait(over_once_lock, MIXED),
            1,
            says,
            patched="aiologic._condition_kinds._ONCE_LOCK",
        )
        for bug, says in [
            (OpensTooEarly, "deadlock"),
            (StaysShut, "deadlock"),
            (IsTheHoldersOnly, "un-acquired"),
        ]
    ],
]


@pytest.mark.parametrize(
    "planted",
    PLANTED,
    ids=[getattr(bug, "__name__", type(bug).__name__) for bug, *_ in PLANTED],
)
def test_a_planted_bug_is_found(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    find(planted, monkeypatch, [])
