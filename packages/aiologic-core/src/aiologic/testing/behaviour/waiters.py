# SPDX-License-Identifier: ISC
"""The waiters of ``aiologic.lowlevel``: one wait each, and any number of wake-ups at any time.

If one of these fails: look at duties 2 to 5, which require the same of the backend
itself; if only shielded waits fail, at duty 14; if only the last test does, at duty 11.
"""

from __future__ import annotations

import pytest

from aiologic.lowlevel import create_async_waiter, create_green_waiter

from .._stage import CANCELLED, LONG, SHORT, Actor, Operation, Stage, until
from ..operations import run
from .shields import shielded
from .timeouts import HUGE, WRONG

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .._stage import World


def new_waiter(world: World, actor: Actor, *, shield: bool = False) -> Any:
    create = create_async_waiter if world.is_async else create_green_waiter
    return actor.does(run(lambda: create(shield=shield)))


def wait_on(waiter: Any, timeout: Any = None) -> Operation:
    return Operation(
        f"wait({timeout})", lambda: waiter.wait(timeout), lambda: waiter.with_(timeout)
    )


@pytest.fixture(params=[False, True], ids=["", "shielded"])
def is_shielded(request: pytest.FixtureRequest) -> bool:
    made: bool = request.param
    return made


@pytest.mark.parametrize("timeout", [None, LONG, 1e300])
def test_a_thread_wakes_it(
    stage: Stage, world: World, threads: Stage, is_shielded: bool, timeout: float | None
) -> None:
    actor = stage.actor()
    waiter = new_waiter(world, actor, shield=is_shielded)
    call = actor.starts(wait_on(waiter, timeout))
    stage.actor().does(run(lambda: None))
    assert not call.is_done

    threads.actor().does(run(waiter.wake))
    assert call.result() is True


def test_a_task_wakes_it(stage: Stage, world: World, is_shielded: bool) -> None:
    actor, other = stage.actor(), stage.actor()
    waiter = new_waiter(world, actor, shield=is_shielded)
    call = actor.starts(wait_on(waiter))
    stage.actor().does(run(lambda: None))
    other.does(run(waiter.wake))
    assert call.result() is True


def test_a_callback_wakes_it(stage: Stage, world: World) -> None:
    actor = stage.actor()
    waiter = new_waiter(world, actor)
    call = actor.starts(wait_on(waiter))
    with stage.frozen(as_callback=True) as inside:
        inside(waiter.wake)
    assert call.result() is True


def test_to_await_it_is_to_wait_without_a_time_out(
    async_stage: Stage, async_world: World
) -> None:
    actor = async_stage.actor()
    waiter = new_waiter(async_world, actor)

    async def aio() -> object:
        return await waiter

    call = actor.starts(Operation("await", lambda: None, aio))
    waiter.wake()
    assert call.result() is True


@pytest.mark.parametrize("timeout", [None, 0, SHORT, 1e300])
@pytest.mark.parametrize("by", ["itself", "a task", "a thread"])
def test_a_wake_up_before_the_wait_is_remembered(
    stage: Stage,
    world: World,
    threads: Stage,
    is_shielded: bool,
    timeout: float | None,
    by: str,
) -> None:
    """D21: even if the loop has run in between."""
    actor = stage.actor()
    waiter = new_waiter(world, actor, shield=is_shielded)
    others = {"itself": actor, "a task": stage.actor(), "a thread": threads.actor()}
    others[by].does(run(waiter.wake))
    for _ in range(3):
        actor.does(run(lambda: None))

    assert actor.does(wait_on(waiter, timeout)) is True


def test_it_is_woken_any_number_of_times(
    stage: Stage, world: World, threads: Stage, is_shielded: bool
) -> None:
    """During and after its wait; from inside and outside."""
    actor, inside, outside = stage.actor(), stage.actor(), threads.actor()
    waiter = new_waiter(world, actor, shield=is_shielded)
    call = actor.starts(wait_on(waiter))
    stage.actor().does(run(lambda: None))

    with stage.frozen() as in_there:
        in_there(waiter.wake)
        outside.does(run(waiter.wake))
        in_there(waiter.wake)
    assert call.result() is True
    for other in inside, outside, actor:
        other.does(run(waiter.wake))
    # Only this wait was woken, and not the task's next one.
    assert actor.does(wait_on(new_waiter(world, actor), SHORT)) is False


