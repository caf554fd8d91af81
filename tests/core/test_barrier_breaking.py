# SPDX-License-Identifier: ISC
"""What breaks a barrier, and who is told; and what does not break it (contract 1.3.2)."""

from __future__ import annotations

import signal
from math import inf, nan
from typing import TYPE_CHECKING, Any

import aiologic
import pytest
from aiologic import BrokenBarrierError

from .barriers import at, come, each_kind, outcome_of, result_of
from .hand_driven import Cancelled
from .raising import sleep_by

if TYPE_CHECKING:
    from .crew import Crew
    from .hand_driven import HandWorld


@each_kind
def test_abort(cls: Any, world: HandWorld, crew: Crew) -> None:
    """contract 1.3.2: all who wait, and all who come later; the error has no arguments."""
    barrier = cls(6)
    tasks = come(world, barrier, 2)
    threads = [crew.start(outcome_of, barrier.wait) for _ in range(2)]
    crew.wait_for_waiters(barrier, 4)
    barrier.abort()
    barrier.abort()
    assert barrier.broken
    assert barrier.waiting == 0
    for task in tasks:
        with pytest.raises(BrokenBarrierError) as broken:
            task.step()
        assert broken.value.args == ()
    assert [thread.result() for thread in threads] == [BrokenBarrierError] * 2
    for _ in range(2):
        assert outcome_of(barrier.wait) is BrokenBarrierError
        with pytest.raises(BrokenBarrierError):
            world.run(barrier.with_())


@each_kind
def test_abort_after_it_has_passed(cls: Any, world: HandWorld) -> None:
    """contract 1.3.2: it becomes broken, later waits raise; those who have passed are not told."""
    barrier = cls(2)
    tasks = come(world, barrier, 2)
    barrier.abort()
    assert barrier.broken
    results = [task.step().result for task in tasks]
    assert results == [result_of(barrier, index) for index in range(2)]
    assert outcome_of(barrier.wait) is BrokenBarrierError


@each_kind
@pytest.mark.skipif(
    not hasattr(signal, "pthread_kill"), reason="no signals for threads here"
)
def test_a_signal_handler_aborts_in_the_thread_that_waits(cls: Any, crew: Crew) -> None:
    barrier = cls(2)

    interrupted = crew.interrupts(barrier.abort, lambda: barrier.waiting == 1)
    with interrupted, pytest.raises(BrokenBarrierError):
        barrier.wait()


@each_kind
def test_time_runs_out(cls: Any, world: HandWorld) -> None:
    """contract 1.3.2: it is broken then, for the task that is late and for all others."""
    barrier = cls(4)
    tasks = come(world, barrier, 1)
    late = world.spawn(barrier.with_(2.5)).step()
    tasks += come(world, barrier, 1)
    assert late.timeout == 2.5
    with pytest.raises(BrokenBarrierError):
        late.time_out()
    assert barrier.broken
    for task in tasks:
        with pytest.raises(BrokenBarrierError):
            task.step()
    assert outcome_of(lambda: cls(2).wait(0.001)) is BrokenBarrierError


@each_kind
def test_passed_in_the_moment_when_time_is_up(cls: Any, world: HandWorld) -> None:
    barrier = cls(2)
    lucky = world.spawn(barrier.with_(2.5)).step()
    (last,) = come(world, barrier, 1)
    assert lucky.time_out().result == result_of(barrier, 0)
    assert last.step().result == result_of(barrier, 1)
    assert not barrier.broken


@each_kind
def test_cancelled_while_others_are_missing(cls: Any, world: HandWorld) -> None:
    """contract 1.3.2: the call raises its own exception, the others are told that it is broken."""
    barrier = cls(3)
    first, second = come(world, barrier, 2)
    with pytest.raises(Cancelled):
        first.cancel(Cancelled())
    assert barrier.broken
    with pytest.raises(BrokenBarrierError):
        second.step()


@each_kind
def test_a_thread_that_is_interrupted_breaks_it(
    cls: Any, world: HandWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    barrier = cls(3)
    (task,) = come(world, barrier, 1)

    def park(_timeout: float | None) -> bool:
        raise Cancelled

    sleep_by(monkeypatch, park)
    with pytest.raises(Cancelled):
        barrier.wait()
    assert barrier.broken
    with pytest.raises(BrokenBarrierError):
        task.step()


@each_kind
@pytest.mark.parametrize("who", ["first", "last"])
def test_cancelled_after_it_has_passed(cls: Any, world: HandWorld, who: str) -> None:
    """D20: it has taken part; nothing is broken, and the next phase is like any other."""
    barrier = cls(3)
    tasks = come(world, barrier, 3)
    unlucky = tasks.pop(0 if who == "first" else 2)
    with pytest.raises(Cancelled):
        unlucky.cancel(Cancelled())
    assert not barrier.broken
    indices = [1, 2] if who == "first" else [0, 1]
    assert [t.step().result for t in tasks] == [result_of(barrier, i) for i in indices]
    again = come(world, barrier, 3)
    for index, task in enumerate(again):
        if not task.is_done:
            assert task.step().result == result_of(barrier, index)


@each_kind
def test_a_task_that_never_runs_again_has_taken_part(
    cls: Any, world: HandWorld
) -> None:
    barrier = cls(2)
    first, last = come(world, barrier, 2)
    first._at.lost()  # type: ignore[attr-defined]
    first.coroutine.close()
    assert last.step().result == result_of(barrier, 1)
    assert not barrier.broken


@each_kind
def test_a_coroutine_that_is_thrown_away_breaks_it(cls: Any, world: HandWorld) -> None:
    barrier = cls(2)
    (first,) = come(world, barrier, 1)
    first.coroutine.close()
    assert barrier.broken


@each_kind
@pytest.mark.parametrize(
    ("timeout", "error"),
    [(nan, ValueError), (-1, ValueError), (-inf, ValueError), ("1", TypeError)],
)
@pytest.mark.parametrize("is_broken", [False, True])
def test_a_wrong_timeout_breaks_nothing(
    cls: Any, world: HandWorld, timeout: Any, error: type[Exception], is_broken: bool
) -> None:
    """D13: wait(-1) broke the barrier for everyone."""
    barrier = cls(2)
    if is_broken:
        barrier.abort()
    tasks = [] if is_broken else come(world, barrier, 1)
    before = repr(barrier)
    for wait in barrier.wait, lambda timeout: world.run(barrier.with_(timeout)):
        with pytest.raises(error, match="timeout"):
            wait(timeout)
    assert repr(barrier) == before
    assert barrier.broken is is_broken
    if tasks:
        assert barrier.wait(inf) == result_of(barrier, 1)
        assert tasks[0].step().result == result_of(barrier, 0)


@each_kind
def test_outside_of_async_worlds(cls: Any) -> None:
    """contract 1.2: nothing has changed."""
    barrier = cls(1)
    with pytest.raises(aiologic.AsyncLibraryNotFoundError):
        at(barrier).send(None)
    assert not barrier.broken
    assert barrier.wait() == result_of(barrier, 0)
