# SPDX-License-Identifier: ISC
"""Items that go through a queue: time for each, from the first put to the last get."""

# The names of operations say what they do: ``threads_4_to_asyncio_1`` is four threads that put and one task that gets;
# ``asyncio_1_in_turn`` is one task that puts an item and gets it, again and again. "loop" is a second asyncio loop in
# another thread, whereas "asyncio" on both sides means tasks of one loop.
#
# What one thread does alone is measured in its processor time, everything else by the clock.

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future
from time import perf_counter, thread_time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any

    from benchmarks.operations.queues import Ends

    Make = Callable[[int], Ends]
    Body = Callable[[Ends], Awaitable[None]]

TIMEOUT_SECONDS = 120
IN_TURN = "_in_turn"
TO = "_to_"


def __getattr__(name: str) -> Callable[[Any, int, int], float]:
    """The operation of that name."""
    if name.endswith(IN_TURN):
        return _IN_TURN[name[: -len(IN_TURN)]]
    if TO not in name:
        raise AttributeError(name)
    puts, gets = map(_numbered, name.split(TO))
    if puts[0] == gets[0] != "threads":
        return _on_one_loop(puts[0], puts[1], gets[1])

    def between(make: Make, size: int, count: int) -> float:
        return _between(make, size, count, puts, gets)

    return between


def _numbered(side: str) -> tuple[str, int]:
    world, _, number = side.rpartition("_")
    return world, int(number)


# -- alone -----------------------------------------------------------------------------------------------------------


def _thread_in_turn(make: Make, size: int, count: int) -> float:
    ends = make(size)
    put, get = ends.sync_put, ends.sync_get
    put(None)  # creates what is created on first use
    get()
    start = thread_time()
    for item in range(count):
        put(item)
        get()
    return (thread_time() - start) / count


async def _in_turn(make: Make, size: int, count: int) -> float:
    ends = make(size)
    put, get = ends.async_put, ends.async_get
    await put(None)
    await get()
    start = thread_time()
    for item in range(count):
        await put(item)
        await get()
    return (thread_time() - start) / count


def _asyncio_in_turn(make: Make, size: int, count: int) -> float:
    return asyncio.run(_in_turn(make, size, count))


def _trio_in_turn(make: Make, size: int, count: int) -> float:
    import trio

    return trio.run(_in_turn, make, size, count)


_IN_TURN = {
    "thread_1": _thread_in_turn,
    "asyncio_1": _asyncio_in_turn,
    "trio_1": _trio_in_turn,
}


# -- what producers and consumers do ---------------------------------------------------------------------------------


def _put_all(ends: Ends, count: int) -> None:
    put = ends.sync_put
    for item in range(count):
        put(item)


def _get_all(ends: Ends, count: int) -> None:
    get = ends.sync_get
    for _ in range(count):
        get()


async def _async_put_all(ends: Ends, count: int) -> None:
    put = ends.async_put
    for item in range(count):
        await put(item)


async def _async_get_all(ends: Ends, count: int) -> None:
    get = ends.async_get
    for _ in range(count):
        await get()


# -- on one loop -----------------------------------------------------------------------------------------------------


def _on_one_loop(
    world: str, producers: int, consumers: int
) -> Callable[[Make, int, int], float]:
    def operate(make: Make, size: int, count: int) -> float:
        async def main() -> float:
            ends = make(size)
            start = thread_time()
            bodies = [
                *[(_async_put_all, ends, count // producers)] * producers,
                *[(_async_get_all, ends, count // consumers)] * consumers,
            ]
            await _all(world, bodies)
            return (thread_time() - start) / count

        return _run(world, main)  # type: ignore[no-any-return]

    return operate


async def _all(world: str, bodies: list[tuple[Any, Any, int]]) -> None:
    if world == "trio":
        import trio

        async with trio.open_nursery() as nursery:
            for body, ends, count in bodies:
                nursery.start_soon(body, ends, count)
    else:
        await asyncio.gather(*[body(ends, count) for body, ends, count in bodies])


def _run(world: str, main: Callable[[], Any]) -> Any:
    if world == "trio":
        import trio

        return trio.run(main)
    return asyncio.run(main())


# -- between threads -------------------------------------------------------------------------------------------------


def _between(
    make: Make, size: int, count: int, puts: tuple[str, int], gets: tuple[str, int]
) -> float:
    """Both sides are in threads of their own; the tasks of a loop share one thread."""
    made: Future[Ends] = Future()
    # A queue is created where its getters run, or if those are threads, its putters: some can be used on that loop
    # only.
    maker = puts if gets[0] == "threads" else gets
    if puts[0] == gets[0] == "threads":
        made.set_result(make(size))
    at_once = [number if world == "threads" else 1 for world, number in (puts, gets)]
    ready = threading.Barrier(sum(at_once), timeout=TIMEOUT_SECONDS)
    # Recorded by each side itself: another thread might notice only some thousand items later.
    starts: list[float] = []
    ends: list[float] = []

    def thread(body: Callable[[Ends, int], None], number: int) -> None:
        queue = made.result(TIMEOUT_SECONDS)
        ready.wait()
        starts.append(perf_counter())
        body(queue, count // number)
        ends.append(perf_counter())

    def loop(
        world: str, body: Callable[[Ends, int], Awaitable[None]], number: int
    ) -> None:
        async def main() -> None:
            if maker[0] == world:
                made.set_result(make(size))
            queue = made.result(TIMEOUT_SECONDS)
            ready.wait()
            starts.append(perf_counter())
            await _all(world, [(body, queue, count // number)] * number)
            ends.append(perf_counter())

        _run(world, main)

    threads: list[threading.Thread] = []
    target: Callable[..., None]
    arguments: tuple[Any, ...]
    bodies = (_put_all, _async_put_all), (_get_all, _async_get_all)
    for (world, number), (body, async_body) in zip((puts, gets), bodies):
        if world == "threads":
            target, arguments, copies = thread, (body, number), number
        else:
            target, arguments, copies = loop, (world, async_body, number), 1
        threads += [
            threading.Thread(target=target, args=arguments) for _ in range(copies)
        ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    if len(ends) != len(threads):
        raise SystemExit("a side has failed")
    return (max(ends) - min(starts)) / count