@pytest.mark.parametrize("timeout", [0, SHORT])
def test_time_runs_out_for_a_waiter(
    stage: Stage, world: World, is_shielded: bool, timeout: float
) -> None:
    """Even in a shield: a time-out is no cancellation, but was requested by the caller."""
    actor = stage.actor()
    waiter = new_waiter(world, actor, shield=is_shielded)
    assert actor.does(wait_on(waiter, timeout)) is False
    waiter.wake()
    assert actor.does(wait_on(new_waiter(world, actor), 0)) is False


@pytest.mark.parametrize("timeout", HUGE.values(), ids=HUGE)
def test_a_huge_time_out_of_a_waiter(
    stage: Stage, world: World, is_shielded: bool, timeout: float
) -> None:
    actor = stage.actor()
    waiter = new_waiter(world, actor, shield=is_shielded)
    call = actor.starts(wait_on(waiter, timeout))
    stage.actor().does(run(lambda: None))
    assert not call.is_done
    waiter.wake()
    assert call.result() is True


@pytest.mark.parametrize(("timeout", "error", "text"), WRONG.values(), ids=WRONG)
def test_a_wrong_time_out_does_not_use_the_waiter_up(
    stage: Stage, world: World, timeout: Any, error: type[Exception], text: str
) -> None:
    actor = stage.actor()
    waiter = new_waiter(world, actor)
    with pytest.raises(error, match=text):
        actor.does(wait_on(waiter, timeout))
    waiter.wake()
    assert actor.does(wait_on(waiter)) is True


def test_it_is_good_for_one_wait(stage: Stage, world: World) -> None:
    actor = stage.actor()
    waiter = new_waiter(world, actor)
    assert actor.does(wait_on(waiter, 0)) is False
    waiter.wake()
    with pytest.raises(RuntimeError, match="make a new one"):
        actor.does(wait_on(waiter))


def test_a_cancelled_wait(cancelling_stage: Stage, cancelling_world: World) -> None:
    actor = cancelling_stage.actor()
    waiter = new_waiter(cancelling_world, actor)
    call = actor.starts(wait_on(waiter))
    until(lambda: call.began)

    cancelling_stage.inside(call.cancel)
    assert call.result() == CANCELLED
    waiter.wake()
    assert actor.does(wait_on(new_waiter(cancelling_world, actor), 0)) is False


def test_a_shielded_wait_hears_of_a_cancellation_when_it_is_woken(
    cancelling_stage: Stage, cancelling_world: World, threads: Stage
) -> None:
    actor = cancelling_stage.actor()
    waiter = new_waiter(cancelling_world, actor)
    assert waiter.shield is False
    waiter.shield = True  # it can be set until the wait begins
    call = actor.starts(then_look_for_cancellation(wait_on(waiter)))
    until(lambda: call.began)
    cancelling_stage.inside(call.cancel)
    cancelling_stage.actor().does(run(lambda: None))  # a chance to end early
    assert not call.is_done

    threads.actor().does(run(waiter.wake))
    assert call.result() == CANCELLED


def test_a_shielded_wait_hears_of_a_cancellation_when_its_time_is_up(
    cancelling_stage: Stage, cancelling_world: World
) -> None:
    actor = cancelling_stage.actor()
    waiter = new_waiter(cancelling_world, actor, shield=True)
    waiting = then_look_for_cancellation(wait_on(waiter, 5 * SHORT))
    call = actor.starts(waiting)
    until(lambda: call.began)
    cancelling_stage.inside(call.cancel)

    assert call.result() == CANCELLED


def then_look_for_cancellation(operation: Operation) -> Operation:
    """Do it, and then make a checkpoint: if cancellation is a level, that is what raises."""
    return shielded(operation, 0)


def test_a_waiter_outlives_its_stage(world: World) -> None:
    with world.open() as stage:
        unused = new_waiter(world, stage.actor())
        sleeper = stage.actor()
        slept = new_waiter(world, sleeper)
        if world.cancels:
            sleeper.starts(wait_on(slept))
    for waiter in unused, slept:
        waiter.wake()
        waiter.wake()
        assert "decided" in repr(waiter)
