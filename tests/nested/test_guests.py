# SPDX-License-Identifier: ISC
"""trio as a guest of asyncio and uvloop: a task of each contends for one thing in one thread."""

# Unlike a runtime inside a task, a guest shares its thread with its host in turns: each can wait for the other. A host
# has no task of trio's when its own tasks run, and the guest's ticks are callbacks of the host, so no wake-up between
# them takes a local way: one that did would be noticed at the next timer, which is FAR in these tests.

from __future__ import annotations

import asyncio
from functools import partial

import aiologic
import pytest
from aiologic.lowlevel import current_async_library, current_async_task
from aiologic.testing.harness import acquire, release, run, until

from .nests import FAR

pytest.importorskip("aiologic_asyncio", reason="the host needs its backend")
pytest.importorskip("aiologic_trio", reason="the guest needs its backend")

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any, TypeVar, Union

    import trio
    import trio.lowlevel
    from aiologic.testing.harness import Stage

    T = TypeVar("T")
    Exclusive = Union[aiologic.Lock, aiologic.BinarySemaphore]
    Body = Callable[[], Awaitable[None]]
    Inn = Callable[[Body, Body], None]
else:
    trio = pytest.importorskip("trio", reason="the guest is trio")
    pytest.importorskip("trio.lowlevel")


def start_guest(guest: Body, done: Callable[[Any], object]) -> None:
    """In the host: start a run of trio."""

    async def in_time() -> None:
        with trio.fail_after(FAR):
            await guest()

    loop = asyncio.get_running_loop()
    trio.lowlevel.start_guest_run(
        in_time,
        run_sync_soon_threadsafe=loop.call_soon_threadsafe,
        run_sync_soon_not_threadsafe=loop.call_soon,
        done_callback=done,
        host_uses_signal_set_wakeup_fd=True,
    )


def keep_inn(
    new_loop: Callable[[], asyncio.AbstractEventLoop], host: Body, guest: Body
) -> None:
    """Run one as a task of a host, and the other as the main task of its guest."""

    async def main() -> None:
        ended: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        start_guest(guest, ended.set_result)
        await asyncio.gather(host(), ended)
        ended.result().unwrap()

    loop = new_loop()
    try:
        loop.run_until_complete(asyncio.wait_for(main(), FAR))
    finally:
        loop.close()


def inn_of(host: str) -> Inn:
    """Runs the bodies of a host and a guest."""
    if host == "asyncio":
        return partial(keep_inn, asyncio.new_event_loop)
    uvloop = pytest.importorskip("uvloop", reason="loops of uvloop need uvloop")
    return partial(keep_inn, uvloop.new_event_loop)


@pytest.fixture(params=["asyncio", "uvloop"])
def inn(request: pytest.FixtureRequest) -> Inn:
    return inn_of(request.param)


async def pause() -> None:
    """Let host and guest run, whichever of them we are in."""
    if current_async_library() == "trio":
        await trio.sleep(0.0005)
    else:
        await asyncio.sleep(0.0005)


async def until_waiting(primitive: Any, count: int = 1) -> None:
    while primitive.waiting != count:
        await pause()


class Sides:
    """One part is played by the host, and the other by the guest."""

    def __init__(self, inn: Inn, first_is_host: bool) -> None:
        self._inn = inn
        self._first_is_host = first_is_host

    def play(self, first: Body, second: Body) -> None:
        parts = (first, second) if self._first_is_host else (second, first)
        self._inn(*parts)


@pytest.fixture(
    params=["asyncio to trio", "trio to asyncio", "uvloop to trio", "trio to uvloop"]
)
def sides(request: pytest.FixtureRequest) -> Sides:
    """Each part played by each; these count in the table of pairs."""
    first, second = request.param.split(" to ")
    first_is_host = second == "trio"
    return Sides(inn_of(first if first_is_host else second), first_is_host)


def test_each_is_found_where_it_runs(sides: Sides) -> None:
    seen: dict[str, set[int]] = {"asyncio": set(), "trio": set()}
    kept: list[object] = []

    async def look() -> None:
        for _ in range(5):
            task = current_async_task()
            kept.append(task)
            seen[current_async_library()].add(id(task))
            await pause()

    sides.play(look, look)
    assert {name: len(ids) for name, ids in seen.items()} == {"asyncio": 1, "trio": 1}
    assert not seen["asyncio"] & seen["trio"]


