# SPDX-License-Identifier: ISC
"""A thread that would wait for readers or writers of its own gets an error, and nobody else does. ADR 0010."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

import pytest
from aiologic import RWLock

if TYPE_CHECKING:
    from .crew import Crew
    from .hand_driven import HandTask, HandWorld

DEADLOCK = "^the current thread is already (holding|waiting for) this lock"


@pytest.fixture
def lock() -> RWLock:
    return RWLock()


def block(lock: RWLock, way: str) -> Callable[..., bool]:
    exclusive = way == "write"
    return lock.green_acquire_exclusive if exclusive else lock.green_acquire_shared


@pytest.mark.parametrize(
    ("holder", "waiter", "wanted"),
    [
        ("write", None, "read"),
        ("write", None, "write"),
        ("read", None, "write"),
        ("thread", "write", "read"),
        ("thread", "write", "write"),
        ("thread", "read", "write"),
    ],
)
def test_a_wait_that_can_not_end_is_refused(
    lock: RWLock,
    start: Callable[[str], HandTask],
    world: HandWorld,
    crew: Crew,
    holder: str,
    waiter: str | None,
    wanted: str,
) -> None:
    """A task of this thread holds the lock, or waits in front: it can't go on while this thread is blocked."""
    if holder == "thread":
        crew.run(lock.green_acquire_exclusive)
    else:
        start(holder)
    if waiter:
        start(waiter)
    waiting = lock.waiting
    with world.runs(None):
        with pytest.raises(RuntimeError, match=DEADLOCK):
            block(lock, wanted)()
        # A call that need not wait for ever just fails, and nothing has changed.
        assert block(lock, wanted)(blocking=False) is False
        assert block(lock, wanted)(timeout=0) is False
    assert lock.waiting == waiting


def test_a_task_that_was_served_but_has_not_gone_on_counts_as_well(
    lock: RWLock, start: Callable[[str], HandTask], world: HandWorld
) -> None:
    holder, reader = start("write"), start("read")
    holder.step()
    assert reader.is_woken
    with world.runs(None), pytest.raises(RuntimeError, match=DEADLOCK):
        lock.green_acquire_exclusive()


def test_near_misses_wait(
    lock: RWLock, start: Callable[[str], HandTask], world: HandWorld, crew: Crew
) -> None:
    """A reader may wait behind a reader of its own thread, because that one holds up nobody."""
    crew.run(lock.green_acquire_exclusive)
    reader = start("read")
    released = []

    def release() -> None:
        crew.wait_for_waiters(lock, 2)
        released.append(True)
        # The thread that acquired it has ended; what it left behind is removed by hand.
        lock._release(lock._writer)

    crew.start(release)
    with world.runs(None):
        assert lock.green_acquire_shared() is True
    assert released
    assert reader.is_woken
