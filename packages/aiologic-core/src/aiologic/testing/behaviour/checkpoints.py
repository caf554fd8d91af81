# SPDX-License-Identifier: ISC
"""How often a call lets others run: never more than once, and by default only on trio.

If one of these fails: look whether ``checkpoints_by_default`` of the backend and
``World.checkpoints`` agree (duty 8). If there is one switch too many, ``checkpoint()``
or ``park()`` yields to the loop twice, or ``World.traps_are_switches`` is wrong. If a
cancelled task keeps what it took, ``checkpoint()`` does not raise.
"""

from __future__ import annotations

import pytest

import aiologic
from aiologic.lowlevel import disable_checkpoints, enable_checkpoints

from .._duties import starts_cancelled
from .._stage import CANCELLED, Operation, Stage, until
from .._switches import Counted, switches_of
from ..catalogue import happen
from ..operations import acquire, block, release, wait

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..._runtime.interface import Backend
    from .._stage import Call, World
    from ..operations import Exclusive

# How to switch checkpoints, and whether they are then on.
SETTINGS: dict[str, tuple[Callable[..., Any] | None, bool | None]] = {
    "default": (None, None),
    "on": (enable_checkpoints, True),
    "off": (disable_checkpoints, False),
}


class Counter:
    """Counts the switches of operations, with checkpoints on, off, or as they are by default."""

    def __init__(self, world: World, setting: str) -> None:
        self._switch, on = SETTINGS[setting]
        #: How many switches a call makes that need not wait.
        self.expected: int = int(world.checkpoints if on is None else on)

    def __call__(self, operation: Operation) -> Operation:
        async def aio() -> tuple[Any, int]:
            if self._switch is None:
                return await switches_of(operation.aio())
            return await switches_of(self._switch(operation.aio()))

        return operation._replace(aio=aio)


@pytest.fixture(params=list(SETTINGS))
def counter(request: pytest.FixtureRequest, async_world: World) -> Counter:
    return Counter(async_world, request.param)


def test_taking_what_is_free(
    async_stage: Stage, exclusive: Exclusive, counter: Counter
) -> None:
    actor = async_stage.actor()
    for options in ({}, {"timeout": 0}, {"timeout": 5}, {"timeout": None}):
        outcome = actor.does(counter(acquire(exclusive, **options)))
        assert outcome == (True, counter.expected)
        actor.does(release(exclusive))


def test_a_block(async_stage: Stage, exclusive: Exclusive, counter: Counter) -> None:
    operation = counter(block(exclusive, lambda: "inside"))
    assert async_stage.actor().does(operation) == ("inside", counter.expected)


def test_not_to_wait_is_not_to_switch(
    async_stage: Stage, exclusive: Exclusive, counter: Counter
) -> None:
    actor, other = async_stage.actor(), async_stage.actor()
    attempt = counter(acquire(exclusive, blocking=False))
    assert actor.does(attempt) == (True, 0)
    assert other.does(attempt) == (False, 0)


def test_taking_a_lock_once_more(async_stage: Stage, counter: Counter) -> None:
    lock = aiologic.RLock()
    actor = async_stage.actor()
    actor.does(acquire(lock))
    assert actor.does(counter(acquire(lock))) == (True, counter.expected)
    assert actor.does(counter(acquire(lock, blocking=False))) == (True, 0)
    assert lock.count == 3


def test_waiting_is_one_switch(
    async_stage: Stage, threads: Stage, exclusive: Exclusive, counter: Counter
) -> None:
    holder, waiter = threads.actor(), async_stage.actor()
    holder.does(acquire(exclusive))
    call = waiter.starts(counter(acquire(exclusive)))
    until(lambda: exclusive.waiting == 1)
    holder.does(release(exclusive))
    assert call.result() == (True, 1)


def test_waiting_for_an_event(
    async_stage: Stage, event: aiologic.Event, counter: Counter
) -> None:
    actor = async_stage.actor()
    assert actor.does(counter(wait(event, 0))) == (False, 1)
    call = actor.starts(counter(wait(event)))
    until(lambda: event.waiting == 1)
    happen(event)
    assert call.result() == (True, 1)
    assert actor.does(counter(wait(event))) == (True, counter.expected)
    assert actor.does(counter(wait(event, 0))) == (True, counter.expected)


class GreenCounter(Counter):
    """Counts the checkpoints of green operations; calls that wait make none."""

    def __init__(
        self, world: World, setting: str, backend: Any, patch: pytest.MonkeyPatch
    ) -> None:
        super().__init__(world, setting)
        self._made: list[None] = []
        original = backend.checkpoint

        def checkpoint() -> object:
            self._made.append(None)
            return original()

        patch.setattr(backend.__class__, "checkpoint", staticmethod(checkpoint))

    def __call__(self, operation: Operation) -> Operation:
        call = operation.green
        switched = call if self._switch is None else self._switch(call)

        def green() -> tuple[Any, int]:
            self._made.clear()
            outcome = switched()
            return outcome, len(self._made)

        return operation._replace(green=green)


