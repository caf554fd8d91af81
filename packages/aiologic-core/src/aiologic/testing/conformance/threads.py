# SPDX-License-Identifier: ISC
"""Duty 3: a task can be woken from anywhere: any thread, a finalizer, a thousand places at once.

Unpark never blocks and never raises, whoever calls it. (Signal handlers are with
duty 5, and runtimes that have ended with duty 11.)
"""

from __future__ import annotations

import gc
import threading
from collections import deque

import pytest

from ..._engine.waiter import Waiter
from .._duties import ACCEPTED, Wait, park, settled
from .._stage import LONG, Stage
from ..operations import run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..._runtime.interface import Backend
    from .._duties import Waker
    from .._stage import Call, World

#: The default ``unpark_all()``, which wakes one after the other.
DEFAULTS = (Waiter.unpark_all.__func__,)  # type: ignore[attr-defined]


def crowd(stage: Stage, world: World, backend: Backend) -> list[tuple[Wait, Call]]:
    """Many tasks that wait; fewer if each is a thread."""
    waits = [Wait(backend) for _ in range(1000 if world.is_one_runtime else 100)]
    calls = [stage.actor().starts(park(wait)) for wait in waits]
    settled(stage, *waits)
    return list(zip(waits, calls))


def test_a_thread_wakes_a_task_while_its_runtime_is_busy(
    runtime_stage: Stage, threads: Stage, backend: Backend
) -> None:
    """unpark() does not wait for the runtime, and the runtime finds it when it goes on.

    If this fails with "stuck": unpark() blocks until the runtime has answered. It
    may only append to a queue, and write to a pipe that does not block.
    """
    wait = Wait(backend)
    call = runtime_stage.actor().starts(park(wait))
    settled(runtime_stage, wait)

    with runtime_stage.frozen():
        assert threads.actor().does(run(wait.wake)) is True
        assert not call.is_done

    assert call.result() is True


def test_none_of_a_thousand_wake_ups_is_lost(
    stage: Stage, threads: Stage, world: World, backend: Backend
) -> None:
    """Several threads wake many tasks at the same time; each goes on.

    Wake-ups may share one call into the runtime, but one that comes while the
    others are being delivered must not rely on that call.

    If this fails: look at the moment between "the delivery has checked for the last
    time" and "the delivery is marked as done". Mark it as done *first*, and check
    then, as aiologic.backends.Inbox does. Also: a full pipe raises an error, which
    may be ignored (the pipe is being read); other errors may not.
    """
    everybody = crowd(stage, world, backend)
    starting = threading.Barrier(4)

    def wake_some(first: int) -> None:
        starting.wait(LONG)
        for wait, _ in everybody[first::4]:
            wait.wake()

    wakers = [threads.actor() for _ in range(4)]
    wakings = [
        waker.starts(run(lambda first=first: wake_some(first)))  # type: ignore[misc]
        for first, waker in enumerate(wakers)
    ]

    for waking in wakings:
        waking.result()
    assert all(call.result() is True for _, call in everybody)
    assert all(wait.heard == [ACCEPTED] for wait, _ in everybody)


def test_none_of_a_thousand_wake_ups_to_a_busy_runtime_is_lost(
    runtime_stage: Stage, world: World, backend: Backend
) -> None:
    """All of them come while the runtime looks at none.

    If this fails: see the test above. If unpark() has raised: the library's entry
    point has room for a limited number of calls. Let the wake-ups share one
    (aiologic.backends.Inboxes).
    """
    everybody = crowd(runtime_stage, world, backend)

    with runtime_stage.frozen():
        for wait, _ in everybody:
            assert wait.wake() is True

    assert all(call.result() is True for _, call in everybody)


def test_a_crowd_is_woken_together(
    stage: Stage, world: World, backend: Backend, wake_in: Waker
) -> None:
    """unpark_all() wakes its waiters, and removes those that it has woken.

    If this fails: the backend overrides Waiter.unpark_all(); read what that
    promises. The default is right.
    """
    everybody = crowd(stage, world, backend)
    claimed: deque[Waiter] = deque()
    for wait, _ in everybody:
        assert wait.waiter.claim()
        claimed.append(wait.waiter)

    def wake_all() -> None:
        while claimed:
            type(claimed[0]).unpark_all(claimed)

    wake_in(stage, wake_all)

    assert all(call.result() is True for _, call in everybody)
    assert all(wait.heard == [ACCEPTED] for wait, _ in everybody)


def test_a_crowd_that_is_woken_twice(
    stage: Stage, backend: Backend, wake_in: Waker
) -> None:
    """If unpark_all() is overridden, a second unpark() of the same waiter has no effect.

    An exception (KeyboardInterrupt) may interrupt it; those that are left in the
    queue are then unparked once more.

    If this fails: let unpark() check whether the waiter still sleeps, in the
    runtime's own thread.
    """
    waits = [Wait(backend) for _ in range(3)]
    calls = [stage.actor().starts(park(wait)) for wait in waits]
    settled(stage, *waits)
    waiters = [wait.waiter for wait in waits]
    if type(waiters[0]).unpark_all.__func__ in DEFAULTS:  # type: ignore[attr-defined]
        for wait in waits:
            wait.wake()
        pytest.skip("about backends that wake crowds in their own way")
    for waiter in waiters:
        waiter.claim()

    def wake_twice() -> None:
        waiters[0].unpark_all(deque(waiters))
        for waiter in waiters:
            waiter.unpark()

    wake_in(stage, wake_twice)

    assert [call.result() for call in calls] == [True] * 3
    assert [wait.heard for wait in waits] == [[ACCEPTED]] * 3


class Finalized:
    """Ends a wait when it is collected."""

    def __init__(self, wait: Wait) -> None:
        self._wake = wait.wake
        self.cycle = self  # so that the garbage collector has to find it

    def __del__(self) -> None:
        self._wake()


@pytest.mark.parametrize("where", ["task", "callback", "thread"])
def test_a_finalizer_wakes_a_task(
    stage: Stage, threads: Stage, backend: Backend, where: str
) -> None:
    """The garbage collector may run anywhere, and what it runs may wake tasks.

    If this fails: unpark() takes a lock that its own thread may hold already, or
    it uses something that exists in tasks only.
    """
    wait = Wait(backend)
    call = stage.actor().starts(park(wait))
    settled(stage, wait)
    gc.collect()
    gc.disable()
    try:
        Finalized(wait)
        if where == "thread":
            threads.actor().does(run(gc.collect))
        else:
            with stage.frozen(as_callback=where == "callback") as inside:
                inside(gc.collect)
    finally:
        gc.enable()

    assert call.result() is True


def test_nobody_is_left_to_be_woken(
    stage: Stage, threads: Stage, backend: Backend, wake_in: Waker
) -> None:
    """Waking a waiter whose task was never parked does no harm.

    If this fails: unpark() relies on what park() has set up. create_waiter() must
    leave a waiter that can be unparked.
    """
    wait = Wait(backend)
    actor = stage.actor()
    actor.does(run(wait.begin))

    wake_in(stage, wait.wake)

    assert actor.does(run(lambda: "goes on")) == "goes on"
    assert threads.actor().does(run(wait.wake)) is False
