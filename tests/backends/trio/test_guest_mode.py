# SPDX-License-Identifier: ISC
"""trio as a guest of an asyncio loop: tasks of both, in one thread, contend for one lock."""

# In guest mode both libraries live in one OS thread and take turns in it. The library that runs the caller counts: the
# host's tasks are asyncio's, the guest's are trio's, and no identity of one is an identity of the other. And when a
# task of the host wakes one of the guest, the guest may be asleep in a thread of its own (guest mode polls there): only
# the run's thread-safe entrance is prompt.

from __future__ import annotations

import asyncio
from functools import partial

import aiologic
import pytest
import trio
import trio.lowlevel

pytest.importorskip("aiologic_asyncio", reason="the host needs a backend, too")

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any

#: A deadline that far away expires only in tests that fail.
FAR = 5


def host_and_guest(
    host: Callable[[], Awaitable[None]], guest: Callable[[], Awaitable[None]]
) -> None:
    """Run one function as a task of asyncio, and one as the main task of a guest run."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        ended: asyncio.Future[None] = loop.create_future()

        def done(outcome: Any) -> None:
            try:
                outcome.unwrap()
            except BaseException as error:  # the test gets it
                ended.set_exception(error)
            else:
                ended.set_result(None)

        trio.lowlevel.start_guest_run(
            partial(in_time, guest),
            run_sync_soon_threadsafe=loop.call_soon_threadsafe,
            run_sync_soon_not_threadsafe=loop.call_soon,
            done_callback=done,
        )
        await asyncio.gather(host(), ended)

    asyncio.run(main())


async def in_time(guest: Callable[[], Awaitable[None]]) -> None:
    with trio.fail_after(FAR):
        await guest()


async def until_waiting(primitive: Any, count: int = 1) -> None:
    while primitive.waiting != count:  # noqa: ASYNC110  # no event tells of that
        await asyncio.sleep(0.001)


def test_they_take_turns_with_one_lock() -> None:
    lock = aiologic.Lock()
    turns: list[str] = []

    async def host() -> None:
        for _ in range(5):
            async with lock:
                turns.append("asyncio")
                await asyncio.sleep(0)
                turns.append("asyncio")
            await asyncio.sleep(0)

    async def guest() -> None:
        for _ in range(5):
            async with lock:
                turns.append("trio")
                await trio.lowlevel.checkpoint()
                turns.append("trio")
            await trio.lowlevel.checkpoint()

    host_and_guest(host, guest)

    assert not lock.locked()
    assert sorted(turns) == ["asyncio"] * 10 + ["trio"] * 10
    assert turns[0::2] == turns[1::2]  # no turn was interrupted


@pytest.mark.parametrize("kind", [aiologic.Lock, aiologic.RLock])
def test_their_identities_do_not_mix(kind: type[aiologic.Lock]) -> None:
    lock, taken, tried = kind(), aiologic.Event(), aiologic.Event()

    async def host() -> None:
        await taken
        assert lock.locked()
        assert not lock.async_owned()
        assert await lock.async_acquire(blocking=False) is False
        with pytest.raises(RuntimeError, match="current task is not holding"):
            lock.async_release()
        with pytest.raises(RuntimeError, match="current thread is already holding"):
            lock.green_acquire()
        owner = lock.owner
        assert owner is not None
        assert owner[0] == "trio"
        tried.set()
        async with lock:
            assert lock.owner is not None
            assert lock.owner[0] == "asyncio"

    async def guest() -> None:
        async with lock:
            assert lock.async_owned()
            taken.set()
            await tried
        await trio.lowlevel.checkpoint()

    host_and_guest(host, guest)


def test_the_host_wakes_a_guest_that_sleeps() -> None:
    """At once, and not at the guest's next deadline."""
    event, semaphore = aiologic.Event(), aiologic.BinarySemaphore(0)

    async def host() -> None:
        await until_waiting(event)
        event.set()
        await until_waiting(semaphore)
        asyncio.get_running_loop().call_soon(semaphore.release)

    async def guest() -> None:
        assert await event is True
        assert await semaphore.async_acquire(timeout=FAR) is True

    host_and_guest(host, guest)


def test_the_guest_wakes_a_host_that_sleeps() -> None:
    event = aiologic.Event()

    async def host() -> None:
        assert await event.with_(FAR) is True

    async def guest() -> None:
        while not event.waiting:  # noqa: ASYNC110  # no event tells of that
            await trio.sleep(0.001)
        event.set()

    host_and_guest(host, guest)


def test_a_guest_that_is_cancelled_by_its_host_passes_its_grant_on() -> None:
    """A callback of the host releases, and cancels the guest's task in the same turn."""
    semaphore = aiologic.BinarySemaphore(0)
    scopes: list[trio.CancelScope] = []

    async def guest() -> None:
        with trio.CancelScope() as scope:
            scopes.append(scope)
            await semaphore.async_acquire()
            raise AssertionError("it was cancelled")

    async def host() -> None:
        await until_waiting(semaphore)
        waiting = asyncio.ensure_future(semaphore.async_acquire())
        await until_waiting(semaphore, 2)
        semaphore.release()
        scopes[0].cancel()
        assert await waiting is True

    host_and_guest(host, guest)
