# SPDX-License-Identifier: ISC
"""A bounded semaphore takes back no more permits than are out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from aiologic import BoundedSemaphore

from .semaphores import SubBounded

if TYPE_CHECKING:
    from .callers import Caller
    from .crew import Crew
    from .hand_driven import HandWorld


def test_a_bounded_one_refuses(caller: Caller, other: Caller) -> None:
    """Contract 1.3.3: no more releases than permits that are out."""
    semaphore = BoundedSemaphore(2)
    for _ in range(2):
        with pytest.raises(RuntimeError, match="semaphore released too many times"):
            caller.release(semaphore)
        caller.acquire(semaphore)
        other.release(semaphore)
    assert semaphore.value == 2
    with pytest.raises(RuntimeError, match="semaphore released too many times"):
        semaphore.__exit__(None, None, None)
    assert semaphore.value == 2


def test_a_bounded_one_that_began_with_less() -> None:
    """Contract 1.3.3: the difference may be released before any acquire."""
    semaphore = BoundedSemaphore(1, 3)
    semaphore.release()
    semaphore.release()
    with pytest.raises(RuntimeError, match="semaphore released too many times"):
        semaphore.release()
    assert semaphore.value == 3


def test_a_bounded_one_releases_all_or_none(caller: Caller) -> None:
    semaphore = BoundedSemaphore(5)
    for _ in range(4):
        caller.acquire(semaphore)
    with pytest.raises(RuntimeError, match="semaphore released too many times"):
        caller.release(semaphore, 5)
    assert semaphore.value == 1
    caller.release(semaphore, 4)
    assert semaphore.value == 5


def test_a_release_of_several_counts_each() -> None:
    semaphore = BoundedSemaphore(3)
    for _ in range(3):
        assert semaphore.green_acquire(blocking=False) is True
    semaphore.release(2)
    semaphore.release()
    with pytest.raises(RuntimeError, match="semaphore released too many times"):
        semaphore.release()
    assert semaphore.value == 3


def test_what_was_handed_over_is_out_once_its_task_runs(world: HandWorld) -> None:
    """Contract 1.3.3: until then, a release is one too many."""
    semaphore = BoundedSemaphore(2)
    for _ in range(2):
        semaphore.green_acquire()
    waiting = world.spawn(semaphore.async_acquire()).step()
    semaphore.release()
    assert semaphore.value == 0
    with pytest.raises(RuntimeError, match="semaphore released too many times"):
        semaphore.release(2)
    waiting.step()
    semaphore.release(2)
    assert semaphore.value == 2


@pytest.mark.usefixtures("tiny_switch_interval")
def test_of_many_releases_at_once_a_bounded_one_takes_what_is_out(crew: Crew) -> None:
    semaphores = [SubBounded(0, 3) for _ in range(100)]

    def release() -> int:
        refused = 0
        for semaphore in semaphores:
            for _ in range(2):
                try:
                    semaphore.release()
                except RuntimeError:
                    refused += 1
        return refused

    assert sum(crew.race(*[release] * 4)) == (4 * 2 - 3) * len(semaphores)
    assert {semaphore.value for semaphore in semaphores} == {3}