@pytest.fixture(params=list(SETTINGS))
def green_counter(
    request: pytest.FixtureRequest,
    world: World,
    backend: Backend,
    monkeypatch: pytest.MonkeyPatch,
) -> GreenCounter:
    if world.is_async:
        pytest.skip("about tasks that don't await")
    return GreenCounter(world, request.param, backend, monkeypatch)


def test_green_calls_that_need_not_wait(
    stage: Stage, exclusive: Exclusive, green_counter: GreenCounter
) -> None:
    actor, expected = stage.actor(), green_counter.expected
    for options in ({}, {"timeout": 0}, {"timeout": 5}):
        taking = green_counter(acquire(exclusive, **options))
        assert actor.does(taking) == (True, expected)
        assert actor.does(green_counter(release(exclusive))) == (None, 0)
    taking = green_counter(block(exclusive, lambda: "inside"))
    assert actor.does(taking) == ("inside", expected)


def test_green_calls_that_wait_or_would_not(
    stage: Stage, threads: Stage, exclusive: Exclusive, green_counter: GreenCounter
) -> None:
    holder, waiter = threads.actor(), stage.actor()
    holder.does(acquire(exclusive))
    attempt = green_counter(acquire(exclusive, blocking=False))
    assert waiter.does(attempt) == (False, 0)
    assert waiter.does(green_counter(acquire(exclusive, timeout=0))) == (False, 0)
    call = waiter.starts(green_counter(acquire(exclusive)))
    until(lambda: exclusive.waiting == 1)
    holder.does(release(exclusive))
    assert call.result() == (True, 0)
    waiter.does(release(exclusive))
    assert waiter.does(attempt) == (True, 0)


def test_green_waits_for_an_event(
    stage: Stage, event: aiologic.Event, green_counter: GreenCounter
) -> None:
    actor = stage.actor()
    assert actor.does(green_counter(wait(event, 0))) == (False, 0)
    call = actor.starts(green_counter(wait(event)))
    until(lambda: event.waiting == 1)
    happen(event)
    assert call.result() == (True, 0)
    for timeout in None, 0:
        waited = actor.does(green_counter(wait(event, timeout)))
        assert waited == (True, green_counter.expected)


def with_checkpoints(operation: Operation) -> Operation:
    """Do it where each call is a checkpoint."""
    return operation._replace(
        green=enable_checkpoints(operation.green),
        aio=lambda: enable_checkpoints(operation.aio()),
    )


def cancelled_at_its_checkpoint(operation: Operation, stage: Stage) -> object:
    """Do it in a task that is already cancelled, and gets the exception at its first checkpoint."""
    actor = stage.actor()
    return starts_cancelled(stage, actor, with_checkpoints(operation)).result()


def test_what_was_taken_is_given_back_by_a_task_that_is_cancelled_at_the_checkpoint(
    cancelling_stage: Stage, threads: Stage, exclusive: Exclusive
) -> None:
    taking = acquire(exclusive)

    assert cancelled_at_its_checkpoint(taking, cancelling_stage) == CANCELLED

    assert exclusive.waiting == 0
    assert threads.actor().does(acquire(exclusive, blocking=False)) is True


def test_what_was_taken_goes_to_whoever_came_while_the_taker_was_at_its_checkpoint(
    async_stage: Stage, threads: Stage, exclusive: Exclusive
) -> None:
    """A takes it and yields; B joins the queue; A is cancelled, and B gets it."""
    other = threads.actor()
    blocked: list[Call] = []

    def others_come() -> None:
        if not blocked:
            blocked.append(other.starts(acquire(exclusive)))
            until(lambda: exclusive.waiting == 1)

    async def aio() -> object:
        return await Counted(exclusive.async_acquire(), others_come)

    taking = acquire(exclusive)._replace(aio=aio)
    assert cancelled_at_its_checkpoint(taking, async_stage) == CANCELLED
    assert blocked[0].result() is True


def test_a_count_is_as_it_was_after_a_cancellation_at_the_checkpoint(
    cancelling_stage: Stage,
) -> None:
    lock = aiologic.RLock()
    actor = cancelling_stage.actor()
    actor.does(acquire(lock))
    more = Operation(
        "acquire(5)", lambda: lock.green_acquire(5), lambda: lock.async_acquire(5)
    )

    call = starts_cancelled(cancelling_stage, actor, with_checkpoints(more))

    assert call.result() == CANCELLED
    assert lock.count == 1
    actor.does(release(lock))
    assert not lock.locked()
