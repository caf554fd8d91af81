# SPDX-License-Identifier: ISC
"""The loop's thread-safe entrance is used wherever the loop might keep sleeping, and only there."""

from __future__ import annotations

import asyncio
import threading

import aiologic
import pytest

from .steps import count_entrances, finish, slice_of, start, until_waiting

Loop = asyncio.AbstractEventLoop


def test_a_task_wakes_a_task_of_its_loop_without_it(loop: Loop) -> None:
    event = aiologic.Event()
    waiting = start(loop, event.with_())
    until_waiting(loop, event)
    entrances = count_entrances(loop)

    async def set_it() -> None:
        event.set()

    loop.run_until_complete(set_it())

    assert finish(loop, waiting) is True
    assert entrances == []


def test_a_lock_is_handed_over_inside_a_loop_without_it(loop: Loop) -> None:
    lock = aiologic.Lock()
    entrances = count_entrances(loop)

    async def work() -> None:
        for _ in range(10):
            async with lock:
                await asyncio.sleep(0)

    async def main() -> None:
        await asyncio.gather(work(), work(), work())

    loop.run_until_complete(main())

    assert entrances == []


def test_a_callback_wakes_through_it_once_for_all(loop: Loop) -> None:
    """A callback may also be run by code that borrows the thread of a sleeping loop."""
    events = [aiologic.Event() for _ in range(3)]
    waiting = [start(loop, event.with_()) for event in events]
    until_waiting(loop, events[-1])
    entrances = count_entrances(loop)

    def set_them() -> None:
        for event in events:
            event.set()

    loop.call_soon(set_them)
    slice_of(loop)

    assert [finish(loop, future) for future in waiting] == [True] * 3
    assert len(entrances) == 1


def test_a_done_callback_of_a_future_wakes(loop: Loop) -> None:
    event = aiologic.Event()
    waiting = start(loop, event.with_())
    until_waiting(loop, event)
    future: asyncio.Future[None] = loop.create_future()
    future.add_done_callback(lambda _: event.set())

    future.set_result(None)

    assert finish(loop, waiting) is True


def test_a_thousand_waiters_are_woken_by_a_thread_through_one_entrance(
    loop: Loop,
) -> None:
    event = aiologic.Event()
    waiting = [start(loop, event.with_()) for _ in range(1000)]
    until_waiting(loop, event, 1000)
    entrances = count_entrances(loop)

    async def busy() -> None:
        thread = threading.Thread(target=event.set)
        thread.start()
        thread.join()

    loop.run_until_complete(busy())

    assert len(entrances) == 1
    for future in waiting:
        assert finish(loop, future) is True


def test_the_entrance_is_used_again_after_the_loop_has_looked(loop: Loop) -> None:
    events = [aiologic.Event() for _ in range(3)]
    waiting = [start(loop, event.with_()) for event in events]
    until_waiting(loop, events[-1])
    entrances = count_entrances(loop)

    for number, event in enumerate(events, 1):
        event.set()  # the loop does not run: this is "from elsewhere", in its own thread
        assert len(entrances) == number
        slice_of(loop)

    assert [finish(loop, future) for future in waiting] == [True] * 3


def test_a_task_of_another_loop_in_the_same_thread_wakes(loop: Loop) -> None:
    """A loop in slices, as a guest: between two of them, another loop runs in its thread."""
    event = aiologic.Event()
    waiting = start(loop, event.with_())
    until_waiting(loop, event)
    entrances = count_entrances(loop)

    async def set_it() -> None:
        event.set()

    asyncio.run(set_it())

    assert len(entrances) == 1
    assert finish(loop, waiting) is True


def test_a_loop_that_hides_in_one_of_its_callbacks_is_woken(loop: Loop) -> None:
    """The host hides the running loop, runs something else, and puts it back."""
    event = aiologic.Event()
    waiting = start(loop, event.with_())
    until_waiting(loop, event)

    async def set_it() -> None:
        event.set()

    def host() -> None:
        asyncio._set_running_loop(None)
        try:
            asyncio.run(set_it())
        finally:
            asyncio._set_running_loop(loop)

    entrances = count_entrances(loop)
    loop.call_soon(host)
    slice_of(loop)

    assert len(entrances) == 1
    assert finish(loop, waiting) is True


def test_the_debug_mode_has_nothing_to_complain_about(loop: Loop) -> None:
    """It raises if a loop is touched by a thread that does not run it."""
    loop.set_debug(True)
    lock, event = aiologic.Lock(), aiologic.Event()
    waiting = start(loop, event.with_(10))
    until_waiting(loop, event)

    def in_a_thread() -> None:
        with lock:
            event.set()

    async def main() -> None:
        async with lock:
            thread = threading.Thread(target=in_a_thread)
            thread.start()
            await asyncio.sleep(0)
        assert await waiting is True
        while thread.is_alive():  # noqa: ASYNC110  # no event tells of that
            await asyncio.sleep(0)

    finish(loop, main())
    loop.call_soon(aiologic.Event().set)
    slice_of(loop)


def test_a_wake_up_before_the_wait_is_remembered(loop: Loop) -> None:
    """The waiter is queued, and granted by a thread, before its task gives way to the loop."""
    from aiologic._runtime.detect import worlds

    class Source:
        def _take_back(self, waiter: object) -> None:
            pytest.fail("it was not lost")

        def _leave(self, waiter: object) -> None:
            pytest.fail("it was not abandoned")

    async def main() -> bool | None:
        waiter = worlds.async_world()[0].create_waiter()
        waiter.source = Source()
        thread = threading.Thread(target=waiter.wake)
        thread.start()
        thread.join()
        return await waiter.park(None)

    assert finish(loop, main()) is None
