# SPDX-License-Identifier: ISC
"""Clocks and sleeps: zero, short, longer than any library can count, endless, and wrong ones.

If one of these fails: look at duty 13, and at duty 7 for sleeps that are longer than the
library can count. If a clock is wrong, ``clock()`` is not the one on which the
library bases its sleeps.
"""

from __future__ import annotations

import math

import pytest

from aiologic.lowlevel import (
    async_clock,
    async_seconds_per_sleep,
    async_seconds_per_timeout,
    async_sleep,
    async_sleep_forever,
    async_sleep_until,
    disable_checkpoints,
    enable_checkpoints,
    green_clock,
    green_seconds_per_sleep,
    green_seconds_per_timeout,
    green_sleep,
    green_sleep_forever,
    green_sleep_until,
)

from .._stage import CANCELLED, SHORT, Operation, Stage, until
from .._switches import switches_of
from ..operations import run
from .timeouts import HUGE, WRONG

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .._stage import World

#: The resolution of the clocks of some libraries.
TICK_SECONDS = 0.002


def clock_of(world: World) -> Operation:
    return run(async_clock if world.is_async else green_clock)


def sleep(seconds: Any) -> Operation:
    return Operation(
        f"sleep({seconds})", lambda: green_sleep(seconds), lambda: async_sleep(seconds)
    )


def sleep_until(deadline: Any) -> Operation:
    return Operation(
        f"sleep_until({deadline})",
        lambda: green_sleep_until(deadline),
        lambda: async_sleep_until(deadline),
    )


FOREVER = Operation("sleep_forever()", green_sleep_forever, async_sleep_forever)


def test_a_clock_goes_on(stage: Stage, world: World) -> None:
    actor = stage.actor()
    times = [actor.does(clock_of(world)) for _ in range(5)]
    assert times == sorted(times)


def test_a_sleep_takes_its_time(stage: Stage, world: World) -> None:
    actor = stage.actor()
    before = actor.does(clock_of(world))
    assert actor.does(sleep(SHORT)) is None
    assert actor.does(clock_of(world)) >= before + SHORT - TICK_SECONDS


def test_a_sleep_until_some_time(stage: Stage, world: World) -> None:
    actor = stage.actor()
    deadline = actor.does(clock_of(world)) + SHORT
    assert actor.does(sleep_until(deadline)) is None
    assert actor.does(clock_of(world)) >= deadline - TICK_SECONDS


@pytest.mark.parametrize("deadline", [0, -1.0, -math.inf, -(10**400)], ids=str)
def test_what_has_passed_is_not_waited_for(stage: Stage, deadline: float) -> None:
    assert stage.actor().does(sleep_until(deadline)) is None


def test_no_time_is_enough_to_let_others_run(stage: Stage) -> None:
    """A task that sleeps for 0 seconds again and again keeps no other task from running."""
    told: list[bool] = []

    def green() -> None:
        while not told:
            green_sleep(0)

    async def aio() -> None:
        while not told:
            await async_sleep(0)

    call = stage.actor().starts(Operation("sleep(0) again and again", green, aio))
    stage.actor().does(run(lambda: told.append(True)))
    call.result()


@pytest.mark.parametrize("switched", [enable_checkpoints, disable_checkpoints])
def test_a_sleep_is_one_switch_whatever_checkpoints_are(
    async_stage: Stage, switched: Any
) -> None:
    actor = async_stage.actor()
    for operation in sleep(0), sleep(SHORT / 4), sleep_until(-1):

        async def aio(operation: Operation = operation) -> Any:
            return await switches_of(switched(operation.aio()))

        assert actor.does(operation._replace(aio=aio)) == (None, 1)


@pytest.mark.parametrize("seconds", HUGE.values(), ids=HUGE)
def test_a_huge_sleep_can_be_cancelled(
    cancelling_stage: Stage, world: World, seconds: float
) -> None:
    """It neither overflows nor ends at once."""
    # Some clocks count from 1970: a number that is huge for a sleep is long past for them.
    now = math.ceil(cancelling_stage.actor().does(clock_of(world)))
    for operation in sleep(seconds), sleep_until(now + seconds):
        call = cancelling_stage.actor().starts(operation)
        until(lambda call=call: call.began)  # type: ignore[misc]
        cancelling_stage.actor().does(run(lambda: None))  # a chance to fail
        assert not call.is_done

        cancelling_stage.inside(call.cancel)
        assert call.result() == CANCELLED


def test_a_sleep_without_end_can_be_cancelled(cancelling_stage: Stage) -> None:
    call = cancelling_stage.actor().starts(FOREVER)
    until(lambda: call.began)
    assert not call.is_done

    cancelling_stage.inside(call.cancel)
    assert call.result() == CANCELLED


def test_a_sleep_is_over_when_its_stage_is_closed(cancelling_stage: Stage) -> None:
    """Sleeping tasks do not keep a runtime from ending in its usual way."""
    calls = [
        cancelling_stage.actor().starts(FOREVER),
        cancelling_stage.actor().starts(sleep(1e300)),
    ]
    until(lambda: all(call.began for call in calls))
    cancelling_stage.close()
    assert [call.result() for call in calls] == [CANCELLED, CANCELLED]


@pytest.mark.parametrize(("seconds", "error", "text"), WRONG.values(), ids=WRONG)
def test_a_wrong_sleep_is_refused_by_name_and_value(
    stage: Stage, seconds: Any, error: type[Exception], text: str
) -> None:
    actor = stage.actor()
    with pytest.raises(error, match=text) as refused:
        actor.does(sleep(seconds))
    assert str(refused.value).startswith("seconds must be ")
    assert repr(seconds) in str(refused.value)


@pytest.mark.parametrize(
    ("deadline", "error"), [(math.nan, ValueError), ("1", TypeError), (None, TypeError)]
)
def test_a_wrong_deadline_is_refused_by_name_and_value(
    stage: Stage, deadline: Any, error: type[Exception]
) -> None:
    with pytest.raises(error, match="deadline must be ") as refused:
        stage.actor().does(sleep_until(deadline))
    assert repr(deadline) in str(refused.value)


def test_the_longest_that_a_library_can_count(stage: Stage, world: World) -> None:
    actor = stage.actor()
    limits = (
        (async_seconds_per_sleep, async_seconds_per_timeout)
        if world.is_async
        else (green_seconds_per_sleep, green_seconds_per_timeout)
    )
    for limit in limits:
        seconds = actor.does(run(limit))
        assert isinstance(seconds, float)
        # The same limits as in the conformance suite: the exact value is up to the library.
        assert 1 < seconds < math.inf
