# SPDX-License-Identifier: ISC
"""A predicate of a condition that raises does so in its waiter, whoever evaluates it (contract 1.3.6)."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Callable

import aiologic
import pytest
from aiologic import BusyResourceError, Condition, _condition_predicates
from aiologic._tickets import Delegate

from .conditions import (
    Waiting,
    each_kind,
    each_lock,
    each_mixed,
    is_unlocked,
    notify,
    wait_for,
)
from .hand_driven import Cancelled
from .raising import sleep_by

if TYPE_CHECKING:
    from .crew import Crew
    from .hand_driven import HandWorld


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
            task.cancel(Cancelled())  # it waits for the notifier's lock
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


def test_it_raises_and_the_notifier_logs_it_first(
    world: HandWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A notifier without the lock sees that the waiter has left, and logs the error, as the waiter is about to get it."""
    errors = [OopsError()]

    class LoggedMeanwhile(Delegate):
        __slots__ = ()

        @property
        def error(self) -> Any:
            return errors.pop() if errors else None

        @error.setter
        def error(self, _error: Any) -> None:
            """What is set does not matter here."""

    monkeypatch.setattr(_condition_predicates, "Delegate", LoggedMeanwhile)
    condition = Condition(aiologic.BinarySemaphore())
    task = wait_for(world, condition, lambda: False, 1)
    assert task.time_out().result is False
    assert not errors
    assert is_unlocked(condition)


@each_lock
def test_a_notifier_that_is_interrupted(
    make: Callable[[], Any], world: HandWorld
) -> None:
    """What is not an Exception belongs to the notifier; nobody is forgotten."""
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
    """Contract 1.3.6: BusyResourceError. Anybody may notify under a semaphore."""
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
