# SPDX-License-Identifier: ISC
"""What holds for everything that behaves as a lock, seen from threads, and from a task that need not wait."""

from __future__ import annotations

from math import inf, nan
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from typing import Callable

    from .callers import Caller
    from .crew import Crew

WRONG_TIMEOUTS = [
    (nan, ValueError),
    (-1, ValueError),
    (-inf, ValueError),
    ("1", TypeError),
    ([], TypeError),
]
RIGHT_TIMEOUTS = [None, 0, 0.5, True, inf, 10**400, 1e300]


# -- one task after the other ----------------------------------------------------------------------------------------


def test_it_is_free_taken_and_free_again(
    lock: Any, caller: Caller, is_free: Callable[[Any], bool]
) -> None:
    for _ in range(2):
        assert is_free(lock)
        assert caller.acquire(lock) is True
        assert not is_free(lock)
        assert caller.release(lock) is None
    assert is_free(lock)
    assert lock.waiting == 0


def test_without_blocking(lock: Any, caller: Caller, other: Caller) -> None:
    assert caller.acquire(lock, blocking=False) is True
    assert other.acquire(lock, blocking=False) is False
    assert lock.waiting == 0
    caller.release(lock)
    assert other.acquire(lock, blocking=False) is True


@pytest.mark.parametrize(("timeout", "_error"), WRONG_TIMEOUTS)
def test_without_blocking_no_timeout_is_looked_at(
    lock: Any, caller: Caller, other: Caller, timeout: Any, _error: type
) -> None:
    assert caller.acquire(lock, blocking=False, timeout=timeout) is True
    assert other.acquire(lock, blocking=False, timeout=timeout) is False


@pytest.mark.parametrize("timeout", RIGHT_TIMEOUTS, ids=lambda t: type(t).__name__)
def test_a_free_one_is_taken_with_any_timeout(
    lock: Any, caller: Caller, timeout: float | None
) -> None:
    assert caller.acquire(lock, timeout=timeout) is True


@pytest.mark.parametrize("timeout", [0, 0.001])
def test_time_runs_out_and_leaves_no_trace(
    lock: Any,
    caller: Caller,
    other: Caller,
    is_free: Callable[[Any], bool],
    timeout: float,
) -> None:
    caller.acquire(lock)

    assert other.acquire(lock, timeout=timeout) is False

    assert lock.waiting == 0
    assert not is_free(lock)
    caller.release(lock)
    assert is_free(lock)
    assert other.acquire(lock, timeout=timeout) is True


@pytest.mark.parametrize(("timeout", "error"), WRONG_TIMEOUTS)
def test_a_wrong_timeout_is_refused_before_anything_changes(
    lock: Any,
    caller: Caller,
    other: Caller,
    is_free: Callable[[Any], bool],
    timeout: Any,
    error: type[Exception],
) -> None:
    with pytest.raises(error, match="timeout") as refused:
        caller.acquire(lock, timeout=timeout)
    assert repr(timeout) in str(refused.value)
    assert is_free(lock)

    caller.acquire(lock)
    with pytest.raises(error, match="timeout") as refused:
        other.acquire(lock, timeout=timeout)
    assert repr(timeout) in str(refused.value)
    assert lock.waiting == 0
    caller.release(lock)
    assert is_free(lock)


def test_options_have_names(lock: Any, caller: Caller) -> None:
    for options in (1, False), (1, True, 0.5):
        with pytest.raises(TypeError):
            caller.acquire(lock, *options)
    with pytest.raises(TypeError):
        caller.acquire(lock, patience=1)


def test_many_attempts_in_vain_leave_next_to_nothing(
    lock: Any, caller: Caller, other: Caller
) -> None:
    caller.acquire(lock)
    for _ in range(200):
        assert other.acquire(lock, timeout=0) is False

    assert len(lock._queue) < 50
    caller.release(lock)
    assert not lock._queue, "newcomers find the remains of others on a free lock"


# -- blocks ----------------------------------------------------------------------------------------------------------


def test_a_block(lock: Any, is_free: Callable[[Any], bool]) -> None:
    with lock as entered:
        assert entered is lock
        assert not is_free(lock)
    assert is_free(lock)

    with pytest.raises(ZeroDivisionError), lock:
        raise ZeroDivisionError
    assert is_free(lock)


def test_a_block_waits_for_its_turn(
    lock: Any, crew: Crew, is_free: Callable[[Any], bool]
) -> None:
    def work() -> None:
        with lock:
            assert not is_free(lock)

    lock.green_acquire()
    workers = [crew.start(work) for _ in range(3)]
    crew.wait_for_waiters(lock, 3)
    lock.green_release()

    for worker in workers:
        worker.result()
    assert is_free(lock)


# -- threads at the same time ----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("tiny_switch_interval")
@pytest.mark.parametrize("way", ["with", "acquire", "try", "timeout"])
def test_never_two_inside(
    lock: Any, crew: Crew, way: str, is_free: Callable[[Any], bool]
) -> None:
    inside: list[None] = []
    crowds: set[int] = set()

    def section() -> None:
        inside.append(None)
        crowds.add(len(inside))
        inside.pop()

    def work() -> None:
        for _ in range(100):
            if way == "with":
                with lock:
                    section()
                continue
            if way == "acquire":
                lock.green_acquire()
            elif way == "try":
                crew.wait_until(lambda: lock.green_acquire(blocking=False))
            else:
                crew.wait_until(lambda: lock.green_acquire(timeout=0.0001))
            section()
            lock.green_release()

    crew.race(*[work] * 4)

    assert crowds == {1}
    assert is_free(lock)
    assert lock.waiting == 0


def test_threads_are_served_in_the_order_of_arrival(lock: Any, crew: Crew) -> None:
    order: list[int] = []

    def work(number: int) -> None:
        with lock:
            order.append(number)

    lock.green_acquire()
    for number in range(6):
        crew.start(work, number)
        crew.wait_for_waiters(lock, number + 1)
    lock.green_release()
    crew.join()

    assert order == list(range(6))


def test_a_release_hands_over_and_nobody_overtakes(
    lock: Any, crew: Crew, is_free: Callable[[Any], bool]
) -> None:
    may_go = Event()

    def work() -> None:
        lock.green_acquire()
        assert may_go.wait(20)
        lock.green_release()

    lock.green_acquire()
    worker = crew.start(work)
    crew.wait_for_waiters(lock, 1)
    lock.green_release()

    # However slow the worker is to wake up, it has the lock since the release.
    assert not is_free(lock)
    assert lock.green_acquire(blocking=False) is False
    assert lock.green_acquire(timeout=0) is False
    may_go.set()
    worker.result()
    assert lock.green_acquire(timeout=20) is True


def test_a_patient_thread_gets_it_in_time(lock: Any, crew: Crew) -> None:
    def work() -> bool:
        if not lock.green_acquire(timeout=20):
            return False
        lock.green_release()
        return True

    lock.green_acquire()
    worker = crew.start(work)
    crew.wait_for_waiters(lock, 1)
    lock.green_release()

    assert worker.result() is True
