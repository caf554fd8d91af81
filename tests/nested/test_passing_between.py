# SPDX-License-Identifier: ISC
"""What passes between a runtime and the one that was started inside one of its tasks."""

# While the inner runtime runs, nothing of the outer one does: neither the task that started it nor its siblings. So
# what an inner task waits for must come from elsewhere (a thread, another inner task), and what it gives to an outer
# task arrives when the outer runtime goes on. Wake-ups are due at once then: the outer one has no timer that would hide
# a lost one.

from __future__ import annotations

import asyncio
import gc
import signal
import threading

import aiologic
import pytest
from aiologic.testing.harness import acquire, release, until

from .nests import FAR

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Union

    from aiologic.testing.harness import Stage

    from .nests import Nest

    Exclusive = Union[aiologic.Lock, aiologic.BinarySemaphore]


def test_inner_tasks_take_turns(nest: Nest, exclusive: Exclusive) -> None:
    inside: list[None] = []
    turns: list[None] = []

    async def work() -> None:
        for _ in range(5):
            async with exclusive:
                assert not inside
                inside.append(None)
                await nest.inner.checkpoint()
                inside.pop()
                turns.append(None)

    async def outer() -> None:
        nest.inner.run(lambda: nest.inner.together(work, work, work))  # type: ignore[arg-type,return-value]

    nest.run(outer)
    assert len(turns) == 15
    assert exclusive.waiting == 0


def test_an_inner_task_gives_to_an_outer_one(nest: Nest) -> None:
    """What an inner task releases, a sibling of the outer one has as soon as the outer runtime goes on."""
    semaphore, event = aiologic.BinarySemaphore(0), aiologic.Event()
    got: list[str] = []

    async def wait_for_semaphore() -> None:
        assert await semaphore.async_acquire() is True
        got.append("semaphore")

    async def wait_for_event() -> None:
        assert await event.with_(FAR) is True
        got.append("event")

    async def inner() -> None:
        semaphore.async_release()
        event.set()
        await nest.inner.checkpoint()
        assert got == []

    async def start_inner() -> None:
        while not (semaphore.waiting and event.waiting):
            await nest.outer.checkpoint()
        nest.inner.run(inner)

    async def outer() -> None:
        await nest.outer.together(wait_for_semaphore, wait_for_event, start_inner)

    nest.run(outer)
    assert sorted(got) == ["event", "semaphore"]


def test_an_outer_task_is_next_in_line_after_an_inner_one(
    nest: Nest, exclusive: Exclusive
) -> None:
    """It was given the lock on release, and can't run while the inner runtime does: so that can't have it."""
    order: list[str] = []
    is_held = aiologic.Event()

    async def sibling() -> None:
        await is_held
        async with exclusive:
            order.append("outer")

    async def inner() -> None:
        assert await exclusive.async_acquire(timeout=0.01) is False
        order.append("inner gave up")

    async def holder() -> None:
        async with exclusive:
            is_held.set()
            while not exclusive.waiting:
                await nest.outer.checkpoint()
        nest.inner.run(inner)

    async def outer() -> None:
        await nest.outer.together(holder, sibling)

    nest.run(outer)
    assert order == ["inner gave up", "outer"]
    assert exclusive.waiting == 0


def test_a_thread_gives_to_an_inner_task_that_sleeps(
    nest: Nest, exclusive: Exclusive, threads: Stage
) -> None:
    """The inner loop is asleep in its selector, and has nothing else to wake up for."""
    thread = threads.actor()
    thread.does(acquire(exclusive))
    order: list[str] = []

    def give() -> None:
        until(lambda: exclusive.waiting == 1)
        thread.does(release(exclusive))

    async def inner() -> None:
        giver = threading.Thread(target=give)
        giver.start()
        async with exclusive:
            order.append("inner")
        giver.join(FAR)

    async def outer() -> None:
        nest.inner.run(inner)
        async with exclusive:
            order.append("outer")

    nest.run(outer)
    assert order == ["inner", "outer"]


def test_a_thread_gives_to_an_outer_task_while_the_inner_one_sleeps(
    nest: Nest, exclusive: Exclusive, threads: Stage
) -> None:
    """Its wake-up waits at the outer loop's entrance until that loop goes on."""
    thread = threads.actor()
    thread.does(acquire(exclusive))
    inside = aiologic.Event()
    got: list[str] = []

    def give() -> None:
        until(lambda: inside.waiting == 1)
        thread.does(release(exclusive))
        assert exclusive.green_acquire(blocking=False) is False
        inside.set()

    async def sibling() -> None:
        async with exclusive:
            got.append("outer")

    async def inner() -> None:
        assert await inside is True
        assert got == []

    async def start_inner() -> None:
        while not exclusive.waiting:
            await nest.outer.checkpoint()
        giver = threading.Thread(target=give)
        giver.start()
        nest.inner.run(inner)
        giver.join(FAR)

    async def outer() -> None:
        await nest.outer.together(sibling, start_inner)

    nest.run(outer)
    assert got == ["outer"]


