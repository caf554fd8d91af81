# SPDX-License-Identifier: ISC
"""A runtime inside a task of another: the one that runs now counts."""

from __future__ import annotations

import asyncio
import sys

import aiologic
import pytest
import trio
import trio.lowlevel

pytest.importorskip("aiologic_asyncio", reason="the other runtime needs a backend, too")

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


async def contend_in_asyncio(lock: aiologic.Lock) -> None:
    """Wait, time out, wake and own, all as tasks of asyncio."""
    assert await lock.async_acquire(timeout=0) is False

    async def turn() -> None:
        async with inner:
            assert inner.async_owned()
            assert inner.owner is not None
            assert inner.owner[0] == "asyncio"
            await asyncio.sleep(0)

    inner = aiologic.Lock()
    await asyncio.gather(turn(), turn(), turn())
    assert not inner.locked()


async def contend_in_trio(lock: aiologic.Lock) -> None:
    """The same in trio."""
    assert await lock.async_acquire(timeout=0) is False

    async def turn() -> None:
        async with inner:
            assert inner.async_owned()
            assert inner.owner is not None
            assert inner.owner[0] == "trio"
            await trio.lowlevel.checkpoint()

    inner = aiologic.Lock()
    async with trio.open_nursery() as nursery:
        for _ in range(3):
            nursery.start_soon(turn)
    assert not inner.locked()


@pytest.mark.parametrize("kind", [aiologic.Lock, aiologic.RLock])
def test_asyncio_inside_trio(kind: type[aiologic.Lock]) -> None:
    lock = kind()

    async def outer() -> None:
        async with lock:
            asyncio.run(contend_in_asyncio(lock))
            assert lock.async_owned()

    trio.run(outer)
    assert not lock.locked()


@pytest.mark.parametrize("kind", [aiologic.Lock, aiologic.RLock])
def test_trio_inside_asyncio(kind: type[aiologic.Lock]) -> None:
    lock = kind()

    async def outer() -> None:
        async with lock:
            trio.run(contend_in_trio, lock)
            assert lock.async_owned()

    asyncio.run(outer())
    assert not lock.locked()


def test_three_deep() -> None:
    """asyncio in trio in asyncio: two of them are asyncio, but not the same loop."""
    lock = aiologic.Lock()

    async def innermost() -> None:
        assert not lock.async_owned()
        await contend_in_asyncio(lock)

    async def middle() -> None:
        assert not lock.async_owned()
        without_running_loop(lambda: asyncio.run(innermost()))
        assert not lock.async_owned()

    async def outer() -> None:
        async with lock:
            trio.run(middle)
            assert lock.async_owned()

    asyncio.run(outer())
    assert not lock.locked()


def without_running_loop(function: Callable[[], object]) -> None:
    """Asyncio refuses a loop inside a loop of the same thread, unless the outer one hides.

    Since Python 3.14 the current task is that of the thread, and no longer of the
    loop. Then a task inside a task is refused, too, and the inner loop waits for it
    for ever.
    """
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None
    if sys.version_info >= (3, 14):
        asyncio.tasks._leave_task(loop, task)
    asyncio._set_running_loop(None)
    try:
        function()
    finally:
        asyncio._set_running_loop(loop)
        if sys.version_info >= (3, 14):
            asyncio.tasks._enter_task(loop, task)


def test_the_outer_one_was_started_by_anyio() -> None:
    """AnyIO writes a name into the context, which the inner one inherits."""
    anyio = pytest.importorskip("anyio", reason="runs that AnyIO starts need AnyIO")
    lock = aiologic.Lock()

    async def outer(run_inner: Callable[[], object]) -> None:
        async with lock:
            run_inner()
            assert lock.async_owned()
            await anyio.sleep(0)

    anyio.run(outer, lambda: asyncio.run(contend_in_asyncio(lock)), backend="trio")
    anyio.run(outer, lambda: trio.run(contend_in_trio, lock), backend="asyncio")
    assert not lock.locked()


@pytest.mark.xfail(
    strict=True,
    reason="a callback has no frame by which to place it, so the task around its loop is taken for it",
)
def test_a_callback_of_a_loop_inside_trio_is_asyncio_s() -> None:
    """It has no task of its own, and does not get the one around it."""
    lock = aiologic.Lock()
    seen: list[str] = []

    def callback() -> None:
        try:
            lock.async_release()
        except RuntimeError as error:
            seen.append(str(error))

    async def inner() -> None:
        asyncio.get_running_loop().call_soon(callback)
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    async def outer() -> None:
        async with lock:
            asyncio.run(inner())
            assert lock.async_owned()

    trio.run(outer)
    assert len(seen) == 1


def test_no_checkpoint_where_no_task_runs() -> None:
    """trio's name is announced, but a coroutine that is driven by hand there has nobody to let run."""
    got: list[object] = []

    class Driver(trio.abc.Instrument):
        def before_io_wait(self, timeout: float) -> None:
            del timeout
            getting = aiologic.SimpleQueue(["item"]).async_get()
            try:
                got.append(("yielded", getting.send(None)))
            except StopIteration as stop:
                got.append(stop.value)
            getting.close()

    async def main() -> None:
        for _ in range(2):  # the first of a kind takes the long way
            await aiologic.SimpleQueue([1]).async_get()

    trio.run(main, instruments=[Driver()])

    assert len(got) > 1
    assert set(got) == {"item"}
