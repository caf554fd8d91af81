# SPDX-License-Identifier: ISC
"""CPython's own tests of locks, semaphores, events, barriers and conditions, run on ours.

The adapters give our primitives the names of those in ``threading``. Where ours
behave differently on purpose, the test is overridden here, and says why.
"""

from __future__ import annotations

import threading
import unittest
from typing import Any

import aiologic
import pytest

lock_tests: Any = pytest.importorskip(
    "test.lock_tests", reason="this installation has no package of CPython's tests"
)


class Names:
    """What ``threading`` calls what we call by the world of the caller."""

    _lock: Any

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        if timeout == -1:
            return bool(self._lock.green_acquire(blocking=blocking))
        if not blocking:
            raise ValueError("can't specify a timeout for a non-blocking call")
        return bool(self._lock.green_acquire(timeout=timeout))

    def __enter__(self) -> Any:
        return self._lock.__enter__()

    def __exit__(self, *exc_info: object) -> None:
        self._lock.__exit__(*exc_info)


class PlainLock(Names):
    """A lock that any thread may release is our semaphore, and not our lock."""

    def __init__(self) -> None:
        self._lock = aiologic.BinarySemaphore()

    def release(self) -> None:
        self._lock.release()

    def locked(self) -> bool:
        return not self._lock.value


class BoundedLock(PlainLock):
    """The same, and it refuses to be released when it is free, as ``threading.Lock`` does."""

    def __init__(self) -> None:
        self._lock = aiologic.BoundedBinarySemaphore()


class RecursiveLock(Names):
    def __init__(self) -> None:
        self._lock = aiologic.RLock()

    def release(self) -> None:
        self._lock.green_release()

    def locked(self) -> bool:
        return bool(self._lock.locked())

    def _is_owned(self) -> bool:
        return bool(self._lock.green_owned())

    def _recursion_count(self) -> int:
        return int(self._lock.green_count())

    def _release_save(self) -> int:
        count = self._recursion_count()
        self._lock.green_release(max(count, 1))
        return count

    def _acquire_restore(self, count: int) -> None:
        self._lock.green_acquire(count)


class CountingSemaphore(Names):
    def __init__(self, value: int = 1) -> None:
        self._lock = self.make(value)

    make = staticmethod(aiologic.Semaphore)

    def release(self, n: int = 1) -> None:
        self._lock.green_release(n)


class LimitedSemaphore(CountingSemaphore):
    make = staticmethod(aiologic.BoundedSemaphore)


class OurLockTests:
    """What differs for all locks."""

    locktype: Any

    def test_repr(self) -> None:
        """Other words: a class and its arguments, then the state."""
        assert repr(self.locktype()._lock).startswith("<aiologic.")

    test_locked_repr = test_repr

    def test_timeout(self) -> None:
        """Any finite time-out is borne, where `threading` raises OverflowError; the rest is CPython's."""
        lock = self.locktype()
        with pytest.raises(ValueError, match="non-blocking"):
            lock.acquire(False, 1)
        with pytest.raises(ValueError, match="timeout"):
            lock.acquire(timeout=-100)
        assert lock.acquire(timeout=1e100)
        lock.release()
        assert lock.acquire(timeout=lock_tests.TIMEOUT_MAX + 1)
        results = []

        def acquire() -> None:
            started = lock_tests.time.monotonic()
            results.append(lock.acquire(timeout=0.05))
            results.append(lock_tests.time.monotonic() - started)

        bunch = lock_tests.Bunch(acquire, 1)
        if hasattr(bunch, "wait_for_finished"):
            bunch.wait_for_finished()
        else:
            with bunch:
                pass
        assert results[0] is False
        assert results[1] >= 0.03

    def test_at_fork_reinit(self) -> None:
        """No such method: a child that is forked while a lock is held must not use it."""
        assert not hasattr(self.locktype()._lock, "_at_fork_reinit")


class LockTests(OurLockTests, lock_tests.LockTests):  # type: ignore[misc]  # untyped
    locktype = staticmethod(PlainLock)


class BoundedLockTests(OurLockTests, lock_tests.LockTests):  # type: ignore[misc]  # untyped
    locktype = staticmethod(BoundedLock)


class RLockTests(OurLockTests, lock_tests.RLockTests):  # type: ignore[misc]  # untyped
    locktype = staticmethod(RecursiveLock)

    def test_repr_count(self) -> None:
        """Whether it is locked, in other words; and the count by its own name, not in the repr."""
        lock = self.locktype()._lock
        assert (lock.count, "[unlocked]" in repr(lock)) == (0, True)
        lock.green_acquire(2)
        seen: list[object] = []
        thread = threading.Thread(
            target=lambda: seen.extend((lock.count, "[locked, " in repr(lock)))
        )
        thread.start()
        thread.join()
        assert seen == [2, True]
        lock.green_release(2)


class OurSemaphoreTests:
    """What differs for both kinds."""

    semtype: Any

    def test_repr(self) -> None:
        """Other words: a class and its arguments, then the state; the values are CPython's."""
        semaphore = self.semtype(3)
        assert "Semaphore(3) at 0x" in repr(semaphore._lock)
        assert "[value=3]" in repr(semaphore._lock)
        semaphore.acquire()
        assert "[value=2]" in repr(semaphore._lock)


