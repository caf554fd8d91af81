# SPDX-License-Identifier: ISC
"""Latches and barriers: all parties go on together, or none does.

If one of these fails: look at duties 3 and 4, since the last to come wakes all others,
some of which may not sleep yet. If only a cancellation has the wrong outcome, look at
``World.wakes_first``; if only a count of switches is wrong, at what counts as one
(``World.traps_are_switches``).
"""

from __future__ import annotations

import pytest

import aiologic

from .._stage import CANCELLED, SHORT, until
from ..operations import wait
from .timeouts import WRONG, counted, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .._stage import Actor, Call, Stage
    from ..catalogue import Kind


def waiting(barrier: Any, stage: Stage, count: int) -> list[Call]:
    """Have ``count`` tasks of a world come, one after the other."""
    calls: list[Call] = []
    before = barrier.waiting
    for number in range(1, count + 1):
        calls.append(stage.actor().starts(wait(barrier)))
        until(lambda: barrier.waiting == before + number)  # noqa: B023  # called at once
    return calls


def place(barrier: Any, index: int) -> int | None:
    """What a wait returns: its index; or ``None``, for latches."""
    return None if isinstance(barrier, aiologic.Latch) else index


def is_broken_for(calls: list[Call]) -> None:
    for call in calls:
        with pytest.raises(aiologic.BrokenBarrierError):
            call.result()


def test_all_go_on_when_the_last_has_come(
    stage: Stage, threads: Stage, barriers: Kind
) -> None:
    barrier = barriers.cls(5)
    calls = [
        *waiting(barrier, stage, 2),
        *waiting(barrier, threads, 1),
        *waiting(barrier, stage, 1),
    ]
    assert not any(call.is_done for call in calls)

    last = stage.actor().does(wait(barrier))

    places = [*(call.result() for call in calls), last]
    assert places == [place(barrier, index) for index in range(5)]
    assert barrier.waiting == 0
    assert not barrier.broken


def test_they_meet_again_and_again(
    stage: Stage, threads: Stage, barriers: Kind
) -> None:
    barrier = barriers.cls(2)
    actor, other = stage.actor(), threads.actor()
    for turn in range(10):
        meet(barrier, *((actor, other) if turn % 2 else (other, actor)))


def meet(barrier: Any, first: Actor, second: Actor) -> None:
    call = first.starts(wait(barrier))
    # A wait for a latch that is already open ends at once.
    until(lambda: barrier.waiting == 1 or call.is_done)
    assert second.does(wait(barrier)) == place(barrier, 1)
    assert call.result() == place(barrier, 0)


def test_a_time_out_breaks_it(stage: Stage, threads: Stage, barriers: Kind) -> None:
    for timeout in 0, SHORT:
        barrier = barriers.cls(4)
        calls = waiting(barrier, stage, 1) + waiting(barrier, threads, 1)

        with pytest.raises(aiologic.BrokenBarrierError):
            stage.actor().does(wait(barrier, timeout))

        is_broken_for(calls)
        assert barrier.broken
        assert barrier.waiting == 0


def test_a_cancellation_breaks_it(
    cancelling_stage: Stage, threads: Stage, barriers: Kind
) -> None:
    barrier = barriers.cls(4)
    victim, *calls = waiting(barrier, cancelling_stage, 2)
    calls += waiting(barrier, threads, 1)

    cancelling_stage.inside(victim.cancel)

    assert victim.result() == CANCELLED
    is_broken_for(calls)
    assert barrier.broken


def test_a_cancellation_after_its_pass_breaks_nothing(
    cancelling_stage: Stage, threads: Stage, barriers: Kind
) -> None:
    """The last comes, and a task is cancelled before it could run again: it has taken part (D20).

    Whether it gets the exception or the result depends on the library.
    """
    barrier = barriers.cls(3)
    victim, other = waiting(barrier, cancelling_stage, 2)

    with cancelling_stage.frozen() as inside:
        assert threads.actor().does(wait(barrier)) == place(barrier, 2)
        inside(victim.cancel)

    assert victim.result() in (CANCELLED, place(barrier, 0))
    assert other.result() == place(barrier, 1)
    assert not barrier.broken
    assert barrier.waiting == 0


@pytest.mark.parametrize(("timeout", "error", "text"), WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("is_broken", [False, True], ids=["filling", "broken"])
def test_a_wrong_time_out_does_not_break_it(
    stage: Stage,
    barriers: Kind,
    timeout: Any,
    error: type[Exception],
    text: str,
    is_broken: bool,
) -> None:
    """D13: there, it was broken for all others, too."""
    barrier = barriers.cls(2)
    calls = waiting(barrier, stage, 1)
    if is_broken:
        barrier.abort()
    before = repr(barrier)

    with pytest.raises(error, match=text) as refused:
        stage.actor().does(wait(barrier, timeout))

    assert names(refused.value, timeout)
    assert repr(barrier) == before
    barrier.abort()
    is_broken_for(calls)


def test_abort_breaks_all_waits_now_and_later(
    stage: Stage, threads: Stage, barriers: Kind
) -> None:
    barrier = barriers.cls(4)
    calls = waiting(barrier, stage, 2) + waiting(barrier, threads, 1)

    barrier.abort()

    is_broken_for(calls)
    for actor in stage.actor(), threads.actor():
        for timeout in None, 0, SHORT:
            with pytest.raises(aiologic.BrokenBarrierError):
                actor.does(wait(barrier, timeout))
    assert barrier.broken


def test_each_wait_is_one_switch_also_the_last(
    async_stage: Stage, barriers: Kind
) -> None:
    """Whether calls are checkpoints in that world or not."""
    barrier = barriers.cls(2)
    call = async_stage.actor().starts(counted(wait(barrier)))
    until(lambda: barrier.waiting == 1)

    last = async_stage.actor().does(counted(wait(barrier)))

    assert last == (place(barrier, 1), 1)
    assert call.result() == (place(barrier, 0), 1)
