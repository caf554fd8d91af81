# SPDX-License-Identifier: ISC
"""Duties 2 and 4: a task sleeps until it is woken, and a wake-up that comes early is remembered.

Park is the library's own way to suspend the current task. Unpark makes that one
task go on, and no other; it may come before park, and after the wait is over.
"""

from __future__ import annotations

import pytest

from .._duties import ACCEPTED, LEFT, Wait, in_another_thread, in_turn, park, settled
from .._stage import CANCELLED, LONG, SHORT, Stage
from ..operations import run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..._runtime.interface import Backend
    from .._duties import Waker
    from .._stage import Call


def test_a_task_sleeps_until_it_is_woken(
    stage: Stage, backend: Backend, wake_in: Waker
) -> None:
    """park() returns when unpark() was called, not before, and returns True.

    If this fails: suspend the task with what the library itself uses for its
    locks and events (an event, a future, a switch to the hub), and make it ready
    again in unpark(). If only "thread" or "callback" fails, see duty 5: the
    thread-safe entry point of the library has to be used there.
    """
    wait = Wait(backend)
    call = stage.actor().starts(park(wait))
    settled(stage, wait)
    assert not call.is_done

    wake_in(stage, wait.wake)

    assert call.result() is True
    assert wait.returned is True
    assert wait.heard == [ACCEPTED]


def test_a_waiter_names_its_library(stage: Stage, backend: Any) -> None:
    """Statistics count waiters by their libraries.

    If this fails: give your class of waiters an attribute: ``library = "..."``,
    the name that your backend serves.
    """
    name = stage.actor().does(run(lambda: backend.create_waiter().library))
    assert name == backend.library


def test_only_the_one_that_is_woken_goes_on(
    stage: Stage, backend: Backend, wake_in: Waker
) -> None:
    """Each task has a waiter of its own; the others sleep on.

    If this fails: what unpark() resumes has to be kept in the waiter, in a slot
    of its own that create_waiter() fills, and not in anything that waiters share.
    """
    waits = [Wait(backend) for _ in range(5)]
    calls = [stage.actor().starts(park(wait)) for wait in waits]
    settled(stage, *waits)

    for chosen in (3, 0, 4, 1, 2):
        wake_in(stage, waits[chosen].wake)
        assert calls[chosen].result() is True
        settled(stage)
        done = [call.is_done for call in calls]
        assert done == [bool(wait.heard) for wait in waits]


def test_the_others_go_on_while_a_task_sleeps(
    runtime_stage: Stage, backend: Backend
) -> None:
    """park() suspends the task, and not the thread.

    If this fails: park() blocks the thread of the runtime. It has to hand
    control to the loop or hub.
    """
    wait = Wait(backend)
    call = runtime_stage.actor().starts(park(wait))
    settled(runtime_stage, wait)

    assert runtime_stage.actor().does(run(lambda: "runs")) == "runs"

    assert not call.is_done
    wait.wake()
    assert call.result() is True


def test_a_task_waits_many_times(stage: Stage, backend: Backend) -> None:
    """Each wait is a new waiter, and is not affected by earlier ones.

    If this fails: look for state that park() leaves in the task or in the
    runtime, such as a timer that is still running, or a second wake-up that was
    sent but not received.
    """
    waits = [Wait(backend) for _ in range(50)]
    timeouts = (None, LONG)
    parks = [park(wait, timeouts[count % 2]) for count, wait in enumerate(waits)]
    call = stage.actor().starts(in_turn(*parks))

    for wait in waits:
        settled(stage, wait)
        wait.wake()

    assert call.result() == [True] * 50
    assert [wait.heard for wait in waits] == [[ACCEPTED]] * 50


@pytest.mark.parametrize("timeout", [None, SHORT, LONG], ids=str)
@pytest.mark.parametrize("woken_by", ["itself", "thread"])
def test_a_wake_up_before_park_is_remembered(
    stage: Stage, backend: Backend, timeout: float | None, woken_by: str
) -> None:
    """A waiter that was unparked before park() makes that return True at once.

    Between the moment in which a waiter is queued and the one in which its task
    sleeps, anybody may find it in the queue and wake it.

    If this fails: unpark() has to leave a mark in the waiter (or to set the
    library's own event or future, which was made by create_waiter()), and park()
    must look at it before it suspends. "Switch to the task if it sleeps, else do
    nothing" loses it, and the task sleeps for ever.
    """
    wait = Wait(backend)

    def wake() -> None:
        if woken_by == "itself":
            wait.wake()
        else:
            in_another_thread(wait.wake)

    assert stage.actor().does(park(wait, timeout, before_park=wake)) is True
    assert wait.returned is True
    assert wait.heard == [ACCEPTED]


