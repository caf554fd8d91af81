# SPDX-License-Identifier: ISC
"""Waits for a condition until a predicate is true: who evaluates it, when, and whose value counts (contract 1.3.6)."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Callable

import aiologic
import pytest
from aiologic import Condition

from .conditions import (
    Waiting,
    each_kind,
    each_lock,
    each_mixed,
    is_unlocked,
    notify,
    until,
    wait_for,
)
from .hand_driven import Cancelled

if TYPE_CHECKING:
    from .crew import Crew
    from .hand_driven import HandTask, HandWorld


@each_kind
def test_true_at_once(make: Callable[[], Any], world: HandWorld) -> None:
    """Contract 1.3.6: the value as it is, not as a bool."""
    condition = Condition(make())
    value = [1]
    assert world.run(until(condition, lambda: value)) is value
    with condition:
        assert condition.wait_for(lambda: value) is value
        assert condition.wait_for(predicate=lambda: value, timeout=0) is value


@each_kind
@pytest.mark.parametrize("delegate", [True, False])
def test_true_later(make: Callable[[], Any], world: HandWorld, delegate: bool) -> None:
    condition = Condition(make())
    values: list[int] = []
    task = wait_for(world, condition, lambda: values, delegate=delegate)
    values.append(1)
    assert world.run(notify(condition)) == 1
    assert task.step().result is values
    assert is_unlocked(condition)


@each_kind
@pytest.mark.parametrize("timeout", [None, 20])
def test_threads(make: Callable[[], Any], crew: Crew, timeout: float | None) -> None:
    condition = Condition(make())
    values: list[int] = []

    def wait() -> Any:
        with condition:
            return condition.wait_for(lambda: len(values) > 1, timeout)

    waiting = crew.start(wait)
    for value in range(2):
        crew.wait_for_waiters(condition, 1)
        with condition:
            values.append(value)
            condition.notify()
    assert waiting.result() is True


@each_lock
def test_a_false_one_sleeps_on(make: Callable[[], Any], world: HandWorld) -> None:
    """Contract 1.3.6: the notifier evaluates it; if false, it moves to the queue's tail, and the next is notified."""
    condition = Condition(make())
    calls = []
    value = 0

    def predicate() -> bool:
        calls.append(value)
        return value > 1

    choosy = wait_for(world, condition, predicate)
    other = Waiting(world, condition)
    value = 1
    assert world.run(notify(condition)) == 1
    assert calls == [0, 1]
    assert not choosy.is_woken
    assert other.task.step().result is True
    assert world.run(notify(condition)) == 0
    assert calls == [0, 1, 1]
    value = 2
    assert world.run(notify(condition)) == 1
    assert choosy.step().result is True


@each_kind
def test_who_evaluates_it_oneself(make: Callable[[], Any], world: HandWorld) -> None:
    """Contract 1.3.6: with delegate=False only the waiter evaluates."""
    condition = Condition(make())
    calls = []

    def predicate() -> None:
        calls.append(world.current_task())

    task = wait_for(world, condition, predicate, delegate=False)
    assert world.run(notify(condition)) == 1
    assert not task.step().is_done
    assert calls == [task, task]
    assert condition.waiting == 1
    with pytest.raises(Cancelled):
        task.cancel(Cancelled())


@each_kind
def test_a_thread_that_evaluates_it_itself(make: Callable[[], Any], crew: Crew) -> None:
    condition = Condition(make())
    told: list[int] = []
    callers: list[int] = []

    def predicate() -> list[int]:
        callers.append(threading.get_ident())
        return told

    def wait() -> Any:
        with condition:
            return condition.wait_for(predicate, delegate=False)

    waiting = crew.start(wait)
    crew.wait_for_waiters(condition, 1)
    with condition:
        told.append(1)
        assert condition.notify() == 1
    assert waiting.result() is told
    assert threading.get_ident() not in callers


def test_without_a_lock_nobody_evaluates_for_others(world: HandWorld) -> None:
    """D4: notify() raised in the notifier. ADR 0024: a task whose predicate is false passes its notification on."""
    condition = Condition(None)
    values: list[int] = []
    first = wait_for(world, condition, lambda: len(values) > 1)
    second = wait_for(world, condition, lambda: values)
    third = Waiting(world, condition)
    values.append(1)
    assert condition.notify() == 1
    assert [first.is_woken, second.is_woken] == [True, False]
    first.step()
    assert [second.is_woken, third.task.is_woken] == [True, False]
    assert second.step().result is values
    assert condition.notify() == 1
    assert third.task.step().result is True
    assert condition.waiting == 1
    values.append(2)
    assert condition.notify() == 1
    assert first.step().result is True


