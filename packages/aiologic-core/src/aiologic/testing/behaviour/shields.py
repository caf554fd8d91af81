# SPDX-License-Identifier: ISC
"""A shielded call runs to its end, for the task that shields it; what would have interrupted it comes afterwards.

If one of these fails: look at duty 14. If the caller does not own its lock,
``current_task()`` in the helper task does not return the task that shields. If a call
does not run to its end, the cancellation was thrown into it.
"""

# "Afterwards" can mean two things, and both are right: if a cancellation is an edge, shield() itself raises the
# exception; if it is a level, the next checkpoint does. So each shielded call here is followed by a checkpoint.

from __future__ import annotations

import pytest

import aiologic
from aiologic.lowlevel import async_checkpoint, green_checkpoint, shield

from .._stage import CANCELLED, LONG, SHORT, Operation, Stage, until
from ..operations import acquire, release, run, wait

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable
    from typing import Any

    from ..operations import Exclusive


class OwnError(Exception):
    """An exception that a call raises by itself."""


def shielded(operation: Operation, depth: int = 1) -> Operation:
    """The operation in a shield, and then a checkpoint."""
    green, aio = operation.green, operation.aio
    for _ in range(depth):
        green = shield(green)

    async def shielded_aio() -> object:
        def awaitable(depth: int) -> Awaitable[Any]:
            return shield(awaitable(depth - 1)) if depth else aio()

        result = await awaitable(depth)
        await async_checkpoint(force=True)
        return result

    def shielded_green() -> object:
        result = green()
        green_checkpoint(force=True)
        return result

    return Operation(f"shielded {operation.text}", shielded_green, shielded_aio)


def noted(operation: Operation, notes: list[object]) -> Operation:
    """The operation; what it returns or raises inside the shield is appended to ``notes``."""

    def green() -> object:
        try:
            notes.append(operation.green())
        except BaseException as error:
            notes.append(error)
            raise
        return notes[-1]

    async def aio() -> object:
        try:
            notes.append(await operation.aio())
        except BaseException as error:
            notes.append(error)
            raise
        return notes[-1]

    return Operation(operation.text, green, aio)


def test_a_call_that_nobody_cancels_is_as_without_a_shield(stage: Stage) -> None:
    actor = stage.actor()
    assert actor.does(shielded(run(lambda: "result"))) == "result"

    def fail() -> None:
        raise OwnError("by itself")

    with pytest.raises(OwnError, match="by itself"):
        actor.does(shielded(run(fail)))


@pytest.mark.parametrize("depth", [1, 3])
@pytest.mark.parametrize("cancellations", [1, 2])
def test_a_cancelled_call_runs_to_its_end(
    cancelling_stage: Stage, depth: int, cancellations: int
) -> None:
    event = aiologic.Event()
    notes: list[object] = []
    operation = shielded(noted(wait(event), notes), depth)
    call = cancelling_stage.actor().starts(operation)
    until(lambda: event.waiting == 1)

    for _ in range(cancellations):
        cancelling_stage.inside(call.cancel)
        cancelling_stage.actor().does(run(lambda: None))  # a chance to end early
    assert event.waiting == 1
    assert notes == []

    event.set()
    assert call.result() == CANCELLED
    assert notes == [True]


def test_what_the_call_raises_goes_before_a_cancellation(
    cancelling_stage: Stage,
) -> None:
    event = aiologic.Event()

    def green() -> None:
        event.wait()
        raise OwnError("in there")

    async def aio() -> None:
        await event
        raise OwnError("in there")

    call = cancelling_stage.actor().starts(shielded(Operation("fail", green, aio)))
    until(lambda: event.waiting == 1)
    cancelling_stage.inside(call.cancel)

    event.set()
    with pytest.raises(OwnError, match="in there") as raised:
        call.result()
    assert raised.value.__context__ is None