@pytest.mark.parametrize("woken_by", ["itself", "thread"])
def test_a_wake_up_before_a_wait_of_no_time_is_found(
    stage: Stage, backend: Backend, woken_by: str
) -> None:
    """Even with a time-out of 0, the task gets what it was given.

    park(0) may return False here (then core checks the waiter again), but must
    not raise, nor leave something behind that wakes the task later on.

    If this fails: park(0) must not simply return without waiting; see the test
    above.
    """
    wait, next_wait = Wait(backend), Wait(backend)

    def wake() -> None:
        if woken_by == "itself":
            wait.wake()
        else:
            in_another_thread(wait.wake)

    both = in_turn(park(wait, 0, before_park=wake), park(next_wait))
    call = stage.actor().starts(both)
    settled(stage, next_wait)

    assert not call.is_done
    next_wait.wake()
    assert call.result() == [True, True]


def test_a_wake_up_before_park_disturbs_no_wait_between(
    stage: Stage, backend: Backend, wake_in: Waker
) -> None:
    """Its task has created a waiter, and waits for something else before it parks.

    (Users of :func:`aiologic.lowlevel.create_async_waiter` may do so.)

    If this fails: the waiter records its task when it is created, and unpark()
    resumes that. Record it in park(), and clear it there.
    """
    wait, between = Wait(backend), Wait(backend)
    parked = park(between)

    def green() -> object:
        waiter = wait.begin()
        return parked.green(), waiter.park(None)

    async def aio() -> object:
        waiter = wait.begin()
        return await parked.aio(), await waiter.park(None) is not False

    call = stage.actor().starts(parked._replace(green=green, aio=aio))
    settled(stage, wait, between)

    wake_in(stage, wait.wake)
    settled(stage)

    assert between.returned is None
    assert between.heard == []
    between.wake()
    assert call.result() == (True, True)


def test_to_wake_again_is_refused(
    stage: Stage, threads: Stage, backend: Backend
) -> None:
    """If many wake one waiter at once, exactly one is told that it did.

    Core ensures that, and so unpark() is called once. If this fails: the backend
    overrides wake(), claim(), abandon() or pop() of its waiter, which belong to core.
    """
    wait = Wait(backend)
    call = stage.actor().starts(park(wait))
    settled(stage, wait)
    wakers = [threads.actor() for _ in range(4)]

    attempts = [waker.starts(run(wait.wake)) for waker in wakers]

    assert sorted(attempt.result() for attempt in attempts) == [False] * 3 + [True]
    assert call.result() is True
    assert wait.wake() is False
    assert wait.heard == [ACCEPTED]


def test_a_wake_up_after_time_ran_out_disturbs_no_later_wait(
    stage: Stage, backend: Backend, wake_in: Waker
) -> None:
    """Unpark after the wait has ended has no effect.

    A claims the waiter; B's time is up at that moment, so B goes on, with what it
    was given, and waits for something else; only then does A call unpark().

    If this fails: unpark() resumes the *task*, and not this one wait of it. Let
    park() mark the waiter as ended (in a ``finally``), and let unpark() check the
    mark where it takes effect, in the runtime's own thread.
    """
    for _ in range(20):
        wait, next_wait = Wait(backend), Wait(backend)
        call = stage.actor().starts(in_turn(park(wait, SHORT), park(next_wait)))
        settled(stage, wait)
        if wait.waiter.claim():
            break
        next_wait_ends(stage, next_wait, call)  # the time was up before the claim
    else:
        pytest.fail("no wait of 20 ms was long enough")
    settled(stage, next_wait)

    wake_in(stage, wait.waiter.unpark)
    settled(stage)

    assert wait.heard == [ACCEPTED]
    assert not call.is_done
    next_wait_ends(stage, next_wait, call)


def test_a_wake_up_after_a_cancellation_disturbs_no_later_wait(
    cancelling_stage: Stage, backend: Backend, wake_in: Waker
) -> None:
    """Unpark after the wait has ended by an exception has no effect.

    If this fails: see the test above. If the library allows a task to be made ready
    only once per sleep, a second time corrupts its scheduler.
    """
    wait, next_wait = Wait(backend), Wait(backend)
    stage, actor = cancelling_stage, cancelling_stage.actor()
    call = actor.starts(park(wait))
    settled(stage, wait)
    stage.inside(call.cancel)
    assert call.result() == CANCELLED
    next_call = actor.starts(park(next_wait))
    settled(stage, next_wait)

    wake_in(stage, wait.waiter.unpark)
    settled(stage)

    assert wait.heard == [LEFT]
    assert not next_call.is_done
    next_wait_ends(stage, next_wait, next_call)


def next_wait_ends(stage: Stage, wait: Wait, call: Call) -> None:
    """Check that it ends only now, as it was not woken before."""
    settled(stage, wait)
    assert wait.heard == []
    wait.wake()
    call.result()
    assert wait.heard == [ACCEPTED]
