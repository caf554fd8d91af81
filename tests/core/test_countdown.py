# SPDX-License-Identifier: ISC
"""An event that happens when a count comes down to zero. (contract 1.3.1, ``CountdownEvent``)"""

from __future__ import annotations

import signal
import sys
from math import nan
from typing import TYPE_CHECKING, Any

import pytest
from aiologic import CountdownEvent, Event
from aiologic.lowlevel import enable_checkpoints

from .hand_driven import Cancelled

if TYPE_CHECKING:
    from .crew import Crew
    from .hand_driven import HandWorld


def held_up(*_: object) -> None:
    """Stops there."""


async def waited_for(event: CountdownEvent) -> bool:
    return await event


@pytest.mark.parametrize(("arguments", "value"), [((), 0), ((0,), 0), ((3,), 3)])
def test_it_begins_with_its_initial_value(
    arguments: tuple[int, ...], value: int
) -> None:
    """contract 1.3.1: 0 by default; the event has happened as long as the value is 0."""
    event = CountdownEvent(*arguments)
    assert (event.initial_value, event.value) == (value, value)
    assert bool(event) is (value == 0)
    assert event.wait(0) is (value == 0)


def test_a_wrong_initial_value_is_refused() -> None:
    """contract 1.3.1."""
    with pytest.raises(ValueError, match="initial_value must be >= 0"):
        CountdownEvent(-1)
    wrong: Any = "1"
    with pytest.raises(TypeError, match="initial_value"):
        CountdownEvent(wrong)


def test_it_is_no_event_of_the_other_kind() -> None:
    """contract 1.3.1: it is no subclass of Event, and does not have its methods."""
    event = CountdownEvent()
    assert not issubclass(CountdownEvent, Event)
    assert not hasattr(event, "set")
    assert not hasattr(event, "is_set")


def test_up_and_down() -> None:
    """contract 1.3.1."""
    event = CountdownEvent()
    event.up()
    event.up(2)
    event.up(count=3)
    assert event.value == 6
    for value in range(5, -1, -1):
        event.down()
        assert event.value == value
        assert bool(event) is (value == 0)
    assert event.initial_value == 0


def test_down_too_often() -> None:
    """contract 1.3.1."""
    event = CountdownEvent(1)
    event.down()
    with pytest.raises(RuntimeError, match=r"^down\(\) called too many times$"):
        event.down()
    assert event.value == 0


def test_what_can_not_be_counted_up_is_refused() -> None:
    """contract 1.3.1 [Q]: 0 does nothing; a negative count is an error, where 0.17.1 did nothing."""
    event = CountdownEvent(2)
    event.up(0)
    with pytest.raises(ValueError, match="count must be >= 0"):
        event.up(-1)
    wrong: Any = 1.0
    with pytest.raises(TypeError, match="count"):
        event.up(wrong)
    assert event.value == 2


@pytest.mark.parametrize("how", ["down", "clear"])
def test_all_who_wait_are_woken_at_nought(
    world: HandWorld, crew: Crew, how: str
) -> None:
    """contract 1.3.1."""
    event = CountdownEvent(2)
    tasks = [world.spawn(waited_for(event)).step() for _ in range(3)]
    threads = [crew.start(event.wait) for _ in range(3)]
    crew.wait_for_waiters(event, 6)
    if how == "down":
        event.down()
        assert event.waiting == 6
        event.down()
    else:
        event.clear()
    assert event.waiting == 0
    assert event.value == 0
    assert [task.step().result for task in tasks] == [True] * 3
    assert [thread.result() for thread in threads] == [True] * 3


def test_clear_at_nought_does_nothing() -> None:
    """contract 1.3.1."""
    event = CountdownEvent()
    event.clear()
    assert event.value == 0


def test_who_waits_is_released_though_it_goes_up_before_they_run(
    world: HandWorld,
) -> None:
    """contract 1.3.1: the rule of REvent."""
    event = CountdownEvent(1)
    first = world.spawn(waited_for(event)).step()
    event.down()
    event.up()
    second = world.spawn(waited_for(event)).step()
    assert first.step().result is True
    assert not second.is_woken
    assert event.waiting == 1
    event.clear()
    assert second.step().result is True