class SemaphoreTests(OurSemaphoreTests, lock_tests.SemaphoreTests):  # type: ignore[misc]  # untyped
    semtype = staticmethod(CountingSemaphore)


class BoundedSemaphoreTests(OurSemaphoreTests, lock_tests.BoundedSemaphoreTests):  # type: ignore[misc]  # untyped
    semtype = staticmethod(LimitedSemaphore)

    def test_release_unacquired(self) -> None:
        """CPython's with another error: RuntimeError, as locks have it; and several at once are refused alike."""
        semaphore = self.semtype()
        with pytest.raises(RuntimeError, match="too many times"):
            semaphore.release()
        semaphore.acquire()
        semaphore.release()
        with pytest.raises(RuntimeError, match="too many times"):
            semaphore.release()


class OneTimeEvent(aiologic.Event):
    """Has the names already."""


class EventTests(lock_tests.EventTests):  # type: ignore[misc]  # untyped
    eventtype = staticmethod(OneTimeEvent)

    def test_is_set(self) -> None:
        """CPython's without clear(): ours happens once."""
        event = self.eventtype()
        assert not event.is_set()
        event.set()
        assert event.is_set()
        event.set()
        assert event.is_set()
        assert not hasattr(event, "clear")

    def test_notify(self) -> None:
        """CPython's, up to the first clear()."""
        self._check_notify(self.eventtype())

    @unittest.skip("about clear(), which an event that happens once has not")
    def test_set_and_clear(self) -> None:
        """Its place in CPython's."""

    @unittest.skip("about the lock inside of CPython's; there is none in ours")
    def test_reset_internal_locks(self) -> None:
        """Its place in CPython's up to 3.8."""

    @unittest.skip("about the lock inside of CPython's; there is none in ours")
    def test_at_fork_reinit(self) -> None:
        """Its place in CPython's since 3.9."""

    def test_repr(self) -> None:
        """CPython's, with our number of waiting threads."""
        event = self.eventtype()
        assert repr(event).endswith("[unset, waiting=0]>")
        event.set()
        assert repr(event).endswith("[set]>")


class RecurringEvent(aiologic.REvent):
    """Has the names already, and clear()."""


class RecurringEventTests(lock_tests.EventTests):  # type: ignore[misc]  # untyped
    eventtype = staticmethod(RecurringEvent)

    test_reset_internal_locks = EventTests.test_reset_internal_locks
    test_at_fork_reinit = EventTests.test_at_fork_reinit
    test_repr = EventTests.test_repr


class DefaultingBarrier:
    """A barrier with what ours leaves to its callers: an action, a time-out for all waits, and other names.

    Whoever comes first has to do what is to be done: here it does so before the
    others may go on, for which they meet once more.
    """

    def __init__(
        self, parties: int, action: Any = None, timeout: float | None = None
    ) -> None:
        if parties <= 0:
            raise ValueError("ours may have no parties; then nobody ever passes")
        self._barrier = aiologic.RBarrier(parties)
        self._action = action
        self._timeout = timeout

    def wait(self, timeout: float | None = None) -> int:
        timeout = self._timeout if timeout is None else timeout
        try:
            index = self._barrier.wait(timeout)
            if self._action is not None:
                if index == 0:
                    self._action()
                self._barrier.wait(timeout)
        except aiologic.BrokenBarrierError:
            raise threading.BrokenBarrierError from None
        return index

    def reset(self) -> None:
        self._barrier.reset()

    def abort(self) -> None:
        self._barrier.abort()

    @property
    def parties(self) -> int:
        return self._barrier.parties

    @property
    def n_waiting(self) -> int:
        return self._barrier.waiting

    @property
    def broken(self) -> bool:
        return self._barrier.broken


class BarrierTests(lock_tests.BarrierTests):  # type: ignore[misc]  # untyped
    barriertype = staticmethod(DefaultingBarrier)

    def test_repr(self) -> None:
        """Other words: a class and its arguments, then the state."""
        barrier = self.barriertype(3)._barrier
        assert repr(barrier).endswith("[filling, waiting=0]>")
        barrier.abort()
        assert repr(barrier).endswith("[broken]>")


class OurCondition:
    """CPython gives its conditions the methods of their lock, and shows who waits."""

    @property
    def _waiters(self) -> range:
        return range(self._condition.waiting)

    def __init__(self, lock: Any = None) -> None:
        self._condition: Any = (
            aiologic.Condition() if lock is None else aiologic.Condition(lock)
        )
        self.wait = self._condition.wait
        self.wait_for = self._condition.wait_for
        self.notify = self._condition.notify
        self.notify_all = self._condition.notify_all

    def acquire(self, blocking: bool = True) -> bool:
        lock = self._condition.lock
        if hasattr(lock, "green_acquire"):
            return bool(lock.green_acquire(blocking=blocking))
        return bool(lock.acquire(blocking))

    def release(self) -> None:
        lock = self._condition.lock
        if hasattr(lock, "green_release"):
            lock.green_release()
        else:
            lock.release()

    def __enter__(self) -> Any:
        return self._condition.__enter__()

    def __exit__(self, *exc_info: object) -> None:
        self._condition.__exit__(*exc_info)


class ConditionTests(lock_tests.ConditionTests):  # type: ignore[misc]  # untyped
    """No deviation."""

    condtype = staticmethod(OurCondition)
