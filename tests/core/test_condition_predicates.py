# SPDX-License-Identifier: ISC
"""Conditions that are waited for until a predicate is true, be it evaluated by notifiers or not (contract 1.3.6)."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Any, Callable

import aiologic
import pytest
from aiologic import BusyResourceError, Condition
from aiologic._runtime.threads import ThreadWaiter

from .conditions import (
    Waiting,
    each_kind,
    each_lock,
    each_mixed,
    is_unlocked,
    notify,
)
from .hand_driven import Cancelled
from .raising import sleep_by

if TYPE_CHECKING:
    from .crew import Crew
    from .hand_driven import HandTask, HandWorld


async def until(condition: Any, *args: Any, **how: Any) -> Any:
    async with condition:
        return await condition.for_(*args, **how)


def wait_for(world: HandWorld, condition: Any, *args: Any, **how: Any) -> HandTask:
    return world.spawn(until(condition, *args, **how)).step()


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
    """Contract 1.3.6: the notifier evaluates it; false, it moves to the queue's tail, and the next is notified."""
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
    """D4: notify() raised in the notifier. ADR 0024: a false waiter passes its notification on."""
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
    """All are false: each looks once, and then all sleep."""
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


def test_a_timer_that_fails(world: HandWorld) -> None:
    """It fails its caller; nobody is forgotten."""
    times: list[Any] = [1, 2]
    condition = Condition(None, lambda: times.pop(0))
    task = Waiting(world, condition)
    times.clear()
    with pytest.raises(IndexError):
        condition.notify()
    with pytest.raises(IndexError):
        condition.wait(0)
    assert condition.waiting == 1
    times.append(5)
    assert condition.notify() == 1
    assert task.task.step().result is True


class OopsError(Exception):
    pass


def oops_if(told: list[int]) -> Callable[[], bool]:
    def predicate() -> bool:
        if told:
            raise OopsError
        return False

    return predicate


@each_kind
def test_it_raises_in_its_waiter(make: Callable[[], Any], world: HandWorld) -> None:
    """Contract 1.3.6; D3: it counted twice, and notify(1) woke everybody."""
    condition = Condition(make())
    told: list[int] = []
    raising = wait_for(world, condition, oops_if(told))
    others = [Waiting(world, condition) for _ in range(3)]
    told.append(1)
    assert world.run(notify(condition)) == 1
    assert [other.task.is_woken for other in others] == [False] * 3
    with pytest.raises(OopsError):
        raising.step()
    assert is_unlocked(condition)
    assert world.run(notify(condition, -1)) == 3
    for other in others:
        assert other.task.step().result is True


@each_mixed
def test_it_raises_and_its_waiter_has_gone(
    make: Callable[[], Any], world: HandWorld, caplog: pytest.LogCaptureFixture
) -> None:
    """Contract 1.3.6: logged."""
    condition = Condition(make())
    told: list[int] = []

    def predicate() -> bool:
        if told:
            task.cancel(Cancelled())  # it waits for the lock, which the notifier has
            raise OopsError
        return False

    task = wait_for(world, condition, predicate)
    told.append(1)
    with condition, caplog.at_level(logging.ERROR, "aiologic._conditions"):
        assert condition.notify() == 0
    with pytest.raises(Cancelled):
        task.step()
    assert "a predicate raised" in caplog.text
    assert "OopsError" in caplog.text
    assert is_unlocked(condition)


@each_mixed
@pytest.mark.parametrize("count", [1, -1])
def test_it_raises_and_its_waiter_was_closed(
    make: Callable[[], Any],
    world: HandWorld,
    caplog: pytest.LogCaptureFixture,
    count: int,
) -> None:
    """Logged by the notifier: the waiter leaves without the lock, so it has gone before there is an error."""
    condition = Condition(make())
    told: list[int] = []

    def predicate() -> bool:
        if told:
            with world.runs(task):
                task.coroutine.close()
            raise OopsError
        return False

    task = wait_for(world, condition, predicate)
    told.append(1)
    with condition, caplog.at_level(logging.ERROR, "aiologic._conditions"):
        assert condition.notify(count) == 0
    assert caplog.text.count("a predicate raised") == 1
    assert "OopsError" in caplog.text
    assert (condition.waiting, is_unlocked(condition)) == (0, True)


