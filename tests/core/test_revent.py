# SPDX-License-Identifier: ISC
"""An event that can be cleared: who is released by which set(). (contract 1.3.1, ``REvent``)"""

from __future__ import annotations

import signal
from math import nan
from typing import TYPE_CHECKING, Any

import pytest
from aiologic import Event, REvent
from aiologic.lowlevel import enable_checkpoints

from .hand_driven import Cancelled

if TYPE_CHECKING:
    from .crew import Crew
    from .hand_driven import HandTask, HandWorld


async def waited_for(event: REvent) -> bool:
    return await event


def test_it_happens_and_happens_again() -> None:
    """contract 1.3.1: a subclass of Event, with clear(); neither has an effect if there is nothing to change."""
    event = REvent()
    assert isinstance(event, Event)
    event.clear()
    for _ in range(3):
        assert (event.is_set(), bool(event)) == (False, False)
        event.set()
        event.set()
        assert (event.is_set(), bool(event)) == (True, True)
        assert event.wait(0) is True
        event.clear()
        event.clear()
    assert event.wait(0) is False


def test_repr(world: HandWorld) -> None:
    """contract 1.3.1: the states of an Event."""
    event = REvent()
    assert repr(event).endswith(" [unset, waiting=0]>")
    waiting = world.spawn(waited_for(event)).step()
    assert repr(event).endswith(" [unset, waiting=1]>")
    event.set()
    assert repr(event).endswith(" [set]>")
    event.clear()
    assert repr(event).endswith(" [unset, waiting=0]>")
    assert waiting.step().result is True


def test_who_waits_is_released_though_it_is_cleared_before_they_run(
    world: HandWorld, crew: Crew
) -> None:
    """contract 1.3.1: set() releases those queued before it, even if clear() follows at once."""
    event = REvent()
    tasks = [world.spawn(waited_for(event)).step() for _ in range(3)]
    threads = [crew.start(event.wait) for _ in range(3)]
    crew.wait_for_waiters(event, 6)

    event.set()
    event.clear()
    assert event.waiting == 0

    assert [task.step().result for task in tasks] == [True] * 3
    assert [thread.result() for thread in threads] == [True] * 3
    assert not event


def test_who_comes_after_clear_is_not_released_by_the_set_before(
    world: HandWorld,
) -> None:
    """contract 1.3.1: each set() has its own."""
    event = REvent()
    first = world.spawn(waited_for(event)).step()
    event.set()
    event.clear()
    second = world.spawn(waited_for(event)).step()
    # The first goes on, and would wake everybody whom it finds.
    assert first.step().result is True
    assert not second.is_woken
    event.set()
    event.clear()
    third = world.spawn(waited_for(event)).step()
    assert second.step().result is True
    assert not third.is_woken
    third.coroutine.close()
    assert event.waiting == 0


def test_a_loop_of_waits_does_not_run_away(world: HandWorld) -> None:
    """contract 1.3.1: a task that waits again at once is not woken by the set() that released it."""
    event = REvent()
    rounds = 0

    async def wait_again() -> None:
        nonlocal rounds
        while True:
            await event
            rounds += 1

    def all_rest(tasks: list[HandTask]) -> bool:
        return not any(task.is_woken for task in tasks)

    tasks = [world.spawn(wait_again()).step() for _ in range(3)]
    for expected in 3, 6:
        event.set()
        event.clear()
        for task in tasks:
            task.step()
        assert rounds == expected
        assert all_rest(tasks)
    for task in tasks:
        task.coroutine.close()


