# SPDX-License-Identifier: ISC
"""A lock that opens for good, used by several threads at once, and by handlers at any step."""

from __future__ import annotations

import itertools
import signal
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from aiologic import _once_lock
from aiologic.lowlevel import ThreadOnceLock, create_thread_oncelock
from aiologic.testing._interruption import (
    Interrupted,
    Interruption,
    RaisingInterruption,
)

from .crew import PATIENCE_SECONDS
from .once_locks import blocked, is_open

if TYPE_CHECKING:
    from .crew import Crew

WITHIN = [_once_lock.__file__]


@pytest.mark.usefixtures("tiny_switch_interval")
def test_one_is_first(crew: Crew) -> None:
    """Of many threads, one creates the thing, and the others find it created."""
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
    """Contract 2.1, 31: if a handler enters and leaves it inside a block, it is still held."""
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
    """Wherever a handler can raise: it is free as before, or held and counted, never held without a count."""
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
def test_a_handler_opens_what_its_thread_waits_for(crew: Crew) -> None:
    lock = create_thread_oncelock()
    opened = threading.Event()

    def holds_it() -> None:
        lock.acquire()
        opened.wait(PATIENCE_SECONDS)
        lock.release()

    member = crew.start(holds_it)
    crew.wait_until(lock.locked)

    with crew.interrupts(opened.set, lambda: blocked(lock) == 1):
        assert lock.acquire() is True
    member.result()
