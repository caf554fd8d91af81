# SPDX-License-Identifier: ISC
"""A lock of threads that its first release opens for all, for good."""

from __future__ import annotations

import copy
import os
import pickle
import threading
import weakref
from math import inf, nan
from typing import TYPE_CHECKING, Any

import pytest
from aiologic._runtime.threads import ThreadBackend
from aiologic.lowlevel import (
    THREAD_DUMMY_LOCK,
    ThreadOnceLock,
    create_thread_oncelock,
    enable_checkpoints,
)

from .crew import PATIENCE_SECONDS
from .once_locks import blocked, is_open

if TYPE_CHECKING:
    from typing import Callable

    from .crew import Crew
    from .hand_driven import HandWorld


@pytest.fixture
def lock() -> ThreadOnceLock:
    return create_thread_oncelock()


# -- held, and open --------------------------------------------------------------------------------------------------


def test_its_holder_has_it_as_often_as_it_likes(
    lock: ThreadOnceLock, crew: Crew
) -> None:
    assert not lock.locked()
    assert lock.acquire()
    assert lock.acquire(blocking=False)
    assert lock.acquire(True, 1)
    with lock as entered:
        assert entered is True
        assert (lock.locked(), lock._count, lock._is_owned()) == (True, 4, True)
        assert crew.run(lock.acquire, False) is False
    lock.release()
    lock.release()
    assert lock.locked()
    assert crew.run(lock.acquire, True, 0) is False
    lock.release()
    assert not lock.locked()


def test_its_first_release_opens_it_for_good(lock: ThreadOnceLock, crew: Crew) -> None:
    """Contract 1.4.4: ``acquire()`` is true at once, for any number of threads, and ``release()`` does nothing."""
    with lock:
        pass
    for _ in range(2):
        assert lock.acquire() is lock.acquire(False) is lock.acquire(True, 0) is True
        assert crew.run(lock.acquire) is True
        assert (lock.locked(), lock._count, lock._is_owned()) == (False, 0, False)
        lock.release()
        crew.run(lock.release)
    for _ in range(3):
        lock.release()
    with lock, lock:
        assert not lock.locked()


def test_all_who_wait_go_on_at_once(lock: ThreadOnceLock, crew: Crew) -> None:
    lock.acquire()
    lock.acquire()
    waits = [crew.start(lock.acquire) for _ in range(3)]
    waits += [crew.start(lock.acquire, True, PATIENCE_SECONDS) for _ in range(2)]
    crew.wait_until(lambda: blocked(lock) == 5)
    lock.release()
    assert blocked(lock) == 5
    lock.release()
    assert [wait.result() for wait in waits] == [True] * 5
    assert is_open(lock)


def test_time_is_up(lock: ThreadOnceLock, crew: Crew) -> None:
    lock.acquire()
    for timeout in 0, 0.001:
        assert crew.run(lock.acquire, True, timeout) is False
    assert blocked(lock) == 0
    lock.release()
    assert is_open(lock)


def test_only_its_holder_gives_it_back(lock: ThreadOnceLock, crew: Crew) -> None:
    for _ in range(2):
        for release in lock.release, lock._release_save:
            with pytest.raises(RuntimeError, match="cannot release un-acquired lock"):
                crew.run(release)
        lock.acquire()
    assert lock._count == 2


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        ((True, -2), ValueError, "timeout value must be a non-negative number, got -2"),
        ((True, -inf), ValueError, "non-negative number, got -inf"),
        ((True, nan), ValueError, "non-negative number, got nan"),
        ((True, inf), OverflowError, "timeout value is too large"),
        ((True, 1e300), OverflowError, "timeout value is too large"),
        ((False, 1), ValueError, "can't specify a timeout for a non-blocking call"),
        ((True, "1"), TypeError, "not supported between"),
    ],
)
@pytest.mark.parametrize("state", ["free", "held", "open"])
def test_what_is_refused(
    lock: ThreadOnceLock,
    state: str,
    arguments: Any,
    error: type[Exception],
    text: str,
) -> None:
    """As by ``threading.RLock``, whether or not the call would have to wait."""
    if state != "free":
        lock.acquire()
    if state == "open":
        lock.release()
    before = repr(lock)
    with pytest.raises(error, match=text):
        lock.acquire(*arguments)
    with pytest.raises((error, OverflowError)):  # for -inf, it says this
        threading.RLock().acquire(*arguments)
    assert repr(lock) == before