def test_it_is_handed_over_and_back(sides: Sides, exclusive: Exclusive) -> None:
    order: list[str] = []

    async def first() -> None:
        async with exclusive:
            await until_waiting(exclusive)
            order.append("first")
        await until_waiting(exclusive, 0)
        async with exclusive:
            order.append("first again")

    async def second() -> None:
        while not exclusive.waiting and await exclusive.async_acquire(blocking=False):
            exclusive.async_release()
            await pause()
        async with exclusive:
            await until_waiting(exclusive)
            order.append("second")

    sides.play(first, second)
    assert order == ["first", "second", "first again"]
    assert exclusive.waiting == 0


def test_time_runs_out(sides: Sides, exclusive: Exclusive) -> None:
    tried = aiologic.Event()
    taken = aiologic.Event()

    async def first() -> None:
        async with exclusive:
            taken.set()
            await tried

    async def second() -> None:
        await taken
        assert await exclusive.async_acquire(blocking=False) is False
        assert await exclusive.async_acquire(timeout=0) is False
        assert await exclusive.async_acquire(timeout=0.01) is False
        assert exclusive.waiting == 0
        tried.set()
        assert await exclusive.async_acquire(timeout=FAR) is True

    sides.play(first, second)


@pytest.mark.parametrize("order", ["cancel, release", "release, cancel"])
def test_the_one_who_waits_is_cancelled(
    sides: Sides, exclusive: Exclusive, order: str
) -> None:
    """In one step of the other task, which releases it in the same step; a sibling is behind the victim."""
    cancel: list[Callable[[], object]] = []
    taken = aiologic.Event()
    got: list[str] = []

    async def first() -> None:
        async with exclusive:
            taken.set()
            await until_waiting(exclusive, 2)
            if order == "cancel, release":
                cancel[0]()
        if order == "release, cancel":
            cancel[0]()

    async def victim() -> None:
        async with exclusive:
            got.append("victim")

    async def sibling() -> None:
        await until_waiting(exclusive)
        async with exclusive:
            got.append("sibling")

    async def second() -> None:
        await taken
        if current_async_library() == "trio":
            async with trio.open_nursery() as nursery:
                nursery.start_soon(sibling)
                with trio.CancelScope() as scope:
                    cancel.append(scope.cancel)
                    await victim()
        else:
            task = asyncio.ensure_future(victim())
            cancel.append(task.cancel)
            behind = asyncio.ensure_future(sibling())
            await asyncio.wait([task, behind])

    sides.play(first, second)
    # A guest that was granted it either learns of that first, or has passed it on.
    assert got[-1] == "sibling"
    if order == "cancel, release":
        assert got == ["sibling"]
    assert exclusive.waiting == 0


def test_one_of_them_ends_while_it_waits(sides: Sides, exclusive: Exclusive) -> None:
    """All its tasks are cancelled; the other one goes on, and nobody waits any more."""
    cancel: list[Callable[[], object]] = []
    taken = aiologic.Event()

    async def first() -> None:
        async with exclusive:
            taken.set()
            await until_waiting(exclusive, 3)
            cancel[0]()
            await until_waiting(exclusive, 0)
        assert await exclusive.async_acquire(blocking=False) is True

    async def wait() -> None:
        async with exclusive:
            raise AssertionError("two have it")

    async def second() -> None:
        await taken
        if current_async_library() == "trio":
            async with trio.open_nursery() as nursery:
                cancel.append(nursery.cancel_scope.cancel)
                for _ in range(3):
                    nursery.start_soon(wait)
        else:
            group = asyncio.gather(wait(), wait(), wait())
            cancel.append(group.cancel)
            with pytest.raises(asyncio.CancelledError):
                await group

    sides.play(first, second)
    assert exclusive.waiting == 0


def test_a_thread_wakes_both(inn: Inn, threads: Stage, exclusive: Exclusive) -> None:
    """Both are asleep, in the same selector."""
    thread = threads.actor()
    thread.does(acquire(exclusive))
    helper = threads.actor()
    got: list[str] = []

    async def take() -> None:
        async with exclusive:
            got.append(current_async_library())

    def give() -> None:
        until(lambda: exclusive.waiting == 2)
        thread.does(release(exclusive))

    given = helper.starts(run(give))
    inn(take, take)
    given.result()
    assert sorted(got) == ["asyncio", "trio"]
