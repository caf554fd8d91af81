# SPDX-License-Identifier: ISC
"""A thread that blocks for what one of its own tasks holds would do so for ever: the call raises.

If one of these fails: look at ``runs_here()`` (duty 9), on which core relies. If there
is an error that should not be there, it returns True for a task of another thread or of
another runtime. If a call never returns, it returns False for a task that needs this
very thread.
"""

from __future__ import annotations

from functools import partial

import pytest

import aiologic

from .._stage import SHORT, Stage, until
from ..operations import acquire, release, run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .._stage import World


def enter(lock: aiologic.Lock) -> None:
    with lock:
        raise AssertionError("this can't be")


def test_a_plain_wait_for_a_task_of_the_same_thread_raises(
    async_stage: Stage, lock: aiologic.Lock
) -> None:
    holder, other = async_stage.actor(), async_stage.actor()
    holder.does(acquire(lock))
    before = (repr(lock), lock.owner)
    text = "the current thread is already holding this lock"
    expected = partial(pytest.raises, RuntimeError, match=text)

    for call in (lock.green_acquire, lambda: enter(lock)):
        for actor in (holder, other):
            with expected():
                actor.does(run(call))
        with async_stage.frozen(as_callback=True) as inside, expected():
            inside(call)

    assert (repr(lock), lock.owner) == before
    holder.does(release(lock))
    assert not lock.locked()


def test_a_plain_wait_for_tokens_that_tasks_of_the_same_thread_hold_raises(
    async_stage: Stage,
    limiter_class: type[aiologic.CapacityLimiter],
) -> None:
    limiter = limiter_class(2)
    holders = [async_stage.actor(), async_stage.actor()]
    for holder in holders:
        holder.does(acquire(limiter))
    before = (repr(limiter), dict(limiter.borrowers))
    text = "already holding all of this capacity limiter's tokens"

    with pytest.raises(RuntimeError, match=text):
        async_stage.actor().does(run(limiter.green_acquire))
    for options in ({"blocking": False}, {"timeout": 0}, {"timeout": SHORT}):
        attempt = run(lambda options=options: limiter.green_acquire(**options))  # type: ignore[misc]
        assert async_stage.actor().does(attempt) is False

    assert (repr(limiter), dict(limiter.borrowers)) == before
    holders[0].does(release(limiter))
    assert async_stage.actor().does(run(limiter.green_acquire)) is True
    async_stage.inside(limiter.green_release)
    holders[1].does(release(limiter))


def test_a_plain_wait_behind_a_task_of_the_same_thread_raises(
    async_stage: Stage,
    threads: Stage,
    limiter_class: type[aiologic.CapacityLimiter],
) -> None:
    """The token would go to that task, which can't run."""
    limiter = limiter_class()
    holder, waiter = threads.actor(), async_stage.actor()
    holder.does(acquire(limiter))
    call = waiter.starts(acquire(limiter))
    until(lambda: limiter.waiting == 1)

    with pytest.raises(RuntimeError, match="next in line"):
        async_stage.actor().does(run(limiter.green_acquire))

    assert limiter.waiting == 1
    holder.does(release(limiter))
    assert call.result() is True
    waiter.does(release(limiter))


def test_a_plain_wait_behind_a_task_of_the_same_thread_raises_for_locks(
    async_stage: Stage, threads: Stage, lock: aiologic.Lock
) -> None:
    """The next in line can't run, whoever holds the lock now."""
    holder, waiter = threads.actor(), async_stage.actor()
    holder.does(acquire(lock))
    call = waiter.starts(acquire(lock))
    until(lambda: lock.waiting == 1)
    text = "the current thread is already waiting for this lock"
    expected = partial(pytest.raises, RuntimeError, match=text)

    for wait in (lock.green_acquire, lambda: enter(lock)):
        with expected():
            async_stage.actor().does(run(wait))
        with async_stage.frozen(as_callback=True) as inside, expected():
            inside(wait)

    assert lock.waiting == 1
    holder.does(release(lock))
    assert call.result() is True
    waiter.does(release(lock))


