# SPDX-License-Identifier: ISC
"""Tasks that wait for each other, once or again and again. (contract 1.3.2)"""

from __future__ import annotations

import gc
import signal
from math import inf, nan
from typing import TYPE_CHECKING, Any, Callable

import aiologic
import pytest
from aiologic import Barrier, BrokenBarrierError, Latch, RBarrier
from aiologic._phase import BROKEN, Phase
from aiologic._runtime.detect import worlds
from aiologic.lowlevel import disable_checkpoints, enable_checkpoints

from .hand_driven import HandWaiter
from .raising import GreenHandWaiter

if TYPE_CHECKING:
    from .crew import Crew
    from .hand_driven import HandTask, HandWorld

EACH = pytest.mark.parametrize("cls", [Latch, Barrier, RBarrier])
CYCLIC = pytest.mark.parametrize("cls", [Barrier, RBarrier])


class Cancelled(BaseException):
    """What this library throws into its tasks."""


async def at(barrier: Any) -> Any:
    return await barrier


def come(world: HandWorld, barrier: Any, count: int) -> list[HandTask]:
    """So many tasks come, one after the other."""
    return [world.spawn(at(barrier)).step() for _ in range(count)]


def result_of(barrier: Any, index: int) -> int | None:
    return None if isinstance(barrier, Latch) else index


# -- construction ----------------------------------------------------------------------------------------------------


@EACH
def test_how_it_is_made(cls: Any) -> None:
    """contract 1.3.2: 0 if nothing is said, not negative."""
    assert cls().parties == 0
    assert cls(3).parties == 3
    with pytest.raises(ValueError, match="parties must be >= 0"):
        cls(-1)
    with pytest.raises(TypeError, match="parties"):
        cls("1")
    made = cls(2)
    assert (made.waiting, made.broken) == (0, False)


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


@EACH
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


@EACH
def test_statistics(cls: Any, world: HandWorld, crew: Crew) -> None:
    """Who waits, by library, and how many have to come still."""
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


@EACH
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


@EACH
def test_one_alone(cls: Any, world: HandWorld) -> None:
    """contract 1.2: one switch each time, even with checkpoints off; a latch that is open has none."""
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


@EACH
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


@CYCLIC
def test_it_is_passed_again_and_again(cls: Any, crew: Crew) -> None:
    """contract 1.3.2: cyclic; phase after phase, and nobody goes ahead."""
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


# -- breaking --------------------------------------------------------------------------------------------------------


@EACH
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


