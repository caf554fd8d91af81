# SPDX-License-Identifier: ISC
"""A thread that could never have the lock of a condition is told so; and nobody else is. ADRs 0010 and 0024."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

import aiologic
import pytest
from aiologic import Condition

if TYPE_CHECKING:
    from .crew import Crew
    from .hand_driven import HandWorld


@pytest.mark.parametrize("make", [aiologic.Lock, aiologic.RLock])
def test_a_deadlock_is_refused(
    make: Callable[[], Any], world: HandWorld, crew: Crew
) -> None:
    """2.1 no. 39: a task has it, and its own thread would block for ever; other threads just wait. ADR 0024."""
    condition = Condition(make())

    async def hold() -> None:
        async with condition:
            await world.checkpoint()

    holder = world.spawn(hold()).step()
    with pytest.raises(
        RuntimeError, match=r"already holding this lock.*block for ever"
    ):
        condition.__enter__()

    def enter() -> bool:
        with condition:
            return bool(condition)

    other = crew.start(enter)
    crew.wait_for_waiters(condition.lock, 1)
    holder.step()
    assert other.result() is True
    assert not condition


@pytest.mark.parametrize("make", [aiologic.Lock, aiologic.RLock])
def test_a_lock_that_can_not_be_regained(
    make: Callable[[], Any], world: HandWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its holder runs in the thread that would wait for it: refused, as by the lock itself. ADR 0024."""
    condition = Condition(make())

    async def hold() -> None:
        async with condition:
            await world.checkpoint()

    holder = world.spawn(hold())

    def park(*_: object) -> bool:
        holder.step()  # as a greenlet might, which this thread runs meanwhile
        return False

    monkeypatch.setattr("aiologic._runtime.threads.ThreadWaiter.park", park)

    def wait() -> None:
        with condition:
            condition.wait(1)

    with pytest.raises(
        RuntimeError, match=r"already holding this lock.*block for ever"
    ):
        wait()
    assert condition.waiting == 0
    assert condition
    holder.step()
    assert not condition
