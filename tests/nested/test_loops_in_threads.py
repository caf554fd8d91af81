# SPDX-License-Identifier: ISC
"""Loops in many threads, some of them started by tasks of others."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import aiologic
import pytest
from aiologic.lowlevel import (
    async_sleep,
    current_async_library,
    current_async_task,
    enable_checkpoints,
)
from aiologic.testing.harness import until

from .nests import ASYNCIO, FAR, LANGUAGES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Union

    Exclusive = Union[aiologic.Lock, aiologic.BinarySemaphore]

pytest.importorskip("aiologic_asyncio", reason="loops of asyncio need the backend")


class Witness:
    """Exists while somebody has it, and objects to a second one."""

    def __init__(self) -> None:
        self.inside: list[None] = []
        self.turns: list[str] = []

    def enters(self, name: str) -> None:
        assert not self.inside
        self.inside.append(None)
        self.turns.append(name)

    def leaves(self) -> None:
        assert len(self.inside) == 1
        self.inside.pop()


@pytest.mark.parametrize("names", ["asyncio", "uvloop", "trio", "asyncio uvloop trio"])
def test_eight_loops_and_one_lock(exclusive: Exclusive, names: str) -> None:
    """C1: sections with an await inside; never two at once, and each task gets its turn."""
    sections, tasks, loops = 20, 3, 8
    languages = [LANGUAGES[name]() for name in names.split()]
    witness = Witness()
    start = threading.Barrier(loops)

    async def work(name: str) -> None:
        for _ in range(sections):
            async with exclusive:
                witness.enters(name)
                await async_sleep(0)
                witness.leaves()

    def live(number: int) -> None:
        language = languages[number % len(languages)]
        start.wait(FAR)
        body = partial(work, f"loop {number}")
        language.run(partial(language.together, *[body] * tasks))  # type: ignore[arg-type]

    with ThreadPoolExecutor(loops) as pool:
        list(pool.map(live, range(loops)))

    counts = {witness.turns.count(name) for name in witness.turns}
    assert counts == {sections * tasks}
    assert len(witness.turns) == sections * tasks * loops
    assert exclusive.waiting == 0


def test_one_event_for_eight_loops() -> None:
    """Set by a task of one of them: all wake, even those whose loops have nothing else to do."""
    event, ready = aiologic.Event(), threading.Barrier(8)

    async def main(number: int) -> bool:
        await asyncio.get_running_loop().run_in_executor(None, ready.wait, FAR)
        if number:
            return await event.with_(FAR)
        while event.waiting != 7:  # noqa: ASYNC110  # no event tells of that
            await asyncio.sleep(0.0005)
        event.set()
        return await event

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda n: asyncio.run(main(n)), range(8)))

    assert outcomes == [True] * 8


@pytest.mark.parametrize("inner", ["asyncio", "uvloop", "trio"])
def test_a_task_starts_a_loop_in_a_thread(exclusive: Exclusive, inner: str) -> None:
    """They contend: what the task has, the inner one waits for and is handed, and back again.

    The thread has a copy of the task's context, also with checkpoints switched
    there.
    """
    language = LANGUAGES[inner]()
    order: list[str] = []
    tasks: list[Any] = []
    gave_up: list[None] = []

    async def inside() -> None:
        tasks.append(current_async_task())
        assert current_async_library() == language.library
        assert await exclusive.async_acquire(timeout=0.005) is False
        gave_up.append(None)
        async with exclusive:
            order.append("inner")
            while not exclusive.waiting:
                await async_sleep(0.0005)

    async def around() -> None:
        tasks.append(current_async_task())
        loop = asyncio.get_running_loop()
        async with exclusive:
            thread = in_a_thread(loop)
            while not (gave_up and exclusive.waiting):
                await async_sleep(0.0005)
            order.append("outer")
        async with exclusive:
            order.append("outer again")
        await thread

    def in_a_thread(loop: asyncio.AbstractEventLoop) -> Any:
        to_thread = getattr(asyncio, "to_thread", None)  # came with 3.9
        if to_thread is None:
            return loop.run_in_executor(None, language.run, inside)
        return loop.create_task(to_thread(language.run, inside))

    async def main() -> None:
        await around()
        order.clear()
        tasks.clear()
        gave_up.clear()
        async with enable_checkpoints():
            await around()

    ASYNCIO.run(main)
    assert order == ["outer", "inner", "outer again"]
    assert tasks[0] is not tasks[1]


def test_a_callback_of_a_loop_starts_a_thread_with_a_loop() -> None:
    """And is woken by it, while its own loop sleeps."""
    event = aiologic.Event()
    threads: list[threading.Thread] = []

    async def inside() -> None:
        until(lambda: event.waiting == 1)
        event.set()

    def callback() -> None:
        thread = threading.Thread(target=asyncio.run, args=[inside()])
        threads.append(thread)
        thread.start()

    async def main() -> None:
        asyncio.get_running_loop().call_soon(callback)
        assert await event is True

    ASYNCIO.run(main)
    threads[0].join(FAR)


def test_a_loop_in_a_loop_is_forbidden_and_leaves_no_trace(
    exclusive: Exclusive,
) -> None:
    """asyncio refuses it before anything of ours is asked."""

    async def inside() -> None:
        raise AssertionError("asyncio allows it")

    async def main() -> None:
        async with exclusive:
            coroutine = inside()
            with pytest.raises(RuntimeError, match=r"asyncio\.run\(\) cannot be"):
                asyncio.run(coroutine)
            coroutine.close()
            assert current_async_library() == "asyncio"
        assert await exclusive.async_acquire(blocking=False)

    ASYNCIO.run(main)


def test_a_loop_that_moves_from_thread_to_thread(exclusive: Exclusive) -> None:
    """Its tasks stay the same in whatever thread it runs: they keep what they have, and are woken there."""
    loop = asyncio.new_event_loop()
    order: list[str] = []

    async def hold() -> None:
        async with exclusive:
            order.append("holds")
            await let_go
            order.append("lets go")

    async def wait() -> None:
        async with exclusive:
            order.append("waits no more")

    def run_a_slice() -> None:
        loop.call_soon(loop.stop)
        loop.run_forever()

    def in_a_thread() -> None:
        thread = threading.Thread(target=run_a_slice)
        thread.start()
        thread.join(FAR)

    let_go = aiologic.Event()
    tasks = [loop.create_task(hold()), loop.create_task(wait())]
    in_a_thread()
    until(lambda: exclusive.waiting == 1)
    run_a_slice()
    let_go.set()
    for _ in range(4):
        in_a_thread()
    assert order == ["holds", "lets go", "waits no more"]
    assert all(task.done() for task in tasks)
    loop.close()