def test_one_who_was_descheduled_between_looking_and_joining_is_released(
    world: HandWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A finds it unset.   B sets and clears it, and finds nobody.   A joins.

    A had come before the set(): what it waits for has happened.
    """
    event = REvent()
    period = event._period
    create_waiter = world.create_waiter

    def create_late() -> Any:
        event.set()
        event.clear()
        return create_waiter()

    monkeypatch.setattr(world, "create_waiter", create_late)
    late = world.spawn(event.with_(5)).step()
    assert late.step().result is True
    assert event._current() is not period


def test_of_two_clears_at_once_the_second_does_nothing() -> None:
    """A and B find it set.   A clears it, and C sets it again.   B comes late."""
    event = REvent()
    event.set()
    late_clear = event._period  # what B has found
    event.clear()
    event.set()

    late_clear.next.append(type(late_clear)())  # B goes on
    event._period = late_clear.next[0]

    assert event.is_set()


def test_an_older_period_written_late_does_no_harm() -> None:
    event = REvent()
    oldest = event._period
    for _ in range(3):
        event.set()
        event.clear()
    event.set()
    event._period = oldest
    assert event.is_set()
    event.clear()
    assert not event.is_set()
    assert not event._period.next


def test_many_periods_are_let_go_of_without_recursion() -> None:
    """A thread may refer to an old period, and drop it late."""
    event = REvent()
    oldest: Any = event._period
    for _ in range(100_000):
        event.set()
        event.clear()
    assert oldest.next
    del event, oldest


def test_time_runs_out_and_leaves_no_trace(world: HandWorld) -> None:
    """contract 1.2: a time-out returns False."""
    event = REvent()
    assert event.wait(0.001) is False
    late = world.spawn(event.with_(2.5)).step()
    assert event.waiting == 1
    assert late.time_out().result is False
    assert event.waiting == 0


def test_set_and_cleared_in_the_moment_when_time_is_up(world: HandWorld) -> None:
    event = REvent()
    lucky = world.spawn(event.with_(2.5)).step()
    event.set()
    event.clear()
    assert lucky.time_out().result is True


@pytest.mark.parametrize("is_set", [False, True])
@pytest.mark.parametrize(
    ("timeout", "error"), [(nan, ValueError), (-1, ValueError), ("1", TypeError)]
)
def test_a_wrong_timeout_is_refused(
    world: HandWorld, timeout: Any, error: type[Exception], is_set: bool
) -> None:
    event = REvent()
    if is_set:
        event.set()
    for wait in event.wait, lambda timeout: world.run(event.with_(timeout)):
        with pytest.raises(error, match="timeout"):
            wait(timeout)
    assert event.waiting == 0
    assert event.is_set() is is_set


def test_cancelled_after_it_was_set_and_cleared(world: HandWorld) -> None:
    event = REvent()
    first, second = (world.spawn(waited_for(event)).step() for _ in range(2))
    event.set()
    event.clear()
    with pytest.raises(Cancelled):
        first.cancel(Cancelled())
    assert second.step().result is True


@pytest.mark.usefixtures("checkpoints_restored")
def test_one_checkpoint_where_nothing_is_waited_for(world: HandWorld) -> None:
    event = REvent()
    event.set()
    late = world.spawn(enable_checkpoints(waited_for)(event)).step()
    assert late.checkpoints == 1
    assert late.step().result is True


@pytest.mark.skipif(
    not hasattr(signal, "pthread_kill"), reason="no signals for threads here"
)
def test_a_signal_handler_sets_and_clears_it_in_the_thread_that_waits(
    crew: Crew,
) -> None:
    """contract 1.2: signal safety of all events."""
    event = REvent()

    def handle() -> None:
        event.set()
        event.clear()

    with crew.interrupts(handle, lambda: event.waiting == 1):
        assert event.wait() is True


@pytest.mark.usefixtures("tiny_switch_interval")
def test_nobody_misses_a_set_while_others_clear(crew: Crew) -> None:
    """Each waits for two events in turn; a task that passes one sets the other."""
    here, there = REvent(), REvent()

    def to_and_fro(mine: REvent, other: REvent) -> bool:
        for _ in range(300):
            if not mine.wait(20.0):
                return False
            mine.clear()
            other.set()
        return True

    here.set()
    assert crew.race(
        lambda: to_and_fro(here, there), lambda: to_and_fro(there, here)
    ) == [True, True]
