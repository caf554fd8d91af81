# SPDX-License-Identifier: ISC
"""Tasks of one loop that are notified together run in one turn of it, if none of them holds the others up."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import aiologic
import pytest
from aiologic_asyncio._waiter import AsyncioWaiter, create_waiter

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Run = Callable[[Callable[[], Awaitable[object]]], object]


@pytest.fixture
def run(loop: asyncio.AbstractEventLoop) -> Run:
    return lambda main: loop.run_until_complete(main())


class Crowd:
    """Tasks that wait for a condition, and record when they go on."""

    def __init__(self, count: int, dwells: bool = False) -> None:
        self.condition = aiologic.Condition(aiologic.Lock())
        self.dwells = dwells
        self.inside = 0
        self.went_on: list[int] = []
        self.tasks = [asyncio.ensure_future(self.wait(i)) for i in range(count)]

    async def wait(self, number: int) -> None:
        async with self.condition:
            try:
                await self.condition
            finally:
                self.inside += 1
                assert self.inside == 1
                self.went_on.append(number)
                if self.dwells:
                    await asyncio.sleep(0)
                self.inside -= 1

    async def stands(self) -> None:
        while self.condition.waiting < len(self.tasks):  # noqa: ASYNC110
            await asyncio.sleep(0)

    async def notify_all(self) -> None:
        async with self.condition:
            assert self.condition.notify_all() == len(self.tasks)


def test_one_turn_is_enough_for_all(run: Run) -> None:
    async def main() -> None:
        crowd = Crowd(5)
        await crowd.stands()
        await crowd.notify_all()
        await asyncio.sleep(0)
        assert crowd.went_on == [0, 1, 2, 3, 4]
        await asyncio.gather(*crowd.tasks)

    run(main)


def test_who_looks_too_early_sleeps_again(run: Run) -> None:
    async def main() -> None:
        crowd = Crowd(5, dwells=True)
        await crowd.stands()
        await crowd.notify_all()
        await asyncio.sleep(0)
        assert crowd.went_on == [0]
        await asyncio.gather(*crowd.tasks)
        assert crowd.went_on == [0, 1, 2, 3, 4]
        assert not crowd.condition.lock.locked()

    run(main)


@pytest.mark.parametrize("turns", [0, 1])
def test_one_of_them_is_cancelled(run: Run, turns: int) -> None:
    """Before it looks, and after it has looked too early."""

    async def main() -> None:
        crowd = Crowd(4, dwells=True)
        await crowd.stands()
        await crowd.notify_all()
        for _ in range(turns):
            await asyncio.sleep(0)
        crowd.tasks[2].cancel()
        outcomes = await asyncio.gather(*crowd.tasks, return_exceptions=True)
        assert [type(outcome) for outcome in outcomes].count(type(None)) == 3
        assert isinstance(outcomes[2], asyncio.CancelledError)
        # It needs the lock in order to leave; for that, it stands behind the others.
        assert crowd.went_on == [0, 1, 3, 2]
        assert not crowd.condition.lock.locked()
        assert crowd.condition.lock.waiting == 0

    run(main)


def test_who_wants_the_lock_stands_in_front(run: Run) -> None:
    """Then nobody is stirred, and nobody looks too early."""

    async def main() -> None:
        crowd = Crowd(2)
        await crowd.stands()
        order: list[str] = []

        async def newcomer() -> None:
            async with crowd.condition.lock:
                order.append(f"after {crowd.went_on}")

        async with crowd.condition:
            task = asyncio.ensure_future(newcomer())
            while not crowd.condition.lock.waiting:  # noqa: ASYNC110
                await asyncio.sleep(0)
            crowd.condition.notify_all()
        await asyncio.gather(task, *crowd.tasks)
        assert order == ["after []"]
        assert crowd.went_on == [0, 1]

    run(main)


def test_who_does_not_sleep_yet_can_not_be_stirred(run: Run) -> None:
    """As a signal handler may try: it sleeps until it is woken."""

    async def main() -> None:
        waiter = create_waiter()
        type(waiter).stir_all([waiter])
        asyncio.get_running_loop().call_soon(waiter.wake)
        assert await waiter.park(10) is True
        assert not waiter

    run(main)


@pytest.mark.parametrize(("timeout", "woken"), [(None, None), (10, True)])
def test_who_was_stirred_parks_again(
    run: Run, timeout: float | None, woken: bool | None
) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        waiter = create_waiter()
        task = asyncio.ensure_future(stir_soon(waiter))
        assert await waiter.park(timeout) is woken
        assert waiter  # undecided
        await task
        loop.call_soon(waiter.wake)
        assert await waiter.park_again(timeout) is woken
        assert not waiter

    run(main)


def test_decided_before_it_sleeps_again(run: Run) -> None:
    async def main() -> None:
        waiter = create_waiter()
        task = asyncio.ensure_future(stir_soon(waiter))
        assert await waiter.park(None) is None
        assert waiter.wake()
        assert await waiter.park_again(None) is None
        await task

    run(main)


async def stir_soon(*waiters: AsyncioWaiter) -> None:
    type(waiters[0]).stir_all([*waiters])


def test_only_those_of_this_loop_are_stirred(run: Run) -> None:
    went_on: list[AsyncioWaiter] = []

    async def sleep(waiter: AsyncioWaiter) -> None:
        await waiter.park(None)
        went_on.append(waiter)

    async def make() -> AsyncioWaiter:
        return create_waiter()

    async def main() -> None:
        ours, behind = create_waiter(), create_waiter()
        tasks = [asyncio.ensure_future(sleep(each)) for each in (ours, behind)]
        await asyncio.sleep(0)
        await stir_soon(ours, theirs, behind)
        await asyncio.sleep(0)
        assert went_on == [ours]
        behind.wake()
        await asyncio.gather(*tasks)

    elsewhere = asyncio.new_event_loop()
    theirs = elsewhere.run_until_complete(make())
    elsewhere.close()
    run(main)
