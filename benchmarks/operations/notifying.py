# SPDX-License-Identifier: ISC
"""Operations of conditions: on one loop in CPU time, with threads by the clock."""

from __future__ import annotations

import asyncio
import random
import threading
from _thread import allocate_lock
from time import perf_counter, thread_time

from benchmarks.operations.on_asyncio import settle

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any


def _waiting_for(condition: Any) -> Callable[[], Awaitable[object]]:
    """How to await a condition of any library, as cheaply as possible."""
    return (lambda: condition) if hasattr(condition, "__await__") else condition.wait


def _in_some_order(size: int) -> list[int]:
    """Whose turn follows whose, in a random cycle: in order of arrival, one call would serve a whole round."""
    cycle = list(range(size))
    random.Random(size).shuffle(cycle)
    after = [0] * size
    for number, successor in zip(cycle, [*cycle[1:], cycle[0]]):
        after[number] = successor
    return after


def rounds_of_tasks(make: Callable[[], Any], size: int, count: int) -> float:
    """``size`` tasks of one loop take turns, all by one condition; time for each turn."""

    async def main() -> float:
        condition = make()
        wait_for = getattr(condition, "for_", None) or condition.wait_for
        rounds = count // size
        after = _in_some_order(size)
        turn = -1
        ends: list[float] = []

        async def take_turns(number: int) -> None:
            nonlocal turn

            def is_mine() -> bool:
                return turn == number

            async with condition:
                for _ in range(rounds):
                    await wait_for(is_mine)
                    turn = after[number]
                    condition.notify_all()
            ends.append(thread_time())

        tasks = [asyncio.create_task(take_turns(number)) for number in range(size)]
        await settle()
        start = thread_time()
        async with condition:
            turn = 0
            condition.notify_all()
        await asyncio.gather(*tasks)
        return (max(ends) - start) / (size * rounds)

    return asyncio.run(main())


def rounds_of_threads(make: Callable[[], Any], size: int, count: int) -> float:
    """The same with threads, by the clock."""
    condition = make()
    rounds = count // size
    ready = threading.Semaphore(0)
    after = _in_some_order(size)
    turn = -1

    def take_turns(number: int) -> None:
        nonlocal turn

        def is_mine() -> bool:
            return turn == number

        with condition:
            ready.release()
            for _ in range(rounds):
                condition.wait_for(is_mine)
                turn = after[number]
                condition.notify_all()

    threads = [threading.Thread(target=take_turns, args=[n]) for n in range(size)]
    for thread in threads:
        thread.start()
        ready.acquire()
    with condition:  # so that the last one waits, too
        start = perf_counter()
        turn = 0
        condition.notify_all()
    for thread in threads:
        thread.join()
    return (perf_counter() - start) / (size * rounds)


def raw_turns(size: int, count: int) -> float:
    """The same with only a raw lock for each thread, which releases the other's, and waits for its own."""
    turns = [allocate_lock() for _ in range(size)]
    rounds = count // size
    for turn in turns:
        turn.acquire()

    def take_turns(number: int) -> None:
        mine, next_one = turns[number], turns[(number + 1) % size]
        for _ in range(rounds):
            mine.acquire()
            next_one.release()

    threads = [threading.Thread(target=take_turns, args=[n]) for n in range(size)]
    for thread in threads:
        thread.start()
    start = perf_counter()
    turns[0].release()
    for thread in threads:
        thread.join()
    return (perf_counter() - start) / (size * rounds)


def turns_of_tasks(make: Callable[[], Any], size: int, count: int) -> float:
    """``size`` tasks of one loop, each of which notifies the next and waits; time for each turn."""

    async def main() -> float:
        condition = make()
        wait = _waiting_for(condition)
        rounds = count // size
        order: list[int] = []
        ends: list[float] = []

        async def take_turns(number: int) -> None:
            async with condition:
                await wait()
                order.append(number)
                condition.notify()
                for _ in range(rounds):
                    await wait()
                    condition.notify()
                order.append(number)
            ends.append(thread_time())

        tasks = [asyncio.create_task(take_turns(number)) for number in range(size)]
        await settle()
        start = thread_time()
        async with condition:
            condition.notify()
        await asyncio.gather(*tasks)
        if order != [*range(size)] * 2:
            raise SystemExit(f"not handed over in turn: {order}")
        return (max(ends) - start) / (size * rounds)

    return asyncio.run(main())


def turns_of_threads(make: Callable[[], Any], size: int, count: int) -> float:
    """The same with threads, by the clock."""
    condition = make()
    rounds = count // size
    ready = threading.Semaphore(0)

    def take_turns() -> None:
        with condition:
            ready.release()
            condition.wait()
            condition.notify()
            for _ in range(rounds):
                condition.wait()
                condition.notify()

    threads = [threading.Thread(target=take_turns) for _ in range(size)]
    for thread in threads:
        thread.start()
        ready.acquire()
    with condition:  # so that the last one waits, too
        start = perf_counter()
        condition.notify()
    for thread in threads:
        thread.join()
    return (perf_counter() - start) / (size * rounds)


def notify_all(make: Callable[[], Any], size: int) -> float:
    """``condition.notify_all()`` with ``size`` tasks waiting, until all have left; time for each of them."""
    return asyncio.run(_notify_all(make, size, dwells=False))


def notify_all_who_dwell(make: Callable[[], Any], size: int) -> float:
    """The same, and each lets others run while it has the lock."""
    return asyncio.run(_notify_all(make, size, dwells=True))


async def _notify_all(make: Callable[[], Any], size: int, *, dwells: bool) -> float:
    condition = make()
    wait = _waiting_for(condition)

    async def work() -> None:
        async with condition:
            await wait()
            if dwells:
                await asyncio.sleep(0)

    tasks = [asyncio.create_task(work()) for _ in range(size)]
    await settle()
    start = thread_time()
    async with condition:
        condition.notify_all()
    await asyncio.gather(*tasks)
    return (thread_time() - start) / size


def cancel_oldest_first(make: Callable[[], Any], size: int) -> float:
    """Cancel ``size`` waiters in the order in which they came; time for each."""
    return asyncio.run(_cancel(make, size, 1))


def cancel_newest_first(make: Callable[[], Any], size: int) -> float:
    """Cancel ``size`` waiters, the last to come first; time for each."""
    return asyncio.run(_cancel(make, size, -1))


def cancel_shuffled(make: Callable[[], Any], size: int) -> float:
    """Cancel ``size`` waiters in no order; time for each."""
    return asyncio.run(_cancel(make, size, 0))


async def _cancel(make: Callable[[], Any], size: int, step: int) -> float:
    condition = make()
    wait = _waiting_for(condition)

    async def work() -> None:
        async with condition:
            await wait()

    tasks = [asyncio.create_task(work()) for _ in range(size)]
    order = tasks[:: step or 1]
    if not step:
        random.Random(size).shuffle(order)
    await settle()
    start = thread_time()
    for task in order:
        task.cancel()
    while not all(map(asyncio.Task.done, tasks)):
        await settle()
    end = thread_time()
    if not all(map(asyncio.Task.cancelled, tasks)):
        raise SystemExit("a task was not cancelled")
    return (end - start) / size