def test_without_a_lock_a_notification_does_not_go_round(world: HandWorld) -> None:
    """All are false: each task looks once, and then all sleep."""
    condition = Condition(None)
    calls = []
    tasks = [wait_for(world, condition, lambda: calls.append(1)) for _ in range(3)]
    calls.clear()
    assert condition.notify() == 1
    while any(task.is_woken for task in tasks):
        for task in tasks:
            if task.is_woken:
                task.step()
    assert len(calls) == 3
    assert condition.waiting == 3
    for task in tasks:
        with pytest.raises(Cancelled):
            task.cancel(Cancelled())


@pytest.mark.parametrize("value", [0, 1, 5])
@each_lock
def test_a_timer_that_stands_still(
    make: Callable[[], Any], world: HandWorld, value: int
) -> None:
    """D7: notify() looked at the same false predicate for ever."""
    condition = Condition(make(), lambda: value)
    calls = []
    tasks = [wait_for(world, condition, lambda: calls.append(1)) for _ in range(2)]
    calls.clear()
    assert world.run(notify(condition, -1)) == 0
    assert len(calls) == 2
    assert world.run(notify(condition, -1, deadline=10)) == 0
    for task in tasks:
        with pytest.raises(Cancelled):
            task.cancel(Cancelled())


def test_whose_value_it_is(world: HandWorld) -> None:
    """Contract 1.3.6: for semaphores, what the notifier saw; for locks, the waiter looks again."""
    for make, expected in ((aiologic.BinarySemaphore, "seen"), (aiologic.Lock, "now")):
        condition = Condition(make())
        values = [""]
        task = wait_for(world, condition, lambda values=values: values[-1])
        values.append("seen")
        assert world.run(notify(condition)) == 1
        values.append("now")
        assert task.step().result == expected


def test_false_again_before_it_has_the_lock(world: HandWorld) -> None:
    condition = Condition()
    values = [0]
    task = wait_for(world, condition, lambda: values[-1])
    values.append(1)
    assert world.run(notify(condition)) == 1
    values.append(0)
    task.step()
    assert not task.is_done
    assert condition.waiting == 1
    values.append(2)
    assert world.run(notify(condition)) == 1
    assert task.step().result == 2


@each_mixed
def test_news_that_comes_back_while_a_predicate_is_evaluated(
    make: Callable[[], Any], world: HandWorld
) -> None:
    """A is notified, and never runs. What it passes on finds B busy with the queue, and B looks again."""
    condition = Condition(make())
    closes: list[HandTask] = []

    def predicate() -> bool:
        for task in closes:
            with world.runs(task):
                task.coroutine.close()
        return False

    unlucky = wait_for(world, condition, lambda: bool(closes))
    behind = wait_for(world, condition, predicate)
    with condition:
        closes.append(unlucky)
        assert condition.notify() == 1
        assert condition.notify() == 0
        assert condition.waiting == 0  # notified on trial: nobody evaluates it
    closes.clear()
    assert behind.is_woken
    assert not behind.step().is_done
    behind.cancel_quietly(Cancelled())
    assert is_unlocked(condition)


@each_mixed
def test_cancelled_after_a_notifier_has_seen_it_true(
    make: Callable[[], Any], world: HandWorld
) -> None:
    """The notification goes to the next task whose predicate is true, past one whose predicate is false."""
    condition = Condition(make())
    values: list[int] = []
    unlucky = wait_for(world, condition, lambda: values)
    choosy = wait_for(world, condition, lambda: len(values) > 1)
    lucky = wait_for(world, condition, lambda: values)
    values.append(1)
    assert world.run(notify(condition)) == 1
    with pytest.raises(Cancelled):
        unlucky.cancel(Cancelled())
    assert choosy.is_woken
    assert not choosy.step().is_done
    assert lucky.step().result is values
    values.append(2)
    assert world.run(notify(condition)) == 1
    assert choosy.step().result is True
    assert is_unlocked(condition)
