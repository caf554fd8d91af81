# SPDX-License-Identifier: ISC
"""Operations of threads: of a single one in CPU time, of several by the clock."""

from __future__ import annotations

import threading
from time import perf_counter, sleep, thread_time

from benchmarks.operations.awaiting import happening
from benchmarks.operations.in_turn import ROUNDS, check_turns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

POLL_SECONDS = 0.001


def free(make: Callable[[], Any], count: int) -> float:
    """``with lock:`` on a lock that is free; ten in each iteration, so as not to measure the iteration."""
    lock = make()
    with lock:  # creates what is created on first use
        pass
    start = thread_time()
    for _ in range(count // 10):
        with lock:
            pass
        with lock:
            pass
        with lock:
            pass
        with lock:
            pass
        with lock:
            pass
        with lock:
            pass
        with lock:
            pass
        with lock:
            pass
        with lock:
            pass
        with lock:
            pass
    return (thread_time() - start) / count


def hand_over(make: Callable[[], Any], size: int, count: int) -> float:
    """``with lock:`` in ``size`` threads, all of which are queued before it begins."""
    rounds = count // size
    holders: list[int] = []
    ends: list[float] = []
    lock = make()

    def note(number: int) -> None:
        for _ in range(ROUNDS):
            with lock:
                holders.append(number)

    def go_round(_number: int) -> None:
        for _ in range(rounds):
            with lock:
                pass
        ends.append(perf_counter())

    _compete(lock, size, note)
    check_turns(holders, size)
    start = _compete(lock, size, go_round)
    return (max(ends) - start) / (rounds * size)


def _compete(lock: Any, size: int, body: Callable[[int], None]) -> float:
    threads = [threading.Thread(target=body, args=[n]) for n in range(size)]
    with lock:
        for thread in threads:
            thread.start()
        while lock.waiting < size:
            if not all(map(threading.Thread.is_alive, threads)):
                raise SystemExit("a thread has failed")
            sleep(POLL_SECONDS)
        start = perf_counter()
    for thread in threads:
        thread.join()
    return start


def await_set_event(make: Callable[[], Any], count: int) -> float:
    """Wait for an event that has happened."""
    event = make()
    happening(event)()
    wait = event.wait
    start = thread_time()
    for _ in range(count):
        wait()
    return (thread_time() - start) / count


def signal_back_and_forth(make: Callable[[], Any], count: int) -> float:
    """Two threads wake each other through events, a new one for each wait; time for both ways."""
    events = [make(), make()]

    def side(me: int) -> None:
        other = 1 - me
        for _ in range(count):
            events[me].wait()
            events[me] = make()
            events[other].set()

    threads = [threading.Thread(target=side, args=[me]) for me in (0, 1)]
    for thread in threads:
        thread.start()
    start = perf_counter()
    events[0].set()
    for thread in threads:
        thread.join()
    return (perf_counter() - start) / count


def wake_all(make: Callable[[], Any], size: int) -> float:
    """``event.set()`` with ``size`` threads waiting, until all have run; time for each of them."""
    event = make()
    happen = happening(event)
    ready = threading.Semaphore(0)
    ends: list[float] = []

    def wait() -> None:
        ready.release()
        event.wait()
        ends.append(perf_counter())

    threads = [threading.Thread(target=wait) for _ in range(size)]
    for thread in threads:
        thread.start()
        ready.acquire()
    sleep(10 * POLL_SECONDS)  # stock events don't show who waits; by then probably all
    start = perf_counter()
    happen()
    for thread in threads:
        thread.join()
    return (max(ends) - start) / size
