# SPDX-License-Identifier: ISC
"""Duty 5: a runtime that sleeps is interrupted, wherever the wake-up comes from.

Most libraries have two ways to make a task ready: a cheap one that appends it to
the ready queue, and an expensive one that also interrupts the selector. Being in the
thread of that runtime does not mean that the runtime is awake: a signal handler,
a finalizer or a greenlet may have borrowed the thread of one that sleeps. Only
while a task step of that very runtime executes here is it certain to check its
ready queue before it sleeps again.
"""

from __future__ import annotations

import signal
import threading
import time

import pytest

from .._duties import ACCEPTED, Wait, in_turn, park, settled, sleep
from .._own_process import in_a_process_of_its_own
from .._places import beside
from .._stage import LONG, SHORT, Stage, until
from ..operations import run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..._runtime.interface import Backend
    from .._duties import Waker
    from .._stage import World

#: A runtime that notices a wake-up only at its next timer takes LONG.
PROMPTLY = LONG / 4


def has_slept() -> None:
    """Return when a runtime with nothing to do is probably asleep."""
    end = time.monotonic() + SHORT
    until(lambda: time.monotonic() > end)


@pytest.mark.parametrize("others", ["idle", "a timer far away"])
def test_a_runtime_that_sleeps_is_woken_at_once(
    runtime_stage: Stage, backend: Backend, others: str
) -> None:
    """A wake-up from another thread interrupts the sleep.

    If this fails: unpark() uses the way that is for the runtime's own thread.
    From elsewhere use the thread-safe one (``call_soon_threadsafe``,
    ``run_sync_soon``, an ``async_`` watcher); if the library has none, add a
    socket pair or a pipe to its loop, and write a byte.
    """
    wait = Wait(backend)
    if others != "idle":
        # In a world without cancellation, the stage can't be closed before this has ended, so it is not longer.
        runtime_stage.actor().starts(sleep(backend, LONG / 2))
    call = runtime_stage.actor().starts(park(wait))
    settled(runtime_stage, wait)
    has_slept()

    began = time.monotonic()
    wait.wake()
    assert call.result() is True

    assert time.monotonic() - began < PROMPTLY


def test_a_task_of_another_runtime_wakes_it(
    runtime_world: World, runtime_stage: Stage, backend: Backend, wake_in: Waker
) -> None:
    """A step of *some* task in this thread is not enough: it must be one of that very runtime.

    If this fails: unpark() takes the cheap way because a task of this library
    runs here. Compare the runtime, too (the loop, the token, the hub).
    """
    wait = Wait(backend)
    call = runtime_stage.actor().starts(park(wait))
    settled(runtime_stage, wait)

    with runtime_world.open() as elsewhere:
        has_slept()
        began = time.monotonic()
        wake_in(elsewhere, wait.wake)
        assert call.result() is True

    assert time.monotonic() - began < PROMPTLY
    assert wait.heard == [ACCEPTED]


def test_each_runtime_is_sent_its_own(
    runtime_world: World, runtime_stage: Stage, backend: Backend
) -> None:
    """A delivery to a busy runtime does not carry wake-ups for another one.

    If this fails: wake-ups for all runtimes share one delivery. Use one for each
    (aiologic.backends.Inboxes does).
    """
    here, there = Wait(backend), Wait(backend)
    whose = run(threading.get_ident)
    with runtime_world.open() as elsewhere:
        home = elsewhere.actor().does(whose)
        call = runtime_stage.actor().starts(park(here))
        other_call = elsewhere.actor().starts(in_turn(park(there), whose))
        settled(runtime_stage, here)
        settled(elsewhere, there)

        with runtime_stage.frozen():
            began = time.monotonic()
            here.wake()
            there.wake()
            assert other_call.result() == [True, home]
            assert time.monotonic() - began < PROMPTLY

        assert call.result() is True


@pytest.mark.slow
def test_a_signal_handler_wakes_a_runtime_that_sleeps(
    request: pytest.FixtureRequest, runtime_world: World, backend: Backend
) -> None:
    """A handler runs in the thread of the runtime, and the runtime is asleep.

    This runs in a separate process, with the runtime in its main thread.

    If this fails: unpark() takes the cheap way because the runtime belongs to
    this thread. Check whether one of its *tasks* executes now; in a handler that
    interrupted the selector, none does. For hubs: the handler runs in the hub's
    own greenlet, which is not a task.
    """
    if not hasattr(signal, "pthread_kill"):
        pytest.skip("signals for a given thread need POSIX")
    if not in_a_process_of_its_own(request):
        return
    main_thread = threading.main_thread().ident
    assert main_thread is not None
    waits = [Wait(backend) for _ in range(5)]
    left = list(waits)

    def handler(_number: int, _frame: object) -> None:
        left.pop(0).wake()

    def script() -> float:
        slowest = 0.0
        with runtime_world.open() as stage:
            for wait in waits:
                call = stage.actor().starts(park(wait))
                settled(stage, wait)
                has_slept()
                began = time.monotonic()
                signal.pthread_kill(main_thread, signal.SIGUSR1)
                assert call.result() is True
                slowest = max(slowest, time.monotonic() - began)
        return slowest

    signal.signal(signal.SIGUSR1, handler)
    assert beside(script) < PROMPTLY