def test_a_plain_wait_for_a_condition_whose_lock_would_go_to_a_task_of_the_same_thread_raises(
    async_stage: Stage,
) -> None:
    """The thread would release the lock in order to wait, and the task that gets it can't run."""
    condition = aiologic.Condition()
    async_stage.inside(condition.lock.green_acquire)
    actor = async_stage.actor()
    call = actor.starts(acquire(condition.lock))
    until(lambda: condition.lock.waiting == 1)

    for timeout in None, 0:
        with pytest.raises(RuntimeError, match="could not have this lock again"):
            async_stage.inside(partial(condition.wait, timeout))

    assert condition.waiting == 0
    async_stage.inside(condition.lock.green_release)
    assert call.result() is True
    actor.does(release(condition.lock))


def test_a_token_that_a_thread_holds_can_be_waited_for(
    async_stage: Stage,
    threads: Stage,
    limiter_class: type[aiologic.CapacityLimiter],
) -> None:
    """Even though a task of this very thread holds the other token."""
    limiter = limiter_class(2)
    async_stage.actor().does(acquire(limiter))
    holder = threads.actor()
    holder.does(acquire(limiter))

    call = async_stage.actor().starts(run(limiter.green_acquire))
    until(lambda: limiter.waiting == 1)
    holder.does(release(limiter))

    assert call.result() is True
    async_stage.inside(limiter.green_release)


def test_an_attempt_that_ends_by_itself_just_fails(
    async_stage: Stage, lock: aiologic.Lock
) -> None:
    holder, other = async_stage.actor(), async_stage.actor()
    holder.does(acquire(lock))

    for options in ({"blocking": False}, {"timeout": 0}, {"timeout": SHORT}):
        attempt = run(lambda options=options: lock.green_acquire(**options))  # type: ignore[misc]
        assert other.does(attempt) is False

    assert lock.waiting == 0
    holder.does(release(lock))


def test_a_task_of_another_loop_can_be_waited_for(
    async_stage: Stage, async_world: World, lock: aiologic.Lock
) -> None:
    """It blocks one's own loop, but it ends."""
    with async_world.open() as elsewhere:
        holder = elsewhere.actor()
        holder.does(acquire(lock))

        call = async_stage.actor().starts(run(lock.green_acquire))
        until(lambda: lock.waiting == 1)
        holder.does(release(lock))

        assert call.result() is True
        async_stage.inside(lock.green_release)


def test_a_thread_can_be_waited_for(
    async_stage: Stage, threads: Stage, lock: aiologic.Lock
) -> None:
    holder = threads.actor()
    holder.does(acquire(lock))

    call = async_stage.actor().starts(run(lock.green_acquire))
    until(lambda: lock.waiting == 1)
    holder.does(release(lock))

    assert call.result() is True
    async_stage.inside(lock.green_release)


def test_a_lock_that_is_free_can_be_taken_on_the_thread_of_a_loop(
    async_stage: Stage, lock: aiologic.Lock
) -> None:
    """Then the thread is its owner, and not the task: tasks have to wait."""
    actor = async_stage.actor()
    assert actor.does(run(lock.green_acquire)) is True
    assert actor.does(acquire(lock, timeout=0)) is False
    with pytest.raises(RuntimeError, match="current task is not holding"):
        actor.does(release(lock))
    actor.does(run(lock.green_release))
    assert actor.does(acquire(lock)) is True


def test_a_second_acquire_by_the_owner_raises(stage: Stage) -> None:
    lock = aiologic.Lock()
    holder, other = stage.actor(), stage.actor()
    holder.does(acquire(lock))

    for options in ({}, {"blocking": False}, {"timeout": 0}):
        with pytest.raises(RuntimeError, match="current task is already holding"):
            holder.does(acquire(lock, **options))
    with pytest.raises(RuntimeError, match="current task is not holding"):
        other.does(release(lock))

    assert lock.waiting == 0
    holder.does(release(lock))
    with pytest.raises(RuntimeError, match="release unlocked lock"):
        holder.does(release(lock))
