# SPDX-License-Identifier: ISC
"""A worker for one world: how long a wake-up from a thread takes, and what waiting costs and leaves behind."""

# Worlds are run as by the tests (tests/worlds): a stage is a library that runs in a thread of its own, an actor is a
# task there. The wake-ups come from the main thread, or from another one, through semaphores of ours.

from __future__ import annotations

import importlib
import json
import statistics
import sys
import time

import aiologic
from aiologic.testing._census import answering, asking, census, growth
from aiologic.testing.harness import THREADS, Operation, until, wait

from tests.worlds.catalogue import PLACES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from aiologic.testing.harness import Actor, Stage, World

    from tests.worlds.catalogue import Place

LATENCIES = 500
IDLE_SECONDS = 2.0
WAKE_UPS = 10_000
FIRST_WAKE_UPS = 200  # what is created only once is created by these
#: Long enough for a runtime with nothing to do to fall asleep.
REST_SECONDS = 0.002
FAR_SECONDS = 1000

WORLDS: dict[str, Place] = {
    **PLACES,
    "gevent on libuv": PLACES["gevent"]._replace(
        constant="GEVENT_LIBUV",
        needs=(*PLACES["gevent"].needs, "_cffi_backend"),
    ),
}


def main() -> None:
    place = WORLDS[sys.argv[1]]
    try:
        for module in place.needs:
            importlib.import_module(module)
    except ImportError as error:
        json.dump({"left out": f"{error}{place.note}"}, sys.stdout)
        return
    described = importlib.import_module(place.module, "tests.worlds")
    json.dump(measure(getattr(described, place.constant)), sys.stdout)


def measure(world: World) -> dict[str, Any]:
    with world.open() as stage:
        wake_up_seconds = latency(stage)
    with world.open() as stage:
        idle_seconds = idle(stage)
    with world.open() as stage, THREADS.open() as threads:
        left = [
            what_is_left(stage, threads, TIMERS.get(world.library), timeout)
            for timeout in (None, FAR_SECONDS)
        ]
    return {"latency": wake_up_seconds, "idle": idle_seconds, "left": left}


def latency(stage: Stage) -> float:
    """The median time from the release until the task goes on."""
    semaphore = aiologic.BinarySemaphore(0)
    ends: list[float] = []

    def green() -> None:
        for _ in range(LATENCIES):
            semaphore.green_acquire()
            ends.append(time.perf_counter())

    async def aio() -> None:
        for _ in range(LATENCIES):
            await semaphore.async_acquire()
            ends.append(time.perf_counter())

    call = stage.actor().starts(Operation("wait and wait again", green, aio))
    latencies = []
    for number in range(LATENCIES):
        until(lambda: semaphore.waiting)
        time.sleep(REST_SECONDS)
        begin = time.perf_counter()
        semaphore.release()
        until(lambda number=number: len(ends) > number)  # type: ignore[misc]
        latencies.append(ends[number] - begin)
    call.result()
    return statistics.median(latencies)


def idle(stage: Stage) -> float:
    """The processor time of the whole process while tasks wait, for ever and for a long time."""
    event = aiologic.Event()
    calls = [stage.actor().starts(wait(event, t)) for t in (None, FAR_SECONDS, 1e9)]
    until(lambda: event.waiting == len(calls))
    time.sleep(REST_SECONDS)
    begin = time.process_time()
    time.sleep(IDLE_SECONDS)
    spent = time.process_time() - begin
    event.set()
    for call in calls:
        call.result()
    return spent


def what_is_left(
    stage: Stage,
    threads: Stage,
    count_timers: Callable[[], int] | None,
    timeout: float | None,
) -> dict[str, int]:
    """What there is more of after many wake-ups from another thread."""

    def count() -> dict[str, int]:
        # This runs after the other actors' tasks, which then wait for the next order.
        timers = stage.inside(count_timers) if count_timers is not None else 0
        return {**census(), "timers": timers}

    sleeper, waker = stage.actor(), threads.actor()
    wake_up(sleeper, waker, FIRST_WAKE_UPS, timeout)
    before = count()
    before = count()  # the second one also counts the first
    wake_up(sleeper, waker, WAKE_UPS, timeout)
    return growth(before, count())


def wake_up(sleeper: Actor, waker: Actor, times: int, timeout: float | None) -> None:
    there, back = aiologic.BinarySemaphore(0), aiologic.BinarySemaphore(0)
    waking = waker.starts(answering(there, back, times))
    until(lambda: there.waiting)
    sleeper.does(asking(there, back, times, timeout))
    waking.result()


# The number of timers that will go off, where each library stores them. Called inside.


def timers_of_asyncio() -> int:
    import asyncio

    loop: Any = asyncio.get_running_loop()
    if not hasattr(loop, "_scheduled"):  # uvloop; they are counted as objects
        return 0
    return sum(not handle.cancelled() for handle in loop._scheduled)


def timers_of_trio() -> int:
    import trio

    return trio.lowlevel.current_statistics().seconds_to_next_deadline != float("inf")


def timers_of_curio() -> int:
    from aiologic_curio._kernel import current_kernel

    runner = current_kernel()._runner
    variables = dict(zip(runner.__code__.co_freevars, runner.__closure__))
    sleepers = variables["sleepq"].cell_contents
    return len(sleepers.near) + len(sleepers.far)


def timers_of_gevent() -> int:
    import gevent

    return gevent.get_hub().loop.activecnt  # everything that keeps the loop running


def timers_of_eventlet() -> int:
    from eventlet import hubs

    hub = hubs.get_hub()
    return sum(timer.pending for _, timer in hub.timers + hub.next_timers)


TIMERS: dict[str, Callable[[], int]] = {
    "asyncio": timers_of_asyncio,
    "trio": timers_of_trio,
    "curio": timers_of_curio,
    "gevent": timers_of_gevent,
    "eventlet": timers_of_eventlet,
}


if __name__ == "__main__":
    main()
