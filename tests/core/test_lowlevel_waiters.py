# SPDX-License-Identifier: ISC
"""Waiters for users, step by step: every order of wake-up, time-out and cancellation."""

from __future__ import annotations

import copy
import gc
import pickle
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest
from aiologic import lowlevel
from aiologic._runtime.threads import ThreadWaiter
from aiologic.lowlevel import create_async_waiter, create_green_waiter

from .hand_driven import Cancelled

if TYPE_CHECKING:
    from .crew import Crew
    from .hand_driven import HandTask, HandWorld


def new_waiter(world: HandWorld) -> Any:
    with world.runs(None):
        return create_async_waiter()


def waiting(world: HandWorld, waiter: Any, timeout: float | None = None) -> HandTask:
    return world.spawn(waiter.with_(timeout)).step()


def test_woken(world: HandWorld) -> None:
    waiter = new_waiter(world)
    task = waiting(world, waiter, 5)
    assert (task.timeout, task.is_woken) == (5.0, False)
    for _ in range(3):
        waiter.wake()
    assert task.step().result is True
    waiter.wake()


def test_who_gives_no_timeout_waits_for_ever(
    world: HandWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def wait(waiter: Any) -> object:
        return await waiter

    awaited, called = new_waiter(world), new_waiter(world)
    for waiter, coroutine in (awaited, wait(awaited)), (called, called.with_()):
        task = world.spawn(coroutine).step()
        assert (task.timeout, task.is_woken) == (None, False)
        waiter.wake()
        assert task.step().result is True

    timeouts: list[float | None] = []

    def park(_: ThreadWaiter, timeout: float | None) -> bool:
        timeouts.append(timeout)
        return True

    monkeypatch.setattr(ThreadWaiter, "park", park)
    assert create_green_waiter().wait() is True
    assert timeouts == [None]


def test_time_is_up(world: HandWorld) -> None:
    waiter = new_waiter(world)
    assert waiting(world, waiter, 5).time_out().result is False
    waiter.wake()  # too late, and without effect


def test_time_is_up_as_it_is_woken(world: HandWorld) -> None:
    """The wake-up came first: the wait returns True."""
    waiter = new_waiter(world)
    task = waiting(world, waiter, 5)
    waiter.wake()
    assert task.time_out().result is True


@pytest.mark.parametrize("woken", [False, True])
def test_cancelled(world: HandWorld, woken: bool) -> None:
    waiter = new_waiter(world)
    task = waiting(world, waiter)
    if woken:
        waiter.wake()
    with pytest.raises(Cancelled):
        task.cancel(Cancelled())
    waiter.wake()
    assert repr(waiter).endswith("[decided]>")


def test_green_time_is_up_as_it_is_woken(monkeypatch: pytest.MonkeyPatch) -> None:
    def park(waiter: ThreadWaiter, _timeout: float | None) -> bool:
        assert waiter.wake()
        return False

    monkeypatch.setattr(ThreadWaiter, "park", park)
    assert create_green_waiter().wait(5) is True


def test_a_green_wait_that_is_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    def park(*_: object) -> bool:
        raise Cancelled

    monkeypatch.setattr(ThreadWaiter, "park", park)
    waiter = create_green_waiter()
    with pytest.raises(Cancelled):
        waiter.wait()
    assert repr(waiter).endswith("[decided]>")
    waiter.wake()


def test_what_a_dead_loop_could_not_deliver_is_forgotten(world: HandWorld) -> None:
    waiter = new_waiter(world)
    waiting(world, waiter)
    waiter.wake()
    waiter._waiter.lost()
    waiter.wake()
    assert repr(waiter).endswith("[decided]>")


def test_a_second_wait_is_refused_also_while_the_first_goes_on(
    world: HandWorld,
) -> None:
    waiter = new_waiter(world)
    task = waiting(world, waiter)
    with pytest.raises(RuntimeError, match="waited for before"):
        waiting(world, waiter)
    waiter.wake()
    assert task.step().result is True


@pytest.mark.usefixtures("tiny_switch_interval")
def test_threads_race_to_wake_it(crew: Crew) -> None:
    """Any number of wake-ups at once, and a time-out among them, give one result."""
    for _ in range(50):
        waiter = create_green_waiter()
        outcomes = crew.race(
            lambda: waiter.wait(0.001),  # noqa: B023
            *[waiter.wake] * 3,
        )
        assert outcomes[0] in (True, False)
        assert outcomes[1:] == [None] * 3


def test_a_handler_wakes_its_own_thread() -> None:
    if sys.platform == "win32":
        pytest.skip("needs a timer's signal")
    import signal

    waiter = create_green_waiter()
    before = signal.signal(signal.SIGALRM, lambda *_: waiter.wake())
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.01)
        assert waiter.wait(20) is True
    finally:
        signal.signal(signal.SIGALRM, before)


def test_a_finalizer_wakes_it() -> None:
    waiter = create_green_waiter()

    class Thing:
        def __del__(self) -> None:
            waiter.wake()

    Thing()
    gc.collect()
    assert waiter.wait(20) is True


def test_a_waiter_can_not_be_copied() -> None:
    waiter = create_green_waiter()
    for reproduce in copy.copy, copy.deepcopy, pickle.dumps:
        with pytest.raises(TypeError, match="cannot reduce"):
            reproduce(waiter)


def test_it_has_no_other_attributes() -> None:
    waiter: Any = create_green_waiter(shield=True)
    assert waiter.shield is True
    with pytest.raises(AttributeError):
        waiter.sheild = False


def test_it_may_be_waited_for_in_another_thread_than_it_was_made_in(
    crew: Crew,
) -> None:
    waiter = create_green_waiter()
    waits = crew.start(waiter.wait, 20)
    threading.Thread(target=waiter.wake).start()
    assert waits.result() is True


def test_protocols_are_loaded_when_asked_for() -> None:
    """They need ``typing``, which costs more than all of core."""
    script = """
import sys
if "typing" in sys.modules:
    sys.exit()  # something in this environment has loaded it before us
import aiologic
before = set(sys.modules)
import aiologic.lowlevel
new = {name for name in set(sys.modules) - before if not name.startswith("aiologic")}
assert not new, new
aiologic.lowlevel.AsyncWaiter
assert "typing" in sys.modules
"""
    path = ":".join(sys.path)
    command = [sys.executable, "-S", "-c", script]
    done = subprocess.run(
        command, env={"PYTHONPATH": path}, timeout=30, check=False, capture_output=True
    )
    assert done.returncode == 0, done.stderr
    for name in "Waiter", "GreenWaiter", "AsyncWaiter":
        assert getattr(lowlevel, name).__module__ == "aiologic.lowlevel"
