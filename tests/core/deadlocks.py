# SPDX-License-Identifier: ISC
"""Waits that may be deadlocks: for which locks they exist, how they are refused, and how tasks go on meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiologic import Lock, RLock, RWLock

if TYPE_CHECKING:
    from collections.abc import Callable

    from .crew import Crew
    from .hand_driven import HandTask, HandWorld

HOLDS = "^the current thread is already holding this lock: <thread 'MainThread' 0x"
WAITS = "^the current thread is already waiting for this lock: <thread 'MainThread' 0x"
LOST = "^the current thread could not have this lock again: <thread 'MainThread' 0x"


def writing() -> Any:
    return RWLock().writing


#: Locks that only their owner releases.
OWNED: list[Callable[[], Any]] = [Lock, RLock, writing]


def releasing(lock: Any, world: HandWorld, task: HandTask) -> Callable[[], None]:
    def release() -> None:
        with world.runs(task):
            lock.async_release()

    return release


def going_on(crew: Crew, task: HandTask) -> Callable[[], None]:
    """A function that takes the task's next step once it is woken, perhaps by a thread that just joins the queue."""

    def go_on() -> None:
        crew.wait_until(lambda: task.is_woken)
        task.step()

    return go_on
