# SPDX-License-Identifier: ISC
"""Task groups of AnyIO that end while their tasks hold something and wait for it."""

from __future__ import annotations

import aiologic
import pytest
from aiologic.testing.harness import acquire, release

from .steps import FAR, turns, until_waiting

TYPE_CHECKING = False
if TYPE_CHECKING:
    import anyio
    import anyio.lowlevel
    from aiologic.testing.harness import Stage

    from .conftest import Exclusive
    from .steps import Runner
else:
    anyio = pytest.importorskip("anyio", reason="about AnyIO")
    pytest.importorskip("anyio.lowlevel")


class FaultError(Exception):
    """Raised by one task of a group."""


def is_free(exclusive: Exclusive) -> bool:
    """Nobody has it and nobody waits: it can be had."""
    if exclusive.waiting or not exclusive.green_acquire(blocking=False):
        return False
    exclusive.green_release()
    return True


def test_a_group_is_cancelled_with_all_of_its_tasks(
    run: Runner, exclusive: Exclusive
) -> None:
    """One of them holds it, and the others wait: the release of the first finds only cancelled ones."""
    ended: list[int] = []

    async def work(number: int) -> None:
        try:
            async with exclusive:
                await anyio.sleep(FAR)
        finally:
            ended.append(number)

    async def main() -> None:
        async with anyio.create_task_group() as group:
            for number in range(5):
                group.start_soon(work, number)
            await until_waiting(exclusive, 4)
            group.cancel_scope.cancel()
        assert sorted(ended) == [0, 1, 2, 3, 4]
        assert is_free(exclusive)

    run(main)
    assert is_free(exclusive)


def test_whoever_is_not_of_the_group_gets_it(run: Runner, exclusive: Exclusive) -> None:
    """The grant passes by all the cancelled tasks; others wait in front of them and behind them."""
    served: list[str] = []

    async def outsider(name: str) -> None:
        async with exclusive:
            served.append(name)
            await anyio.lowlevel.checkpoint()

    async def insider() -> None:
        async with exclusive:
            await anyio.sleep(FAR)

    async def main() -> None:
        async with anyio.create_task_group() as outer, (
            anyio.create_task_group()
        ) as inner:
            inner.start_soon(insider)
            await turns()
            for number, name in enumerate(["a", "", "b", "", "", "c"], 1):
                if name:
                    outer.start_soon(outsider, name)
                else:
                    inner.start_soon(insider)
                await until_waiting(exclusive, number)
            inner.cancel_scope.cancel()

    run(main)
    assert served == ["a", "b", "c"]
    assert is_free(exclusive)


def test_a_group_whose_task_fails_in_its_block(
    run: Runner, exclusive: Exclusive
) -> None:
    async def wait() -> None:
        async with exclusive:
            await anyio.sleep(FAR)

    async def fail() -> None:
        async with exclusive:
            await until_waiting(exclusive, 3)
            raise FaultError

    async def main() -> None:
        # AnyIO 3 raised the error of one task as it is; and pytest.raises() does not look into a group.
        caught: list[BaseException] = []
        try:
            async with anyio.create_task_group() as group:
                group.start_soon(fail)
                await turns()
                for _ in range(3):
                    group.start_soon(wait)
        except BaseException as error:
            caught.append(error)
        (raised,) = caught
        errors = getattr(raised, "exceptions", [raised])
        assert [type(error) for error in errors] == [FaultError]

    run(main)
    assert is_free(exclusive)


def test_a_thread_gets_what_a_cancelled_group_leaves(
    run: Runner, exclusive: Exclusive, threads: Stage
) -> None:
    thread = threads.actor()

    async def work() -> None:
        async with exclusive:
            await anyio.sleep(FAR)

    async def main() -> None:
        async with anyio.create_task_group() as group:
            for _ in range(3):
                group.start_soon(work)
            await until_waiting(exclusive, 2)
            call = thread.starts(acquire(exclusive))
            await until_waiting(exclusive, 3)
            group.cancel_scope.cancel()
        assert call.result() is True

    run(main)
    thread.does(release(exclusive))
    assert is_free(exclusive)


