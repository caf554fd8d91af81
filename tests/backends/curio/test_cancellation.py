# SPDX-License-Identifier: ISC
"""curio's cancellation: once, by the next call that blocks, and not where it is disabled."""

from __future__ import annotations

import threading

import aiologic
import pytest
from aiologic.lowlevel import (
    async_checkpoint,
    async_checkpoint_if_cancelled,
    enable_checkpoints,
)
from aiologic.testing.harness import switches_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any

curio: Any = pytest.importorskip(
    "curio", reason="curio can't be imported on Python 3.12 and newer"
)
pytest.importorskip("aiologic_curio")

#: A time-out that far away goes off in the tests that fail.
FAR = 5


def run(function: Callable[[], Awaitable[Any]]) -> Any:
    async def in_time() -> Any:
        async with curio.timeout_after(FAR):
            return await function()

    return curio.run(in_time)


async def until_waiting(primitive: Any, count: int = 1) -> None:
    while primitive.waiting != count:
        await curio.sleep(0)


def release_in_a_thread(primitive: Any) -> None:
    thread = threading.Thread(target=primitive.release)
    thread.start()
    thread.join()


class Taker:
    """A task that takes a semaphore, and the one behind it in the queue."""

    def __init__(self) -> None:
        self.semaphore = aiologic.BinarySemaphore(0)
        self.outcome: object = None

    async def take(self) -> None:
        try:
            self.outcome = await self.semaphore.async_acquire()
            await curio.sleep(0)
        except curio.CancelledError as error:
            self.outcome = (self.outcome, type(error))
            raise

    async def begin(self) -> None:
        self.task = await curio.spawn(self.take)
        await until_waiting(self.semaphore)
        self.next_task = await curio.spawn(self.semaphore.async_acquire)
        await until_waiting(self.semaphore, 2)

    async def next_one_has_it(self) -> bool:
        await self.next_task.join()
        return self.semaphore.value == self.semaphore.waiting == 0


def test_cancelled_before_it_waits() -> None:
    """It is pending when the wait begins, and ends it at once."""
    lock, event = aiologic.Lock(), aiologic.Event()
    heard: list[str] = []

    async def victim() -> None:
        try:
            await curio.sleep(0)  # the cancellation comes while it is ready
            heard.append("goes on")
            await event
        except curio.TaskCancelled:
            heard.append("cancelled")
            # Once: what follows is waited for.
            assert await event.with_(0.001) is False
            async with lock:
                heard.append("waits")
            raise

    async def main() -> None:
        task = await curio.spawn(victim)
        await task.cancel(blocking=False)
        await task.wait()

    run(main)
    assert heard in (["goes on", "cancelled", "waits"], ["cancelled", "waits"])
    assert event.waiting == 0
    assert not lock.locked()


def test_cancelled_while_it_waits() -> None:
    taker = Taker()

    async def main() -> bool:
        await taker.begin()
        await taker.task.cancel()
        assert taker.semaphore.waiting == 1
        taker.semaphore.release()
        return await taker.next_one_has_it()

    assert run(main)
    assert taker.outcome == (None, curio.TaskCancelled)


def test_cancelled_when_a_task_has_woken_it() -> None:
    """It hears of its wake-up, and of the cancellation by the next call that blocks."""
    taker = Taker()

    async def main() -> bool:
        await taker.begin()
        taker.semaphore.release()
        await taker.task.cancel()
        taker.semaphore.release()
        return await taker.next_one_has_it()

    assert run(main)
    assert taker.outcome == (True, curio.TaskCancelled)


def test_cancelled_when_a_thread_has_woken_it() -> None:
    """The wake-up is still on its way: the cancellation wins, and the next one has it."""
    taker = Taker()

    async def main() -> bool:
        await taker.begin()
        release_in_a_thread(taker.semaphore)
        await taker.task.cancel()
        return await taker.next_one_has_it()

    assert run(main)
    assert taker.outcome == (None, curio.TaskCancelled)


def test_cancelled_before_it_sleeps_and_woken_before_that() -> None:
    """Decided already when park() begins, and a cancellation is pending: it is delivered, and nothing is lost."""
    from aiologic._runtime.detect import worlds

    heard: list[str] = []

    class Source:
        def _take_back(self, waiter: object) -> None:
            heard.append("taken back")

    async def main() -> None:
        from aiologic._engine.waiting import async_wait

        waiter: Any = worlds.async_world()[0].create_waiter()
        waiter.source = Source()
        waiter.wake()
        await curio.task.set_cancellation(curio.TaskCancelled("now"))
        with pytest.raises(curio.TaskCancelled):
            await async_wait(waiter, None)

    run(main)
    assert heard == ["taken back"]


@pytest.mark.parametrize("ours", [None, 1000])
def test_a_time_limit_of_curio_ends_a_wait(ours: float | None) -> None:
    """As TaskTimeout where it is raised, and without a trace where it is ignored."""
    event, lock = aiologic.Event(), aiologic.Lock()

    async def main() -> list[object]:
        heard: list[object] = []
        async with lock:
            with pytest.raises(curio.TaskTimeout):
                async with curio.timeout_after(0.001):
                    await event.with_(ours)
            assert await curio.ignore_after(0.001, event.with_(ours)) is None
            # The limit of an outer block ends the inner one by another exception.
            async with curio.ignore_after(0.001):
                try:
                    async with curio.timeout_after(FAR):
                        await event.with_(ours)
                except curio.TimeoutCancellationError as error:
                    heard.append(type(error))
                    raise
            assert lock.async_owned()
        return heard

    assert run(main) == [curio.TimeoutCancellationError]
    assert event.waiting == 0
    assert not lock.locked()


