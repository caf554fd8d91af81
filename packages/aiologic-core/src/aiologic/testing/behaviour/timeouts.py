# SPDX-License-Identifier: ISC
"""Time-outs: none, zero, short, longer than any library can count, and wrong ones.

If one of these fails: look at duty 7; if a wake-up on its way is missed with a time-out
of 0, ``park(0)`` does not yield to the loop (duty 2); if only a count of switches is
wrong, look at ``World.traps_are_switches``.
"""

from __future__ import annotations

import math

import pytest

from .._stage import SHORT, Operation, Stage, until
from .._switches import switches_of
from ..catalogue import happen
from ..operations import acquire, release, run, wait

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    import aiologic

    from ..operations import Exclusive

# Beyond the limits of asyncio's loop, of uvloop (64 bits of milliseconds), of raw locks, of 31 bits of milliseconds, and
# of what a float can hold.
HUGE: dict[str, float] = {
    "25 days": 2.2e6,
    "32 bits": 2.0**32,
    "64 bits": 2.0**64,
    "1e300": 1e300,
    "an integer beyond all floats": 10**400,
    "infinity": math.inf,
}
WRONG: dict[str, tuple[Any, type[Exception], str]] = {
    "negative": (-1, ValueError, "non-negative"),
    "minus infinity": (-math.inf, ValueError, "non-negative"),
    "not a number": (math.nan, ValueError, "non-NaN"),
    "a text": ("1", TypeError, "'1'"),
}


@pytest.mark.parametrize("timeout", [0, 0.0, SHORT])
def test_time_runs_out(
    stage: Stage, threads: Stage, exclusive: Exclusive, timeout: float
) -> None:
    holder, waiter = threads.actor(), stage.actor()
    holder.does(acquire(exclusive))

    assert waiter.does(acquire(exclusive, timeout=timeout)) is False

    assert exclusive.waiting == 0
    holder.does(release(exclusive))
    assert waiter.does(acquire(exclusive, timeout=timeout)) is True
    waiter.does(release(exclusive))


@pytest.mark.parametrize("timeout", HUGE.values(), ids=HUGE)
def test_a_huge_time_out_is_waited_for(
    stage: Stage, threads: Stage, exclusive: Exclusive, timeout: float
) -> None:
    """It neither overflows nor ends at once."""
    holder, waiter = threads.actor(), stage.actor()
    holder.does(acquire(exclusive))

    call = waiter.starts(acquire(exclusive, timeout=timeout))
    until(lambda: exclusive.waiting == 1)
    stage.actor().does(run(lambda: None))  # the loop has had a chance to fail
    assert not call.is_done

    holder.does(release(exclusive))
    assert call.result() is True


@pytest.mark.parametrize("timeout", [5, SHORT, *HUGE.values()], ids=str)
def test_an_event_is_set_in_time(
    stage: Stage, event: aiologic.Event, timeout: float
) -> None:
    call = stage.actor().starts(wait(event, timeout))
    until(lambda: event.waiting == 1 or call.is_done)

    happen(event)

    # Only a SHORT wait can have ended before that.
    assert call.result() is True or timeout == SHORT
    assert event.waiting == 0


@pytest.mark.parametrize("timeout", [0, SHORT])
def test_an_event_is_not_set_in_time(
    stage: Stage, event: aiologic.Event, timeout: float
) -> None:
    assert stage.actor().does(wait(event, timeout)) is False
    assert event.waiting == 0


def test_one_trip_through_the_scheduler_is_enough_to_hear_what_was_sent(
    runtime_stage: Stage, threads: Stage, exclusive: Exclusive
) -> None:
    """With a time-out of 0, a task gets a lock that another task of the loop is about to release."""
    holder, waiter = runtime_stage.actor(), runtime_stage.actor()
    holder.does(acquire(exclusive))

    with runtime_stage.frozen():
        # Both have their orders before either runs, the waiter first: it joins the queue, then the holder releases.
        call = waiter.starts(acquire(exclusive, timeout=0))
        holder.starts(release(exclusive))

    # trio runs its tasks in any order, so the waiter may even come when it is free.
    if call.result():
        waiter.does(release(exclusive))
    assert exclusive.waiting == 0
    until(lambda: threads.actor().does(acquire(exclusive, blocking=False)))


@pytest.mark.parametrize("timeout", [0, SHORT])
def test_a_wait_is_one_switch(
    async_stage: Stage, threads: Stage, exclusive: Exclusive, timeout: float
) -> None:
    """Even if calls are checkpoints: a call that waits does not add a second switch."""
    threads.actor().does(acquire(exclusive))
    attempt = counted(acquire(exclusive, timeout=timeout))
    assert async_stage.actor().does(attempt) == (False, 1)


@pytest.mark.parametrize("timeout", [0, SHORT])
def test_a_wait_for_an_event_is_one_switch(
    async_stage: Stage, event: aiologic.Event, timeout: float
) -> None:
    assert async_stage.actor().does(counted(wait(event, timeout))) == (False, 1)


@pytest.mark.parametrize(("timeout", "error", "text"), WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("free", [True, False], ids=["free", "held"])
def test_a_wrong_time_out_changes_nothing(
    stage: Stage,
    threads: Stage,
    exclusive: Exclusive,
    timeout: Any,
    error: type[Exception],
    text: str,
    free: bool,
) -> None:
    """Contract 1.2, except that the time-out is checked even if there is no need to wait."""
    holder, actor = threads.actor(), stage.actor()
    if not free:
        holder.does(acquire(exclusive))
    before = repr(exclusive)

    with pytest.raises(error, match=text) as refused:
        actor.does(acquire(exclusive, timeout=timeout))

    assert names(refused.value, timeout)
    assert repr(exclusive) == before
    # A call that does not wait ignores it.
    assert actor.does(acquire(exclusive, blocking=False, timeout=timeout)) is free


@pytest.mark.parametrize(("timeout", "error", "text"), WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("has_happened", [False, True])
def test_a_wrong_time_out_changes_no_event(
    stage: Stage,
    event: aiologic.Event,
    timeout: Any,
    error: type[Exception],
    text: str,
    has_happened: bool,
) -> None:
    if has_happened:
        happen(event)
    before = repr(event)

    with pytest.raises(error, match=text) as refused:
        stage.actor().does(wait(event, timeout))

    assert names(refused.value, timeout)
    assert repr(event) == before


def names(error: Exception, timeout: object) -> bool:
    """Whether the message says which argument is wrong, and what it was."""
    return str(error).startswith("timeout must be ") and repr(timeout) in str(error)


def counted(operation: Operation) -> Operation:
    return operation._replace(aio=lambda: switches_of(operation.aio()))
