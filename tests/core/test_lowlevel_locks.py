# SPDX-License-Identifier: ISC
"""Locks of threads: the interpreter's own, one that opens for good, and one that locks nothing."""

from __future__ import annotations

import _thread
import copy
import itertools
import os
import pickle
import signal
import sys
import threading
import weakref
from contextlib import suppress
from math import inf, nan
from typing import TYPE_CHECKING, Any

import pytest
from aiologic import _once_lock, lowlevel
from aiologic._runtime.threads import ThreadBackend
from aiologic.lowlevel import (
    THREAD_DUMMY_LOCK,
    ThreadDummyLock,
    ThreadLock,
    ThreadOnceLock,
    ThreadRLock,
    create_thread_lock,
    create_thread_oncelock,
    create_thread_rlock,
    enable_checkpoints,
)
from aiologic.testing._interruption import (
    Interrupted,
    Interruption,
    RaisingInterruption,
)

if TYPE_CHECKING:
    from typing import Callable

    from .crew import Crew
    from .hand_driven import HandWorld

WITHIN = [_once_lock.__file__]
LONG = 20.0


@pytest.fixture
def lock() -> ThreadOnceLock:
    return create_thread_oncelock()


def blocked(lock: Any) -> int:
    """How many threads wait for a once-lock."""
    gate = lock._once_gate
    return 0 if gate is None else gate.waiting


def is_open(lock: ThreadOnceLock) -> bool:
    return lock.acquire(False) and not lock.locked()


# -- the interpreter's own -------------------------------------------------------------------------------------------


def test_thread_locks() -> None:
    """Contract 1.4.4: the types of ``_thread``; tests/monkey has the case that these are patched."""
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


# -- a lock that opens -----------------------------------------------------------------------------------------------


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
    """Contract 1.4.4: ``acquire()`` is true at once, for all at once, and ``release()`` does nothing."""
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
    waits += [crew.start(lock.acquire, True, LONG) for _ in range(2)]
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
    """As of ``threading.RLock``, and whether it would have to wait or not."""
    if state != "free":
        lock.acquire()
    if state == "open":
        lock.release()
    before = repr(lock)
    with pytest.raises(error, match=text):
        lock.acquire(*arguments)
    with pytest.raises((error, OverflowError)):  # of -inf, it says that
        threading.RLock().acquire(*arguments)
    assert repr(lock) == before


def test_the_tasks_of_a_thread_are_one_holder(
    lock: ThreadOnceLock, world: HandWorld
) -> None:
    """It belongs to the thread, whatever that runs: to wait for oneself would be for ever."""

    async def take() -> int:
        assert lock.acquire()
        return lock._count

    assert [world.run(take()) for _ in range(2)] == [1, 2]
    assert lock._is_owned()


def test_a_dead_holder_is_never_born_again(lock: ThreadOnceLock) -> None:
    """D16: whoever has the number of a thread that has ended, is another."""

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


def test_what_a_condition_uses(lock: ThreadOnceLock, crew: Crew) -> None:
    """The private methods of an RLock; to give it back for a while is to open it."""
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
    """What ``os.fork()`` is to be followed by, where the holder does not live on."""
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


def test_its_memory_is_given_back(lock: Any) -> None:
    """Contract 2.1, 32."""
    with lock:
        pass
    assert lock._once_entered is lock._once_gate is None


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


# -- races and handlers ----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("tiny_switch_interval")
def test_one_is_first(crew: Crew) -> None:
    """Of many at once, one makes it, and the others find it made."""
    for _ in range(50):
        lock = create_thread_oncelock()
        made: list[object] = []

        def make(lock: ThreadOnceLock = lock, made: list[object] = made) -> object:
            with lock:
                if not made:
                    made.append(object())
                return made[0]

        assert set(crew.race(*[make] * 4)) == {made[0]}
        assert len(made) == 1


def test_a_handler_uses_it_at_any_step() -> None:
    """Contract 2.1, 30: whatever its thread is about to do, the handler does not wait for it."""

    def use(lock: ThreadOnceLock, made: list[int], who: int) -> None:
        with lock:
            if not made:
                made.append(who)

    for number in itertools.count():
        lock, made = create_thread_oncelock(), []  # type: ignore[var-annotated]
        handler = Interruption(number, lambda: use(lock, made, 2), WITHIN)  # noqa: B023
        handler.during(lambda: use(lock, made, 1))  # noqa: B023
        assert made in ([1], [2]), handler.where
        assert is_open(lock), handler.where
        if not handler.was_made:
            assert number > 30
            break


def test_a_handler_does_not_open_what_is_held() -> None:
    """Contract 2.1, 31: entered and left inside of a block, by a handler, it is still held."""
    for number in itertools.count():
        lock = create_thread_oncelock()
        lock.acquire()

        def use(lock: ThreadOnceLock = lock) -> None:
            with lock:
                pass

        def use_twice(lock: ThreadOnceLock = lock) -> None:
            lock.acquire()
            lock.release()

        handler = Interruption(number, use, WITHIN)
        handler.during(use_twice)
        assert (lock.locked(), lock._count) == (True, 1), handler.where
        lock.release()
        assert is_open(lock)
        if not handler.was_made:
            break


def test_a_keyboard_interrupt_as_it_is_opened(crew: Crew) -> None:
    """Wherever a handler can raise: it is held as before, or it is open and nobody waits."""
    for number in itertools.count():
        lock = create_thread_oncelock()
        lock.acquire()
        waits = crew.start(lock.acquire)
        crew.wait_until(lambda: blocked(lock) == 1)  # noqa: B023
        handler = RaisingInterruption(number, Interrupted.now, WITHIN)
        with suppress(Interrupted):
            handler.during(lock.release)
        if lock.locked():
            lock.release()
        assert waits.result() is True, handler.where
        assert is_open(lock)
        if not handler.was_made:
            assert number > 2
            break


@pytest.mark.skipif(
    sys.version_info < (3, 10) or sys.implementation.name != "cpython",
    reason="it looks for signals at more places: docs/decisions/0021",
)
def test_a_keyboard_interrupt_as_it_is_taken() -> None:
    """It is free as before, or held with a level: never taken and not counted."""
    for number in itertools.count():
        lock = create_thread_oncelock()
        handler = RaisingInterruption(number, Interrupted.now, WITHIN)
        with suppress(Interrupted):
            handler.during(lock.acquire)
        assert lock._count == int(lock.locked()), handler.where
        if not handler.was_made:
            assert number > 0
            break


@pytest.mark.skipif(
    not hasattr(signal, "pthread_kill"), reason="no signals for threads here"
)
def test_a_handler_opens_what_its_thread_waits_for(
    lock: ThreadOnceLock, crew: Crew
) -> None:
    opened = threading.Event()

    def holds_it() -> None:
        lock.acquire()
        opened.wait(LONG)
        lock.release()

    member = crew.start(holds_it)
    crew.wait_until(lock.locked)

    with crew.interrupts(opened.set, lambda: blocked(lock) == 1):
        assert lock.acquire() is True
    member.result()


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
