# SPDX-License-Identifier: ISC
"""C12: a task that gives up leaves nothing behind."""

from __future__ import annotations

import threading

import aiologic
import pytest
from aiologic.testing.harness import (
    CANCELLED,
    Operation,
    Stage,
    acquire,
    release,
    until,
)

from tests.worlds.catalogue import CANCELLING_NAMES, NAMES

from .conftest import Two, between, inside

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

ATTEMPTS = 50
MOMENT = 0.0001

KINDS = pytest.mark.parametrize("kind", [aiologic.Lock, aiologic.CapacityLimiter])


@KINDS
@inside(NAMES)
def test_fifty_attempts_in_vain_leave_nothing(stage: Stage, kind: Any) -> None:
    exclusive = kind()
    holder, impatient, next_one = stage.actor(), stage.actor(), stage.actor()
    holder.does(acquire(exclusive))
    threads = set(threading.enumerate())

    def green() -> list[bool]:
        return [exclusive.green_acquire(timeout=MOMENT) for _ in range(ATTEMPTS)]

    async def aio() -> list[bool]:
        return [await exclusive.async_acquire(timeout=MOMENT) for _ in range(ATTEMPTS)]

    assert impatient.does(Operation("fifty", green, aio)) == [False] * ATTEMPTS

    assert exclusive.waiting == 0
    # There may be fewer: one of an earlier test may only now end.
    assert set(threading.enumerate()) <= threads
    # No ghost has it: it is free at once, for one task.
    holder.does(release(exclusive))
    assert next_one.does(acquire(exclusive, blocking=False)) is True
    assert impatient.does(acquire(exclusive, blocking=False)) is False
    next_one.does(release(exclusive))


@KINDS
@inside(CANCELLING_NAMES)
def test_fifty_that_are_cancelled_leave_nothing(stage: Stage, kind: Any) -> None:
    exclusive = kind()
    holder, victim, next_one = stage.actor(), stage.actor(), stage.actor()
    holder.does(acquire(exclusive))
    for _ in range(ATTEMPTS):
        call = victim.starts(acquire(exclusive))
        until(lambda: exclusive.waiting == 1)
        stage.inside(call.cancel)
        assert call.result() == CANCELLED

    assert exclusive.waiting == 0
    holder.does(release(exclusive))
    assert next_one.does(acquire(exclusive, blocking=False)) is True
    next_one.does(release(exclusive))


@KINDS
@between(CANCELLING_NAMES, NAMES)
def test_what_is_granted_to_one_who_gives_up_goes_to_the_next(
    two: Two, kind: Any
) -> None:
    exclusive = kind()
    holder = two.second.actor()
    holder.does(acquire(exclusive))
    victim = two.first.actor().starts(acquire(exclusive))
    until(lambda: exclusive.waiting == 1)
    next_one = two.second.actor()
    call = next_one.starts(acquire(exclusive))
    until(lambda: exclusive.waiting == 2)

    with two.first.frozen() as inside:
        inside(victim.cancel)
        holder.does(release(exclusive))

    assert victim.result() == CANCELLED
    assert call.result() is True
    assert exclusive.waiting == 0
    next_one.does(release(exclusive))
