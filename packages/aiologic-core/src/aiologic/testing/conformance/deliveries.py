# SPDX-License-Identifier: ISC
"""Duty 3: a wake-up comes while another one is on its way from unpark to its task.

It comes in a handler, or from a thread. If wake-ups share an entry point, that may go
wrong between two particular bytecodes, which a test that only runs many threads hits
once in a million times. So each is interrupted here as in ``interruptions``: a bytecode
later each time.
"""

from __future__ import annotations

from itertools import count

import pytest

from .._duties import ACCEPTED, Wait, park, settled
from .._interrupted_waits import Noted, files_of, result_of
from .._interruption import Interruption
from ..operations import run
from .interruptions import INTERRUPTERS, by_whom, in_whose_code

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ..._runtime.interface import Backend
    from .._stage import Stage, World


def wake_in_a_task(
    stage: Stage,
    threads: Stage,  # noqa: ARG001  # like its sibling
    function: Callable[[], object],
) -> None:
    """Call it in a task of the stage."""
    stage.inside(function)


def wake_beside(
    stage: Stage,  # noqa: ARG001  # like its sibling
    threads: Stage,
    function: Callable[[], object],
) -> None:
    """Call it in a thread that may get stuck."""
    threads.actor().does(run(function))


@pytest.mark.parametrize("wake_where", [wake_in_a_task, wake_beside])
@by_whom
def test_a_wake_up_at_any_moment_of_another_is_not_lost(
    world: World,
    stage: Stage,
    threads: Stage,
    backend: Backend,
    wake_where: Callable[[Stage, Stage, Callable[[], object]], None],
    by: str,
) -> None:
    """unpark() is called in the middle of unpark(): both tasks go on.

    If this fails with "stuck" or "unpark() blocks": unpark() holds a lock, and
    the call that interrupts it needs the same one. Append to a deque instead, which
    is atomic. If one of the tasks is stuck: the second call found the mark of the
    first ("it is being sent") and relied on it, although the first was past the
    point at which it would have noticed. First add what is to be sent, and then
    check the mark.
    """
    files = files_of(world, "inbox")
    one, other = stage.actor(), stage.actor()
    for number in count():
        wait, another = Wait(backend), Wait(backend)
        wake = Noted(another)
        interruption = Interruption(number, INTERRUPTERS[by](wake), files)
        calls = one.starts(park(wait)), other.starts(park(another))
        settled(stage, wait, another)

        wake_where(stage, threads, lambda: interruption.during(wait.wake))  # noqa: B023  # called at once
        if not interruption.was_made:
            wake()

        assert [result_of(call, interruption) for call in calls] == [True, True]
        assert wait.heard == another.heard == [ACCEPTED]
        if not interruption.was_made:
            break


@in_whose_code
@by_whom
def test_a_wake_up_at_any_moment_of_a_delivery_is_not_lost(
    world: World,
    runtime_stage: Stage,
    backend: Backend,
    by: str,
    stride: int,
    whose: str,
) -> None:
    """The runtime receives what was sent to it, and at this moment more is sent.

    If this fails: the second wake-up saw that a delivery was on its way and joined
    it, after that had checked for the last time. Let a delivery *first* record that
    it has arrived, and then take out everything that it finds, as
    aiologic.backends.Inbox does. The sender adds the waiter first, and then checks
    that record.
    """
    files = [*files_of(world, whose), *files_of(world, "inbox")]
    stage = runtime_stage
    one, other = stage.actor(), stage.actor()
    for number in count(0, stride):
        wait, another = Wait(backend), Wait(backend)
        wake = Noted(another)
        interruption = Interruption(number, INTERRUPTERS[by](wake), files)
        calls = one.starts(park(wait)), other.starts(park(another))
        settled(stage, wait, another)

        with stage.frozen() as inside:
            inside(interruption.begin)
            wait.wake()
        outcome = result_of(calls[0], interruption)
        stage.inside(interruption.end)
        if not interruption.was_made:
            wake()

        assert [outcome, result_of(calls[1], interruption)] == [True, True]
        assert wait.heard == another.heard == [ACCEPTED]
        if not interruption.was_made:
            break
