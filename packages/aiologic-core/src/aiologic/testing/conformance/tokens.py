# SPDX-License-Identifier: ISC
"""Duty 12: what the task runs in is an object: the loop, the run, the hub."""

from __future__ import annotations

from .._duties import checkpoint, in_turn
from .._places import beside
from ..operations import run
from .identity import me

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..._runtime.interface import Backend
    from .._stage import Actor, Stage, World


def token_of(actor: Actor, backend: Backend) -> object:
    """The token of what an actor's task runs in."""
    return actor.does(run(backend.current_token))


def test_tasks_of_one_runtime_have_one_token(
    runtime_stage: Stage, backend: Backend
) -> None:
    """All tasks of a runtime get the same object, even after a while.

    If this fails: return the object that the library keeps, and not a new one.
    """
    first, second = runtime_stage.actor(), runtime_stage.actor()
    ask = run(backend.current_token)
    one, _, later = first.does(in_turn(ask, checkpoint(backend), ask))
    other = token_of(second, backend)

    assert one is not None
    assert one == other == later
    assert hash(one) == hash(other)


def test_two_runtimes_have_two_tokens(
    world: World, stage: Stage, backend: Backend
) -> None:
    """They run at the same time, in two threads.

    If this fails: the token has to be the runtime's, and not the library's.
    """
    with world.open() as elsewhere:
        here, there = stage.actor(), elsewhere.actor()

        assert token_of(here, backend) != token_of(there, backend)
        assert token_of(here, backend) == token_of(here, backend)


def test_a_runtime_after_another_has_its_own_token(
    async_world: World, threads: Stage, backend: Backend
) -> None:
    """Both run in the same thread, one after the other; and so do their tasks.

    If this fails: the token belongs to the thread, or is stored per thread. (A hub
    may stay with its thread.)
    """
    asks = run(lambda: (backend.current_token(), me(backend)()))

    def script() -> list[Any]:
        told: list[Any] = []
        for _ in range(2):
            with async_world.open() as stage:
                told += stage.actor().does(asks)
        return told

    told = threads.actor().does(run(lambda: beside(script)))

    assert len(set(map(id, told))) == 4


def test_a_token_is_no_number(stage: Stage, backend: Backend) -> None:
    """It stands for nothing else in its lifetime; so it is an object, and not its id().

    If this fails: return the loop, the run or the hub itself, or an object of
    yours that lives as long.
    """
    token = token_of(stage.actor(), backend)

    assert not isinstance(token, (int, float, str, bytes, tuple))
    assert hash(token) == hash(token)
