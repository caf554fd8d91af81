# SPDX-License-Identifier: ISC
"""Duty 7: a wait ends in time, whatever number of seconds that is, and its time-out ends with it."""

from __future__ import annotations

import gc
import math

import pytest

from .._duties import ACCEPTED, LEFT, Wait, in_turn, park, settled
from .._stage import CANCELLED, SHORT, Operation, Stage, until
from .._switches import switches_of
from ..operations import run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..._runtime.interface import Backend
    from .._duties import Waker
    from .._stage import Actor

# Beyond 31 bits of milliseconds, 64 bits of nanoseconds or milliseconds, and what can be added to a clock.
HUGE = {
    "31 bits of ms": 2**31 / 1000,
    "25 days": 2.2e6,
    "63 bits of ns": 2**63 / 1e9,
    "64 bits of s": 2.0**64,
    "1e300": 1e300,
}
HUGE_TIMEOUTS = pytest.mark.parametrize("timeout", HUGE.values(), ids=list(HUGE))


@pytest.mark.parametrize("timeout", [0, 0.0, SHORT / 100, SHORT], ids=repr)
def test_a_wait_ends_when_its_time_is_up(
    stage: Stage, backend: Backend, timeout: float
) -> None:
    """park() returns False, and raises nothing; the task can wait again.

    If this fails: the library's own time-out exception has to be caught in park(),
    and only that very one (those of other time-outs have to pass). If the second
    wait is disturbed: the first one's timer is still running; cancel it in a
    ``finally``.
    """
    wait, next_wait = Wait(backend), Wait(backend)
    call = stage.actor().starts(in_turn(park(wait, timeout), park(next_wait)))
    settled(stage, next_wait)

    assert wait.returned is False
    assert wait.heard == [LEFT]
    assert not call.is_done
    next_wait.wake()
    assert call.result() == [False, True]


def test_time_does_not_run_out_early(stage: Stage, backend: Backend) -> None:
    """The wait lasts as long as it was told, by the backend's own clock.

    If this fails: clock() and the time-outs have to use the same clock; some
    libraries compute deadlines from a time that was read at the beginning of
    their turn. (Libraries that count in whole milliseconds may be off by one.)
    """
    now = run(backend.clock)
    both = in_turn(now, park(Wait(backend), SHORT), now)

    began, woken, ended = stage.actor().does(both)

    assert woken is False
    assert ended - began > SHORT - 0.0011


def test_no_time_is_one_look(async_stage: Stage, backend: Backend) -> None:
    """park(0) yields to the loop once, so that a wake-up on its way can arrive.

    If this fails: core's calls would be checkpoints in one library and not in
    another. Treat a time-out of 0 in the same way as any other.
    """
    wait = Wait(backend)
    parked = park(wait, 0)
    counted = parked._replace(aio=lambda: switches_of(parked.aio()))

    assert async_stage.actor().does(counted) == (False, 1)


@HUGE_TIMEOUTS
def test_a_huge_time_out_does_not_overflow(
    stage: Stage, backend: Backend, wake_in: Waker, timeout: float
) -> None:
    """It neither overflows nor ends at once.

    If this fails: wait in portions that the library can count. A timer that goes
    off while there is time left starts itself again.
    """
    wait = Wait(backend)
    call = stage.actor().starts(park(wait, timeout))
    settled(stage, wait)
    assert not call.is_done

    wake_in(stage, wait.wake)

    assert call.result() is True
    assert wait.heard == [ACCEPTED]


@HUGE_TIMEOUTS
def test_a_huge_time_out_is_cancelled(
    cancelling_stage: Stage, backend: Backend, timeout: float
) -> None:
    """Cancellation comes through even if the wait consists of portions.

    If this fails: the end of a portion is mistaken for the end of the wait, or the
    loop over the portions goes on after an exception.
    """
    wait = Wait(backend)
    call = cancelling_stage.actor().starts(park(wait, timeout))
    settled(cancelling_stage, wait)

    cancelling_stage.inside(call.cancel)

    assert call.result() == CANCELLED
    assert wait.heard == [LEFT]


@pytest.mark.parametrize("ended_by", ["wake-up", "cancellation"])
def test_a_wait_that_is_over_leaves_no_timer(
    stage: Stage, backend: Backend, request: pytest.FixtureRequest, ended_by: str
) -> None:
    """Nothing holds a waiter whose wait ended long before its time.

    If this fails: cancel the timer in a ``finally`` of park(). If the library
    keeps cancelled timers until their time has come, make sure that they hold
    neither the waiter nor its task.
    """
    if ended_by == "cancellation":
        request.getfixturevalue("cancelling_world")
    actor = stage.actor()
    kind = one_wait(stage, actor, backend, ended_by)

    def left() -> int:
        gc.collect()
        return sum(type(thing) is kind for thing in gc.get_objects())

    before = left()
    for _ in range(20):
        one_wait(stage, actor, backend, ended_by)

    # Whatever resumed the last one may still refer to it.
    until(lambda: left() <= before + 1, "the waiters are collected")


def one_wait(stage: Stage, actor: Actor, backend: Backend, ended_by: str) -> type:
    """Begin and end a wait; return the class of its waiter, and keep no reference to it."""
    wait = Wait(backend)
    call = actor.starts(park(wait, 1e6))
    settled(stage, wait)
    if ended_by == "cancellation":
        stage.inside(call.cancel)
        assert call.result() == CANCELLED
    else:
        wait.wake()
        assert call.result() is True
    return type(wait.waiter)


def test_limits_are_told(stage: Stage, backend: Backend) -> None:
    """longest_sleep() and longest_timeout() are finite numbers of seconds.

    If this fails: return the most that the library itself accepts, or keep the
    inherited methods.
    """
    limits = in_turn(run(backend.longest_sleep), run(backend.longest_timeout))

    for limit in stage.actor().does(limits):
        assert 1 < limit < math.inf


def test_waits_of_several_tasks_run_out_in_their_order(
    runtime_stage: Stage, backend: Backend
) -> None:
    """Each has a time-out of its own.

    If this fails: the time-out is stored in something that waiters share.
    """
    ended: list[int] = []

    def noting(number: int) -> Operation:
        note = run(lambda: ended.append(number))
        return in_turn(park(Wait(backend), SHORT * (1 + 2 * number)), note)

    calls = [runtime_stage.actor().starts(noting(number)) for number in (2, 0, 1)]

    for call in calls:
        call.result()
    assert ended == [0, 1, 2]
