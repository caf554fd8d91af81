# SPDX-License-Identifier: ISC
"""Duties 8 and 13: a checkpoint lets others run once, and raises if the task is cancelled.

So does a sleep of no time.
"""

from __future__ import annotations

import pytest

from .._duties import (
    checkpoint,
    checkpoint_if_cancelled,
    in_turn,
    sleep,
    starts_cancelled,
)
from .._stage import CANCELLED, Operation, Stage
from .._switches import switches_of
from ..operations import run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ..._runtime.interface import Backend
    from .._stage import World

#: What lets others run once; a sleep of 0 seconds does so, too (duty 13).
YIELDS: dict[str, Callable[[Backend], Operation]] = {
    "checkpoint": checkpoint,
    "sleep(0)": lambda backend: sleep(backend, 0),
}


@pytest.fixture(params=list(YIELDS))
def yielding(request: pytest.FixtureRequest, backend: Backend) -> Operation:
    """An operation that lets others run once."""
    return YIELDS[request.param](backend)


def rounds(stage: Stage, operation: Operation, names: str, count: int = 5) -> list[str]:
    """Have tasks do it repeatedly, all of them ready from the beginning; return the order in which they ran."""
    ran: list[str] = []

    def turns(name: str) -> Operation:
        return in_turn(*[run(lambda: ran.append(name)), operation] * count)

    actors = [stage.actor() for _ in names]
    with stage.frozen():
        calls = [actor.starts(turns(name)) for actor, name in zip(actors, names)]
    for call in calls:
        call.result()
    return ran


def test_others_run_at_a_checkpoint(runtime_stage: Stage, yielding: Operation) -> None:
    """All ready tasks run before the task goes on; so none gets ahead by two.

    If this fails: the library's "yield" may sometimes return at once; use what it
    documents as letting others run (``sleep(0)``, a bare ``yield``).
    """
    ran = rounds(runtime_stage, yielding, "ab")

    for count in range(1, len(ran) + 1):
        assert abs(ran[:count].count("a") - ran[:count].count("b")) <= 1, ran


def test_a_checkpoint_is_one_switch(async_stage: Stage, yielding: Operation) -> None:
    """It yields to the loop exactly once.

    If this fails: users rely on it that calls cost one turn at most. Remove the
    second ``await``.
    """
    counted = yielding._replace(aio=lambda: switches_of(yielding.aio()))

    _, switches = async_stage.actor().does(counted)

    assert switches == 1


def test_a_checkpoint_raises_if_the_task_is_cancelled(
    cancelling_stage: Stage, yielding: Operation
) -> None:
    """A task that was cancelled before gets the exception here.

    If this fails: the library's bare "yield" does not check for a cancellation. Use
    its own checkpoint, or check afterwards.
    """
    actor = cancelling_stage.actor()

    call = starts_cancelled(cancelling_stage, actor, yielding)

    assert call.result() == CANCELLED


def test_to_look_for_a_cancellation_is_no_switch(
    runtime_stage: Stage, backend: Backend
) -> None:
    """checkpoint_if_cancelled() does not let others run if the task is not cancelled.

    If this fails: it must only check. If the library has no state to check (an
    edge is thrown, and then forgotten), do nothing here.
    """
    ran = rounds(runtime_stage, checkpoint_if_cancelled(backend), "ab")

    assert "".join(ran) in ("aaaaabbbbb", "bbbbbaaaaa")


def test_to_look_for_a_cancellation_is_no_switch_of_a_loop(
    async_stage: Stage, async_world: World, backend: Backend
) -> None:
    """The same, counted.

    If this fails: see the test above.
    """
    if not async_world.traps_are_switches:
        pytest.skip("what this library's coroutines hand to the loop can't be counted")
    look = checkpoint_if_cancelled(backend)
    counted = look._replace(aio=lambda: switches_of(look.aio()))

    assert async_stage.actor().does(counted) == (None, 0)


def test_to_look_for_a_cancellation_finds_it(
    cancelling_stage: Stage, cancelling_world: World, backend: Backend
) -> None:
    """It raises where a cancellation is a level; elsewhere the next checkpoint does.

    If this fails: ask the library for the state of the task, or of the scopes
    around it. If it is an edge, leave it where it is.
    """
    found: list[str] = []
    look = in_turn(
        checkpoint_if_cancelled(backend),
        run(lambda: found.append("nothing")),
        checkpoint(backend),
    )

    call = starts_cancelled(cancelling_stage, cancelling_stage.actor(), look)

    assert call.result() == CANCELLED
    if cancelling_world.level_cancellation:
        assert found == []


def test_the_default_is_told(world: World, backend: Backend) -> None:
    """World.checkpoints agrees with the backend: are blocking calls checkpoints by default?

    If this fails: set ``checkpoints_by_default`` only if all of the library's own
    blocking calls are checkpoints, even those that need not wait.
    """
    assert backend.checkpoints_by_default is world.checkpoints
