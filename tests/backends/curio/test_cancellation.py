# SPDX-License-Identifier: ISC
"""curio's cancellation: once, by the next call that blocks; and a task that was woken meanwhile loses nothing."""

from __future__ import annotations

import aiologic
import pytest
from aiologic._engine.waiting import async_wait
from aiologic.lowlevel import (
    async_checkpoint,
    async_checkpoint_if_cancelled,
    enable_checkpoints,
)
from aiologic.testing.harness import switches_of

from .steps import Source, in_a_thread, new_waiter, run, until_waiting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any

curio: Any = pytest.importorskip(
    "curio", reason="curio can't be imported on Python 3.12 and newer"
)
pytest.importorskip("aiologic_curio")


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


# -- cancelled early, and late ---------------------------------------------------------------------------------------


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
            # Only once: the next call waits.
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
    """It sees its wake-up first; the next call that blocks raises the cancellation."""
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
    """The wake-up is still on its way: the cancellation wins, and the next task gets the permit."""
    taker = Taker()

    async def main() -> bool:
        await taker.begin()
        in_a_thread(taker.semaphore.release)
        await taker.task.cancel()
        return await taker.next_one_has_it()

    assert run(main)
    assert taker.outcome == (None, curio.TaskCancelled)


def test_cancelled_before_it_sleeps_and_woken_before_that() -> None:
    """Decided already when park() begins, and a cancellation is pending: it is delivered, and nothing is lost."""
    source = Source()

    async def main() -> None:
        waiter = new_waiter(source)
        waiter.wake()
        await curio.task.set_cancellation(curio.TaskCancelled("now"))
        with pytest.raises(curio.TaskCancelled):
            await async_wait(waiter, None)

    run(main)
    assert source.heard == ["taken back"]


# -- calls that block ------------------------------------------------------------------------------------------------


def test_what_is_pending_and_can_not_be_raised_is_not_asked_for() -> None:
    """Asking curio is a trap, which gives way for a moment."""

    async def main() -> int:
        await curio.task.set_cancellation(curio.TaskCancelled("later"))
        async with curio.disable_cancellation():
            return (await switches_of(async_checkpoint_if_cancelled(force=True)))[1]

    assert run(main) == 0


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
        # Only once.
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
