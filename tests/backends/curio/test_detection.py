# SPDX-License-Identifier: ISC
"""curio inside a task of another library, or the other way round: the one that runs now counts."""

from __future__ import annotations

import asyncio
import threading

import aiologic
import pytest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any

curio: Any = pytest.importorskip(
    "curio", reason="curio can't be imported on Python 3.12 and newer"
)
pytest.importorskip("aiologic_curio")


def run_in_asyncio(function: Callable[[], Awaitable[object]]) -> None:
    async def main() -> None:
        await function()

    asyncio.run(main())


def run_in_trio(function: Callable[[], Awaitable[object]]) -> None:
    import trio

    trio.run(function)


def run_in_curio(function: Callable[[], Awaitable[object]]) -> None:
    curio.run(function)


RUNS = {"asyncio": run_in_asyncio, "trio": run_in_trio, "curio": run_in_curio}


def contend(library: str, outer: aiologic.Lock) -> Callable[[], Awaitable[None]]:
    """Wait, time out, wake and own, all as tasks of one library."""

    async def main() -> None:
        assert await outer.async_acquire(timeout=0) is False
        inner, event = aiologic.Lock(), aiologic.Event()

        async def turn() -> None:
            await event
            async with inner:
                assert inner.async_owned()
                assert inner.owner is not None
                assert inner.owner[0] == library
                await aiologic.Event().with_(0)

        async def start() -> None:
            event.set()

        if library == "asyncio":
            await asyncio.gather(turn(), turn(), start())
        elif library == "trio":
            import trio

            async with trio.open_nursery() as nursery:
                for function in (turn, turn, start):
                    nursery.start_soon(function)
        else:
            async with curio.TaskGroup() as group:
                for function in (turn, turn, start):
                    await group.spawn(function)
        assert not inner.locked()

    return main


@pytest.mark.parametrize("kind", [aiologic.Lock, aiologic.RLock])
@pytest.mark.parametrize(
    ("outer", "inner"),
    [
        ("asyncio", "curio"),
        ("curio", "asyncio"),
        ("trio", "curio"),
        ("curio", "trio"),
    ],
)
def test_one_inside_a_task_of_the_other(
    outer: str, inner: str, kind: type[aiologic.Lock]
) -> None:
    for library in {outer, inner} - {"curio"}:
        pytest.importorskip(f"aiologic_{library}", reason=f"{library} needs a backend")
    lock = kind()

    async def main() -> None:
        async with lock:
            RUNS[inner](contend(inner, lock))
            assert lock.async_owned()

    RUNS[outer](main)
    assert not lock.locked()


def test_the_inner_one_wakes_a_task_of_the_outer_one() -> None:
    """A step of the outer kernel runs: it is certain to look when the inner loop has ended."""
    pytest.importorskip("aiologic_asyncio", reason="the inner one needs a backend, too")
    event = aiologic.Event()

    async def inner() -> None:
        event.set()

    async def main() -> bool:
        task = await curio.spawn(event.with_)
        while not event.waiting:
            await curio.sleep(0)
        asyncio.run(inner())
        async with curio.timeout_after(5):
            woken: bool = await task.join()
        return woken

    assert curio.run(main) is True


def test_a_thread_without_a_kernel_has_no_token() -> None:
    from aiologic_curio._backend import CurioBackend

    backend = CurioBackend()
    assert not backend.is_running()
    with pytest.raises(RuntimeError, match="no kernel"):
        backend.current_token()


def test_a_callback_inside_is_no_task() -> None:
    """An activation of the kernel can't own a lock, but can wake."""
    lock, event = aiologic.Lock(), aiologic.Event()
    seen: list[str] = []

    class Activation(curio.kernel.Activation):  # type: ignore[misc]
        def running(self, task: object) -> None:
            if lock.locked():
                with pytest.raises(RuntimeError) as caught:
                    lock.async_release()
                seen.append(str(caught.value))
            event.set()

    async def main() -> None:
        await event
        async with lock:
            assert lock.async_owned()
            await curio.sleep(0)

    curio.run(main, activations=[Activation()])

    assert seen
    assert all("no current task: curio runs a callback" in text for text in seen)


def test_a_thread_that_curio_started_is_a_thread() -> None:
    """Unless it asks curio to run a coroutine for it: then it is the task that does so."""
    lock = aiologic.Lock()
    seen: list[str] = []

    def work() -> None:
        with lock:
            assert lock.owner is not None
            seen.append(lock.owner[0])
        with pytest.raises(RuntimeError, match="unknown async library"):
            lock.async_owned()
        curio.thread.AWAIT(lock.async_acquire())
        assert lock.owner is not None
        seen.append(lock.owner[0])
        curio.thread.AWAIT(give_back())

    async def give_back() -> None:
        lock.async_release()

    async def main() -> None:
        for start in (curio.spawn_thread, curio.run_in_thread):
            if start is curio.spawn_thread:
                await (await start(work)).join()
            else:
                await start(lambda: seen.append(str(threading.current_thread().name)))

    curio.run(main)

    assert seen[:2] == ["threading", "curio"]
    assert not lock.locked()


def test_a_subclass_of_task_is_a_task() -> None:
    """Kernels may be told to make their tasks of another class."""
    lock = aiologic.Lock()

    async def main() -> None:
        async with lock:
            assert type(await curio.current_task()) is curio.task.ContextTask
            assert lock.async_owned()
            with pytest.raises(RuntimeError, match="current thread is already holding"):
                lock.green_acquire()

    curio.run(main, taskcls=curio.task.ContextTask)
