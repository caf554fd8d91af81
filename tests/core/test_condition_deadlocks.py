# SPDX-License-Identifier: ISC
"""A thread that could never regain the lock of a condition gets an error, and nobody else does. ADRs 0010 and 0024."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

import pytest
from aiologic import BinarySemaphore, Condition, Lock, RLock

from .deadlocks import LOST, WAITS, going_on
from .hand_driven import Cancelled, nothing

if TYPE_CHECKING:
    from .crew import Crew
    from .hand_driven import HandWorld

# -- certain ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [Lock, RLock])
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


@pytest.mark.parametrize("make", [Lock, RLock])
def test_a_lock_that_can_not_be_regained(
    make: Callable[[], Any], world: HandWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its holder runs in the thread that would wait for it: refused, as the lock itself would refuse it. ADR 0024."""
    condition = Condition(make())

    async def hold() -> None:
        async with condition:
            await world.checkpoint()

    holder = world.spawn(hold())

    def park(*_: object) -> bool:
        holder.step()  # as a greenlet might, which runs in this thread meanwhile
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


def test_a_wait_for_a_condition_would_not_get_its_lock_again(world: HandWorld) -> None:
    """Contract 3, no. 38: whoever notifies the thread, the lock goes to a task that can't run."""
    for lock in Lock(), RLock():
        condition = Condition(lock)
        with world.runs(None), condition:
            following = world.spawn(lock.async_acquire()).step()
            before = repr(condition), repr(lock), lock.owner
            waits = (
                condition.wait,
                lambda condition=condition: condition.wait(1),
                lambda condition=condition: condition.wait_for(lambda: False),
            )
            for wait in waits:
                with pytest.raises(RuntimeError, match=LOST) as error:
                    wait()
                assert repr(following) in str(error.value)
            assert (repr(condition), repr(lock), lock.owner) == before
        assert following.step().result is True


def test_who_has_no_lock_is_told_that_first(world: HandWorld) -> None:
    """It would not wait for anything, so there is no deadlock to report."""
    for lock in Lock(), RLock():
        condition = Condition(lock)
        holder = world.spawn(lock.async_acquire()).step()
        following = world.spawn(lock.async_acquire()).step()
        with world.runs(None):
            for wait in condition.wait, lambda c=condition: c.wait_for(lambda: False):
                with pytest.raises(RuntimeError, match="un-acquired"):
                    wait()
        with world.runs(holder):
            lock.async_release()
        assert following.step().result is True


def test_who_is_notified_first_would_not_let_it_have_the_lock_again(
    world: HandWorld,
) -> None:
    """First in, first out: whoever notifies the thread has notified the task before it, which gets the lock first."""
    for lock in Lock(), RLock():
        condition = Condition(lock)
        first = world.spawn(waiting(condition)).step()
        with world.runs(None), condition:
            before = repr(condition), repr(lock), lock.owner
            for wait in condition.wait, lambda c=condition: c.wait_for(lambda: False):
                with pytest.raises(RuntimeError, match=LOST) as error:
                    wait()
                assert f"{first!r}, which is notified before it" in str(error.value)
            assert (repr(condition), repr(lock), lock.owner) == before
            assert condition.wait(0) is False
            assert condition.notify() == 1
        assert first.step().is_done


async def waiting(condition: Any) -> None:
    async with condition:
        await condition


def test_a_block_of_a_condition_behind_a_task_of_the_same_thread(
    world: HandWorld, crew: Crew
) -> None:
    condition = Condition()
    crew.run(condition.lock.green_acquire)
    following = world.spawn(condition.lock.async_acquire()).step()
    with world.runs(None), pytest.raises(RuntimeError, match=WAITS):
        condition.__enter__()
    following.cancel_quietly(Cancelled())


def test_a_task_that_waits_for_a_condition_is_told_to_await_it(
    world: HandWorld,
) -> None:
    condition = Condition(Lock())
    condition.__enter__()
    following = world.spawn(condition.lock.async_acquire()).step()
    caller = world.spawn(nothing()).step()
    with world.runs(caller), pytest.raises(RuntimeError, match=LOST) as error:
        condition.wait()
    assert str(error.value).endswith(
        f"The call came from {caller!r}."
        " Write 'await condition (or await condition.with_(...))' instead"
    )
    condition.__exit__(None, None, None)
    assert following.step().result is True


# -- near misses: the wait may end, so it is tried ---------------------------------------------------------------------


def test_a_wait_for_a_condition_goes_on_behind_tasks_of_others(
    world: HandWorld, elsewhere: HandWorld, crew: Crew
) -> None:
    """Behind tasks of this thread, too, that have released the lock, or that only wait to be notified."""
    condition = Condition()
    lock = condition.lock

    async def wait() -> None:
        async with condition:
            await condition

    async def notify() -> None:
        async with condition:
            condition.notify_all()

    def help_it() -> None:
        crew.wait_until(lambda: other.is_woken)  # the thread has released it
        other.step()

    with world.runs(None), condition:
        world.spawn(lock.async_acquire()).step().cancel_quietly(Cancelled())
        other = elsewhere.spawn(notify()).step()
        helper = crew.start(help_it)
        assert condition.wait() is True
    helper.result()
    assert other.is_done

    waiting = world.spawn(wait()).step()
    with world.runs(None), condition:
        assert condition.wait(0) is False
        condition.notify()
    assert waiting.step().is_done


@pytest.mark.parametrize(
    "before", ["elsewhere", "delegated", "left", "no lock", "semaphore"]
)
def test_who_waits_to_be_notified_before_it_may_not_be_in_its_way(
    world: HandWorld, elsewhere: HandWorld, crew: Crew, before: str
) -> None:
    """It runs elsewhere, may be passed over, or has left; or needs no lock, or one that anybody may release."""
    kinds: Any = {"no lock": lambda: None, "semaphore": BinarySemaphore}
    lock: Any = kinds.get(before, RLock)()
    condition = Condition(lock)

    async def wait_for() -> None:
        async with condition:
            await condition.for_(lambda: before != "delegated")

    home = elsewhere if before == "elsewhere" else world
    wait = wait_for() if before == "delegated" else waiting(condition)
    first = home.spawn(wait).step()
    if before == "left":
        first.cancel_quietly(Cancelled())
    already = condition.waiting

    def help_it() -> None:
        crew.wait_for_waiters(condition, already + 1)
        with condition:
            condition.notify_all()
        if before == "elsewhere":
            going_on(crew, first)()
        if before == "semaphore":
            lock.release()  # on behalf of the task, which can't

    helper = crew.start(help_it)
    with world.runs(None), condition:
        assert condition.wait() is True
    helper.result()
    if before == "delegated":
        first.cancel_quietly(Cancelled())
    elif not first.is_done:
        assert first.step().is_done


def test_what_is_true_already_is_not_waited_for(world: HandWorld) -> None:
    for lock in Lock(), RLock():
        condition = Condition(lock)
        with world.runs(None), condition:
            following = world.spawn(lock.async_acquire()).step()
            assert condition.wait_for(lambda: 5) == 5
        assert following.step().result is True


def test_a_condition_whose_lock_anybody_may_release_is_waited_for(
    world: HandWorld, crew: Crew
) -> None:
    permit = BinarySemaphore()
    condition = Condition(permit)

    def help_it() -> None:
        crew.wait_for_waiters(condition, 1)
        condition.notify()
        permit.release()  # on behalf of the task, which can't

    with world.runs(None), condition:
        following = world.spawn(permit.async_acquire()).step()
        helper = crew.start(help_it)
        assert condition.wait() is True
    helper.result()
    assert following.step().result is True
