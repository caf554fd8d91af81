# SPDX-License-Identifier: ISC
"""An event happens once, and everybody who waits for it is woken, whoever sets it and wherever."""

from __future__ import annotations

import gc
import signal
import weakref
from math import inf, nan
from typing import TYPE_CHECKING, Any

import aiologic
import pytest
from aiologic import Event
from aiologic.lowlevel import enable_checkpoints

from .hand_driven import Cancelled, HandWaiter

if TYPE_CHECKING:
    from .crew import Crew
    from .hand_driven import HandWorld


async def waited_for(event: Event) -> bool:
    return await event


def test_it_happens_once() -> None:
    event = Event()
    assert (event.is_set(), bool(event)) == (False, False)
    for _ in range(2):
        event.set()
        assert (event.is_set(), bool(event)) == (True, True)
    assert not hasattr(event, "clear")


def test_repr(world: HandWorld) -> None:
    event = Event()
    assert repr(event).endswith(" [unset, waiting=0]>")
    waiting = world.spawn(waited_for(event)).step()
    assert repr(event).endswith(" [unset, waiting=1]>")
    event.set()
    assert repr(event).endswith(" [set]>")
    assert waiting.step().result is True


def test_all_who_wait_are_woken_in_the_order_of_arrival(
    world: HandWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[HandWaiter] = []

    def listen(waiter: HandWaiter) -> None:
        order.append(waiter)

    monkeypatch.setattr(HandWaiter, "when_unparked", listen)
    event = Event()
    tasks = [world.spawn(waited_for(event)).step() for _ in range(5)]
    waiters = [task._at for task in tasks]
    assert event.waiting == 5

    event.set()

    assert order == waiters
    assert event.waiting == 0
    assert [task.step().result for task in tasks] == [True] * 5


def test_all_threads_are_woken(crew: Crew) -> None:
    event = Event()
    waiting = [crew.start(event.wait) for _ in range(5)]
    waiting += [crew.start(event.wait, 20.0) for _ in range(5)]
    crew.wait_for_waiters(event, 10)
    event.set()

    assert [member.result() for member in waiting] == [True] * 10
    assert event.waiting == 0


@pytest.mark.usefixtures("tiny_switch_interval")
def test_nobody_misses_a_set_while_joining(crew: Crew) -> None:
    # A finds it unset.   B sets it, and finds nobody.   A joins.   A must look again.
    events = [Event() for _ in range(300)]

    def wait_all() -> bool:
        return all(event.wait(20.0) for event in events)

    def set_all() -> bool:
        for event in events:
            event.set()
        return True

    assert crew.race(wait_all, set_all, wait_all) == [True] * 3
    assert not any(event.waiting for event in events)


def test_who_comes_later_does_not_wait(world: HandWorld) -> None:
    event = Event()
    event.set()

    assert event.wait() is True
    assert event.wait(0) is True
    assert world.run(waited_for(event)) is True
    assert world.run(event.with_(0)) is True


def test_time_runs_out_and_leaves_no_trace(world: HandWorld) -> None:
    event = Event()
    assert event.wait(0) is False
    assert event.wait(timeout=0.001) is False
    assert world.spawn(event.with_(2.5)).step().time_out().result is False
    assert event.waiting == 0


def test_set_in_the_moment_when_time_is_up(world: HandWorld) -> None:
    event = Event()
    waiting = world.spawn(event.with_(timeout=2.5)).step()
    event.set()

    assert waiting.time_out().result is True


@pytest.mark.parametrize("is_set", [False, True])
@pytest.mark.parametrize(
    ("timeout", "error"),
    [(nan, ValueError), (-1, ValueError), (-inf, ValueError), ("1", TypeError)],
)
def test_a_wrong_timeout_is_refused(
    world: HandWorld, timeout: Any, error: type[Exception], is_set: bool
) -> None:
    event = Event()
    if is_set:
        event.set()
    for wait in event.wait, lambda timeout: world.run(event.with_(timeout)):
        with pytest.raises(error, match="timeout") as refused:
            wait(timeout)
        assert repr(timeout) in str(refused.value)
    assert event.waiting == 0
    assert event.is_set() is is_set


@pytest.mark.parametrize("is_woken", [False, True])
def test_cancelled(world: HandWorld, is_woken: bool) -> None:
    event = Event()
    tasks = [world.spawn(waited_for(event)).step() for _ in range(3)]
    if is_woken:
        event.set()
    with pytest.raises(Cancelled):
        tasks.pop(1).cancel(Cancelled())

    event.set()
    assert [task.step().result for task in tasks] == [True, True]
    assert event.waiting == 0


def test_a_task_that_never_runs_again_holds_nobody_up(world: HandWorld) -> None:
    event = Event()
    first, second = (world.spawn(waited_for(event)).step() for _ in range(2))
    event.set()
    first._at.lost()  # type: ignore[attr-defined]

    first.coroutine.close()
    assert second.step().result is True


def test_many_attempts_in_vain_leave_next_to_nothing() -> None:
    event = Event()
    for _ in range(200):
        assert event.wait(0) is False

    assert event._queue is not None
    assert len(event._queue) < 50


def test_outside_of_async_worlds() -> None:
    event = Event()
    with pytest.raises(aiologic.AsyncLibraryNotFoundError):
        waited_for(event).send(None)
    assert event.waiting == 0

    event.set()  # then nobody needs to wait
    with pytest.raises(StopIteration) as done:
        waited_for(event).send(None)
    assert done.value.value is True


@pytest.mark.usefixtures("checkpoints_restored")
def test_one_checkpoint_where_nothing_is_waited_for(world: HandWorld) -> None:
    event = Event()
    waiting = world.spawn(enable_checkpoints(waited_for)(event)).step()
    event.set()
    assert waiting.step().is_done
    assert waiting.checkpoints == 0

    late = world.spawn(enable_checkpoints(waited_for)(event)).step()
    assert late.checkpoints == 1
    assert late.step().result is True


# -- who sets it -----------------------------------------------------------------------------------------------------


@pytest.mark.skipif(
    not hasattr(signal, "pthread_kill"), reason="no signals for threads here"
)
def test_a_signal_handler_sets_it_in_the_thread_that_waits(crew: Crew) -> None:
    event = Event()

    with crew.interrupts(event.set, lambda: event.waiting == 1):
        assert event.wait() is True


def test_a_finalizer_sets_it(world: HandWorld) -> None:
    class Resource:
        pass

    event = Event()
    resource = Resource()
    weakref.finalize(resource, event.set)
    waiting = world.spawn(waited_for(event)).step()
    assert not event.is_set()

    del resource
    gc.collect()

    assert waiting.is_woken
    assert waiting.step().result is True


def test_a_callback_sets_it(world: HandWorld) -> None:
    event = Event()
    waiting = world.spawn(waited_for(event)).step()
    with world.runs(None):
        event.set()
    assert waiting.step().result is True


def test_one_that_was_woken_goes_on_with_waking_the_others(world: HandWorld) -> None:
    """A sets it, wakes the first, and stops there."""
    event = aiologic.Event()
    first, *others = (world.spawn(event.with_(1)).step() for _ in range(3))
    queue: Any = event._queue
    event._is_set = True
    queue.first().unpark()
    assert first.step().result is True
    for other in others:
        assert other.is_woken
        assert other.step().result is True


def test_who_finds_the_turn_taken_leaves_it_there(world: HandWorld) -> None:
    """A has the turn, and stops.   B sets it: when A goes on, there is still one turn, and A wakes all."""
    event = aiologic.Event()
    task = world.spawn(event.with_(1)).step()
    queue: Any = event._queue
    del queue.turn[0]
    event.set()
    assert not task.is_woken
    assert queue.turn == []
    queue.turn.append(None)
    event._wake_all()
    assert task.step().result is True
    assert queue.turn == [None]
