# SPDX-License-Identifier: ISC
"""Operations of tasks of one trio run, in CPU time, since the run is busy all the time."""

from __future__ import annotations

from time import thread_time

import trio
from trio.testing import wait_all_tasks_blocked

from benchmarks.operations.awaiting import happening, waiting_for
from benchmarks.operations.in_turn import ROUNDS, check_turns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any


def free(make: Callable[[], Any], count: int) -> float:
    """``async with lock:`` on a lock that is free; ten in each iteration, so as not to measure the iteration."""
    return trio.run(_free, make, count)


def free_with_checkpoints_disabled(make: Callable[[], Any], count: int) -> float:
    """The same inside ``disable_checkpoints()``."""
    from aiologic.lowlevel import disable_checkpoints

    async def main() -> float:
        async with disable_checkpoints():
            return await _free(make, count)

    return trio.run(main)


async def _free(make: Callable[[], Any], count: int) -> float:
    lock = make()
    async with lock:  # creates what is created on first use
        pass
    start = thread_time()
    for _ in range(count // 10):
        async with lock:
            pass
        async with lock:
            pass
        async with lock:
            pass
        async with lock:
            pass
        async with lock:
            pass
        async with lock:
            pass
        async with lock:
            pass
        async with lock:
            pass
        async with lock:
            pass
        async with lock:
            pass
    return (thread_time() - start) / count


def hand_over(make: Callable[[], Any], size: int, count: int) -> float:
    """``async with lock:`` in ``size`` tasks, all of which are queued before it begins."""
    return trio.run(_hand_over, make, size, count // size)


async def _hand_over(make: Callable[[], Any], size: int, rounds: int) -> float:
    holders: list[int] = []
    ends: list[float] = []
    lock = make()

    async def note(number: int) -> None:
        for _ in range(ROUNDS):
            async with lock:
                holders.append(number)

    async def go_round(_number: int) -> None:
        for _ in range(rounds):
            async with lock:
                pass
        ends.append(thread_time())

    await _compete(lock, size, note)
    check_turns(holders, size)
    start = await _compete(lock, size, go_round)
    return (max(ends) - start) / (rounds * size)


async def _compete(
    lock: Any, size: int, body: Callable[[int], Awaitable[None]]
) -> float:
    async with trio.open_nursery() as nursery, lock:
        for number in range(size):
            nursery.start_soon(body, number)
        await wait_all_tasks_blocked()
        # Read before the lock is released, and the rounds begin.
        return thread_time()


def await_set_event(make: Callable[[], Any], count: int) -> float:
    """Wait for an event that has happened."""

    async def main() -> float:
        event = make()
        happening(event)()
        wait = waiting_for(event)
        start = thread_time()
        for _ in range(count):
            await wait()
        return (thread_time() - start) / count

    return trio.run(main)


def wake_all(make: Callable[[], Any], size: int) -> float:
    """``event.set()`` with ``size`` tasks waiting, until all have run; time for each of them."""

    async def main() -> float:
        event = make()
        happen = happening(event)

        async def wait() -> None:
            await waiting_for(event)()

        async with trio.open_nursery() as nursery:
            for _ in range(size):
                nursery.start_soon(wait)
            await wait_all_tasks_blocked()
            start = thread_time()
            happen()
        return (thread_time() - start) / size

    return trio.run(main)