def test_the_tasks_of_a_thread_are_one_holder(
    lock: ThreadOnceLock, world: HandWorld
) -> None:
    """It belongs to the thread, whatever runs there: waiting for itself would never end."""

    async def take() -> int:
        assert lock.acquire()
        return lock._count

    assert [world.run(take()) for _ in range(2)] == [1, 2]
    assert lock._is_owned()


def test_a_dead_holder_is_never_born_again(lock: ThreadOnceLock) -> None:
    """D16: a thread that gets the number of one that has ended is another thread."""

    def run(function: Callable[[], bool]) -> tuple[bool, int | None]:
        said: list[bool] = []
        thread = threading.Thread(target=lambda: said.append(function()))
        thread.start()
        thread.join()
        return said[0], thread.ident

    _, dead = run(lock.acquire)
    for _ in range(20):
        acquired, ident = run(lambda: lock.acquire(False))
        assert acquired is False
        if ident == dead:
            break


# -- as an RLock -----------------------------------------------------------------------------------------------------


def test_what_a_condition_uses(lock: ThreadOnceLock, crew: Crew) -> None:
    """The private methods of an RLock; releasing it for a while opens it."""
    lock.acquire()
    lock.acquire()
    assert (lock._owner, lock._count) == (threading.get_ident(), 2)
    assert (lock._is_owned(), lock._recursion_count()) == (True, 2)
    assert crew.run(lock._is_owned) is False
    assert crew.run(lock._recursion_count) == 0
    state = lock._release_save()
    assert state == (2, threading.get_ident())
    lock._acquire_restore(state)
    assert is_open(lock)
    with pytest.raises(RuntimeError, match="cannot release un-acquired lock"):
        lock._release_save()


def test_a_level_is_restored_where_it_is_free(lock: ThreadOnceLock) -> None:
    lock._acquire_restore((3, threading.get_ident()))
    assert lock._count == 3
    for _ in range(3):
        assert lock.locked()
        lock.release()
    assert is_open(lock)


def test_a_condition_over_one(lock: ThreadOnceLock) -> None:
    condition = threading.Condition(lock)  # type: ignore[arg-type]
    with condition:
        assert condition.wait(0) is False
    assert is_open(lock)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_child_forgets_who_held_it(crew: Crew) -> None:
    """What has to follow ``os.fork()`` if the holder does not exist in the child."""
    for state in "free", "held", "open":
        lock = create_thread_oncelock()
        if state != "free":
            crew.run(lock.acquire)
        if state == "open":
            lock = create_thread_oncelock()
            with lock:
                pass
        lock._at_fork_reinit()
        assert lock.acquire(False)
        assert lock.locked() is (state != "open")


# -- as an object ----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("checkpoints_restored")
@pytest.mark.parametrize(
    "lock", [THREAD_DUMMY_LOCK, create_thread_oncelock()], ids=["dummy", "once"]
)
def test_an_acquire_that_may_wait_is_a_checkpoint(
    lock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Contract 2.1, 32: also once it is open."""
    checkpoints: list[None] = []
    monkeypatch.setattr(ThreadBackend, "checkpoint", lambda _: checkpoints.append(None))
    with enable_checkpoints():
        for _ in range(2):
            before = len(checkpoints)
            assert lock.acquire(False)
            assert len(checkpoints) == before
            with lock:
                lock._acquire_restore((1, 1))
            lock.release()
            assert len(checkpoints) == before + 2
    lock.acquire()
    assert len(checkpoints) == 4


def test_its_memory_is_given_back(lock: Any) -> None:
    """Contract 2.1, 32."""
    with lock:
        pass
    assert lock._once_entered is lock._once_gate is None


def test_as_an_object(lock: Any) -> None:
    """Contract 1.4.4: weak references, no copies, no subclasses; ``locked()`` on all Pythons (D28)."""
    assert repr(lock) == (
        "<unlocked aiologic.lowlevel.ThreadOnceLock object owner=None count=0"
        f" at {id(lock):#x}>"
    )
    lock.acquire()
    owner = threading.get_ident()
    assert (
        f"<locked aiologic.lowlevel.ThreadOnceLock object owner={owner} count=1 at"
        in (repr(lock))
    )
    assert lock.locked() is True
    for reproduce in copy.copy, copy.deepcopy, pickle.dumps:
        with pytest.raises(TypeError, match="cannot reduce"):
            reproduce(lock)
    with pytest.raises(AttributeError):
        lock.anything = 1
    assert weakref.ref(lock)() is lock
    text = r"type 'aiologic\.lowlevel\.ThreadOnceLock' is not an acceptable base type"
    with pytest.raises(TypeError, match=text):
        type("Derived", (ThreadOnceLock,), {})
    assert type(lock) is ThreadOnceLock is type(ThreadOnceLock())
