# SPDX-License-Identifier: ISC
"""Rule 1: what was granted to a task that is cancelled goes to the next; nothing is lost.

If one of these fails: look at ``World.wakes_first`` and ``World.remote_wakes_first``
first: they say which of two right answers your library gives. If the failure says
"stuck", the exception of the library did not come out of ``park()`` (duty 6), or came
out of a wait that was woken and is over.
"""

# The scene is always the same: one task has it, a victim waits for it, and behind the victim another task. Then it is
# released, and the victim cancelled, in both orders, from inside and outside the loop.
#
# Libraries differ in one point, and both answers are right. asyncio throws into a task that is already scheduled to go
# on. In trio and AnyIO the wake-up comes first: the task has what it waited for, and gets the cancellation at its next
# checkpoint. "Already scheduled" means that the release came from a task of the same loop: one from elsewhere is still
# on its way when the cancellation comes (if it comes first nevertheless, the world has ``remote_wakes_first``).

from __future__ import annotations

from typing import NamedTuple

import pytest

import aiologic

from .._stage import CANCELLED, Actor, Call, Operation, Stage, until
from ..catalogue import happen
from ..operations import acquire, release, releasing, run, wait

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .._stage import World
    from ..operations import Exclusive


class Scene(NamedTuple):
    """The cast, and their calls, when the test begins."""

    thing: Exclusive
    victim: Actor
    victims_call: Call
    next_one: Actor
    next_call: Call

    def ends_with(self, outcome: object) -> None:
        """Check that the victim's call had this outcome; then pass it on until nobody waits."""
        assert self.victims_call.result() == outcome
        if outcome is True:
            assert not self.next_call.is_done
            self.victim.does(release(self.thing))
        assert self.next_call.result() is True
        assert self.thing.waiting == 0
        if isinstance(self.thing, aiologic.Lock):
            assert self.victim.does(owned(self.thing)) is False
            assert self.next_one.does(owned(self.thing)) is True
        if isinstance(self.thing, aiologic.CapacityLimiter):
            assert self.victim.does(borrowed(self.thing)) is False
            assert self.next_one.does(borrowed(self.thing)) is True
        # The victim's task goes on, and can wait again.
        again = self.victim.starts(acquire(self.thing))
        until(lambda: self.thing.waiting == 1)
        self.next_one.does(release(self.thing))
        assert again.result() is True
        self.victim.does(release(self.thing))
        assert self.victim.does(acquire(self.thing, blocking=False)) is True
        self.victim.does(release(self.thing))


def scene(thing: Exclusive, holder: Actor, stage: Stage) -> Scene:
    holder.does(acquire(thing))
    victim, next_one = stage.actor(), stage.actor()
    victims_call = victim.starts(acquire(thing))
    until(lambda: thing.waiting == 1)
    next_call = next_one.starts(acquire(thing))
    until(lambda: thing.waiting == 2)
    return Scene(thing, victim, victims_call, next_one, next_call)


def test_released_then_cancelled_in_one_step_of_the_loop(
    cancelling_stage: Stage, cancelling_world: World, exclusive: Exclusive
) -> None:
    holder = cancelling_stage.actor()
    it = scene(exclusive, holder, cancelling_stage)

    def release_and_cancel() -> None:
        releasing(cancelling_world, exclusive)()
        it.victims_call.cancel()

    holder.does(run(release_and_cancel))

    it.ends_with(True if cancelling_world.wakes_first else CANCELLED)


def test_cancelled_then_released_in_one_step_of_the_loop(
    cancelling_stage: Stage, cancelling_world: World, exclusive: Exclusive
) -> None:
    holder = cancelling_stage.actor()
    it = scene(exclusive, holder, cancelling_stage)

    def cancel_and_release() -> None:
        it.victims_call.cancel()
        releasing(cancelling_world, exclusive)()

    holder.does(run(cancel_and_release))

    it.ends_with(CANCELLED)


def test_released_by_a_thread_while_the_loop_is_busy_and_then_cancelled(
    cancelling_stage: Stage,
    cancelling_world: World,
    threads: Stage,
    exclusive: Exclusive,
) -> None:
    holder = threads.actor()
    it = scene(exclusive, holder, cancelling_stage)

    with cancelling_stage.frozen() as inside:
        holder.does(release(exclusive))
        inside(it.victims_call.cancel)

    it.ends_with(True if cancelling_world.remote_wakes_first else CANCELLED)