def outcome_of(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except BrokenBarrierError:
        return BrokenBarrierError


@EACH
def test_time_runs_out(cls: Any, world: HandWorld) -> None:
    """contract 1.3.2: it is broken then, for the late one and for all others."""
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


@EACH
def test_passed_in_the_moment_when_time_is_up(cls: Any, world: HandWorld) -> None:
    barrier = cls(2)
    lucky = world.spawn(barrier.with_(2.5)).step()
    (last,) = come(world, barrier, 1)
    assert lucky.time_out().result == result_of(barrier, 0)
    assert last.step().result == result_of(barrier, 1)
    assert not barrier.broken


@EACH
def test_cancelled_while_others_are_missing(cls: Any, world: HandWorld) -> None:
    """contract 1.3.2: the call raises its own exception, the others hear that it is broken."""
    barrier = cls(3)
    first, second = come(world, barrier, 2)
    with pytest.raises(Cancelled):
        first.cancel(Cancelled())
    assert barrier.broken
    with pytest.raises(BrokenBarrierError):
        second.step()


@EACH
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


@EACH
def test_a_task_that_never_runs_again_has_taken_part(
    cls: Any, world: HandWorld
) -> None:
    barrier = cls(2)
    first, last = come(world, barrier, 2)
    first._at.lost()  # type: ignore[attr-defined]
    first.coroutine.close()
    assert last.step().result == result_of(barrier, 1)
    assert not barrier.broken


@EACH
def test_a_coroutine_that_is_thrown_away_breaks_it(cls: Any, world: HandWorld) -> None:
    barrier = cls(2)
    (first,) = come(world, barrier, 1)
    first.coroutine.close()
    assert barrier.broken


@EACH
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


@EACH
def test_outside_of_async_worlds(cls: Any) -> None:
    """contract 1.2: nothing is changed."""
    barrier = cls(1)
    with pytest.raises(aiologic.AsyncLibraryNotFoundError):
        at(barrier).send(None)
    assert not barrier.broken
    assert barrier.wait() == result_of(barrier, 0)


def test_abort_after_a_latch_has_passed(world: HandWorld) -> None:
    """contract 1.3.2: becomes broken, later waits raise; those who have passed don't hear of it."""
    latch = Latch(2)
    tasks = come(world, latch, 2)
    latch.abort()
    assert latch.broken
    assert [task.step().result for task in tasks] == [None, None]
    assert outcome_of(latch.wait) is BrokenBarrierError


@CYCLIC
def test_abort_after_a_phase_has_passed(cls: Any, world: HandWorld) -> None:
    """contract 1.3.2: breaks; those who have passed don't hear of it."""
    barrier = cls(2)
    tasks = come(world, barrier, 2)
    barrier.abort()
    assert barrier.broken
    assert [task.step().result for task in tasks] == [0, 1]
    assert outcome_of(barrier.wait) is BrokenBarrierError


def test_reset_of_one_that_is_filling(world: HandWorld) -> None:
    """contract 1.3.2: those who wait get BrokenBarrierError; it is empty and unbroken."""
    barrier = RBarrier(3)
    tasks = come(world, barrier, 2)
    barrier.reset()
    assert (barrier.waiting, barrier.broken) == (0, False)
    again = come(world, barrier, 3)
    for task in tasks:
        with pytest.raises(BrokenBarrierError):
            task.step()
    assert [task.step().result for task in again] == [0, 1, 2]


def test_reset_of_a_broken_one(world: HandWorld) -> None:
    """contract 1.3.2: also from broken."""
    barrier = RBarrier(2)
    for _ in range(2):
        barrier.abort()
        barrier.reset()
        assert not barrier.broken
    tasks = come(world, barrier, 2)
    assert [task.step().result for task in tasks] == [0, 1]


def test_reset_of_an_empty_one() -> None:
    barrier = RBarrier(2)
    phase = barrier._phase
    barrier.reset()
    assert barrier._phase is phase


def test_reset_of_one_that_breaks_in_this_moment(
    world: HandWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sees one that is filling.   B breaks it for good.   A sees it broken, and comes second with a new phase."""
    barrier = RBarrier(3)
    tasks = come(world, barrier, 2)
    current = RBarrier._current

    def current_then_broken(self: RBarrier) -> Any:
        phase = current(self)
        monkeypatch.undo()
        self.abort()
        return phase

    monkeypatch.setattr(RBarrier, "_current", current_then_broken)
    barrier.reset()

    assert not barrier.broken
    for task in tasks:
        with pytest.raises(BrokenBarrierError):
            task.step()
    assert [task.step().result for task in come(world, barrier, 3)] == [0, 1, 2]


def test_time_is_up_for_one_who_was_sent_away_by_a_reset(world: HandWorld) -> None:
    """A waits.   B resets.   A's time is up, before it runs: what B has mended stays whole."""
    barrier = RBarrier(2)
    late = world.spawn(barrier.with_(2.5)).step()
    barrier.reset()
    with pytest.raises(BrokenBarrierError):
        late.time_out()
    assert not barrier.broken


# -- blocks ----------------------------------------------------------------------------------------------------------


@CYCLIC
def test_a_block_is_entered_with_the_index(
    cls: Any, world: HandWorld, crew: Crew
) -> None:
    """contract 1.3.2."""
    barrier = cls(2)

    async def in_a_task() -> int:
        async with barrier as index:
            return int(index)

    def in_a_thread() -> int:
        with barrier as index:
            return int(index)

    task = world.spawn(in_a_task()).step()
    assert crew.run(in_a_thread) == 1
    assert task.step().result == 0
    assert not barrier.broken


@CYCLIC
def test_a_block_calls_what_a_subclass_has_overridden(
    cls: Any, world: HandWorld
) -> None:
    calls = []

    class Overriding(cls):  # type: ignore[misc]  # it has several
        def __await__(self) -> Any:
            calls.append("await")
            return super().__await__()

        def wait(self, /, timeout: float | None = None) -> Any:
            calls.append("wait")
            return super().wait(timeout)

        def abort(self) -> None:
            calls.append("abort")
            super().abort()

    async def in_a_task() -> None:
        async with Overriding(1):
            raise KeyError

    with pytest.raises(KeyError), Overriding(1):
        raise KeyError
    assert calls == ["wait", "abort"]
    calls.clear()
    with pytest.raises(KeyError):
        world.spawn(in_a_task()).step().step()
    assert calls == ["await", "abort"]


@CYCLIC
@pytest.mark.parametrize("kind", ["async", "green"])
def test_an_exception_that_leaves_a_block_breaks_it(
    cls: Any, world: HandWorld, kind: str
) -> None:
    """contract 1.3.2."""
    barrier = cls(1)

    async def in_a_task() -> None:
        async with barrier:
            raise KeyError

    def in_a_thread() -> None:
        with barrier:
            raise KeyError

    def run() -> None:
        if kind == "green":
            in_a_thread()
        else:
            world.spawn(in_a_task()).step().step()

    with pytest.raises(KeyError):
        run()
    assert barrier.broken


# -- checkpoints -----------------------------------------------------------------------------------------------------


@EACH
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


@EACH
@pytest.mark.usefixtures("checkpoints_restored")
def test_green_checkpoints(cls: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """One for the last, always; one where checkpoints are on, if nobody is waited for."""
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


# -- in the same moment ----------------------------------------------------------------------------------------------


@EACH
@pytest.mark.parametrize("mark", ["broken", "reset"])
@pytest.mark.parametrize("way", ["green", "async"])
def test_whoever_comes_while_it_is_being_broken_does_not_wait(
    cls: Any,
    world: HandWorld,
    mark: str,
    way: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A announces that it breaks it, and stops.   B comes: A may be a frame below, which goes on only after B."""
    made: list[None] = []
    thread = type(worlds.green_backend())
    monkeypatch.setattr(thread, "checkpoint", staticmethod(lambda: made.append(None)))
    barrier = cls(2)
    barrier._phase.announced = mark
    with pytest.raises(BrokenBarrierError):
        barrier.wait() if way == "green" else world.run(at(barrier))
    assert barrier.broken is (mark == "broken")
    assert not made  # nobody goes on before it


@CYCLIC
@pytest.mark.parametrize("way", ["green", "async"])
def test_a_phase_that_passes_as_another_comes_is_not_its_own(
    cls: Any, world: HandWorld, way: str
) -> None:
    """A looks at the phase.   B is the last of it.   A sees that it has passed, and looks for the next."""

    class Late(cls):  # type: ignore[misc]  # any of them
        seen: Any = None

        def _current(self) -> Any:
            seen, self.seen = self.seen, None
            return super()._current() if seen is None else seen

    barrier = Late(1)
    phase = barrier._phase
    assert barrier.wait() == 0
    barrier.seen = phase
    if way == "green":
        assert barrier.wait() == 0
    else:
        (task,) = come(world, barrier, 1)
        assert task.step().result == 0
    assert barrier.seen is None


def test_a_phase_that_is_full_and_was_marked_then() -> None:
    """It has passed, for those who belong to it; who came too many is not told, nor is the mark anybody."""
    first, second, surplus = waiters = [HandWaiter((None,)) for _ in range(3)]
    phase = Phase(2)
    for waiter in waiters:
        waiter.unparked = False
        waiter.request = None
        phase.append(waiter)
    phase.announced = BROKEN
    phase.append(BROKEN)
    assert phase.pending() == waiters
    phase.settle()
    assert phase.has_passed()
    assert (first.request, second.request, surplus.request) == (0, 1, None)
    assert phase.pending() == [surplus]


@EACH
def test_a_thread_that_is_interrupted_breaks_it(
    cls: Any, world: HandWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    barrier = cls(3)
    (task,) = come(world, barrier, 1)

    def park(_timeout: float | None) -> bool:
        raise Cancelled

    waiter = GreenHandWaiter.new(park)
    monkeypatch.setattr(type(worlds), "create_green_waiter", lambda _: waiter)
    with pytest.raises(Cancelled):
        barrier.wait()
    assert barrier.broken
    with pytest.raises(BrokenBarrierError):
        task.step()


# -- signals, finalizers, memory -------------------------------------------------------------------------------------


@EACH
@pytest.mark.skipif(
    not hasattr(signal, "pthread_kill"), reason="no signals for threads here"
)
def test_a_signal_handler_aborts_in_the_thread_that_waits(cls: Any, crew: Crew) -> None:
    barrier = cls(2)

    interrupted = crew.interrupts(barrier.abort, lambda: barrier.waiting == 1)
    with interrupted, pytest.raises(BrokenBarrierError):
        barrier.wait()


@EACH
def test_one_that_interrupts_the_waker_goes_on_with_it(
    cls: Any, world: HandWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A, the last, wakes the others.   A handler interrupts it there and aborts: all have passed."""
    barrier = cls(3)
    tasks = come(world, barrier, 2)

    def interrupt(_: HandWaiter) -> None:
        barrier.abort()

    monkeypatch.setattr(HandWaiter, "when_unparked", interrupt)
    (last,) = come(world, barrier, 1)
    results = [task.step().result for task in [*tasks, last]]
    assert results == [result_of(barrier, index) for index in range(3)]
    assert barrier.broken


@EACH
@pytest.mark.parametrize("ending", ["pass", "abort", "time-out"])
def test_it_lets_go_of_those_who_waited(
    cls: Any, world: HandWorld, ending: str
) -> None:
    """Their waiters hold loops and frames."""
    barrier = cls(2)
    (task,) = come(world, barrier, 1)
    phase = barrier._phase
    if ending == "pass":
        (last,) = come(world, barrier, 1)
        last.step()
        task.step()
    elif ending == "abort":
        barrier.abort()
        with pytest.raises(BrokenBarrierError):
            task.step()
    else:
        with pytest.raises(BrokenBarrierError):
            task.time_out()
    assert barrier._phase is not phase
    assert not barrier._phase
    assert phase not in gc.get_referents(barrier)


@EACH
def test_the_last_lets_go_of_it_before_the_others_run(cls: Any) -> None:
    barrier = cls(1)
    phase = barrier._phase
    barrier.wait()
    assert barrier._phase is not phase


@EACH
def test_many_parties_take_no_memory_before_they_come(cls: Any) -> None:
    """No list of places: this one would take gigabytes."""
    barrier = cls(10**12)
    assert outcome_of(lambda: barrier.wait(0)) is BrokenBarrierError


def test_a_chain_of_phases_is_followed_from_an_older_one() -> None:
    """A thread that writes down an older phase late does no harm."""
    barrier = RBarrier(1)
    oldest: Any = barrier._phase
    for _ in range(50_000):
        barrier.abort()
        barrier.reset()
    barrier._phase = oldest
    assert barrier.wait() == 0
    assert not barrier._phase.next
    del oldest