@each_lock
def test_it_raises_and_its_waiter_is_cancelled(
    make: Callable[[], Any], world: HandWorld, caplog: pytest.LogCaptureFixture
) -> None:
    """Contract 1.3.6: logged, too; and the notification goes on."""
    condition = Condition(make())
    told: list[int] = []
    task = wait_for(world, condition, oops_if(told))
    other = Waiting(world, condition)
    told.append(1)
    assert world.run(notify(condition)) == 1
    with caplog.at_level(logging.ERROR), pytest.raises(Cancelled):
        task.cancel(Cancelled())
    assert "OopsError" in caplog.text
    assert other.task.step().result is True


@each_lock
def test_it_raises_and_its_thread_is_interrupted(
    make: Callable[[], Any],
    world: HandWorld,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The same for a green waiter."""
    condition = Condition(make())
    told: list[int] = []

    def park(_timeout: float | None) -> bool:
        told.append(1)
        assert world.run(notify(condition)) == 1
        raise Cancelled

    with condition, caplog.at_level(logging.ERROR):
        sleep_by(monkeypatch, park)
        with pytest.raises(Cancelled):
            condition.wait_for(oops_if(told))
    assert "OopsError" in caplog.text
    assert is_unlocked(condition)


@each_lock
def test_a_notifier_that_is_interrupted(
    make: Callable[[], Any], world: HandWorld
) -> None:
    """What is no Exception is the notifier's own; nobody is forgotten."""
    condition = Condition(make())
    told: list[int] = []

    def predicate() -> bool:
        if told:
            told.clear()
            raise Cancelled
        calls.append(1)
        return len(calls) > 1

    calls: list[int] = []
    task = wait_for(world, condition, predicate)
    told.append(1)
    with condition, pytest.raises(Cancelled):
        condition.notify()
    assert condition.waiting == 1
    assert world.run(notify(condition)) == 1
    assert task.step().result is True


@each_lock
def test_a_predicate_that_notifies(make: Callable[[], Any], world: HandWorld) -> None:
    """Contract 1.3.6: BusyResourceError, delivered to the waiter whose predicate it is."""
    condition = Condition(make())
    told: list[int] = []
    task = wait_for(world, condition, lambda: bool(told) and condition.notify())
    told.append(1)
    assert world.run(notify(condition)) == 1
    with pytest.raises(BusyResourceError, match="another task is already notifying"):
        task.step()
    assert is_unlocked(condition)


def test_a_notifier_while_another_evaluates(world: HandWorld, crew: Crew) -> None:
    """Contract 1.3.6: BusyResourceError. A semaphore is anybody's."""
    condition = Condition(aiologic.BinarySemaphore())

    def notify_meanwhile() -> bool:
        with pytest.raises(BusyResourceError):
            crew.run(condition.notify)
        return True

    told: list[int] = []
    task = wait_for(world, condition, lambda: bool(told) and notify_meanwhile())
    told.append(1)
    assert world.run(notify(condition)) == 1
    assert task.step().result is True


def test_whose_value_it_is(world: HandWorld) -> None:
    """Contract 1.3.6: for semaphores what the notifier saw; for locks the waiter looks again."""
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
    """Can be asked once whether it is true; for that may be dear, and different the next time."""

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
    """The same, in a green wait."""
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


@each_mixed
def test_news_that_comes_back_while_a_predicate_is_evaluated(
    make: Callable[[], Any], world: HandWorld
) -> None:
    """A is notified, and never runs. What it passes on finds B at the queue, who looks again."""
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
        assert condition.waiting == 0  # notified on trial, for nobody evaluates it then
    closes.clear()
    assert behind.is_woken
    assert not behind.step().is_done
    behind.cancel_quietly(Cancelled())
    assert is_unlocked(condition)


@each_mixed
def test_cancelled_after_a_notifier_has_seen_it_true(
    make: Callable[[], Any], world: HandWorld
) -> None:
    """The notification goes to the next whose predicate is true, past one whose is false."""
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
