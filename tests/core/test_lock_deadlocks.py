# SPDX-License-Identifier: ISC
"""A thread that would wait for ever for a lock behind its own tasks is told so, and what to write. ADR 0010."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aiologic.lowlevel import shield

from .deadlocks import HOLDS, OWNED, WAITS, releasing
from .hand_driven import Cancelled, HandTask, HandWorld, nothing

if TYPE_CHECKING:
    from .crew import Crew


@pytest.fixture(params=OWNED)
def lock(request: pytest.FixtureRequest) -> Any:
    return request.param()


def refused(lock: Any, world: HandWorld, text: str, *tasks: HandTask) -> None:
    """Each endless wait is refused, in words that name one of the tasks; nothing has changed."""
    before = repr(lock), lock.waiting
    for acquire in lock.green_acquire, lock.__enter__, shield(lock.green_acquire):
        with world.runs(None), pytest.raises(RuntimeError, match=text) as error:
            acquire()
        assert any(repr(task) in str(error.value) for task in tasks)
    with world.runs(None):
        assert lock.green_acquire(blocking=False) is False
        assert lock.green_acquire(timeout=0) is False
        assert lock.green_acquire(timeout=0.001) is False
    assert (repr(lock), lock.waiting) == before


def test_the_owner_lives_here(lock: Any, world: HandWorld) -> None:
    owner = world.spawn(lock.async_acquire()).step()
    refused(lock, world, HOLDS, owner)
    releasing(lock, world, owner)()
    assert lock.green_acquire() is True


def test_who_was_just_given_it_lives_here(lock: Any, world: HandWorld) -> None:
    lock.green_acquire()
    given = world.spawn(lock.async_acquire()).step()
    lock.green_release()
    assert given.is_woken
    refused(lock, world, HOLDS, given)
    given.step()
    refused(lock, world, HOLDS, given)


def test_the_next_in_line_lives_here(
    lock: Any, world: HandWorld, elsewhere: HandWorld
) -> None:
    """D18: the lock will go to a task that can't run, whoever has it now; it hung."""
    owner = elsewhere.spawn(lock.async_acquire()).step()
    following = world.spawn(lock.async_acquire()).step()
    refused(lock, world, WAITS, following)

    releasing(lock, elsewhere, owner)()
    assert following.step().result is True
    releasing(lock, world, following)()
    assert not lock.locked()


def test_its_time_out_does_not_help_for_its_loop_stands_still(
    lock: Any, world: HandWorld, crew: Crew
) -> None:
    crew.run(lock.green_acquire)
    following = world.spawn(lock.async_acquire(timeout=1)).step()
    refused(lock, world, WAITS, following)
    assert following.time_out().result is False


def test_somebody_in_line_lives_here(
    lock: Any, world: HandWorld, elsewhere: HandWorld
) -> None:
    """Neither at the front, nor at the end."""
    tasks = [
        each.spawn(lock.async_acquire()).step()
        for each in (elsewhere, elsewhere, world, elsewhere)
    ]
    refused(lock, world, WAITS, tasks[2])
    for task in tasks[1:]:
        task.cancel_quietly(Cancelled())


@pytest.mark.parametrize("by", ["another task", "the owner itself"])
def test_a_task_that_calls_is_named_and_told_what_to_write(
    lock: Any, world: HandWorld, by: str
) -> None:
    owner = world.spawn(lock.async_acquire()).step()
    caller = owner if by == "the owner itself" else world.spawn(nothing()).step()
    what = "rwlock.writing" if "RWLock" in repr(lock) else type(lock).__name__.lower()
    for acquire, instead in (
        (lock.__enter__, f"async with {what}:"),
        (lock.green_acquire, f"await {what}.async_acquire(...)"),
    ):
        with world.runs(caller), pytest.raises(RuntimeError, match=HOLDS) as error:
            acquire()
        assert str(error.value).endswith(
            f" would block for ever, for {owner!r}, which"
            f" {'has' if what == 'rwlock.writing' else 'owns'} the lock, runs in this very"
            f" thread. The call came from {caller!r}. Write {instead!r} instead"
        )
    with world.runs(None), pytest.raises(RuntimeError, match=r"this very thread$"):
        lock.green_acquire()