def test_a_group_is_cancelled_by_a_thread_s_release(
    run: Runner, exclusive: Exclusive, threads: Stage
) -> None:
    """The thread's grant is on its way when the group is cancelled: it comes back."""
    thread = threads.actor()
    thread.does(acquire(exclusive))

    async def work() -> None:
        async with exclusive:
            await anyio.sleep(FAR)

    async def main() -> None:
        async with anyio.create_task_group() as group:
            for _ in range(3):
                group.start_soon(work)
            await until_waiting(exclusive, 3)
            # No step of the loop between these two.
            thread.does(release(exclusive))
            group.cancel_scope.cancel()

    run(main)
    assert is_free(exclusive)


def test_a_block_is_left_at_a_cancelled_checkpoint(
    run: Runner, exclusive: Exclusive
) -> None:
    """A release is no checkpoint: a cancelled task releases what it has, and needs no shield for that."""
    passed: list[str] = []

    async def main() -> None:
        with anyio.CancelScope() as scope:
            async with exclusive:
                scope.cancel()
                try:
                    await anyio.lowlevel.checkpoint()
                finally:
                    passed.append("inside")
            passed.append("outside")
        assert is_free(exclusive)
        async with exclusive:
            passed.append("afterwards")

    run(main)
    assert passed == ["inside", "afterwards"]
    assert is_free(exclusive)


def test_a_cancelled_task_hands_over_what_it_has(
    run: Runner, exclusive: Exclusive
) -> None:
    """The other one goes on while the cancelled one is still cleaning up."""
    order: list[str] = []

    async def cancelled(scope: anyio.CancelScope) -> None:
        with scope:
            async with exclusive:
                await anyio.sleep(FAR)
        order.append("cancelled")

    async def other() -> None:
        async with exclusive:
            order.append("other")

    async def main() -> None:
        scope = anyio.CancelScope()
        async with anyio.create_task_group() as group:
            group.start_soon(cancelled, scope)
            await turns()
            group.start_soon(other)
            await until_waiting(exclusive)
            scope.cancel()

    run(main)
    assert sorted(order) == ["cancelled", "other"]
    assert is_free(exclusive)


def test_a_count_is_kept_by_a_cancelled_task(run: Runner) -> None:
    """What it took twice it releases twice, even if the third attempt is cancelled."""
    lock = aiologic.RLock()

    async def main() -> None:
        with anyio.CancelScope() as scope:
            async with lock, lock:
                scope.cancel()
                await anyio.lowlevel.checkpoint()
        assert is_free(lock)
        async with lock:
            with anyio.CancelScope() as scope:
                scope.cancel()
                async with lock:
                    await anyio.lowlevel.checkpoint()
            assert lock.async_owned()
            assert lock.count == 1

    run(main)
    assert is_free(lock)


def test_an_event_wakes_those_who_were_not_cancelled(run: Runner) -> None:
    event = aiologic.Event()
    woken: list[int] = []

    async def wait(number: int) -> None:
        await event
        woken.append(number)

    async def main() -> None:
        async with anyio.create_task_group() as outer:
            async with anyio.create_task_group() as inner:
                for number in range(6):
                    (inner if number % 2 else outer).start_soon(wait, number)
                await until_waiting(event, 6)
                inner.cancel_scope.cancel()
                event.set()
            await turns()

    run(main)
    assert {0, 2, 4} <= set(woken)
    assert event.waiting == 0


def test_a_task_is_started_that_tells_when_it_has_the_lock(run: Runner) -> None:
    """TaskGroup.start(): the child says that it is ready, and its parent goes on."""
    lock = aiologic.Lock()

    async def child(*, task_status: anyio.abc.TaskStatus[object]) -> None:
        async with lock:
            task_status.started(lock.owner)
            await anyio.sleep(FAR)

    async def main() -> None:
        async with anyio.create_task_group() as group:
            owner = await group.start(child)
            assert owner == lock.owner
            assert not lock.async_owned()
            with anyio.move_on_after(0.01):
                await lock.async_acquire()
                raise AssertionError("two have it")
            group.cancel_scope.cancel()

    run(main)
    assert is_free(lock)
