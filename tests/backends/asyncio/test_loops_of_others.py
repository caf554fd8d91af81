# SPDX-License-Identifier: ISC
"""Loops that implement asyncio's interface, but work differently inside."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections import deque
from contextvars import ContextVar
from typing import TYPE_CHECKING

import aiologic
import pytest
from aiologic.lowlevel import shield

from .pairs import Pair
from .steps import finish, start, until_waiting

if TYPE_CHECKING:
    from typing import Any, Callable

if sys.platform == "win32":
    pytest.skip("they are made of a selector's loop", allow_module_level=True)


# -- a queue that is inherited, and not used -------------------------------------------------------------------------


class WithQueueElsewhere(asyncio.SelectorEventLoop):
    """Like qasync's, which has Qt call its handles: the queue that it inherits from asyncio stays empty."""

    def __init__(self) -> None:
        self.elsewhere: deque[asyncio.Handle] = deque()
        super().__init__()

    def call_soon(  # type: ignore[override]
        self, callback: Callable[..., object], *args: Any, context: Any = None
    ) -> asyncio.Handle:
        handle = asyncio.Handle(callback, args, self, context)
        self.elsewhere.append(handle)
        return handle

    def _run_once(self) -> None:
        for _ in range(len(self.elsewhere)):
            handle = self.elsewhere.popleft()
            if not handle.cancelled():
                handle._run()


def test_nobody_is_overtaken_in_a_loop_with_its_queue_elsewhere() -> None:
    """Each makes a callback ready and wakes the other: the callback comes first."""
    loop = WithQueueElsewhere()
    order: list[str] = []
    pair = Pair(20)

    def hand_over() -> None:
        order.append("pair")
        loop.call_soon(order.append, "callback")

    tasks = pair.start(loop, hand_over)

    async def main() -> None:
        pair.turns[0].release()
        await asyncio.gather(*tasks)

    loop.run_until_complete(main())
    loop.close()

    assert order == ["pair", "callback"] * 21  # the last one wakes the other


def test_many_that_are_woken_together_in_a_loop_with_its_queue_elsewhere() -> None:
    loop = WithQueueElsewhere()
    order: list[object] = []
    event = aiologic.Event()

    async def wait(number: int) -> None:
        await event
        order.append(number)

    async def main() -> None:
        tasks = [asyncio.ensure_future(wait(number)) for number in range(20)]
        while event.waiting < 20:  # noqa: ASYNC110
            await asyncio.sleep(0)
        loop.call_soon(order.append, "before")
        event.set()
        loop.call_soon(order.append, "behind")
        await asyncio.gather(*tasks)

    loop.run_until_complete(main())
    loop.close()

    assert order == ["before", *range(20), "behind"]


# -- tasks that can't be given a context -----------------------------------------------------------------------------


class OfOldInterface(asyncio.SelectorEventLoop):
    """Like one that was written before 3.11; asyncio.create_task() works with it, and so does asyncio.shield()."""

    def create_task(self, coroutine: Any, *, name: Any = None) -> Any:  # type: ignore[override]
        return super().create_task(coroutine, name=name)


def test_a_shield_in_a_loop_whose_tasks_take_no_context() -> None:
    loop = OfOldInterface()
    variable: ContextVar[str] = ContextVar("variable")

    async def call() -> str:
        before = variable.get()
        await asyncio.sleep(0)
        variable.set("of the call")
        return before

    async def main() -> list[str]:
        variable.set("of the caller")
        return [await shield(call()), variable.get()]

    assert finish(loop, main()) == ["of the caller", "of the call"]
    loop.close()


def test_a_condition_in_a_loop_whose_tasks_take_no_context() -> None:
    """A task that is cancelled there regains the lock, and that is shielded."""
    loop = OfOldInterface()
    condition = aiologic.Condition(aiologic.Lock())

    async def wait() -> None:
        async with condition:
            await condition

    task = start(loop, wait())
    until_waiting(loop, condition)
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        finish(loop, task)
    assert not condition.lock.locked()
    loop.close()


# -- an entrance with a gap ------------------------------------------------------------------------------------------


class SlowAtTheEntrance(asyncio.SelectorEventLoop):
    """Another thread is held up in its entrance, between asyncio's check whether it is closed and the append."""

    def __init__(self) -> None:
        self.has_looked = threading.Event()
        self.goes_on = threading.Event()
        super().__init__()

    def _check_closed(self) -> None:
        super()._check_closed()  # type: ignore[misc]
        if threading.current_thread() is not threading.main_thread():
            self.has_looked.set()
            assert self.goes_on.wait(10)


@pytest.mark.parametrize("others", [0, 2])
def test_a_loop_that_is_closed_while_a_thread_wakes_its_tasks(others: int) -> None:
    """B: the entrance finds the loop open.   A: closes it.   B: the entrance takes the call, which nobody makes."""
    loop = SlowAtTheEntrance()
    loop.set_exception_handler(lambda *_: None)  # it would report destroyed tasks
    semaphore = aiologic.Semaphore(0)
    tasks = [start(loop, semaphore.async_acquire()) for _ in range(1 + others)]
    until_waiting(loop, semaphore, 1 + others)
    thread = threading.Thread(target=semaphore.release)

    thread.start()
    assert loop.has_looked.wait(10)
    for _ in range(others):
        semaphore.release()  # comes into the delivery that is on its way
    loop.close()
    loop.goes_on.set()
    thread.join()

    assert semaphore.value == 1 + others
    assert not any(task.done() for task in tasks)


def test_a_loop_that_is_closed_while_a_thread_wakes_many() -> None:
    loop = SlowAtTheEntrance()
    loop.set_exception_handler(lambda *_: None)
    semaphore = aiologic.Semaphore(0)
    tasks = [start(loop, semaphore.async_acquire()) for _ in range(3)]
    until_waiting(loop, semaphore, 3)
    thread = threading.Thread(target=semaphore.release, args=(3,))

    thread.start()
    assert loop.has_looked.wait(10)
    loop.close()
    loop.goes_on.set()
    thread.join()

    assert semaphore.value == 3
    assert not any(task.done() for task in tasks)