def test_an_inner_task_is_cancelled_while_it_waits(
    nest: Nest, exclusive: Exclusive
) -> None:
    async def wait() -> None:
        async with exclusive:
            raise AssertionError("two have it")

    async def until_it_waits() -> None:
        while not exclusive.waiting:
            await nest.inner.checkpoint()

    async def inner() -> None:
        await nest.inner.cancelled_after(wait, until_it_waits)
        assert exclusive.waiting == 0

    async def outer() -> None:
        async with exclusive:
            nest.inner.run(inner)
        assert await exclusive.async_acquire(blocking=False) is True

    nest.run(outer)


def test_an_outer_task_is_cancelled_by_an_inner_one(
    nest: Nest, exclusive: Exclusive, threads: Stage
) -> None:
    """Cancelled from inside, and granted by a thread before it could run: the grant goes to the thread behind it."""
    thread, behind = threads.actor(), threads.actor()
    thread.does(acquire(exclusive))

    async def victim() -> None:
        async with exclusive:
            await nest.outer.checkpoint()
            await nest.outer.checkpoint()

    async def meanwhile() -> None:
        while not exclusive.waiting:
            await nest.outer.checkpoint()
        call = behind.starts(acquire(exclusive))
        until(lambda: exclusive.waiting == 2)

        async def inner() -> None:
            thread.does(release(exclusive))
            assert not call.is_done
            await nest.inner.checkpoint()

        nest.inner.run(inner)
        calls.append(call)

    calls: list[object] = []

    async def outer() -> None:
        await nest.outer.cancelled_after(victim, meanwhile)

    nest.run(outer)
    (call,) = calls
    assert call.result() is True  # type: ignore[attr-defined]
    behind.does(release(exclusive))
    assert exclusive.waiting == 0


def test_an_inner_loop_is_closed_with_a_task_that_waits(exclusive: Exclusive) -> None:
    """Not cancelled, just closed: whatever it was given, or is given later, goes to the outer task in line."""
    trio = pytest.importorskip("trio", reason="the loop is inside a run of trio")
    pytest.importorskip("aiologic_trio", reason="runs of trio need the backend")
    got: list[str] = []
    waiting: list[asyncio.Future[bool]] = []

    async def sibling() -> None:
        async with exclusive:
            got.append("outer")

    def leave_a_task_behind() -> None:
        loop = asyncio.new_event_loop()
        loop.set_exception_handler(lambda loop, context: None)  # noqa: ARG005
        waiting.append(asyncio.ensure_future(exclusive.async_acquire(), loop=loop))
        loop.call_soon(loop.stop)
        loop.run_forever()
        assert exclusive.waiting == 1
        loop.close()

    async def outer() -> None:
        async with trio.open_nursery() as nursery, exclusive:
            leave_a_task_behind()
            nursery.start_soon(sibling)
            while exclusive.waiting != 2:  # no event tells of that
                await trio.lowlevel.checkpoint()

    trio.run(outer)
    assert got == ["outer"]
    assert exclusive.waiting == 0
    waiting.clear()
    gc.collect()


@pytest.mark.parametrize("whose", ["inner", "outer"])
def test_a_signal_handler_wakes(nest: Nest, whose: str) -> None:
    """It interrupts the inner loop's sleep, in the middle of a step of the outer one."""
    if {nest.outer.library, nest.inner.library} != {"asyncio"} and nest.is_of_uvloop:
        pytest.skip("in the main thread uvloop and trio quarrel about signals")
    event, semaphore = aiologic.Event(), aiologic.BinarySemaphore(0)
    got: list[str] = []

    def handler(*_: object) -> None:
        (event.set if whose == "inner" else semaphore.release)()

    main = threading.get_ident()

    def is_heard() -> bool:
        # Sent more than once: a signal may come when the main thread has looked for signals for the last time, and is
        # about to sleep in its selector. Nothing interrupts that sleep, and the handler waits for the next signal.
        signal.pthread_kill(main, signal.SIGUSR1)
        return event.is_set() if whose == "inner" else semaphore.waiting == 0

    def send() -> None:
        until(lambda: event.waiting == 1)
        until(is_heard)
        if whose == "outer":
            event.set()

    async def sibling() -> None:
        await semaphore.async_acquire()
        got.append("outer")

    async def inner() -> None:
        sender = threading.Thread(target=send)
        sender.start()
        assert await event is True
        got.append("inner")
        sender.join(FAR)
        if whose == "inner":
            semaphore.release()

    async def start_inner() -> None:
        while not semaphore.waiting:
            await nest.outer.checkpoint()
        nest.inner.run(inner)

    async def outer() -> None:
        await nest.outer.together(sibling, start_inner)

    previous = signal.signal(signal.SIGUSR1, handler)
    try:
        nest.outer.run(outer)
    finally:
        signal.signal(signal.SIGUSR1, previous)
    assert got == ["inner", "outer"]
