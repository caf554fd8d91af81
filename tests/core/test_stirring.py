# SPDX-License-Identifier: ISC
"""A thread that is notified is already starting while the notifier goes on to the release that wakes it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import aiologic
import pytest
from aiologic._runtime.threads import ThreadWaiter, create_waiter

if TYPE_CHECKING:
    from .crew import Crew
    from .hand_driven import HandWorld

LONG = 60.0


@pytest.mark.parametrize("timeout", [None, LONG])
def test_one_that_looks_too_early_parks_again(
    crew: Crew, monkeypatch: pytest.MonkeyPatch, timeout: float | None
) -> None:
    condition = aiologic.Condition()
    has_looked = threading.Event()
    left: list[float | None] = []
    inside: list[str] = []

    def park_again(self: ThreadWaiter, timeout: float | None) -> bool:
        left.append(timeout)
        has_looked.set()
        return self.park(timeout)

    monkeypatch.setattr(ThreadWaiter, "park_again", park_again)

    def wait() -> bool:
        with condition:
            was_notified = condition.wait(timeout)
            inside.append("waiter")
            return was_notified

    thread = crew.start(wait)
    crew.wait_for_waiters(condition, 1)
    with condition:
        assert condition.notify() == 1
        assert has_looked.wait(LONG)
        inside.append("notifier")

    assert thread.result() is True
    assert inside == ["notifier", "waiter"]
    if timeout is None:
        assert left == [None]
    else:
        assert left[0] is not None
        assert 0 < left[0] <= timeout
    assert not condition.lock.locked()


@pytest.mark.parametrize("timeout", [None, 5])
def test_a_task_that_looks_too_early_waits_for_what_is_left(
    world: HandWorld, monkeypatch: pytest.MonkeyPatch, timeout: float | None
) -> None:
    now = 100.0
    monkeypatch.setattr(world, "clock", lambda: now)
    condition = aiologic.Condition()

    async def wait() -> bool:
        async with condition:
            return await condition.with_(timeout)

    task = world.spawn(wait()).step()
    now = 102.0
    task.stir()
    assert task.timeout == (None if timeout is None else 3)
    now = 107.0
    task.stir()
    assert task.timeout == (None if timeout is None else 0)
    with condition:
        assert condition.notify() == 1
    assert task.step().result is True


def test_only_the_next_is_stirred(crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those behind it would get in each other's way."""
    condition = aiologic.Condition()
    stirred: list[int] = []

    def stir_all(waiters: list[ThreadWaiter]) -> None:
        stirred.append(len(waiters))

    def wait() -> None:
        with condition:
            condition.wait()

    threads = [crew.start(wait) for _ in range(3)]
    crew.wait_for_waiters(condition, 3)
    monkeypatch.setattr(ThreadWaiter, "stir_all", staticmethod(stir_all))
    with condition:
        for _ in threads:
            condition.notify()
    for thread in threads:
        thread.result()

    assert stirred == [1]


@pytest.mark.parametrize("wakes_first", [True, False])
def test_to_stir_and_to_wake_are_one_wake_up_or_two(
    crew: Crew, wakes_first: bool
) -> None:
    """It depends on whether the thread has looked in between."""
    waiter = create_waiter()
    assert isinstance(waiter, ThreadWaiter)
    if wakes_first:
        waiter.wake()
        ThreadWaiter.stir_all([waiter])
        assert crew.run(waiter.park, LONG) is True
        assert not waiter
    ThreadWaiter.stir_all([waiter])
    ThreadWaiter.stir_all([waiter])
    assert crew.run(waiter.park, LONG) is True
    if not wakes_first:
        thread = crew.start(waiter.park_again, LONG)
        waiter.wake()
        assert thread.result() is True


def test_one_that_is_woken_before_it_has_looked_is_released_once(crew: Crew) -> None:
    """A stirs B.   A decides B's wait, and leaves the lock released.   B takes it, and sees that it is woken."""
    waiter = create_waiter()
    assert isinstance(waiter, ThreadWaiter)
    ThreadWaiter.stir_all([waiter])

    waiter.wake()

    assert crew.run(waiter.park, LONG) is True
    assert not waiter
    assert waiter.park(0) is False  # nothing is left for another wait


def test_one_that_was_left_alone_sees_at_its_second_look_that_it_was_woken() -> None:
    """Without the GIL: B takes the lock, and looks.   A decides B's wait, and does not see yet that it is taken."""
    waiter = create_waiter()
    assert waiter.claim()

    assert waiter.park_again(0) is True
