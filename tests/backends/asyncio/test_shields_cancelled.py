# SPDX-License-Identifier: ISC
"""A task that is cancelled in a shield is told when the call has ended: by others, by time-outs, by the loop's end."""

from __future__ import annotations

import asyncio
import sys

import aiologic
import pytest
from aiologic.lowlevel import create_async_waiter, shield
from aiologic_asyncio._waiter import create_waiter

from .steps import finish, slice_of, start, until_waiting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

Loop = asyncio.AbstractEventLoop

#: A time-out that far away expires only in tests that fail.
FAR = 5

since_3_11 = pytest.mark.skipif(
    sys.version_info < (3, 11), reason="asyncio.timeout() came with 3.11"
)


class OwnError(Exception):
    """What a call itself raises."""


# -- by others -------------------------------------------------------------------------------------------------------


def test_woken_and_then_cancelled_in_one_step(loop: Loop) -> None:
    """B wakes A, and cancels it; A must not keep sleeping, because its wake-up has been used up.

    Tasks that were to regain a condition's lock did: it was never released any more.
    """
    waiters: list[Any] = []

    async def main() -> str:
        waiter = create_waiter()
        waiters.append(waiter)
        try:
            await shield(waiter.park(None))
        except asyncio.CancelledError:
            return "cancelled"
        return "woken"

    async def wake_and_cancel() -> None:
        waiters[0].wake()
        task.cancel()

    task = start(loop, main())
    slice_of(loop)
    start(loop, wake_and_cancel())
    for _ in range(3):
        slice_of(loop)

    assert task.done()
    assert task.result() == "cancelled"


def test_two_cancellations_are_one_exception_and_two_in_the_count(loop: Loop) -> None:
    event = aiologic.Event()
    seen: list[object] = []

    async def main() -> None:
        try:
            seen.append(await shield(event.with_()))
        except asyncio.CancelledError as error:
            seen.append(error.args)
        task: Any = asyncio.current_task()
        if hasattr(task, "cancelling"):
            seen.append(task.cancelling())
        await asyncio.sleep(0)
        seen.append("goes on")

    task = start(loop, main())
    until_waiting(loop, event)
    for _ in range(2):
        task.cancel()
        slice_of(loop)
        slice_of(loop)
    assert event.waiting == 1
    event.set()
    finish(loop, task)

    counted = [2] if sys.version_info >= (3, 11) else []
    assert seen == [(), *counted, "goes on"]


def test_cancelled_before_it_began(loop: Loop) -> None:
    done: list[bool] = []

    async def work() -> None:
        await asyncio.sleep(0)
        done.append(True)

    async def main() -> None:
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        await shield(work)()

    with pytest.raises(asyncio.CancelledError):
        finish(loop, main())
    assert done == [True]


def test_a_call_that_cancels_itself(loop: Loop) -> None:
    async def work() -> None:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        finish(loop, shield(work)())


def test_a_shielded_future_needs_no_helper(loop: Loop) -> None:
    """For example a waiter's: waiting for it runs no user code."""
    waiters: list[Any] = []
    made: list[object] = []

    async def wait() -> None:
        waiters.append(create_async_waiter(shield=True))
        await waiters[0]

    task = start(loop, wait())
    slice_of(loop)
    loop.set_task_factory(lambda *args, **_: made.append(args))  # type: ignore[arg-type]
    task.cancel()
    slice_of(loop)
    slice_of(loop)
    assert not task.done()
    waiters[0].wake()
    for _ in range(5):
        slice_of(loop)
    assert task.cancelled()
    assert made == []


def test_a_task_that_is_shielded_is_not_cancelled(loop: Loop) -> None:
    event = aiologic.Event()
    inner = start(loop, event.with_())

    async def main() -> bool:
        return await shield(inner)

    outer = start(loop, main())
    until_waiting(loop, event)
    outer.cancel()
    slice_of(loop)
    event.set()
    with pytest.raises(asyncio.CancelledError):
        finish(loop, outer)
    assert inner.result() is True


# -- by time-outs, and what else asyncio cancels ---------------------------------------------------------------------


@since_3_11
def test_time_outs_in_a_shield(loop: Loop) -> None:
    event = aiologic.Event()

    async def work() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):  # type: ignore[attr-defined,unused-ignore]
                await event
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):  # type: ignore[attr-defined,unused-ignore]
                await shield(asyncio.sleep(0.03))
        async with asyncio.timeout(FAR):  # type: ignore[attr-defined,unused-ignore]
            await asyncio.sleep(0)

    async def main() -> int:
        task: Any = asyncio.current_task()
        await shield(work())
        cancelling: int = task.cancelling()
        return cancelling

    assert finish(loop, main()) == 0


@since_3_11
@pytest.mark.parametrize("deadlines", [(0.01, FAR), (FAR, 0.01), (0.01, 0.01)])
def test_a_time_out_around_a_shield_is_raised_afterwards(
    loop: Loop, deadlines: tuple[float, float]
) -> None:
    outcome: list[object] = []

    async def work() -> None:
        await asyncio.sleep(0.03)
        outcome.append("at its end")

    async def main() -> None:
        outer, inner = deadlines
        timed_out = []
        try:
            async with asyncio.timeout(outer):  # type: ignore[attr-defined,unused-ignore]
                try:
                    async with asyncio.timeout(inner):  # type: ignore[attr-defined,unused-ignore]
                        await shield(work())
                except TimeoutError:
                    timed_out.append("inner")
        except TimeoutError:
            timed_out.append("outer")
        outcome.append(timed_out)
        task: Any = asyncio.current_task()
        assert task.cancelling() == 0
        await asyncio.sleep(0)

    finish(loop, main())
    expected = {(0.01, FAR): ["outer"], (FAR, 0.01): ["inner"]}
    assert outcome == ["at its end", expected.get(deadlines, ["outer"])]


def test_wait_for_in_a_shield(loop: Loop) -> None:
    event = aiologic.Event()

    async def work() -> str:
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(event.with_(), 0.01)
        return await asyncio.wait_for(asyncio.sleep(0, "in time"), FAR)

    assert finish(loop, shield(work())) == "in time"
    assert event.waiting == 0


@since_3_11
def test_a_task_group_in_a_shield(loop: Loop) -> None:
    async def fail() -> None:
        raise OwnError

    async def work() -> None:
        async with asyncio.TaskGroup() as group:  # type: ignore[attr-defined,unused-ignore]
            group.create_task(fail())
            await asyncio.sleep(FAR)

    with pytest.raises(BaseException) as raised:  # noqa: PT011  # an exception group
        finish(loop, shield(work()))
    assert isinstance(raised.value.exceptions[0], OwnError)  # type: ignore[attr-defined]


def test_the_end_of_asyncio_run_waits_for_a_shield() -> None:
    """It cancels all tasks one by one; the helper is not among them."""
    event, notes = aiologic.Event(), []

    async def work() -> None:
        try:
            await event
            await asyncio.sleep(0.01)
            notes.append("at its end")
        except asyncio.CancelledError:
            notes.append("cut off")
            raise

    async def background() -> None:
        try:
            await shield(work())
        except asyncio.CancelledError:
            notes.append("cancelled afterwards")
            raise

    async def main() -> None:
        tasks.append(asyncio.ensure_future(background()))
        while not event.waiting:  # noqa: ASYNC110  # no event tells of that
            await asyncio.sleep(0)
        assert len(asyncio.all_tasks()) == 2
        asyncio.get_running_loop().call_later(0.01, event.set)

    tasks: list[Any] = []
    asyncio.run(main())
    assert notes == ["at its end", "cancelled afterwards"]
