# SPDX-License-Identifier: ISC
"""C10: greenlets of gevent or eventlet, native threads, and loops of asyncio, in one process."""

from __future__ import annotations

import gc
import threading
from pathlib import Path

import aiologic
import pytest
from aiologic.lowlevel import green_sleep
from aiologic.testing.harness import Operation, get, until

from tests.monkey.scripts import run as run_script
from tests.worlds.catalogue import world_of

from .conftest import ASYNC, Two, between, blocks

GREENLETS = ["gevent", "eventlet"]
ITEMS = 100
BEATS = 50
TRIPS = 50


@between(GREENLETS, ["thread", *GREENLETS])
def test_a_greenlet_waits_for_a_thread_and_its_hub_runs_on(two: Two) -> None:
    queue: aiologic.SimpleQueue[int] = aiologic.SimpleQueue()

    def consume() -> list[int]:
        return [queue.green_get() for _ in range(ITEMS)]

    def beat() -> None:
        for _ in range(BEATS):
            green_sleep(0)

    def produce() -> None:
        for number in range(ITEMS):
            queue.put(number)

    call = two.first.actor().starts(blocks(consume))
    until(lambda: queue.waiting == 1)
    two.first.actor().does(blocks(beat))
    assert not call.is_done

    two.second.actor().does(blocks(produce))
    assert call.result() == list(range(ITEMS))


@between(GREENLETS, ASYNC)
def test_round_trips_between_a_greenlet_and_a_loop_of_another_thread(two: Two) -> None:
    there: aiologic.SimpleQueue[int] = aiologic.SimpleQueue()
    back: aiologic.SimpleQueue[int] = aiologic.SimpleQueue()

    def green() -> None:
        for _ in range(TRIPS):
            back.put(there.green_get())

    async def aio() -> None:
        for number in range(TRIPS):
            there.put(number)
            assert await back.async_get() == number

    calls = [
        stage.actor().starts(Operation("trips", green, aio))
        for stage in (two.first, two.second)
    ]
    for call in calls:
        call.result()


def test_a_hub_with_nothing_else_to_do_does_not_give_up() -> None:
    """gevent raises LoopExit where it can't see that a thread will wake it."""
    world_of("gevent")
    import gevent

    queue: aiologic.SimpleQueue[str] = aiologic.SimpleQueue()
    got: list[str] = []

    def live() -> None:
        hub = gevent.get_hub()
        got.append(queue.green_get())
        hub.destroy(destroy_loop=True)

    thread = threading.Thread(target=live)
    thread.start()
    until(lambda: queue.waiting == 1)
    queue.put("item")
    thread.join()
    assert got == ["item"]


@pytest.mark.parametrize("name", GREENLETS)
def test_no_file_is_left_open(name: str) -> None:
    files = 0
    for _ in range(3):
        before = files
        with world_of(name).open() as stage:
            queue: aiologic.SimpleQueue[int] = aiologic.SimpleQueue()
            call = stage.actor().starts(get(queue))
            until(lambda q=queue: q.waiting == 1)  # type: ignore[misc]
            queue.put(1)
            assert call.result() == 1
        files = open_files()

    until(lambda: open_files() <= before)


def open_files() -> int:
    gc.collect()  # eventlet leaves it to that to close what a hub polls with
    return len([*Path("/dev/fd").iterdir()])


@pytest.mark.slow
@pytest.mark.parametrize("when", ["patched", "unpatched"])
@pytest.mark.parametrize("name", GREENLETS)
def test_a_whole_program(name: str, when: str) -> None:
    """A process of its own, because it patches, and has its hub in the main thread."""
    run_script(str(Path(__file__).with_name("greenlets.py")), name, when)