def test_a_lock_that_is_taken_in_a_shield_is_the_callers_own(
    stage: Stage, lock: aiologic.Lock
) -> None:
    actor, other = stage.actor(), stage.actor()
    for depth in 1, 2:
        assert actor.does(shielded(acquire(lock), depth)) is True
        assert other.does(acquire(lock, blocking=False)) is False
        actor.does(release(lock))
        assert not lock.locked()


def test_a_lock_that_is_waited_for_in_a_shield_is_the_callers_own(
    stage: Stage, threads: Stage, lock: aiologic.Lock
) -> None:
    holder, actor = threads.actor(), stage.actor()
    holder.does(acquire(lock))
    call = actor.starts(shielded(acquire(lock)))
    until(lambda: lock.waiting == 1)
    holder.does(release(lock))

    assert call.result() is True
    actor.does(release(lock))
    assert not lock.locked()


def test_in_a_shield_the_caller_still_has_what_it_had(stage: Stage) -> None:
    lock, rlock = aiologic.Lock(), aiologic.RLock()
    actor = stage.actor()
    actor.does(acquire(lock))
    actor.does(acquire(rlock))

    with pytest.raises(RuntimeError, match="already holding"):
        actor.does(shielded(acquire(lock)))
    assert actor.does(shielded(acquire(rlock))) is True
    assert rlock.count == 2
    actor.does(shielded(release(rlock)))
    actor.does(shielded(release(rlock)))
    actor.does(shielded(release(lock)))
    assert not lock.locked()
    assert not rlock.locked()


def test_a_cancelled_task_has_the_lock_that_its_shield_waited_for(
    cancelling_stage: Stage, threads: Stage, exclusive: Exclusive
) -> None:
    """What was acquired is kept: the call runs to its end, and then the task gets its cancellation."""
    holder, victim = threads.actor(), cancelling_stage.actor()
    holder.does(acquire(exclusive))
    call = victim.starts(shielded(acquire(exclusive)))
    until(lambda: exclusive.waiting == 1)
    cancelling_stage.inside(call.cancel)
    holder.does(release(exclusive))

    assert call.result() == CANCELLED
    assert holder.does(acquire(exclusive, blocking=False)) is False
    victim.does(release(exclusive))
    assert holder.does(acquire(exclusive, blocking=False)) is True


def test_a_time_out_in_a_shield_runs_out(cancelling_stage: Stage) -> None:
    event = aiologic.Event()
    notes: list[object] = []
    operation = shielded(noted(wait(event, SHORT), notes))
    call = cancelling_stage.actor().starts(operation)
    until(lambda: event.waiting == 1 or call.is_done)
    cancelling_stage.inside(call.cancel)

    assert call.result() in (CANCELLED, False)  # False: it had timed out
    assert notes == [False]
    assert event.waiting == 0


def test_others_run_while_a_cancelled_task_waits_in_a_shield(
    cancelling_stage: Stage,
) -> None:
    """A cancellation that is a level must not make its task spin."""
    event = aiologic.Event()
    done: list[None] = []
    call = cancelling_stage.actor().starts(shielded(wait(event)))
    until(lambda: event.waiting == 1)
    cancelling_stage.inside(call.cancel)

    for _ in range(20):
        cancelling_stage.actor().does(run(lambda: done.append(None)))
    assert len(done) == 20
    assert event.waiting == 1
    event.set()
    assert call.result() == CANCELLED


def test_a_shield_is_of_use_once_for_each_call(cancelling_stage: Stage) -> None:
    """A shielded function can be called again, and earlier cancellations do not affect it."""
    actor = cancelling_stage.actor()
    for event in aiologic.Event(), aiologic.Event():
        call = actor.starts(shielded(wait(event, LONG)))
        until(lambda event=event: event.waiting == 1)  # type: ignore[misc]
        cancelling_stage.inside(call.cancel)
        event.set()
        assert call.result() == CANCELLED
    assert actor.does(shielded(run(lambda: 1))) == 1
