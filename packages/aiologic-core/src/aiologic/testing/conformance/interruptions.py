# SPDX-License-Identifier: ISC
"""Duties 3, 4 and 5: a signal handler or a finalizer runs in the middle of park or unpark.

Such a handler runs in the thread of the task, between two bytecodes of the
backend, and wakes that very task, which is about to sleep, or is being cancelled,
or whose time is running out. Or it raises. Each call is repeated here, and
interrupted a bytecode later each time: see
:class:`aiologic.testing.harness.Interruption`. After "interrupted", a failure shows
the line before which the handler did harm.
"""

from __future__ import annotations

from functools import partial
from itertools import count

import pytest

from .._duties import (
    ACCEPTED,
    LEFT,
    TAKEN_BACK,
    Wait,
    caught,
    in_another_thread,
    park,
    settled,
)
from .._interrupted_waits import (
    Noted,
    files_of,
    interrupted,
    result_of,
    sleeps_well,
)
from .._interruption import Interrupted, Interruption, RaisingInterruption
from .._stage import CANCELLED, LONG

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ..._runtime.interface import Backend
    from .._duties import Waker
    from .._stage import Stage, World

#: Who interrupts: the thread itself, or another one at that very moment.
INTERRUPTERS: dict[str, Callable[[Callable[[], object]], Callable[[], object]]] = {
    "handler": lambda function: function,
    "thread": lambda function: partial(in_another_thread, function),
}

by_whom: pytest.MarkDecorator = pytest.mark.parametrize("by", list(INTERRUPTERS))
for_how_long: pytest.MarkDecorator = pytest.mark.parametrize(
    "timeout", [None, LONG], ids=["ever", "long"]
)
#: Whose code is interrupted: that of the backend, before each bytecode; or also that of
#: the library, before each 7th, as it runs so many.
in_whose_code: pytest.MarkDecorator = pytest.mark.parametrize(
    ("stride", "whose"),
    [(1, "backend"), pytest.param(7, "library", marks=pytest.mark.slow)],
    ids=["backend", "library"],
)


@in_whose_code
@for_how_long
@by_whom
def test_a_wake_up_on_the_way_to_sleep_is_not_lost(
    world: World,
    stage: Stage,
    backend: Backend,
    by: str,
    timeout: float | None,
    stride: int,
    whose: str,
) -> None:
    """However far park() has come: the task goes on.

    If this fails: park() checks whether it was woken, and only then prepares to be
    woken; a wake-up in between finds no task to resume. Prepare first, and check
    then. Or unpark() took the cheap way because a task step of the runtime
    executes here, but that step was the waiter's own: it does not sleep yet, and
    resuming it has no effect. Then take the thread-safe way, by which the wake-up
    arrives when the task sleeps.
    """
    files = files_of(world, whose)
    actor = stage.actor()
    number = 0
    for number in count(0, stride):
        wait = Wait(backend)
        wake = Noted(wait)
        interruption = Interruption(number, INTERRUPTERS[by](wake), files)
        call = actor.starts(interrupted(interruption, wait, timeout))
        settled(stage, wait)
        if not interruption.was_made:
            wake()  # there was nothing left to interrupt: it sleeps

        assert result_of(call, interruption) is True
        assert wait.heard == [ACCEPTED]
        if not interruption.was_made:
            break
    assert number > 1


@in_whose_code
@for_how_long
@by_whom
def test_a_wake_up_at_any_moment_of_a_cancellation_is_passed_on_or_heard(
    world: World,
    cancelling_stage: Stage,
    backend: Backend,
    by: str,
    timeout: float | None,
    stride: int,
    whose: str,
) -> None:
    """The task is woken, or cancelled; and its next wait is left alone.

    If this fails: the library and unpark() both make the task ready. Whichever
    comes second must notice that the other came first: in the function that the
    library calls to end the sleep, mark the wait as ended, and then check again.
    """
    files = files_of(world, whose)
    stage, actor = cancelling_stage, cancelling_stage.actor()
    outcome: object = None
    for number in count(0, stride):
        wait = Wait(backend)
        wake = Noted(wait)
        interruption = Interruption(number, INTERRUPTERS[by](wake), files)
        call = actor.starts(park(wait, timeout))
        settled(stage, wait)

        with stage.frozen() as inside:
            inside(interruption.begin)
            inside(call.cancel)
        outcome = result_of(call, interruption)
        stage.inside(interruption.end)

        if outcome == CANCELLED:
            assert wait.heard == [TAKEN_BACK if wake.was_heard else LEFT]
        else:
            assert (outcome, wait.heard) == (True, [ACCEPTED])
            assert wake.was_heard
        sleeps_well(stage, backend, actor)
        if not interruption.was_made:
            break
    assert outcome == CANCELLED


