# SPDX-License-Identifier: ISC
"""Duty 11: runtimes end. Then nothing is lost, and nothing is left.

What was granted to a task that never runs again is reported with Waiter.lost(),
and goes to the next in line.
"""

from __future__ import annotations

import gc
import os
import sys
import threading
import weakref

import pytest

from .._census import DESCRIPTORS
from .._duties import ACCEPTED, LEFT, TAKEN_BACK, Wait, park, settled
from .._stage import CANCELLED, LONG, Stage, until
from ..operations import run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ..._runtime.interface import Backend
    from .._stage import World


def test_tasks_that_wait_leave_when_their_runtime_ends(
    cancelling_world: World, backend: Backend
) -> None:
    """Each of them is cancelled in the way of its library, and gives up its place.

    If this fails: find out how the library ends tasks, and whether that exception
    comes out of park(). Some libraries kill with exceptions of their own.
    """
    waits = [Wait(backend) for _ in range(5)]
    with cancelling_world.open() as stage:
        calls = [stage.actor().starts(park(wait)) for wait in waits]
        settled(stage, *waits)

    assert [call.result() for call in calls] == [CANCELLED] * 5
    assert [wait.heard for wait in waits] == [[LEFT]] * 5
    assert [wait.wake() for wait in waits] == [False] * 5


@pytest.mark.parametrize("woken_by", ["thread", "task elsewhere", "callback elsewhere"])
def test_a_grant_to_a_runtime_that_has_ended_is_reported(
    runtime_world: World, backend: Backend, woken_by: str
) -> None:
    """unpark() neither raises nor blocks then, and calls lost().

    If this fails: unpark() has to find out that the loop, run or hub has gone
    (its thread-safe entry point says so, often by RuntimeError), and to call
    ``self.lost()``. aiologic.backends.Inbox does that for RuntimeError.
    """
    wait = Wait(backend)
    with runtime_world.open() as stage:
        stage.actor().does(run(wait.begin))

    if woken_by == "thread":
        assert wait.wake() is True
    else:
        with runtime_world.open() as elsewhere:
            in_callback = woken_by.startswith("callback")
            with elsewhere.frozen(as_callback=in_callback) as inside:
                assert inside(wait.wake) is True

    assert_lost(wait)


def assert_lost(wait: Wait) -> None:
    """If lost() is only called when the runtime is collected, that needs the garbage collector."""

    def heard() -> list[str]:
        if not wait.heard:
            gc.collect()
        return wait.heard

    until(heard, "lost() was called")
    assert wait.heard == [TAKEN_BACK]


def test_a_crowd_of_a_runtime_that_has_ended_is_reported(
    runtime_world: World, backend: Backend
) -> None:
    """The same for each of many that are woken then, one after the other.

    If this fails: the first one that is lost must not affect those behind it.
    """
    waits = [Wait(backend) for _ in range(20)]
    with runtime_world.open() as stage:
        for wait in waits:
            stage.actor().does(run(wait.begin))

    for wait in waits:
        assert wait.wake() is True

    for wait in waits:
        assert_lost(wait)


def test_nothing_is_lost_that_comes_as_the_runtime_ends(
    cancelling_world: World, threads: Stage, backend: Backend
) -> None:
    """Woken and ended at the same time: each task has it, or it was taken back, or the task had left before.

    If this fails and neither happened: a wake-up was accepted by the entry point of a
    runtime that never looked at it again. The delivery must notice that it is
    dropped without having run (aiologic.backends.Inbox does so with a finalizer).
    """
    waits = [Wait(backend) for _ in range(40)]
    stage = cancelling_world.open()
    calls = [stage.actor().starts(park(wait)) for wait in waits]
    settled(stage, *waits)
    starting = threading.Barrier(2)

    def wake_all() -> list[bool]:
        starting.wait(LONG)
        return [wait.wake() for wait in waits]

    waking = threads.actor().starts(run(wake_all))
    starting.wait(LONG)
    stage.close()

    for wait, woken, call in zip(waits, waking.result(), calls):
        outcome = call.result()
        if woken:
            expected = [ACCEPTED] if outcome is True else [TAKEN_BACK]
        else:
            expected = [LEFT]
        assert wait.heard == expected


def test_a_runtime_leaves_nothing_behind(world: World, backend: Backend) -> None:
    """After many wake-ups from elsewhere, there are no more threads, descriptors or waiters than before.

    If this fails: what the backend opens for a runtime (a pipe, a watcher) has to
    be closed with it; tie it to the lifetime of the loop or hub, and not to that of
    the thread. If waiters are left: something in the backend holds them, such as a
    global "last one".
    """
    live_and_die(world, backend)
    before = what_is_left_of(live_and_die(world, backend))

    for _ in range(2):
        live_and_die(world, backend)
    after = what_is_left_of(live_and_die(world, backend))

    # There may be less: what earlier tests left behind is collected at some time.
    more = {name: (before[name], n) for name, n in after.items() if n > before[name]}
    assert more == {}


def test_a_runtime_that_has_ended_is_collected(
    runtime_world: World, backend: Backend
) -> None:
    """The backend keeps no loop or hub alive, and so none of what its tasks left behind.

    If this fails: a dictionary of the backend holds it, perhaps as a key. Hold it
    weakly, or store what you know about it in the runtime itself.
    """

    def lives_and_dies(*, used: bool) -> Callable[[], object]:
        with runtime_world.open() as stage:
            if used:
                some_wake_ups(stage, backend)
            token = stage.actor().does(run(backend.current_token))
            try:
                return weakref.ref(token)
            except TypeError:
                pytest.skip("the token allows no weak references")

    def is_gone(remains: Callable[[], object]) -> bool:
        gc.collect()
        return remains() is None

    unused = lives_and_dies(used=False)
    if not any(is_gone(unused) for _ in range(4)):
        pytest.skip("the library itself keeps it")
    used = lives_and_dies(used=True)
    until(lambda: is_gone(used), "the runtime is collected")


def live_and_die(world: World, backend: Backend) -> type:
    """Run some tasks that are woken by a thread; return the class of their waiters."""
    with world.open() as stage:
        return some_wake_ups(stage, backend)


def what_is_left_of(kind: type) -> dict[str, int]:
    # Not after each run, since going through all objects takes a second if there are many tests.
    for _ in range(4):  # without reference counts, finalizers may run late
        gc.collect()
    left = {
        "threads": len(sys._current_frames()),
        "waiters": sum(type(thing) is kind for thing in gc.get_objects()),
    }
    if os.path.isdir(DESCRIPTORS):
        left["descriptors"] = len(os.listdir(DESCRIPTORS))
    return left


def some_wake_ups(stage: Stage, backend: Backend) -> type:
    waits = [Wait(backend) for _ in range(20)]
    calls = [stage.actor().starts(park(wait, 1e6)) for wait in waits]
    settled(stage, *waits)
    for wait in waits:
        wait.wake()
    assert all(call.result() is True for call in calls)
    return type(waits[0].waiter)
