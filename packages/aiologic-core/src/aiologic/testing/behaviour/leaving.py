# SPDX-License-Identifier: ISC
"""Rule 2: a task that leaves the queue early leaves no trace, and keeps no other task waiting.

If one of these fails: look at duties 6 and 7: a wait that ends early has to end
``park()``, with False or with the library's exception, and neither may be mistaken for a
wake-up.
"""

from __future__ import annotations

import random
import time

import pytest

from .._stage import CANCELLED, SHORT, Stage, until
from ..catalogue import happen
from ..operations import acquire, release, wait

TYPE_CHECKING = False
if TYPE_CHECKING:
    import aiologic

    from .._stage import Call
    from ..operations import Exclusive


def test_the_only_one_who_waits_leaves(
    cancelling_stage: Stage, threads: Stage, exclusive: Exclusive
) -> None:
    """A queue that only contains the remains of ended waits counts as empty: newcomers need not wait."""
    holder, newcomer = threads.actor(), threads.actor()
    holder.does(acquire(exclusive))
    call = cancelling_stage.actor().starts(acquire(exclusive))
    until(lambda: exclusive.waiting == 1)

    cancelling_stage.inside(call.cancel)
    assert call.result() == CANCELLED
    assert exclusive.waiting == 0
    holder.does(release(exclusive))

    assert newcomer.does(acquire(exclusive, blocking=False)) is True


def test_the_only_one_who_waits_leaves_as_it_is_released(
    cancelling_stage: Stage, threads: Stage, exclusive: Exclusive
) -> None:
    """It is cancelled, but still queued when a thread grants it the lock: that must become free."""
    holder, newcomer = threads.actor(), threads.actor()
    holder.does(acquire(exclusive))
    call = cancelling_stage.actor().starts(acquire(exclusive))
    until(lambda: exclusive.waiting == 1)

    with cancelling_stage.frozen() as inside:
        inside(call.cancel)
        holder.does(release(exclusive))
        blocked = newcomer.starts(acquire(exclusive))  # behind the task that leaves
        # If the library throws immediately, that task has left, and there is no need to wait.
        until(lambda: exclusive.waiting == 1 or blocked.is_done)

    assert call.result() == CANCELLED
    assert blocked.result() is True


@pytest.mark.parametrize("leaving", [45, 50])
def test_waiters_leave_in_any_order_and_the_rest_are_served_in_theirs(
    cancelling_stage: Stage, exclusive: Exclusive, leaving: int
) -> None:
    """So many leave that the queue is swept: once, or twice."""
    holder = cancelling_stage.actor()
    holder.does(acquire(exclusive))
    actors = [cancelling_stage.actor() for _ in range(60)]
    calls: list[Call] = []
    for actor in actors:
        calls.append(actor.starts(acquire(exclusive)))
        until(lambda: exclusive.waiting == len(calls))
    leavers = random.Random(7).sample(range(60), leaving)

    for count, leaver in enumerate(leavers, 1):
        cancelling_stage.inside(calls[leaver].cancel)
        assert calls[leaver].result() == CANCELLED
        assert exclusive.waiting == 60 - count

    last = holder
    for number in sorted(set(range(60)).difference(leavers)):
        assert not calls[number].is_done
        last.does(release(exclusive))
        assert calls[number].result() is True
        last = actors[number]
    last.does(release(exclusive))
    assert holder.does(acquire(exclusive, blocking=False)) is True


def test_time_runs_out_in_the_middle_of_the_queue(
    stage: Stage, exclusive: Exclusive
) -> None:
    holder, first, impatient, third = (stage.actor() for _ in range(4))
    holder.does(acquire(exclusive))
    first_call = first.starts(acquire(exclusive))
    until(lambda: exclusive.waiting == 1)
    impatient_call = impatient.starts(acquire(exclusive, timeout=SHORT))
    third_call = third.starts(acquire(exclusive))

    assert impatient_call.result() is False
    until(lambda: exclusive.waiting == 2)
    holder.does(release(exclusive))
    assert first_call.result() is True
    first.does(release(exclusive))
    assert third_call.result() is True
    third.does(release(exclusive))
    assert holder.does(acquire(exclusive, blocking=False)) is True


@pytest.mark.parametrize("released_by", ["a task", "a thread"])
def test_time_is_up_and_it_is_released_before_the_task_can_run(
    cancelling_stage: Stage, threads: Stage, exclusive: Exclusive, released_by: str
) -> None:
    """The result of the call is true: the task has the lock, or it has left.

    The loop is busy until the time-out is overdue, and only then is the lock released:
    both the time-out and the wake-up are pending when the loop goes on. Which of them
    wins depends on the library.
    """
    stage = cancelling_stage if released_by == "a task" else threads
    holder, impatient = stage.actor(), cancelling_stage.actor()
    holder.does(acquire(exclusive))
    call = impatient.starts(acquire(exclusive, timeout=SHORT))
    until(lambda: exclusive.waiting == 1 or call.is_done)

    with cancelling_stage.frozen() as inside:
        inside(time_is_up)
        releasing = holder.starts(release(exclusive))
        if stage is threads:
            releasing.result()

    releasing.result()
    if call.result():
        assert holder.does(acquire(exclusive, blocking=False)) is False
        impatient.does(release(exclusive))
    assert exclusive.waiting == 0
    assert holder.does(acquire(exclusive, blocking=False)) is True


def test_leaving_an_event(
    cancelling_stage: Stage, threads: Stage, event: aiologic.Event
) -> None:
    cancelled = cancelling_stage.actor().starts(wait(event))
    patient = cancelling_stage.actor().starts(wait(event))
    until(lambda: event.waiting == 2)
    assert threads.actor().does(wait(event, SHORT)) is False
    assert cancelling_stage.actor().does(wait(event, SHORT)) is False

    cancelling_stage.inside(cancelled.cancel)

    assert cancelled.result() == CANCELLED
    assert event.waiting == 1
    happen(event)
    assert patient.result() is True
    assert event.waiting == 0


def time_is_up() -> None:
    """Return when any wait with a SHORT time-out is overdue."""
    end = time.monotonic() + 2 * SHORT
    until(lambda: time.monotonic() > end)
