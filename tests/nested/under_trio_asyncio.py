# SPDX-License-Identifier: ISC
"""A script: asyncio's tasks inside trio's, and trio's inside those, by trio-asyncio; run by test_trio_asyncio.py.

Usage: under_trio_asyncio.py <function of this file>
"""

# Importing trio-asyncio patches asyncio for good, so each test is a process of its own. While it runs asyncio's
# callbacks, it says so in sniffio's thread-local; the task that runs them is one of trio's, and its frame is around
# theirs.

from __future__ import annotations

import asyncio
import sys
import threading

import aiologic
import trio
import trio_asyncio  # type: ignore[import-untyped]
from aiologic.lowlevel import current_async_library, current_async_task
from aiologic.testing.harness import until
from trio_asyncio import aio_as_trio, trio_as_aio

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

#: So far away that only a test that fails gets there.
FAR = 20.0

KINDS: list[type[aiologic.Lock | aiologic.BinarySemaphore]] = [
    aiologic.Lock,
    aiologic.RLock,
    aiologic.BinarySemaphore,
]


def run(main: Callable[..., Awaitable[None]], *args: object) -> None:
    """Run it in trio, with a loop of asyncio's open."""

    async def with_a_loop() -> None:
        with trio.fail_after(FAR):
            async with trio_asyncio.open_loop():
                await main(*args)

    trio.run(with_a_loop)


def each_is_found_where_it_runs() -> None:
    """D17, three deep: trio, asyncio in it, and trio in that."""
    seen: list[str] = []
    tasks: list[object] = []

    def look() -> None:
        seen.append(current_async_library())
        tasks.append(current_async_task())

    async def innermost() -> None:
        look()

    async def middle() -> None:
        look()
        await trio_as_aio(innermost)()
        await asyncio.sleep(0)
        look()

    async def main() -> None:
        look()
        await aio_as_trio(middle)()
        look()

    run(main)
    assert seen == ["trio", "asyncio", "trio", "asyncio", "trio"], seen
    assert tasks[0] is tasks[4]
    assert tasks[1] is tasks[3]
    assert len(set(map(id, tasks))) == 3


def a_callback_has_no_task() -> None:
    """It is asyncio's, and does not get the task of trio that runs it."""
    seen: list[str] = []

    def callback(lock: aiologic.Lock) -> None:
        seen.append(current_async_library())
        try:
            lock.async_release()
        except RuntimeError as error:
            seen.append(str(error))

    async def main() -> None:
        lock = aiologic.Lock()
        async with lock:
            asyncio.get_running_loop().call_soon(callback, lock)
            while len(seen) < 2:  # noqa: ASYNC110  # no event tells of that
                await trio.sleep(0.001)
            assert lock.async_owned()

    run(main)
    assert seen[0] == "asyncio"
    assert "no current task" in seen[1], seen


def it_is_handed_over_and_back() -> None:
    """Between a task of asyncio and one of trio, in both directions; neither has another timer to wake up for."""

    async def holds(kind: object, order: list[str]) -> None:
        async with kind:  # type: ignore[attr-defined]
            while not kind.waiting:  # type: ignore[attr-defined]
                await pause()
            order.append(current_async_library())

    async def waits(kind: object, order: list[str]) -> None:
        async with kind:  # type: ignore[attr-defined]
            order.append(current_async_library())

    async def main() -> None:
        for kind in KINDS:
            for asyncio_first in (True, False):
                order: list[str] = []
                exclusive = kind()
                first = aio_as_trio(holds) if asyncio_first else holds
                second = waits if asyncio_first else aio_as_trio(waits)
                async with trio.open_nursery() as nursery:
                    nursery.start_soon(first, exclusive, order)
                    while await exclusive.async_acquire(blocking=False):
                        exclusive.async_release()
                        await pause()
                    nursery.start_soon(second, exclusive, order)
                expected = ["asyncio", "trio"]
                assert order == (expected if asyncio_first else expected[::-1]), order
                assert exclusive.waiting == 0

    run(main)


async def pause() -> None:
    if current_async_library() == "trio":
        await trio.sleep(0.0005)
    else:
        await asyncio.sleep(0.0005)


def identities_do_not_mix() -> None:
    """What the task of trio has, the task of asyncio inside it does not have; nor the other way round."""

    async def innermost(outer: aiologic.Lock, middle: aiologic.Lock) -> None:
        for lock in (outer, middle):
            assert lock.locked()
            assert not lock.async_owned()
            assert await lock.async_acquire(timeout=0.005) is False
            assert await lock.async_acquire(blocking=False) is False

    async def inner(outer: aiologic.Lock) -> None:
        await innermost(outer, outer)
        middle = type(outer)()
        async with middle:
            await trio_as_aio(innermost)(outer, middle)
            assert middle.async_owned()

    async def main() -> None:
        for kind in (aiologic.Lock, aiologic.RLock):
            lock = kind()
            async with lock:
                await aio_as_trio(inner)(lock)
                assert lock.async_owned()

    run(main)


def a_thread_wakes_each() -> None:
    """Both are asleep, in the same selector."""

    async def main() -> None:
        for wait in (lambda event: event.with_(), aio_as_trio(lambda e: e.with_())):
            event = aiologic.Event()

            def set_it(event: aiologic.Event = event) -> None:
                until(lambda: event.waiting == 1)
                event.set()

            thread = threading.Thread(target=set_it)
            thread.start()
            assert await wait(event) is True
            thread.join(FAR)

    run(main)


def time_runs_out() -> None:
    async def wait(event: aiologic.Event) -> bool:
        return await event.with_(0.01)

    async def main() -> None:
        event = aiologic.Event()
        assert await wait(event) is False
        assert await aio_as_trio(wait)(event) is False
        assert event.waiting == 0

    run(main)


def a_scope_of_trio_cancels_a_task_of_asyncio() -> None:
    """trio-asyncio turns a level into an edge, and the wait ends; a grant at that moment is passed on."""

    async def wait(exclusive: aiologic.Lock) -> None:
        async with exclusive:
            raise AssertionError("two have it")

    async def main() -> None:
        for kind in KINDS:
            exclusive = kind()
            async with exclusive:
                with trio.move_on_after(0.01) as scope:
                    await aio_as_trio(wait)(exclusive)
                assert scope.cancelled_caught
                assert exclusive.waiting == 0
            async with trio.open_nursery() as nursery, exclusive:
                nursery.start_soon(aio_as_trio(wait), exclusive)
                while not exclusive.waiting:  # noqa: ASYNC110  # no event tells of that
                    await trio.sleep(0.0005)
                nursery.cancel_scope.cancel()
            assert await exclusive.async_acquire(blocking=False) is True

    run(main)


def a_loop_is_left_with_a_task_that_waits() -> None:
    """The end of open_loop() cancels nobody, and closes the loop: the task never runs again, and keeps no grant."""

    async def wait(exclusive: aiologic.Lock) -> None:
        await exclusive.async_acquire()

    async def main(exclusive: aiologic.Lock) -> None:
        task = asyncio.ensure_future(wait(exclusive))
        while not exclusive.waiting:  # noqa: ASYNC110  # no event tells of that
            await trio.sleep(0.0005)
        task.cancel()

    for kind in KINDS:
        exclusive = kind()
        exclusive.green_acquire()
        run(main, exclusive)
        assert exclusive.waiting == 0
        exclusive.green_release()
        assert exclusive.green_acquire(blocking=False)


globals()[sys.argv[1]]()
print("passed", flush=True)
