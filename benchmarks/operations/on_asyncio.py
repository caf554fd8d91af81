# SPDX-License-Identifier: ISC
"""Operations of tasks of one asyncio loop, in CPU time, since the loop is busy all the time."""

from __future__ import annotations

import asyncio
from time import thread_time

from benchmarks.operations.awaiting import happening, waiting_for
from benchmarks.operations.in_turn import ROUNDS, check_turns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

    Body = Callable[[int], Coroutine[Any, Any, None]]


def free(make: Callable[[], Any], count: int) -> float:
    """``async with lock:`` on a lock that is free; ten in each iteration, so as not to measure the iteration."""
    return asyncio.run(_free(make(), count))


async def _free(lock: Any, count: int) -> float:
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
    return asyncio.run(_hand_over(make, size, count // size))


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


async def _compete(lock: Any, size: int, body: Body) -> float:
    async with lock:
        tasks = [asyncio.create_task(body(number)) for number in range(size)]
        await settle()
        start = thread_time()
    await asyncio.gather(*tasks)
    return start


async def settle() -> None:
    """Let each new task run until it waits."""
    for _ in range(3):
        await asyncio.sleep(0)


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

    return asyncio.run(main())


def signal_back_and_forth(make: Callable[[], Any], count: int) -> float:
    """Two tasks wake each other through events, a new one for each wait; time for both ways."""

    async def main() -> float:
        events = [make(), make()]

        async def side(me: int) -> None:
            other = 1 - me
            for _ in range(count):
                await waiting_for(events[me])()
                events[me] = make()
                events[other].set()

        sides = [asyncio.create_task(side(me)) for me in (0, 1)]
        await settle()
        start = thread_time()
        events[0].set()
        await asyncio.gather(*sides)
        return (thread_time() - start) / count

    return asyncio.run(main())


def wake_all(make: Callable[[], Any], size: int) -> float:
    """``event.set()`` with ``size`` tasks waiting, until all have run; time for each of them."""

    async def main() -> float:
        event = make()
        happen = happening(event)

        async def wait() -> None:
            await waiting_for(event)()

        tasks = [asyncio.create_task(wait()) for _ in range(size)]
        await settle()
        start = thread_time()
        happen()
        await tasks[-1]
        end = thread_time()
        if not all(map(asyncio.Task.done, tasks)):
            raise SystemExit("not woken in the order of arrival")
        return (end - start) / size

    return asyncio.run(main())
