# SPDX-License-Identifier: ISC
"""Duty 14: a shielded call runs to its end, in the task that shields it; what would have interrupted it comes afterwards."""

from __future__ import annotations

from contextvars import ContextVar

import pytest

import aiologic

from .._duties import (
    ACCEPTED,
    LEFT,
    Wait,
    caught,
    checkpoint,
    in_turn,
    park,
    settled,
    shield,
    starts_cancelled,
)
from .._stage import CANCELLED, LONG, SHORT, Operation, Stage
from ..operations import acquire, release, run
from .identity import me

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..._runtime.interface import Backend
    from .._duties import Waker


class OwnError(Exception):
    """Raised by the shielded call itself."""


def raising() -> Operation:
    """An operation that fails."""

    def fail() -> None:
        raise OwnError

    return run(fail)


def test_a_shielded_call_returns_what_it_returns(
    stage: Stage, backend: Backend
) -> None:
    """If nothing interrupts, shield() is just a call.

    If this fails: return the result; let exceptions pass.
    """
    actor = stage.actor()
    assert actor.does(shield(backend, run(lambda: "result"))) == "result"
    error = actor.does(caught(shield(backend, raising())))
    assert isinstance(error, OwnError)
    nested = shield(backend, shield(backend, run(lambda: "inner")))
    assert actor.does(nested) == "inner"


@pytest.mark.parametrize("cancellations", [1, 3])
def test_a_shielded_call_runs_to_its_end_though_cancelled(
    cancelling_stage: Stage, backend: Backend, cancellations: int
) -> None:
    """It goes on waiting, gets what it waits for, and then the task gets the cancellation.

    It may come out of shield(), or of the next checkpoint, as the library likes;
    an edge must come out of shield(), as it would be forgotten otherwise.

    If this fails before the wake-up: the cancellation reached the call; use the
    library's own shield, or its way to disable cancellation, or catch and remember
    it. If it fails at the end: what was remembered has to be raised. If only the case
    of several cancellations fails: the second one came while the first was being
    remembered; use a loop.
    """
    wait = Wait(backend)
    ended: list[str] = []
    inner = in_turn(park(wait), run(lambda: ended.append("inner")))
    outer = in_turn(shield(backend, inner), checkpoint(backend))
    call = cancelling_stage.actor().starts(outer)
    settled(cancelling_stage, wait)

    for _ in range(cancellations):
        cancelling_stage.inside(call.cancel)
        settled(cancelling_stage)
        assert wait.heard == []
        assert not call.is_done
    wait.wake()

    assert call.result() == CANCELLED
    assert wait.heard == [ACCEPTED]
    assert ended == ["inner"]


def test_a_task_that_is_cancelled_already_can_shield(
    cancelling_stage: Stage, backend: Backend
) -> None:
    """A cancellation that is pending when shield() begins comes afterwards, too.

    If this fails: the call was not started, or was interrupted at its first wait.
    """
    wait = Wait(backend)
    outer = in_turn(shield(backend, park(wait)), checkpoint(backend))

    call = starts_cancelled(cancelling_stage, cancelling_stage.actor(), outer)
    settled(cancelling_stage, wait)
    assert wait.heard == []
    wait.wake()

    assert call.result() == CANCELLED
    assert wait.heard == [ACCEPTED]


def test_what_the_call_raises_goes_first(
    cancelling_stage: Stage, backend: Backend
) -> None:
    """The task was cancelled meanwhile, but gets the call's own exception.

    If this fails: raise the remembered cancellation only if the call returned.
    """
    wait = Wait(backend)
    failing = in_turn(park(wait), raising())
    call = cancelling_stage.actor().starts(caught(shield(backend, failing)))
    settled(cancelling_stage, wait)

    cancelling_stage.inside(call.cancel)
    settled(cancelling_stage)
    wait.wake()

    assert isinstance(call.result(), OwnError)


def test_a_shielded_call_has_the_identity_of_its_task(
    stage: Stage, backend: Backend
) -> None:
    """current_task() inside is current_task() outside.

    If this fails: the call runs in a task of its own. Let current_task() return the
    task for which it runs; if you replace current_task by another function for that,
    call look_again().
    """
    ask = run(me(backend))
    both = in_turn(ask, checkpoint(backend), ask)

    before, during, after = stage.actor().does(in_turn(ask, shield(backend, both), ask))

    assert before is not None
    assert all(task is before for task in (during[0], during[2], after))


