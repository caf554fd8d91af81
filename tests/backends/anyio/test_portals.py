# SPDX-License-Identifier: ISC
"""AnyIO's blocking portals: a loop in a thread, and threads that have things done there."""

from __future__ import annotations

import concurrent.futures
import threading

import aiologic
import pytest
from aiologic.testing.harness import acquire, release, until

from .steps import FAR

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    import anyio
    import anyio.from_thread
    from aiologic.testing.harness import Stage
    from anyio.from_thread import BlockingPortal

    from .conftest import Exclusive
    from .steps import Runner
else:
    anyio = pytest.importorskip("anyio", reason="about AnyIO")
    pytest.importorskip("anyio.from_thread")


@pytest.fixture
def portal(run: Runner) -> Iterator[BlockingPortal]:
    """A portal into a loop in a thread of its own."""
    with anyio.from_thread.start_blocking_portal(run.backend, run.options) as portal:
        yield portal


async def take_and_give(exclusive: Exclusive) -> str:
    async with exclusive:
        return "done"


def is_free(exclusive: Exclusive) -> bool:
    if exclusive.waiting or not exclusive.green_acquire(timeout=FAR):
        return False
    exclusive.green_release()
    return True


def test_the_calling_thread_and_the_portal_s_tasks_share_a_lock(
    portal: BlockingPortal, exclusive: Exclusive
) -> None:
    with exclusive:
        futures = [portal.start_task_soon(take_and_give, exclusive) for _ in range(3)]
        until(lambda: exclusive.waiting == 3)
        assert not any(future.done() for future in futures)
    assert [future.result(FAR) for future in futures] == ["done"] * 3
    assert is_free(exclusive)


def test_the_calling_thread_waits_for_a_task_of_the_portal(
    portal: BlockingPortal, exclusive: Exclusive
) -> None:
    go_on, has_it = aiologic.Event(), aiologic.Event()

    async def hold() -> None:
        async with exclusive:
            has_it.set()
            await go_on

    future = portal.start_task_soon(hold)
    assert has_it.wait(FAR)
    assert exclusive.green_acquire(blocking=False) is False
    assert exclusive.green_acquire(timeout=0.01) is False
    go_on.set()
    assert exclusive.green_acquire(timeout=FAR) is True
    future.result(FAR)
    exclusive.green_release()


def test_a_lock_as_a_context_manager_through_the_portal(
    portal: BlockingPortal, exclusive: Exclusive
) -> None:
    """AnyIO enters and leaves it in one task, which owns it meanwhile."""
    with portal.wrap_async_context_manager(exclusive):
        assert exclusive.green_acquire(blocking=False) is False
        second = portal.start_task_soon(take_and_give, exclusive)
        until(lambda: exclusive.waiting == 1)
    assert second.result(FAR) == "done"
    assert is_free(exclusive)


def test_each_call_through_the_portal_is_a_task_of_its_own(
    portal: BlockingPortal, exclusive: Exclusive
) -> None:
    """So a lock that one call acquires can't be released by the next; what has no owner can."""
    assert portal.call(exclusive.async_acquire) is True
    if isinstance(exclusive, aiologic.Lock):
        with pytest.raises(RuntimeError, match="current task is not holding"):
            portal.call(exclusive.async_release)
        assert exclusive.locked()
    else:
        portal.call(exclusive.async_release)
        assert is_free(exclusive)


def test_a_future_is_cancelled_whose_task_waits(
    portal: BlockingPortal, exclusive: Exclusive
) -> None:
    exclusive.green_acquire()
    future = portal.start_task_soon(take_and_give, exclusive)
    behind = portal.start_task_soon(take_and_give, exclusive)
    until(lambda: exclusive.waiting == 2)

    assert future.cancel()

    until(lambda: exclusive.waiting == 1)
    assert not behind.done()
    exclusive.green_release()
    assert behind.result(FAR) == "done"
    assert is_free(exclusive)


def test_a_portal_is_stopped_while_a_task_waits(
    run: Runner, exclusive: Exclusive
) -> None:
    exclusive.green_acquire()
    with anyio.from_thread.start_blocking_portal(run.backend, run.options) as portal:
        waiting = portal.start_task_soon(take_and_give, exclusive)
        until(lambda: exclusive.waiting == 1)
        portal.call(portal.stop, True)

    with pytest.raises(concurrent.futures.CancelledError):
        waiting.result(FAR)
    assert exclusive.waiting == 0
    exclusive.green_release()
    assert is_free(exclusive)


def test_a_portal_that_is_stopped_leaves_what_its_task_has(
    run: Runner, exclusive: Exclusive
) -> None:
    """The one that has it is cancelled, too, and the calling thread is next in line."""
    has_it = aiologic.Event()

    async def hold() -> None:
        async with exclusive:
            has_it.set()
            await anyio.sleep(FAR)

    with anyio.from_thread.start_blocking_portal(run.backend, run.options) as portal:
        holding = portal.start_task_soon(hold)
        assert has_it.wait(FAR)
        waiting = portal.start_task_soon(take_and_give, exclusive)
        until(lambda: exclusive.waiting == 1)
        stopping = threading.Thread(target=portal.call, args=[portal.stop, True])
        stopping.start()
        assert exclusive.green_acquire(timeout=FAR) is True
        stopping.join(FAR)
        exclusive.green_release()

    for future in (holding, waiting):
        assert future.cancelled() or future.result(FAR) == "done"
    assert is_free(exclusive)


def test_a_portal_that_is_left_waits_for_its_tasks(
    run: Runner, exclusive: Exclusive, threads: Stage
) -> None:
    """That is AnyIO's rule for a block that is left without an error; a thread gives them what they wait for."""
    thread = threads.actor()
    thread.does(acquire(exclusive))
    with anyio.from_thread.start_blocking_portal(run.backend, run.options) as portal:
        waiting = portal.start_task_soon(take_and_give, exclusive)
        until(lambda: exclusive.waiting == 1)
        given = thread.starts(release(exclusive))
    assert waiting.result(0) == "done"
    given.result()
    assert is_free(exclusive)


def test_a_portal_of_the_running_loop(run: Runner, exclusive: Exclusive) -> None:
    """BlockingPortal() inside a loop, used by a thread that AnyIO did not start."""
    outcome: list[object] = []

    def in_a_thread(portal: BlockingPortal) -> None:
        with exclusive:
            future = portal.start_task_soon(take_and_give, exclusive)
            until(lambda: exclusive.waiting == 1)
        outcome.append(future.result(FAR))
        with portal.wrap_async_context_manager(exclusive):
            outcome.append(exclusive.green_acquire(blocking=False))
        done.set()

    done = aiologic.Event()

    async def main() -> None:
        async with anyio.from_thread.BlockingPortal() as portal:
            thread = threading.Thread(target=in_a_thread, args=[portal])
            thread.start()
            assert await done.with_(FAR)
            thread.join(FAR)

    run(main)
    assert outcome == ["done", False]
    assert is_free(exclusive)


def test_two_portals_and_one_event(run: Runner) -> None:
    """Set in one loop, waited for in the other."""
    event = aiologic.Event()
    start = anyio.from_thread.start_blocking_portal
    with start(run.backend, run.options) as one, start("asyncio") as other:
        waiting = [portal.start_task_soon(event.with_, FAR) for portal in (one, other)]
        until(lambda: event.waiting == 2)
        one.call(event.set)
        assert [future.result(FAR) for future in waiting] == [True, True]
