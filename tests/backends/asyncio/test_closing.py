# SPDX-License-Identifier: ISC
"""A loop that is closed with a task still waiting loses no grant: the next in line gets it."""

from __future__ import annotations

import asyncio
import gc
import weakref
from typing import Union

import aiologic
import pytest
from aiologic.testing.harness import acquire, release, until

from .steps import finish, slice_of, start, until_waiting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aiologic.testing.harness import Actor, Call, Stage

Loop = asyncio.AbstractEventLoop
Exclusive = Union[aiologic.Lock, aiologic.BinarySemaphore]


@pytest.fixture(params=["Lock", "RLock", "BinarySemaphore", "BoundedBinarySemaphore"])
def exclusive(request: pytest.FixtureRequest) -> Exclusive:
    made: Exclusive = getattr(aiologic, request.param)()
    return made


class Line:
    """A thread has it, a task of the loop waits for it, and then another thread."""

    def __init__(self, loop: Loop, threads: Stage, exclusive: Exclusive) -> None:
        self.holder: Actor = threads.actor()
        self.next_one: Actor = threads.actor()
        self.holder.does(acquire(exclusive))
        self.exclusive = exclusive
        self.waiting = start(loop, self.take_a_turn())
        # asyncio reports tasks that nobody will run again, which is what these tests cause.
        loop.set_exception_handler(lambda loop, context: None)  # noqa: ARG005
        until_waiting(loop, exclusive)
        self.next_call: Call = self.next_one.starts(acquire(exclusive))
        until(lambda: exclusive.waiting == 2)

    async def take_a_turn(self) -> bool:
        """The task of the loop; returns whether it was alone while it had it."""
        await self.exclusive.async_acquire()
        await asyncio.sleep(0)
        alone = not self.next_call.is_done
        self.exclusive.async_release()
        return alone


def collect() -> None:
    """If the loop's queue is not emptied at once, the garbage collector does it."""
    for _ in range(3):
        gc.collect()


def test_closed_before_it_is_released(
    loop: Loop, threads: Stage, exclusive: Exclusive
) -> None:
    line = Line(loop, threads, exclusive)
    loop.close()

    line.holder.does(release(exclusive))

    assert line.next_call.result() is True
    line.next_one.does(release(exclusive))
    assert line.holder.does(acquire(exclusive, blocking=False)) is True


def test_closed_with_the_wake_up_inside(
    loop: Loop, threads: Stage, exclusive: Exclusive
) -> None:
    line = Line(loop, threads, exclusive)
    line.holder.does(release(exclusive))
    assert not line.next_call.is_done

    loop.close()
    collect()

    assert line.next_call.result() is True
    line.next_one.does(release(exclusive))
    assert line.holder.does(acquire(exclusive, blocking=False)) is True


def test_closed_with_nobody_else_in_line(
    loop: Loop, threads: Stage, exclusive: Exclusive
) -> None:
    holder = threads.actor()
    holder.does(acquire(exclusive))
    waiting = start(loop, exclusive.async_acquire())
    loop.set_exception_handler(lambda loop, context: None)  # noqa: ARG005
    until_waiting(loop, exclusive)
    loop.close()

    holder.does(release(exclusive))

    assert not waiting.done()
    assert holder.does(acquire(exclusive, blocking=False)) is True


def test_stopped_and_resumed_keeps_it(
    loop: Loop, threads: Stage, exclusive: Exclusive
) -> None:
    """A loop that does not run is not closed."""
    line = Line(loop, threads, exclusive)

    line.holder.does(release(exclusive))
    collect()

    assert not line.next_call.is_done
    assert finish(loop, line.waiting) is True
    assert line.next_call.result() is True


def test_several_tasks_of_a_closed_loop_pass_it_on(
    loop: Loop, threads: Stage, exclusive: Exclusive
) -> None:
    holder = threads.actor()
    holder.does(acquire(exclusive))
    waiting = [start(loop, exclusive.async_acquire()) for _ in range(5)]
    loop.set_exception_handler(lambda loop, context: None)  # noqa: ARG005
    until_waiting(loop, exclusive, 5)
    call = threads.actor().starts(acquire(exclusive))
    until(lambda: exclusive.waiting == 6)
    loop.close()

    holder.does(release(exclusive))

    assert call.result() is True
    assert exclusive.waiting == 0
    assert not any(task.done() for task in waiting)


def test_a_task_that_was_cancelled_before_the_loop_was_closed_has_nothing_to_give(
    loop: Loop, threads: Stage, exclusive: Exclusive
) -> None:
    line = Line(loop, threads, exclusive)
    line.waiting.cancel()
    slice_of(loop)
    assert exclusive.waiting == 1
    loop.close()

    line.holder.does(release(exclusive))

    assert line.next_call.result() is True
    with pytest.raises(asyncio.CancelledError):
        line.waiting.result()


def test_a_task_that_went_on_before_the_loop_was_closed_keeps_it(
    loop: Loop, threads: Stage
) -> None:
    """It has it, and may have stopped in the middle: that is not for us to mend."""
    semaphore = aiologic.BinarySemaphore(0)
    waiting = start(loop, semaphore.async_acquire())
    until_waiting(loop, semaphore)
    semaphore.release()
    assert finish(loop, waiting) is True
    call = threads.actor().starts(acquire(semaphore))
    until(lambda: semaphore.waiting == 1)

    loop.close()
    collect()

    assert not call.is_done
    semaphore.release()
    assert call.result() is True


def test_an_event_is_set_after_the_loop_was_closed(loop: Loop) -> None:
    event = aiologic.Event()
    waiting = start(loop, event.with_(1000))
    loop.set_exception_handler(lambda loop, context: None)  # noqa: ARG005
    until_waiting(loop, event)
    loop.close()

    event.set()

    assert event.waiting == 0
    assert not waiting.done()


def test_a_loop_that_is_dropped_unclosed_with_the_wake_up_inside(
    threads: Stage,
) -> None:
    """Nobody closes it and nobody holds it: it is collected, and its task with it."""
    semaphore = aiologic.BinarySemaphore(0)
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lambda loop, context: None)  # noqa: ARG005
    waiting = start(loop, semaphore.async_acquire())
    until_waiting(loop, semaphore)
    call = threads.actor().starts(acquire(semaphore))
    until(lambda: semaphore.waiting == 2)
    semaphore.release()
    remains = weakref.ref(loop)

    try:
        del loop, waiting
        with pytest.warns(ResourceWarning, match="unclosed event loop"):
            collect()
        assert call.result() is True
    finally:
        if not call.is_done:
            semaphore.release()
        loop_that_stayed = remains()
        if loop_that_stayed is not None:
            loop_that_stayed.close()