def test_cancelled_and_released_by_a_thread_before_the_loop_goes_on(
    cancelling_stage: Stage, threads: Stage, exclusive: Exclusive
) -> None:
    holder = threads.actor()
    it = scene(exclusive, holder, cancelling_stage)

    with cancelling_stage.frozen() as inside:
        inside(it.victims_call.cancel)
        holder.does(release(exclusive))

    it.ends_with(CANCELLED)


def test_cancelled_and_gone_when_it_is_released(
    cancelling_stage: Stage, exclusive: Exclusive
) -> None:
    holder = cancelling_stage.actor()
    it = scene(exclusive, holder, cancelling_stage)

    cancelling_stage.inside(it.victims_call.cancel)
    assert it.victims_call.result() == CANCELLED
    assert exclusive.waiting == 1
    holder.does(release(exclusive))

    it.ends_with(CANCELLED)


@pytest.mark.parametrize("cancel_first", [False, True])
def test_released_and_cancelled_in_a_callback_of_the_loop(
    cancelling_stage: Stage, cancelling_world: World, cancel_first: bool
) -> None:
    semaphore = aiologic.BinarySemaphore(0)
    holder = cancelling_stage.actor()
    semaphore.release()
    it = scene(semaphore, holder, cancelling_stage)

    with cancelling_stage.frozen(as_callback=True) as inside:
        if cancel_first:
            inside(it.victims_call.cancel)
        inside(semaphore.release)
        if not cancel_first:
            inside(it.victims_call.cancel)

    # If callbacks run in a task, the backend knows that the runtime is awake.
    heard_first = not cancel_first and (
        cancelling_world.wakes_first
        if cancelling_world.callbacks_are_tasks
        else cancelling_world.remote_wakes_first
    )
    it.ends_with(True if heard_first else CANCELLED)


def test_all_who_wait_are_cancelled_in_the_step_that_releases_it(
    cancelling_stage: Stage, cancelling_world: World, exclusive: Exclusive
) -> None:
    """The grant passes from one cancelled task to the next; in the end, it is free."""
    holder = cancelling_stage.actor()
    holder.does(acquire(exclusive))
    calls: list[Call] = []
    for count in range(1, 6):
        calls.append(cancelling_stage.actor().starts(acquire(exclusive)))
        until(lambda count=count: exclusive.waiting == count)  # type: ignore[misc]

    def cancel_all_and_release() -> None:
        for call in calls:
            call.cancel()
        releasing(cancelling_world, exclusive)()

    holder.does(run(cancel_all_and_release))

    assert [call.result() for call in calls] == [CANCELLED] * 5
    assert exclusive.waiting == 0
    assert holder.does(acquire(exclusive, blocking=False)) is True


@pytest.mark.parametrize("set_first", [True, False])
def test_an_event_that_is_set_around_a_cancellation_wakes_the_others(
    cancelling_stage: Stage,
    cancelling_world: World,
    event: aiologic.Event,
    set_first: bool,
) -> None:
    victims_call = cancelling_stage.actor().starts(wait(event))
    until(lambda: event.waiting == 1)
    next_call = cancelling_stage.actor().starts(wait(event))
    until(lambda: event.waiting == 2)

    def both() -> None:
        if set_first:
            happen(event)
        victims_call.cancel()
        if not set_first:
            happen(event)

    cancelling_stage.inside(both)

    heard_first = set_first and cancelling_world.wakes_first
    assert victims_call.result() == (True if heard_first else CANCELLED)
    assert next_call.result() is True
    assert event.waiting == 0


def owned(lock: aiologic.Lock) -> Operation:
    """Whether the actor's task has the lock."""

    async def aio() -> bool:
        return lock.async_owned()

    return Operation("owned", lock.green_owned, aio)


def borrowed(limiter: aiologic.CapacityLimiter) -> Operation:
    """Whether the actor's task has a token."""

    async def aio() -> bool:
        return limiter.async_borrowed()

    return Operation("borrowed", limiter.green_borrowed, aio)
