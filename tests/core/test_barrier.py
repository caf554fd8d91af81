# SPDX-License-Identifier: ISC
"""Tasks that wait for each other, once or many times, and then go on together (contract 1.3.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aiologic import Barrier, BrokenBarrierError, Latch, RBarrier
from aiologic._runtime.detect import worlds
from aiologic.lowlevel import disable_checkpoints, enable_checkpoints

from .barriers import at, come, each_cyclic, each_kind, outcome_of, result_of
from .hand_driven import HandWaiter

if TYPE_CHECKING:
    from .crew import Crew
    from .hand_driven import HandWorld

# -- construction ----------------------------------------------------------------------------------------------------


@each_kind
def test_how_it_is_made(cls: Any) -> None:
    """contract 1.3.2: no parties by default; not a negative number."""
    assert cls().parties == 0
    assert cls(3).parties == 3
    with pytest.raises(ValueError, match="parties must be >= 0"):
        cls(-1)
    with pytest.raises(TypeError, match="parties"):
        cls("1")
    made = cls(2)
    assert (made.waiting, made.broken) == (0, False)


@each_kind
def test_many_parties_take_no_memory_before_they_come(cls: Any) -> None:
    """There is no list of places, which would take gigabytes here."""
    barrier = cls(10**12)
    assert outcome_of(lambda: barrier.wait(0)) is BrokenBarrierError


def test_kinds() -> None:
    """contract 1.3.2."""
    assert issubclass(RBarrier, Barrier)
    assert issubclass(BrokenBarrierError, RuntimeError)
    assert not hasattr(Barrier, "reset")
    assert not hasattr(Latch, "reset")
    assert not hasattr(Latch, "__enter__")


def test_boolean_values() -> None:
    """contract 1.3.2: barriers are always true, a latch once it has passed or is broken."""
    for barrier in Barrier(2), RBarrier(2):
        assert barrier
        barrier.abort()
        assert barrier
    latch = Latch(1)
    assert not latch
    latch.wait()
    assert latch
    latch = Latch(1)
    latch.abort()
    assert latch


@each_kind
def test_repr(cls: Any, world: HandWorld) -> None:
    """contract 1.3.2."""
    assert f"aiologic.{cls.__name__}() at 0x" in repr(cls())
    barrier = cls(2)
    assert f"aiologic.{cls.__name__}(2) at 0x" in repr(barrier)
    assert repr(barrier).endswith(" [filling, waiting=0]>")
    (first,) = come(world, barrier, 1)
    assert repr(barrier).endswith(" [filling, waiting=1]>")
    assert barrier.waiting == 1
    come(world, barrier, 1)
    assert barrier.waiting == 0
    passed = "draining" if cls is Latch else "filling, waiting=0"
    assert repr(barrier).endswith(f" [{passed}]>")
    first.step()
    barrier.abort()
    assert repr(barrier).endswith(" [broken]>")


@each_kind
def test_statistics(cls: Any, world: HandWorld, crew: Crew) -> None:
    """Which tasks wait, by library, and how many have yet to come."""
    barrier = cls(5)
    tasks = come(world, barrier, 2)
    threads = [crew.start(outcome_of, barrier.wait)]
    crew.wait_for_waiters(barrier, 3)
    said = barrier.statistics()
    assert (said.value, said.waiting) == (2, 3)
    assert said.waiting_by_library == {tasks[0]._at.library: 2, "threading": 1}  # type: ignore[attr-defined]
    barrier.abort()
    said = barrier.statistics()
    assert (said.value, said.waiting, said.waiting_by_library) == (0, 0, {})
    assert threads[0].result() is BrokenBarrierError
    assert cls(0).statistics().value == 0


# -- passing ---------------------------------------------------------------------------------------------------------


@each_kind
def test_all_go_on_together_in_the_order_of_arrival(
    cls: Any, world: HandWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """contract 1.3.2: resume order FIFO; the last yields once, so that the others go on before it."""
    order: list[HandWaiter] = []

    def listen(waiter: HandWaiter) -> None:
        order.append(waiter)

    monkeypatch.setattr(HandWaiter, "when_unparked", listen)
    barrier = cls(4)
    tasks = come(world, barrier, 3)
    waiters = [task._at for task in tasks]
    assert not any(task.is_woken for task in tasks)
    (last,) = come(world, barrier, 1)
    assert last.checkpoints == 1
    assert not last.is_done
    assert order == waiters
    for index, task in enumerate([*tasks, last]):
        assert task.step().result == result_of(barrier, index)
        assert task.is_done
    assert not barrier.broken
    assert barrier.waiting == 0


@each_kind
def test_one_alone(cls: Any, world: HandWorld) -> None:
    """contract 1.2: one switch each time, even with checkpoints off; an open latch has none."""
    barrier = cls(1)
    for turn in range(3):
        (task,) = come(world, barrier, 1)
        switches = 0 if cls is Latch and turn else 1
        assert task.checkpoints == switches
        if switches:
            task.step()
        assert task.is_done
        assert task.result == result_of(barrier, 0)
        assert barrier.wait() == result_of(barrier, 0)


@each_kind
def test_threads_and_tasks_meet(cls: Any, world: HandWorld, crew: Crew) -> None:
    barrier = cls(5)
    tasks = come(world, barrier, 1)
    threads = [crew.start(barrier.wait) for _ in range(2)]
    crew.wait_for_waiters(barrier, 3)
    tasks += come(world, barrier, 1)
    threads += [crew.start(barrier.wait)]
    results = [thread.result() for thread in threads]
    results += [task.step().result for task in tasks]
    if cls is Latch:
        assert results == [None] * 5
    else:
        assert sorted(results) == [0, 1, 2, 3, 4]
        assert tasks[0].result == 0
        assert tasks[1].result == 3


@each_cyclic
def test_it_is_passed_again_and_again(cls: Any, crew: Crew) -> None:
    """contract 1.3.2: cyclic; one phase after the other, and nobody gets ahead."""
    barrier = cls(4)
    arrivals: list[int] = []

    def meet() -> list[int]:
        indices = []
        for meeting in range(1, 51):
            arrivals.append(meeting)
            indices.append(barrier.wait())
            assert len(arrivals) >= 4 * meeting
        return indices

    indices = crew.race(meet, meet, meet, meet)
    assert [sorted(phase) for phase in zip(*indices)] == [[0, 1, 2, 3]] * 50
    assert barrier.waiting == 0


def test_surplus_waiters_form_the_next_phases_in_order(world: HandWorld) -> None:
    """contract 1.3.2."""
    barrier = Barrier(2)
    tasks = come(world, barrier, 5)
    assert [task.is_woken for task in tasks] == [True, False, True, False, False]
    assert [task.step().result for task in tasks[:4]] == [0, 1, 0, 1]
    assert barrier.waiting == 1
    tasks += come(world, barrier, 1)
    assert [task.step().result for task in tasks[4:]] == [0, 1]


def test_whoever_comes_to_an_open_latch_passes_at_once(world: HandWorld) -> None:
    """contract 1.3.2."""
    latch = Latch(2)
    tasks = come(world, latch, 5)
    assert [task.is_done for task in tasks] == [False, False, True, True, True]
    assert outcome_of(lambda: latch.wait(0)) is None
    assert world.run(latch.with_(0)) is None


def test_none_of_no_parties_ever_passes(world: HandWorld) -> None:
    """contract 1.3.2: with 0 parties only abort(), a time-out or a cancellation ends a wait."""
    for cls in Latch, Barrier, RBarrier:
        barrier: Any = cls(0)
        tasks = come(world, barrier, 3)
        assert barrier.waiting == 3
        assert not any(task.is_woken for task in tasks)
        barrier.abort()
        for task in tasks:
            with pytest.raises(BrokenBarrierError):
                task.step()
        late: Any = cls(0)
        with pytest.raises(BrokenBarrierError):
            late.wait(0)
        assert late.broken


# -- checkpoints -----------------------------------------------------------------------------------------------------


@each_kind
@pytest.mark.usefixtures("checkpoints_restored")
def test_checkpoints(cls: Any, world: HandWorld) -> None:
    """contract 1.2: a call that waits adds none; one on a broken or open one is a checkpoint."""
    wait = enable_checkpoints(at)
    barrier = cls(2)
    first = world.spawn(wait(barrier)).step()
    last = world.spawn(wait(barrier)).step()
    assert (first.checkpoints, last.checkpoints) == (0, 1)
    assert first.step().is_done
    assert last.step().is_done
    if cls is Latch:
        late = world.spawn(wait(barrier)).step()
        assert late.checkpoints == 1
        assert late.step().is_done
    barrier.abort()
    late = world.spawn(wait(barrier)).step()
    assert late.checkpoints == 1
    with pytest.raises(BrokenBarrierError):
        late.step()


@each_kind
@pytest.mark.usefixtures("checkpoints_restored")
def test_green_checkpoints(cls: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Always one for the last to come; one where checkpoints are on, if there is nobody to wait for."""
    made: list[None] = []
    thread = type(worlds.green_backend())
    monkeypatch.setattr(thread, "checkpoint", staticmethod(lambda: made.append(None)))
    barrier = cls(1)
    barrier.wait()
    assert len(made) == 1
    barrier.abort()
    for expected, switch in (1, disable_checkpoints), (2, enable_checkpoints):
        with switch(), pytest.raises(BrokenBarrierError):
            barrier.wait()
        assert len(made) == expected
