# SPDX-License-Identifier: ISC
"""Duty 6: the library's cancellation comes out of park, whenever it comes; and what was granted is not lost.

Libraries differ in two points, and all answers are right: what wins if a task was
both woken and cancelled (World.wakes_first, World.remote_wakes_first), and whether
a cancelled task gets the exception once or at each wait
(World.level_cancellation).
"""

from __future__ import annotations

import pytest

from .._duties import (
    ACCEPTED,
    LEFT,
    TAKEN_BACK,
    Wait,
    caught,
    checkpoint,
    in_turn,
    park,
    settled,
    starts_cancelled,
    wake_in_a_task,
)
from .._stage import CANCELLED, LONG, Stage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..._runtime.interface import Backend
    from .._duties import Waker
    from .._stage import World

TIMEOUTS = pytest.mark.parametrize("timeout", [None, LONG], ids=["no limit", "limit"])


def consistent(wait: Wait, outcome: object) -> bool:
    """Either the task has what it was granted, or it has been taken back; not both, and not neither."""
    return (outcome, wait.heard) in ((True, [ACCEPTED]), (CANCELLED, [TAKEN_BACK]))


@TIMEOUTS
def test_a_sleeping_task_is_cancelled(
    cancelling_stage: Stage, backend: Backend, timeout: float | None
) -> None:
    """The library's exception leaves park() unchanged, and the task can wait again.

    If this fails: park() catches an exception that is not its own, or turns it into
    a return value. Use ``try``/``finally`` there, and no ``except``, except for the
    one exception that stands for park's own time-out. If the test is stuck: the task
    sleeps in a way that the library can't interrupt.
    """
    wait, next_wait = Wait(backend), Wait(backend)
    actor = cancelling_stage.actor()
    call = actor.starts(park(wait, timeout))
    settled(cancelling_stage, wait)

    cancelling_stage.inside(call.cancel)

    assert call.result() == CANCELLED
    assert wait.heard == [LEFT]
    assert wait.wake() is False
    call = actor.starts(park(next_wait, timeout))
    settled(cancelling_stage, next_wait)
    assert not call.is_done
    next_wait.wake()
    assert call.result() is True


@TIMEOUTS
def test_a_task_is_cancelled_before_it_sleeps(
    cancelling_stage: Stage, backend: Backend, timeout: float | None
) -> None:
    """A cancellation that is pending when park() begins ends it.

    If this fails: the sleep begins without the library's own check for a
    cancellation. Sleep in a way that includes it.
    """
    wait = Wait(backend)
    actor = cancelling_stage.actor()

    call = starts_cancelled(cancelling_stage, actor, park(wait, timeout))

    assert call.result() == CANCELLED
    assert wait.heard == [LEFT]


@pytest.mark.parametrize("timeout", [None, 0, LONG], ids=str)
def test_a_task_is_woken_and_cancelled_before_it_sleeps(
    cancelling_stage: Stage, backend: Backend, timeout: float | None
) -> None:
    """Both have happened when park() begins: nothing is lost.

    Either park() raises, and the grant is taken back; or it returns, and the
    cancellation comes at the next checkpoint.

    If this fails: park() must not forget one because of the other. If the outcome
    was True: it swallowed the cancellation.
    """
    wait = Wait(backend)
    parked = park(wait, timeout, before_park=wait.wake)
    both = in_turn(parked, checkpoint(backend))

    call = starts_cancelled(cancelling_stage, cancelling_stage.actor(), both)

    assert call.result() == CANCELLED
    assert wait.heard in ([ACCEPTED], [TAKEN_BACK])


@TIMEOUTS
def test_a_task_is_woken_and_then_cancelled_in_one_step(
    cancelling_stage: Stage,
    cancelling_world: World,
    backend: Backend,
    timeout: float | None,
) -> None:
    """It is scheduled to go on when it is cancelled.

    If this fails with the other outcome: does the library deliver a cancellation
    to a task that is ready? Then set ``wakes_first=False``. If the exception is
    wrong: it did not come out of park().
    """
    wait = Wait(backend)
    call = cancelling_stage.actor().starts(park(wait, timeout))
    settled(cancelling_stage, wait)

    def both() -> None:
        wait.wake()
        call.cancel()

    wake_in_a_task(cancelling_stage, both)

    outcome = call.result()
    assert outcome == (True if cancelling_world.wakes_first else CANCELLED)
    assert consistent(wait, outcome)


@TIMEOUTS
def test_a_task_is_woken_by_a_thread_and_then_cancelled(
    cancelling_stage: Stage,
    cancelling_world: World,
    backend: Backend,
    timeout: float | None,
) -> None:
    """The wake-up is on its way to the runtime when the task is cancelled.

    If this fails with the other outcome: set ``remote_wakes_first=True`` if the
    library serves its thread-safe entry point before it cancels tasks.
    """
    wait = Wait(backend)
    call = cancelling_stage.actor().starts(park(wait, timeout))
    settled(cancelling_stage, wait)

    with cancelling_stage.frozen() as inside:
        wait.wake()
        inside(call.cancel)

    outcome = call.result()
    assert outcome == (True if cancelling_world.remote_wakes_first else CANCELLED)
    assert consistent(wait, outcome)


@TIMEOUTS
def test_a_task_is_cancelled_and_then_woken(
    cancelling_stage: Stage, backend: Backend, wake_in: Waker, timeout: float | None
) -> None:
    """The grant comes too late: it is taken back, and the exception stands.

    If the library throws immediately, the task has left, and there is no grant.

    If this fails: the wake-up overwrote the cancellation. Where a wake-up is
    delivered, check whether the task still sleeps.
    """
    wait = Wait(backend)
    call = cancelling_stage.actor().starts(park(wait, timeout))
    settled(cancelling_stage, wait)
    granted: list[bool] = []

    def both() -> None:
        call.cancel()
        granted.append(wait.wake())

    if wake_in is wake_in_a_task:
        wake_in(cancelling_stage, both)
    else:
        with cancelling_stage.frozen() as inside:
            inside(call.cancel)
            granted.append(wait.wake())

    assert call.result() == CANCELLED
    assert wait.heard == ([TAKEN_BACK] if granted[0] else [LEFT])


def test_whether_a_cancelled_task_can_wait_again(
    cancelling_stage: Stage, cancelling_world: World, backend: Backend
) -> None:
    """Where cancellation is a level, each wait of the task raises; where it is an edge, only one.

    If this fails: is ``level_cancellation`` what the library does? If it is, look
    for something in park() that resets the state of the task, or that looks at it
    only once.
    """
    first, second = Wait(backend), Wait(backend)
    both = in_turn(caught(park(first)), park(second))
    call = cancelling_stage.actor().starts(both)
    settled(cancelling_stage, first)

    cancelling_stage.inside(call.cancel)
    settled(cancelling_stage, second)

    assert first.heard == [LEFT]
    if cancelling_world.level_cancellation:
        assert call.result() == CANCELLED
        assert second.heard == [LEFT]
    else:
        assert not call.is_done
        second.wake()
        assert call.result()[1] is True


def test_what_park_raises_is_the_librarys_own(
    cancelling_stage: Stage, backend: Backend
) -> None:
    """The exception is of the same class as that of the library's own waits.

    If this fails: park() raises something else in place of what it caught.
    """
    raised: list[object] = []
    for operation in (park(Wait(backend)), checkpoint(backend)):
        actor = cancelling_stage.actor()
        call = starts_cancelled(cancelling_stage, actor, caught(operation))
        raised.append(call.result())

    assert isinstance(raised[0], BaseException)
    assert type(raised[0]) is type(raised[1])
