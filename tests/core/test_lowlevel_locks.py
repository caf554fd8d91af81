# SPDX-License-Identifier: ISC
"""Locks of threads: the interpreter's own, and one that locks nothing."""

from __future__ import annotations

import _thread
import copy
import pickle
from typing import TYPE_CHECKING, Any

import pytest
from aiologic import lowlevel
from aiologic.lowlevel import (
    THREAD_DUMMY_LOCK,
    ThreadDummyLock,
    ThreadLock,
    ThreadRLock,
    create_thread_lock,
    create_thread_rlock,
)

if TYPE_CHECKING:
    from .crew import Crew


# -- the interpreter's own -------------------------------------------------------------------------------------------


def test_thread_locks() -> None:
    """Contract 1.4.4: the types of ``_thread``; tests/monkey tests them when patched."""
    classes: list[Any] = [ThreadLock, ThreadRLock]
    assert classes == [_thread.LockType, _thread.RLock]
    for create, cls in zip([create_thread_lock, create_thread_rlock], classes):
        made: Any = create()
        assert isinstance(made, cls)
        with made:
            assert made.acquire(False) is (cls is ThreadRLock)
    assert create_thread_lock() is not create_thread_lock()


def test_a_reentrant_one_is_given_back_and_taken_again(crew: Crew) -> None:
    """What culsans does around a wait."""
    rlock: Any = create_thread_rlock()
    rlock.acquire()
    rlock.acquire()
    state = rlock._release_save()
    assert not rlock._is_owned()

    def take_and_give_back() -> bool:
        with rlock:
            return True

    assert crew.run(take_and_give_back)
    rlock._acquire_restore(state)
    rlock.release()
    assert rlock._is_owned()
    rlock.release()
    assert not rlock._is_owned()


# -- a lock that locks nothing ---------------------------------------------------------------------------------------


def test_a_dummy_lock() -> None:
    """Contract 1.4.4: it never blocks, and is never locked."""
    lock: Any = THREAD_DUMMY_LOCK
    for _ in range(2):
        assert lock.acquire() is lock.acquire(False) is lock.acquire(True, 5) is True
        with lock as entered:
            assert entered is True
        assert lock.locked() is lock._is_owned() is False
        assert (lock._count, lock._owner, lock._recursion_count()) == (0, None, 0)
        lock.release()
        lock._at_fork_reinit()
        lock._acquire_restore((1, 1))
        with pytest.raises(RuntimeError, match="cannot release un-acquired lock"):
            lock._release_save()


def test_there_is_one_dummy_lock() -> None:
    assert repr(THREAD_DUMMY_LOCK) == "aiologic.lowlevel.THREAD_DUMMY_LOCK"
    assert ThreadDummyLock() is THREAD_DUMMY_LOCK is lowlevel.THREAD_DUMMY_LOCK
    assert copy.copy(THREAD_DUMMY_LOCK) is THREAD_DUMMY_LOCK
    assert copy.deepcopy(THREAD_DUMMY_LOCK) is THREAD_DUMMY_LOCK
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        pickled = pickle.dumps(THREAD_DUMMY_LOCK, protocol)
        assert pickle.loads(pickled) is THREAD_DUMMY_LOCK
    with pytest.raises(TypeError, match="is not an acceptable base type"):
        type("Derived", (ThreadDummyLock,), {})
