# SPDX-License-Identifier: ISC
"""How long a predicate is waited for, over all waits; and the false value that is returned then (contract 1.3.6)."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Callable

import pytest
from aiologic import Condition
from aiologic._runtime.threads import ThreadWaiter

from .conditions import (
    Waiting,
    each_kind,
    each_lock,
    each_mixed,
    is_unlocked,
    notify,
    wait_for,
)
from .raising import sleep_by

if TYPE_CHECKING:
    from .crew import Crew
    from .hand_driven import HandWorld


@each_kind
@pytest.mark.parametrize("delegate", [True, False])
def test_time_is_up(make: Callable[[], Any], world: HandWorld, delegate: bool) -> None:
    """Contract 1.3.6: the last false value, and no error."""
    condition = Condition(make())
    value: object = ""
    task = wait_for(world, condition, lambda: value, 5, delegate=delegate)
    assert task.timeout == 5
    assert task.time_out().result == ""
    assert is_unlocked(condition)


@each_lock
def test_the_last_value_may_be_the_notifiers(
    make: Callable[[], Any], world: HandWorld
) -> None:
    condition = Condition(make())
    values: list[object] = [None]
    task = wait_for(world, condition, lambda: values[-1], 5)
    values.append(0)
    assert world.run(notify(condition)) == 0
    values.append("")
    assert task.time_out().result == 0


class Once:
    """A predicate that can be evaluated once, because that may be expensive, and give another result the next time."""

    def __init__(self, is_true: bool) -> None:
        self._answers = [is_true]

    def __bool__(self) -> bool:
        return self._answers.pop()


@each_mixed
@pytest.mark.parametrize("sees_false_first", [False, True])
def test_the_last_value_is_not_what_a_notifier_found_true(
    make: Callable[[], Any], world: HandWorld, sees_false_first: bool
) -> None:
    """Contract 1.3.6: its time is up before it has the lock, and then it is false again. The next is notified."""
    condition = Condition(make())
    values = [Once(False)]
    task = wait_for(world, condition, lambda: values[-1], 5)
    other = Waiting(world, condition)
    if sees_false_first:
        values.append(Once(False))
        assert world.run(notify(condition)) == 1
        assert other.task.step().result is True
        other = Waiting(world, condition)
    expected = values[-1]
    with condition:
        values.append(Once(True))
        assert condition.notify() == 1
        task.time_out()
        values.append(Once(False))
    assert task.step().result is expected
    assert other.task.step().result is True
    assert is_unlocked(condition)


@each_mixed
def test_a_thread_is_not_told_what_a_notifier_found_true(
    make: Callable[[], Any], crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same for a green wait."""
    condition = Condition(make())
    values: list[object] = [""]
    notified, stands_in_line = threading.Event(), threading.Event()
    sleep = ThreadWaiter.park
    parks: list[object] = []

    def notify_and_take_back() -> None:
        with condition:
            values.append(1)
            assert condition.notify() == 1
            notified.set()
            assert stands_in_line.wait(20)
            values.append(0)

    def park(waiter: ThreadWaiter, timeout: float | None) -> bool:
        if threading.current_thread() is not me:
            return sleep(waiter, timeout)
        parks.append(timeout)
        if len(parks) > 1:  # for the lock
            stands_in_line.set()
            return sleep(waiter, timeout)
        crew.start(notify_and_take_back)
        assert notified.wait(20)
        return False

    me = threading.current_thread()
    monkeypatch.setattr(ThreadWaiter, "park", park)
    with condition:
        assert condition.wait_for(lambda: values[-1], 5) == ""
    assert parks == [5, None]
    assert is_unlocked(condition)


@each_kind
def test_time_is_counted_over_all_waits(
    make: Callable[[], Any], world: HandWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Contract 1.3.6: total over re-waits."""
    now = 100.0
    monkeypatch.setattr(world, "clock", lambda: now)
    condition = Condition(make())
    task = wait_for(world, condition, lambda: False, 5, delegate=False)
    now = 102.0
    assert world.run(notify(condition)) == 1
    assert task.step().timeout == 3
    now = 105.0
    assert world.run(notify(condition)) == 1
    assert task.step().result is False


@each_kind
def test_time_of_a_thread_is_counted_over_all_waits(
    make: Callable[[], Any], world: HandWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter([100.0, 102.0, 105.0])
    monkeypatch.setattr("aiologic._condition_predicates.now", lambda: next(clock))
    condition = Condition(make())
    parks: list[float | None] = []

    def park(timeout: float | None) -> bool:
        parks.append(timeout)
        assert world.run(notify(condition)) == 1
        return True

    with condition:
        sleep_by(monkeypatch, park)
        assert condition.wait_for(lambda: False, 5, delegate=False) is False
    assert parks == [5, 3]
