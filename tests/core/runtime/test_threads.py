# SPDX-License-Identifier: ISC
"""The built-in backend: identity of threads, parking, and interruptions."""

from __future__ import annotations

import signal
import sys
import threading
from typing import TYPE_CHECKING

import aiologic
import pytest
from aiologic._runtime import threads
from aiologic._runtime.detect import worlds
from aiologic._runtime.threads import ThreadWaiter, this_thread

if TYPE_CHECKING:
    from typing import Any

    from ..crew import Crew


def new_waiter() -> ThreadWaiter:
    waiter = worlds.threads.create_waiter()
    assert isinstance(waiter, ThreadWaiter)
    return waiter


# -- identity --------------------------------------------------------------------------------------------------------


def test_a_thread_keeps_its_identity(crew: Crew) -> None:
    assert this_thread() is this_thread()
    first, second = crew.run(lambda: (this_thread(), this_thread()))
    assert first is second


def test_no_two_threads_share_one(crew: Crew) -> None:
    everybody = [crew.run(this_thread) for _ in range(20)]

    assert len(set(everybody)) == 20
    assert this_thread() not in everybody


def test_a_dead_owner_is_never_born_again(crew: Crew) -> None:
    """D16: the next thread got its predecessor's number, and so its locks."""
    locks: list[Any] = [aiologic.Lock(), aiologic.RLock()]
    for lock in locks:
        crew.run(lock.green_acquire)

    def claim_ownership() -> None:
        for lock in locks:
            assert not lock.green_owned()
            assert lock.green_acquire(blocking=False) is False
            with pytest.raises(RuntimeError, match="is not holding this lock"):
                lock.green_release()

    for _ in range(20):
        crew.run(claim_ownership)
    assert all(lock.locked() for lock in locks)


def test_an_owner_is_shown_by_its_number(crew: Crew) -> None:
    lock = aiologic.Lock()

    with lock:
        assert lock.owner == ("threading", threading.get_ident())
    member = crew.start(lock.green_acquire)
    member.result()
    assert lock.owner == ("threading", member.thread.ident)


def test_a_backend_knows_its_threads(crew: Crew) -> None:
    other = crew.run(this_thread)

    assert worlds.threads.knows(other)
    assert worlds.threads.knows(this_thread())
    assert not worlds.threads.knows(threading.current_thread())
    assert worlds.threads.runs_here(this_thread())
    assert not worlds.threads.runs_here(other)
    assert worlds.threads.is_running()


# -- parking ---------------------------------------------------------------------------------------------------------


def test_an_unpark_before_the_park_is_remembered() -> None:
    for timeout in None, 0.0, 5.0, 1e300:
        waiter = new_waiter()
        waiter.unpark()
        assert waiter.park(timeout) is True


def test_time_runs_out() -> None:
    assert new_waiter().park(0.0) is False
    assert new_waiter().park(0.001) is False


@pytest.mark.parametrize("timeout", [None, 1e7, 1e300, sys.float_info.max])
def test_an_unpark_ends_the_longest_park(crew: Crew, timeout: float | None) -> None:
    waiter = new_waiter()
    is_parking = threading.Event()

    def park() -> bool:
        is_parking.set()
        return waiter.park(timeout)

    parked = crew.start(park)
    assert is_parking.wait(20)
    waiter.unpark()

    assert parked.result() is True


def test_a_long_park_is_made_of_short_ones(
    monkeypatch: pytest.MonkeyPatch, crew: Crew
) -> None:
    monkeypatch.setattr(threads, "LONGEST_PARK_SECONDS", 0.001)

    assert new_waiter().park(0.0045) is False

    waiter = new_waiter()
    parked = crew.start(waiter.park, 1e6)
    waiter.unpark()
    assert parked.result() is True


def test_a_long_sleep_is_made_of_short_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(threads, "LONGEST_PARK_SECONDS", 2.0)
    monkeypatch.setattr(threads, "sleep", slept.append)

    for seconds in 5.0, 0.5:
        worlds.threads.sleep(seconds)

    assert slept == [2.0, 2.0, 1.0, 0.5]


def test_a_checkpoint_lets_others_run_and_returns(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    worlds.threads.checkpoint()
    worlds.threads.checkpoint_if_cancelled()

    made: list[None] = []
    monkeypatch.setattr(threads, "let_others_run", lambda: made.append(None))
    worlds.threads.checkpoint_if_cancelled()
    assert made == []
    worlds.threads.checkpoint()
    assert made == [None]


def test_of_those_who_are_stirred_only_the_next_one_is() -> None:
    """The others would be in its way."""
    first, second, third = waiters = [new_waiter() for _ in range(3)]
    ThreadWaiter.stir_all([*waiters])

    assert [waiter.park(0.0) for waiter in (first, second, third)] == [
        True,
        False,
        False,
    ]


# -- interruptions ---------------------------------------------------------------------------------------------------


@pytest.mark.skipif(
    not hasattr(signal, "pthread_kill"), reason="no signals for threads here"
)
@pytest.mark.parametrize("timeout", [None, 20.0])
@pytest.mark.parametrize(
    "primitive",
    [
        aiologic.Lock,
        aiologic.RLock,
        lambda: aiologic.BinarySemaphore(0),
        aiologic.Event,
    ],
    ids=["Lock", "RLock", "BinarySemaphore", "Event"],
)
def test_a_keyboard_interrupt_in_a_wait_leaves_no_trace(
    crew: Crew, primitive: Any, timeout: float | None
) -> None:
    waited_for = primitive()
    wait = getattr(waited_for, "green_acquire", None) or waited_for.wait
    if hasattr(waited_for, "owner"):
        crew.run(waited_for.green_acquire)
    main = threading.get_ident()

    def is_parked() -> bool:
        # An earlier signal would come in the middle of the call, and not of the wait.
        frame = sys._current_frames().get(main)
        return frame is not None and frame.f_code is ThreadWaiter.park.__code__

    def is_in_its_wait() -> bool:
        waiting: int = waited_for.waiting
        return waiting == 1 and is_parked()

    def handle() -> None:
        raise KeyboardInterrupt

    with crew.interrupts(handle, is_in_its_wait), pytest.raises(KeyboardInterrupt):
        wait(timeout=timeout)

    assert waited_for.waiting == 0
