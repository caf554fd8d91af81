# SPDX-License-Identifier: ISC
"""What dependents do with us, beyond using our names (users 1.2).

async-kernel puts us in sniffio's place, to be asked which library runs, and announces its loops through sniffio.
culsans opens the lock of its conditions around a checkpoint. Their own suites are run by `nox -s dependents`.
"""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import aiologic
import anyio
import anyio.lowlevel
import pytest
import sniffio
from aiologic.lowlevel import (
    AsyncLibraryNotFoundError,
    create_thread_oncelock,
    create_thread_rlock,
    current_async_library,
)


@pytest.fixture(autouse=True)
def sniffio_asks_us(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sniffio, "current_async_library", current_async_library)


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_anyio_may_ask_us(backend: str) -> None:
    async def main() -> list[str]:
        event = aiologic.Event()
        async with anyio.create_task_group() as group:
            group.start_soon(event.async_wait)
            await anyio.lowlevel.checkpoint()
            event.set()
        with anyio.move_on_after(0.001):
            await aiologic.Event()
        return [sniffio.current_async_library(), current_async_library()]

    assert anyio.run(main, backend=backend) == [backend, backend]


def test_where_nothing_runs_we_say_so_in_the_words_of_sniffio() -> None:
    with pytest.raises(sniffio.AsyncLibraryNotFoundError) as caught:
        sniffio.current_async_library()

    assert isinstance(caught.value, AsyncLibraryNotFoundError)
    assert current_async_library(failsafe=True) is None


def test_a_loop_that_is_run_in_slices_is_announced() -> None:
    """Like the guest of another loop: between its slices no loop runs here, although its name is still set."""
    lock = aiologic.Lock()
    loop = asyncio.new_event_loop()
    found: list[Any] = []

    async def hold() -> None:
        async with lock:
            found.append(current_async_library())
            await asyncio.sleep(0)
            found.append(lock.async_owned())

    sniffio.thread_local.name = "asyncio"
    try:
        task = loop.create_task(hold())
        while not task.done():
            # A slice: what is ready, and no more.
            loop.call_soon(loop.stop)
            loop.run_forever()
            found.append(current_async_library(failsafe=True))
    finally:
        sniffio.thread_local.name = None
        loop.close()

    assert [item for item in found if item is not None] == ["asyncio", True]
    assert not lock


def test_the_lock_of_conditions_is_opened_for_a_while() -> None:
    lock = create_thread_rlock()
    condition = aiologic.Condition(lock)
    entered: list[bool] = []

    def enter() -> None:
        with condition:
            entered.append(condition.notify() == 0)

    with condition, condition:
        state = lock._release_save()  # type: ignore[attr-defined,unused-ignore]  # of CPython's own lock
        thread = threading.Thread(target=enter)
        thread.start()
        thread.join()
        lock._acquire_restore(state)  # type: ignore[attr-defined,unused-ignore]
        assert entered == [True]
        assert not other_thread_acquires(lock)
    assert other_thread_acquires(lock)


def test_a_once_lock_tells_how_often_it_was_entered() -> None:
    """So a value that needs itself is detected, if it is created under such a lock."""
    lock = create_thread_oncelock()

    with lock:
        assert lock._count == 1
        with lock:
            assert lock._count == 2


def other_thread_acquires(lock: Any) -> bool:
    done: list[bool] = []

    def acquire() -> None:
        done.append(lock.acquire(blocking=False))
        if done[0]:
            lock.release()

    thread = threading.Thread(target=acquire)
    thread.start()
    thread.join()
    return done[0]