def test_repr(world: HandWorld) -> None:
    """contract 1.3.1."""
    assert "aiologic.CountdownEvent() at 0x" in repr(CountdownEvent())
    assert repr(CountdownEvent()).endswith(" [value=0]>")
    event = CountdownEvent(2)
    waiting = world.spawn(waited_for(event)).step()
    assert "aiologic.CountdownEvent(2) at 0x" in repr(event)
    assert repr(event).endswith(" [value=2, waiting=1]>")
    waiting.coroutine.close()


def test_it_takes_no_more_memory_for_a_large_count() -> None:
    """contract 1.3.1: 0.17.1 had an item for each unit."""
    event = CountdownEvent(10**30)
    event.up(10**30)
    event.down()
    assert event.value == 2 * 10**30 - 1
    assert not event._state
    if sys.implementation.name == "cpython":  # PyPy can't tell
        assert sys.getsizeof(event._state) < 200


def test_many_states_are_let_go_of_without_recursion() -> None:
    """A thread may refer to an old state, and drop it late."""
    event = CountdownEvent(1)
    oldest: Any = event._state
    for _ in range(100_000):
        event.up()
    assert oldest
    event._state = oldest  # written late
    assert event.value == 100_001
    event.down()
    assert not event._state
    del oldest


def test_the_one_who_counted_down_to_nought_is_held_up(
    world: HandWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A counts down to 0, and stops.   B counts up, or begins to wait: B wakes those who wait."""
    for b_comes in CountdownEvent.up, lambda event: event.wait(0):
        event = CountdownEvent(1)
        waiting = world.spawn(waited_for(event)).step()
        with monkeypatch.context() as patched:
            patched.setattr(CountdownEvent, "_happen", held_up)
            event.down()
        assert not waiting.is_woken

        b_comes(event)

        assert waiting.step().result is True


def test_time_runs_out_and_leaves_no_trace(world: HandWorld) -> None:
    """contract 1.2."""
    event = CountdownEvent(1)
    assert event.wait(0.001) is False
    late = world.spawn(event.with_(2.5)).step()
    assert event.waiting == 1
    assert late.time_out().result is False
    assert event.waiting == 0


@pytest.mark.parametrize("value", [0, 1])
@pytest.mark.parametrize(
    ("timeout", "error"), [(nan, ValueError), (-1, ValueError), ("1", TypeError)]
)
def test_a_wrong_timeout_is_refused(
    world: HandWorld, timeout: Any, error: type[Exception], value: int
) -> None:
    event = CountdownEvent(value)
    for wait in event.wait, lambda timeout: world.run(event.with_(timeout)):
        with pytest.raises(error, match="timeout"):
            wait(timeout)
    assert (event.waiting, event.value) == (0, value)


@pytest.mark.parametrize("is_woken", [False, True])
def test_cancelled(world: HandWorld, is_woken: bool) -> None:
    event = CountdownEvent(1)
    first, second = (world.spawn(waited_for(event)).step() for _ in range(2))
    if is_woken:
        event.down()
    with pytest.raises(Cancelled):
        first.cancel(Cancelled())
    event.clear()
    assert second.step().result is True


@pytest.mark.usefixtures("checkpoints_restored")
def test_one_checkpoint_where_nothing_is_waited_for(world: HandWorld) -> None:
    late = world.spawn(enable_checkpoints(waited_for)(CountdownEvent())).step()
    assert late.checkpoints == 1
    assert late.step().result is True


@pytest.mark.usefixtures("tiny_switch_interval")
def test_no_count_is_lost(crew: Crew) -> None:
    """Atomic without a lock: what went up comes down, and only one of all calls brings it to 0."""
    event = CountdownEvent(1)

    def count() -> bool:
        for _ in range(500):
            event.up(2)
            event.down()
            event.down()
        return True

    waiting = crew.start(event.wait)
    assert crew.race(count, count, count, count) == [True] * 4
    assert event.value == 1
    assert waiting.thread.is_alive()
    event.down()
    assert waiting.result() is True
    with pytest.raises(RuntimeError):
        event.down()


@pytest.mark.skipif(
    not hasattr(signal, "pthread_kill"), reason="no signals for threads here"
)
def test_a_signal_handler_counts_down_in_the_thread_that_waits(crew: Crew) -> None:
    """contract 1.2: signal safety of all events."""
    event = CountdownEvent(1)

    with crew.interrupts(event.down, lambda: event.waiting == 1):
        assert event.wait() is True
