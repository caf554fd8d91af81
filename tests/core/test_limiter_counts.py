# SPDX-License-Identifier: ISC
"""A capacity limiter that counts: a token is returned after as many releases as it was acquired."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aiologic
import pytest
from aiologic import RCapacityLimiter
from aiologic.lowlevel import enable_checkpoints

from .hand_driven import Cancelled

if TYPE_CHECKING:
    from .callers import Caller
    from .crew import Crew
    from .hand_driven import HandWorld


def test_counts(caller: Caller, other: Caller) -> None:
    """Contract 1.3.4: one token, which can be acquired several times."""
    limiter = RCapacityLimiter(2)
    caller.acquire(limiter)
    caller.acquire(limiter, 2)
    caller.acquire(limiter, count=3, timeout=0)
    caller.acquire(limiter, blocking=False)
    assert caller.count(limiter) == 7
    assert other.count(limiter) == 0
    assert list(limiter.borrowers.values()) == [7]
    assert limiter.available_tokens == 1

    other.acquire(limiter, 4)
    caller.release(limiter, 6)
    assert (caller.count(limiter), other.count(limiter)) == (1, 4)
    caller.release(limiter)
    assert (caller.count(limiter), limiter.available_tokens) == (0, 1)


def test_a_waiter_gets_as_much_as_it_asked_for(world: HandWorld, crew: Crew) -> None:
    limiter = RCapacityLimiter()
    with limiter:
        task = world.spawn(limiter.async_acquire(3)).step()
        thread = crew.start(limiter.green_acquire, 2)
        crew.wait_for_waiters(limiter, 2)
    task.step()
    with world.runs(task):
        assert limiter.async_count() == 3
        limiter.async_release(3)
    assert thread.result() is True
    assert list(limiter.borrowers.values()) == [2]


def test_counts_that_are_refused(caller: Caller) -> None:
    """Contract 1.3.4: refused first, whatever else is wrong."""
    limiter = RCapacityLimiter()
    for act in caller.acquire, caller.release:
        for count in 0, -1:
            with pytest.raises(ValueError, match="count must be >= 1"):
                act(limiter, count)
        with pytest.raises(TypeError, match="count must be an integer"):
            act(limiter, "1")
    assert not limiter
    caller.acquire(limiter, 2)
    with pytest.raises(RuntimeError, match="capacity limiter released too many times"):
        caller.release(limiter, 3)
    assert caller.count(limiter) == 2


def test_counts_outside_of_tasks(world: HandWorld) -> None:
    limiter = RCapacityLimiter()
    with pytest.raises(aiologic.AsyncLibraryNotFoundError):
        limiter.async_count()
    with world.runs(None):
        assert limiter.async_count() == 0


@pytest.mark.usefixtures("checkpoints_restored")
def test_cancelled_at_the_checkpoint_of_one_more(world: HandWorld) -> None:
    """Contract 1.2: re-entry is a checkpoint first, and the count grows after it."""
    limiter = RCapacityLimiter()
    task = world.spawn(twice(limiter)).step()
    assert task.checkpoints == 1
    assert limiter._holders[task] == 1
    with pytest.raises(Cancelled):
        task.cancel(Cancelled())
    assert limiter._holders[task] == 1


async def twice(limiter: RCapacityLimiter) -> None:
    await limiter.async_acquire()
    await enable_checkpoints(limiter.async_acquire)()
