# SPDX-License-Identifier: ISC
"""A task runs its own loop recursively, as nest_asyncio and Pyodide allow, until something is done."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import aiologic
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


class Loop(asyncio.SelectorEventLoop):
    """A loop that allows it; where another loop would sleep, it fails."""

    _ready: Any

    def _run_once(self) -> None:
        assert self._ready, "it would sleep for ever"
        handle = self._ready.popleft()
        if not handle.cancelled():
            handle._run()

    def run_anew_until(self, future: asyncio.Future[Any]) -> None:
        task = asyncio.current_task(self)
        assert task is not None
        asyncio._leave_task(self, task)
        try:
            while not future.done():
                self._run_once()
        finally:
            asyncio._enter_task(self, task)


@pytest.fixture
def loop() -> Iterator[Loop]:
    loop = Loop()
    yield loop
    loop.close()


@pytest.mark.parametrize("where", ["in a task", "in a callback", "one by one"])
def test_those_who_are_woken_together_can_wait_for_each_other(
    loop: Loop, where: str
) -> None:
    """The loop calls us; A goes on, and runs the loop until B is done, which stands behind it in that call."""
    semaphore = aiologic.Semaphore(0)
    event = aiologic.Event()
    order: list[int] = []
    tasks: list[asyncio.Task[None]] = []

    async def wait(number: int) -> None:
        if where == "one by one":
            await semaphore.async_acquire()
        else:
            await event
        order.append(number)
        if number + 2 < len(tasks):
            loop.run_anew_until(tasks[number + 2])
            order.append(number)

    def wake() -> None:
        event.set()
        for _ in range(semaphore.waiting):
            semaphore.release()

    async def main() -> None:
        tasks.extend(loop.create_task(wait(number)) for number in range(5))
        while event.waiting + semaphore.waiting < 5:  # noqa: ASYNC110
            await asyncio.sleep(0)
        if where == "in a task":
            wake()
        else:
            loop.call_soon(wake)
        await asyncio.gather(*tasks)

    loop.run_until_complete(main())

    assert order == [0, 1, 2, 3, 4, 2, 1, 0]


def test_of_two_who_are_woken_together_one_can_wait_for_the_other(loop: Loop) -> None:
    """The other one alone is left in the relay: it, too, is worth a call."""
    event = aiologic.Event()
    order: list[str] = []

    async def other() -> None:
        await event
        order.append("other")

    async def one() -> None:
        await event
        loop.run_anew_until(tasks[1])
        order.append("one")

    async def main() -> None:
        tasks.extend([loop.create_task(one()), loop.create_task(other())])
        while event.waiting < 2:  # noqa: ASYNC110
            await asyncio.sleep(0)
        event.set()
        await asyncio.gather(*tasks)

    tasks: list[asyncio.Task[None]] = []
    loop.run_until_complete(main())

    assert order == ["other", "one"]


def test_one_waits_for_another_that_it_has_woken_itself(loop: Loop) -> None:
    """A goes on since main() woke it, wakes B, and runs the loop until B is done; B does the same with C."""
    events = [aiologic.Event() for _ in range(4)]
    order: list[int] = []
    tasks: list[asyncio.Task[None]] = []

    async def wait(number: int) -> None:
        await events[number]
        order.append(number)
        if number + 1 < len(tasks):
            events[number + 1].set()
            loop.run_anew_until(tasks[number + 1])
            order.append(number)

    async def main() -> None:
        tasks.extend(loop.create_task(wait(number)) for number in range(4))
        while not events[-1].waiting:  # noqa: ASYNC110
            await asyncio.sleep(0)
        events[0].set()
        await asyncio.gather(*tasks)

    loop.run_until_complete(main())

    assert order == [0, 1, 2, 3, 2, 1, 0]