def test_a_shielded_call_has_the_variables_of_its_task(
    stage: Stage, backend: Backend
) -> None:
    """What was set outside is read inside, and what is set inside is read afterwards.

    A user's call must not be able to tell that it was shielded.

    If this fails: the call runs in a helper, in a context of its own. Run it in
    the very context of the task that shields, if the library allows that; otherwise
    in a copy, and afterwards set what it has changed.
    """
    variable: ContextVar[str] = ContextVar("variable", default="unset")

    def sets(value: str) -> Operation:
        return run(lambda: variable.set(value) and None)

    inner = in_turn(run(variable.get), sets("inside"), checkpoint(backend))
    scene = in_turn(sets("outside"), shield(backend, inner), run(variable.get))

    _, (read_inside, *_), read_afterwards = stage.actor().does(scene)

    assert read_inside == "outside"
    assert read_afterwards == "inside"


@pytest.mark.parametrize("timeout", [None, LONG], ids=["no limit", "limit"])
def test_a_wait_that_began_outside_goes_on_in_a_shield(
    stage: Stage, backend: Backend, wake_in: Waker, timeout: float | None
) -> None:
    """The waiter is created by the task, queued, and then parked by a shielded call of it.

    If this fails: the call runs in a helper, but the waiter resumes the task that
    created it. Record who sleeps in park(), and not in create_waiter().
    """
    wait = Wait(backend)

    def green() -> Any:
        waiter = wait.begin()
        return backend.shield(lambda: waiter.park(timeout))  # type: ignore[attr-defined]

    async def aio() -> Any:
        waiter = wait.begin()

        async def parks() -> Any:
            woken = await waiter.park(timeout)
            return True if woken is None and timeout is None else woken

        return await backend.shield(parks())  # type: ignore[attr-defined]

    call = stage.actor().starts(Operation("park in a shield", green, aio))
    settled(stage, wait)
    assert not call.is_done

    wake_in(stage, wait.wake)

    assert call.result() is True


def test_a_shield_changes_nothing_for_others(
    runtime_stage: Stage, threads: Stage, backend: Backend
) -> None:
    """Other tasks, callbacks and threads get the same answers as before, while it runs and afterwards.

    If this fails: the code that recognizes the helper of a shielded call has to cope
    with there being no task, and must leave other tasks alone.
    """
    ask = me(backend)
    actor, neighbour = runtime_stage.actor(), runtime_stage.actor()
    before = neighbour.does(run(ask))
    wait = Wait(backend)
    call = actor.starts(shield(backend, park(wait)))
    settled(runtime_stage, wait)

    def assert_others_are_told() -> None:
        assert neighbour.does(run(ask)) is before
        assert threads.actor().does(run(ask)) is None
        with runtime_stage.frozen(as_callback=True) as inside:
            assert inside(lambda: ask() is None or backend.knows(ask()))

    assert_others_are_told()
    wait.wake()
    assert call.result() is True
    assert_others_are_told()


def test_a_lock_that_is_taken_in_a_shield_is_the_tasks(
    stage: Stage, backend: Backend
) -> None:
    """It can be released outside, or be taken outside and released inside.

    If this fails: see the test above; core got the function before the first
    shield, and keeps calling that one: use look_again().
    """
    lock = aiologic.Lock()
    taken, given = acquire(lock), release(lock)
    scene = in_turn(
        shield(backend, taken), given, taken, shield(backend, given), taken, given
    )

    assert stage.actor().does(scene)[0] is True
    assert not lock.locked()


def test_time_runs_out_in_a_shield(stage: Stage, backend: Backend) -> None:
    """Time-outs of the call itself work as usual.

    If this fails: hold back the cancellation of the task that shields, but not the
    time-outs inside, which some libraries implement by cancellation, too.
    """
    waits = [Wait(backend), Wait(backend)]
    inner = in_turn(park(waits[0], SHORT), park(waits[1], 0))

    assert stage.actor().does(shield(backend, inner)) == [False, False]
    assert [wait.heard for wait in waits] == [[LEFT], [LEFT]]


def test_after_a_shield_the_task_waits_as_before(
    stage: Stage, backend: Backend
) -> None:
    """Nothing of the shield stays with the task.

    If this fails: shield() has to leave in a ``finally`` what it has entered.
    """
    wait = Wait(backend)
    shielded = caught(shield(backend, raising()))
    call = stage.actor().starts(in_turn(shielded, park(wait)))
    settled(stage, wait)
    assert not call.is_done
    wait.wake()
    assert call.result()[1] is True


def test_after_a_shield_the_task_can_be_cancelled(
    cancelling_stage: Stage, backend: Backend
) -> None:
    """A cancellation that comes later interrupts.

    If this fails: see the test above.
    """
    wait = Wait(backend)
    shielded = shield(backend, checkpoint(backend))
    call = cancelling_stage.actor().starts(in_turn(shielded, park(wait)))
    settled(cancelling_stage, wait)

    cancelling_stage.inside(call.cancel)

    assert call.result() == CANCELLED
