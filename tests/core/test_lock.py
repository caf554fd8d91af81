# SPDX-License-Identifier: ISC
"""A lock has an owner: what it shows, what it refuses, and with which words."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import aiologic
import pytest

if TYPE_CHECKING:
    from typing import Callable

    from .callers import Caller
    from .crew import Crew
    from .hand_driven import HandWorld

ALREADY_HOLDING = "the current task is already holding this lock"
NOT_HOLDING = "the current task is not holding this lock"
DEADLOCK = "the current thread is already holding this lock"


@pytest.fixture(params=[aiologic.Lock, aiologic.RLock], ids=["Lock", "RLock"])
def lock(request: pytest.FixtureRequest) -> Any:
    """What holds for a lock also holds for one that counts."""
    return request.param()


def test_state(lock: Any, caller: Caller) -> None:
    assert (bool(lock), lock.locked(), lock.owner) == (False, False, None)
    caller.acquire(lock)
    assert (bool(lock), lock.locked()) == (True, True)
    assert lock.owner is not None
    caller.release(lock)
    assert (bool(lock), lock.locked(), lock.owner) == (False, False, None)


def test_a_wrong_argument_is_refused_by_a_public_name(lock: Any) -> None:
    """Somebody who reads the error has never heard of the classes that the lock is made of."""
    with pytest.raises(TypeError) as refused:
        type(lock)(1)
    # Before 3.10, the interpreter does not name the class.
    names = str(refused.value).partition("__new__()")[0]
    expected = f"{type(lock).__name__}." if sys.version_info >= (3, 10) else ""
    assert names == expected


def test_repr(lock: Any, caller: Caller, world: HandWorld) -> None:
    assert repr(lock).endswith(" [unlocked]>")
    caller.acquire(lock)
    assert repr(lock).endswith(" [locked, waiting=0]>")
    waiting = world.spawn(lock.async_acquire()).step()
    assert repr(lock).endswith(" [locked, waiting=1]>")
    waiting.coroutine.close()


def test_owned(lock: Any, caller: Caller, other: Caller) -> None:
    assert caller.owned(lock) is False
    caller.acquire(lock)
    assert caller.owned(lock) is True
    assert other.owned(lock) is False
    caller.release(lock)
    assert caller.owned(lock) is False


def test_owner_is_a_library_and_a_number(lock: Any, new_caller: Any) -> None:
    one, other = new_caller(), new_caller()
    owners = []
    for caller in one, other, one:
        caller.acquire(lock)
        library, number = lock.owner
        assert library == {"green_": "threading", "async_": "handdriven"}[caller.prefix]
        assert isinstance(number, int)
        owners.append(number)
        caller.release(lock)

    assert owners[0] == owners[2] != owners[1]


def test_only_the_owner_releases(lock: Any, caller: Caller, other: Caller) -> None:
    caller.acquire(lock)
    with pytest.raises(RuntimeError, match=NOT_HOLDING):
        other.release(lock)
    assert caller.owned(lock)
    caller.release(lock)


def test_a_free_one_is_not_released(lock: Any, caller: Caller) -> None:
    with pytest.raises(RuntimeError, match="release unlocked lock"):
        caller.release(lock)
    assert not lock
    caller.acquire(lock)
    caller.release(lock)
    with pytest.raises(RuntimeError, match="release unlocked lock"):
        caller.release(lock)


@pytest.mark.parametrize("options", [{}, {"blocking": False}, {"timeout": 0}])
def test_the_owner_of_a_plain_lock_does_not_acquire_it_again(
    caller: Caller, options: dict[str, Any]
) -> None:
    lock = aiologic.Lock()
    caller.acquire(lock)
    with pytest.raises(RuntimeError, match=ALREADY_HOLDING):
        caller.acquire(lock, **options)
    assert caller.owned(lock)
    caller.release(lock)
    assert not lock


def test_a_plain_block_is_not_entered_again(world: HandWorld) -> None:
    lock = aiologic.Lock()
    with lock, pytest.raises(RuntimeError, match=ALREADY_HOLDING):
        lock.__enter__()

    async def enter_again() -> None:
        async with lock:
            await lock.__aenter__()

    with pytest.raises(RuntimeError, match=ALREADY_HOLDING):
        world.run(enter_again())
    assert not lock


def test_a_block_is_left_by_its_owner_only(lock: Any, crew: Crew) -> None:
    with pytest.raises(RuntimeError, match="release unlocked lock"):
        lock.__exit__(None, None, None)
    crew.run(lock.green_acquire)
    with pytest.raises(RuntimeError, match=NOT_HOLDING):
        lock.__exit__(None, None, None)
    assert lock.locked()


def test_an_async_block_is_left_by_its_owner_only(lock: Any, world: HandWorld) -> None:
    async def leave() -> None:
        await lock.__aexit__(None, None, None)

    with pytest.raises(RuntimeError, match="release unlocked lock") as refused:
        world.run(leave())
    # What the library was asked for before is nothing to the user.
    error = refused.value
    assert error.__context__ is None or error.__suppress_context__
    world.run(lock.async_acquire())
    with pytest.raises(RuntimeError, match=NOT_HOLDING):
        world.run(leave())
    assert lock.locked()


def test_after_a_block_nobody_owns_it(lock: Any, world: HandWorld) -> None:
    async def enter() -> None:
        async with lock:
            assert lock.owner is not None

    with lock:
        assert lock.owner is not None
    assert (lock.owner, lock.statistics().holders) == (None, {})
    world.run(enter())
    assert (lock.owner, lock.statistics().holders) == (None, {})


def test_the_next_owner_is_shown_since_the_release(lock: Any, world: HandWorld) -> None:
    lock.green_acquire()
    waiting = world.spawn(lock.async_acquire()).step()
    lock.green_release()

    assert lock.owner == ("handdriven", id(waiting))
    waiting.step()
    assert lock.owner == ("handdriven", id(waiting))
    with world.runs(waiting):
        assert lock.async_owned()


def test_who_gave_up_is_never_shown_as_the_owner(lock: Any, world: HandWorld) -> None:
    lock.green_acquire()
    waiting = world.spawn(lock.async_acquire(timeout=1)).step()
    waiting.time_out()
    lock.green_release()

    assert lock.owner is None


# -- green and async in one thread -----------------------------------------------------------------------------------


def test_a_thread_is_not_the_task_that_it_runs(lock: Any, world: HandWorld) -> None:
    async def work() -> None:
        await lock.async_acquire()
        assert not lock.green_owned()
        with pytest.raises(RuntimeError, match=NOT_HOLDING):
            lock.green_release()
        lock.async_release()

        assert lock.green_acquire() is True
        assert not lock.async_owned()
        with pytest.raises(RuntimeError, match=NOT_HOLDING):
            lock.async_release()
        lock.green_release()

    world.run(work())
    assert not lock


def test_to_wait_for_a_task_of_the_same_thread_is_refused(
    lock: Any, world: HandWorld
) -> None:
    """The thread would sleep, and so the task could not run."""
    world.run(lock.async_acquire())

    for acquire in lock.green_acquire, lock.__enter__:
        with pytest.raises(RuntimeError, match=DEADLOCK):
            acquire()
    assert lock.waiting == 0
    assert lock.locked()


def test_an_attempt_that_ends_is_not_refused(lock: Any, world: HandWorld) -> None:
    """D18: it may simply fail."""
    world.run(lock.async_acquire())

    assert lock.green_acquire(blocking=False) is False
    assert lock.green_acquire(timeout=0.001) is False


def test_other_threads_wait_for_the_task(
    lock: Any, world: HandWorld, crew: Crew
) -> None:
    async def work() -> None:
        async with lock:
            worker.append(crew.start(lock.green_acquire))
            crew.wait_for_waiters(lock, 1)

    worker: list[Any] = []
    world.run(work())

    assert worker[0].result() is True


# -- who can't own a lock --------------------------------------------------------------------------------------------


def attempts(lock: Any) -> list[Callable[[], Any]]:
    async def enter() -> None:
        async with lock:
            raise AssertionError("entered")

    return [
        lambda: lock.async_acquire().send(None),
        lambda: lock.async_acquire(blocking=False).send(None),
        lambda: enter().send(None),
        lock.async_release,
    ]


def test_async_methods_outside_of_async_worlds(lock: Any) -> None:
    for attempt in attempts(lock):
        with pytest.raises(aiologic.AsyncLibraryNotFoundError):
            attempt()
    with pytest.raises(aiologic.AsyncLibraryNotFoundError):
        lock.async_owned()
    assert not lock


def test_callbacks(lock: Any, world: HandWorld) -> None:
    """D16: all callbacks shared one identity, and so each other's locks."""
    for attempt in attempts(lock):
        with world.runs(None), pytest.raises(RuntimeError, match="callback"):
            attempt()
    with world.runs(None):
        assert lock.async_owned() is False
    assert not lock


def test_who_holds_a_lock_stays_itself_when_greenlets_appear(
    lock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D15: the identity of a thread changed while it held a lock."""
    greenlet: Any = ModuleType("greenlet")
    greenlet.getcurrent = lambda: SimpleNamespace(parent=None)
    monkeypatch.delitem(sys.modules, "greenlet", raising=False)
    with lock:
        owner = lock.owner
        monkeypatch.setitem(sys.modules, "greenlet", greenlet)
        assert lock.green_owned()
        assert lock.owner == owner
    assert not lock