@in_whose_code
@by_whom
def test_a_wake_up_as_time_runs_out_is_heard_or_refused(
    world: World, stage: Stage, backend: Backend, by: str, stride: int, whose: str
) -> None:
    """The task has what it was given, or the waker is told that it came too late.

    If this fails: the time-out and unpark() both make the task ready, or the wait's
    timer is left behind. See the test above.
    """
    files = files_of(world, whose)
    actor = stage.actor()
    outcome: object = None
    for number in count(0, stride):
        wait = Wait(backend)
        wake = Noted(wait)
        interruption = Interruption(number, INTERRUPTERS[by](wake), files)
        call = actor.starts(interrupted(interruption, wait, 1e-6))

        outcome = result_of(call, interruption)

        assert outcome is wake.was_heard, interruption.where
        assert wait.heard == [ACCEPTED if outcome else LEFT]
        sleeps_well(stage, backend, actor)
        if not interruption.was_made:
            break
    assert outcome is False


@for_how_long
@pytest.mark.parametrize("woken", [False, True], ids=["", "woken"])
def test_a_handler_that_raises_on_the_way_to_sleep_leaves_no_trace(
    world: World, stage: Stage, backend: Backend, timeout: float | None, woken: bool
) -> None:
    """What it raised comes out of park(), and does not affect the task's next wait.

    The handler may have woken the task before it raised; then what the task was
    given is passed on.

    If this fails: something that park() has prepared is not undone. Put everything
    into a ``try`` with a ``finally``, from the first preparation on.
    """
    files = files_of(world, "backend")
    actor = stage.actor()
    for number in count():
        wait = Wait(backend)
        wake = Noted(wait)

        def handler(wake: Noted = wake) -> None:
            if woken:
                wake()
            raise Interrupted

        interruption = RaisingInterruption(number, handler, files)
        call = actor.starts(caught(interrupted(interruption, wait, timeout)))
        settled(stage, wait)
        if not interruption.was_made:
            wake()

        outcome = result_of(call, interruption)

        if interruption.was_made:
            assert isinstance(outcome, Interrupted), interruption.where
            assert wait.heard == [TAKEN_BACK if wake.was_heard else LEFT]
        else:
            assert (outcome, wait.heard) == (True, [ACCEPTED])
        sleeps_well(stage, backend, actor)
        if not interruption.was_made:
            break


def test_an_unpark_that_was_interrupted_can_be_called_again(
    world: World, stage: Stage, backend: Backend, wake_in: Waker
) -> None:
    """A handler raises in unpark(); core calls it once more, and the task goes on.

    Nobody knows how far the first call came. The second has to do what is left,
    and must do no harm if that is nothing.

    If this fails: unpark() records that the task is woken before it makes it ready,
    and the second call stops at that record. Or making it ready twice is an error:
    see the test above for how to tell whether it still sleeps.
    """
    files = files_of(world, "inbox")
    actor = stage.actor()
    for number in count():
        wait = Wait(backend)
        interruption = RaisingInterruption(number, Interrupted.now, files)

        def wake(wait: Wait = wait, interruption: Interruption = interruption) -> None:
            assert wait.waiter.claim()
            try:
                interruption.during(wait.waiter.unpark)
            except Interrupted:
                wait.waiter.unpark()

        call = actor.starts(park(wait))
        settled(stage, wait)

        wake_in(stage, wake)

        assert result_of(call, interruption) is True
        assert wait.heard == [ACCEPTED]
        sleeps_well(stage, backend, actor)
        if not interruption.was_made:
            break
