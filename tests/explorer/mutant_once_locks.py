# SPDX-License-Identifier: ISC
"""Parts of a once-lock with one bug each, which the docstring describes."""

from __future__ import annotations

from typing import Any

from aiologic._engine.newborn import born
from aiologic._engine.waiting import green_wait
from aiologic._engine.waitqueue import queue_for
from aiologic._once_lock import Gate, ThreadOnceLock, is_holder, open_gate, open_it
from aiologic._runtime.detect import worlds
from aiologic._runtime.threads import this_thread

ACQUIRE = ThreadOnceLock.acquire


def taken_without_a_look(
    lock: Any, /, blocking: bool = True, timeout: float = -1
) -> bool:
    """A task that finds the lock free has it, although another may have been faster."""
    entered = lock._once_entered
    if entered is not None and not entered:
        entered += (this_thread(),)
        lock._once_depth += 1
        return True
    return ACQUIRE(lock, blocking, timeout)


def waits_without_a_look(
    lock: Any, /, blocking: bool = True, timeout: float = -1
) -> bool:
    """A task that has made the gate does not check whether the lock was opened meanwhile."""
    entered = lock._once_entered
    if entered is None or not entered or entered[0] is this_thread():
        return ACQUIRE(lock, blocking, timeout)
    gate = born(lock, "_once_gate", Gate)
    return gate.block(None if timeout == -1 else timeout)


def takes_the_gate_away(
    lock: Any, /, blocking: bool = True, timeout: float = -1
) -> bool:
    """A task that comes too late removes the gate, so the holder, which is about to look for it, does not find it."""
    entered = lock._once_entered
    if entered is None or not entered or entered[0] is this_thread():
        return ACQUIRE(lock, blocking, timeout)
    gate = born(lock, "_once_gate", Gate)
    if lock._once_entered is None:
        lock._once_gate = None
        return True
    return gate.block(None if timeout == -1 else timeout)


def opened_before_it_is_free(lock: Any) -> None:
    """A task that comes through the gate still finds a holder; so does one that makes a new gate meanwhile."""
    if lock._once_entered is not None:
        open_gate(lock, lock._once_entered)
        lock._once_entered = None
        lock._once_gate = None


def opened_for_newcomers(lock: Any) -> None:
    """Tasks that already wait are not woken."""
    lock._once_entered = None
    lock._once_gate = None


def opened_by_any_release(lock: Any) -> None:
    """The first release opens it, even that of an inner block."""
    if lock._once_entered is not None and is_holder(lock):
        open_it(lock)


class JoinsWithoutALook(Gate):
    """A task that has joined the queue does not check whether the gate was opened meanwhile."""

    __slots__ = ()

    def block(self, timeout: float | None) -> bool:
        waiter = worlds.create_green_waiter()
        waiter.source = self
        queue_for(self).append(waiter)
        return green_wait(waiter, timeout)