def test_a_time_out_of_ours_is_no_cancellation() -> None:
    event = aiologic.Event()

    async def main() -> None:
        async with curio.timeout_after(FAR) as scope:
            assert await event.with_(0.001) is False
            assert await event.with_(0) is False
        assert not scope.expired
        task = await curio.current_task()
        assert task.sleep is None
        assert task.cancel_pending is None

    run(main)


def test_a_time_limit_that_is_over_when_it_is_woken() -> None:
    """Woken by a task, and only then out of time: it has it, and passes nothing on."""
    semaphore = aiologic.BinarySemaphore(0)
    outcomes: list[object] = []

    async def take() -> None:
        async with curio.ignore_after(0.01):
            outcomes.append(await semaphore.async_acquire())
            await curio.sleep(FAR)

    async def main() -> None:
        task = await curio.spawn(take)
        await until_waiting(semaphore)
        semaphore.release()
        end = await curio.clock() + 0.02
        while await curio.clock() < end:  # a trap, but no switch
            pass
        await task.join()

    run(main)
    assert outcomes == [True]
    assert semaphore.value == 0


def test_a_wait_that_can_not_be_cancelled() -> None:
    """disable_cancellation() holds through a wait; what came meanwhile comes afterwards."""
    lock = aiologic.Lock()
    heard: list[object] = []

    async def victim() -> None:
        try:
            async with curio.disable_cancellation():
                async with curio.ignore_after(0.001):
                    heard.append(await lock.async_acquire())
                    lock.async_release()
                await async_checkpoint(force=True)
                await async_checkpoint_if_cancelled(force=True)
                heard.append("still here")
            heard.append("and here")
            await async_checkpoint_if_cancelled(force=True)
            heard.append("never")
        except curio.TaskCancelled:
            heard.append("cancelled")
            raise

    async def main() -> None:
        async with lock:
            task = await curio.spawn(victim)
            await until_waiting(lock)
            await task.cancel(blocking=False)
            for _ in range(3):
                await curio.sleep(0.001)
            assert lock.waiting == 1
        await task.wait()

    run(main)
    assert heard == [True, "still here", "and here", "cancelled"]
    assert not lock.locked()


@pytest.mark.parametrize(
    "block",
    [
        lambda: async_checkpoint(force=True),
        lambda: async_checkpoint_if_cancelled(force=True),
        lambda: aiologic.Event().with_(0),
        lambda: aiologic.Event().with_(),
        lambda: enable_checkpoints(aiologic.Lock().async_acquire()),
    ],
    ids=["checkpoint", "if cancelled", "time-out 0", "wait", "acquire"],
)
def test_what_is_pending_is_raised_by_whatever_blocks(
    block: Callable[[], Awaitable[object]],
) -> None:
    async def main() -> None:
        await curio.task.set_cancellation(curio.TaskCancelled("now"))
        with pytest.raises(curio.TaskCancelled, match="now"):
            await block()
        # Once.
        await async_checkpoint(force=True)
        await async_checkpoint_if_cancelled(force=True)

    run(main)


def test_a_checkpoint_lets_the_others_run_once() -> None:
    turns: list[int] = []

    async def other(number: int) -> None:
        for _ in range(3):
            turns.append(number)
            await async_checkpoint(force=True)

    async def main() -> tuple[object, int]:
        async with curio.TaskGroup() as group:
            await group.spawn(other, 1)
            await group.spawn(other, 2)
        return await switches_of(async_checkpoint(force=True))

    assert run(main)[1] == 1
    assert curio.run(switches_of, async_checkpoint_if_cancelled(force=True))[1] == 0
    assert turns == [1, 2, 1, 2, 1, 2]


class Shield:
    """A call that is shielded, in a task that is cancelled meanwhile."""

    def __init__(self, fails: bool = False) -> None:
        self.event = aiologic.Event()
        self.fails = fails
        self.heard: list[object] = []

    async def call(self) -> str:
        self.heard.append(await curio.current_task())
        await self.event
        if self.fails:
            raise LookupError
        return "done"

    async def shield(self) -> None:
        from aiologic._runtime.detect import worlds

        self.heard.append(await curio.current_task())
        try:
            try:
                self.heard.append(await worlds.async_world()[0].shield(self.call()))
            except LookupError:
                self.heard.append("failed")
            await curio.sleep(0)
            self.heard.append("never")
        except curio.TaskCancelled:
            self.heard.append("cancelled")
            raise

    async def main(self) -> None:
        task = await curio.spawn(self.shield)
        await until_waiting(self.event)
        await task.cancel(blocking=False)
        await curio.sleep(0)
        assert self.event.waiting == 1
        self.event.set()
        await task.wait()
        assert task.allow_cancel is True


@pytest.mark.parametrize("fails", [False, True])
def test_a_shielded_call(fails: bool) -> None:
    """It runs in the very task, and the cancellation comes by the next call that blocks."""
    shield = Shield(fails)

    run(shield.main)

    outer, inner, *heard = shield.heard
    assert outer is inner
    assert heard == ["failed" if fails else "done", "cancelled"]


def test_a_shield_inside_a_shield() -> None:
    from aiologic._runtime.detect import worlds

    async def main() -> list[bool]:
        backend = worlds.async_world()[0]
        task = await curio.current_task()
        seen = []

        async def inner() -> None:
            seen.append(task.allow_cancel)

        async def outer() -> None:
            await backend.shield(inner())
            seen.append(task.allow_cancel)

        await backend.shield(outer())
        seen.append(task.allow_cancel)
        return seen

    assert run(main) == [False, False, True]
