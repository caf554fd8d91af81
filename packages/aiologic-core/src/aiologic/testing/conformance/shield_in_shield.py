# SPDX-License-Identifier: ISC
"""Duty 14: a shield in a shield, and one that was left by an exception."""

from __future__ import annotations

import pytest

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
)
from .._stage import CANCELLED
from .shield import raising

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..._runtime.interface import Backend
    from .._stage import Stage


@pytest.mark.parametrize("when", ["in the inner one", "after it"])
def test_the_end_of_an_inner_shield_is_not_that_of_the_outer(
    cancelling_stage: Stage, backend: Backend, when: str
) -> None:
    """A cancellation in the inner one, or after it, waits for the end of the outer one.

    A user's function shields its last steps, and is itself called in a shield.

    If this fails: holding back cancellations is simply switched on and off. Count how
    often it was entered, or restore the previous state.
    """
    first, second = Wait(backend), Wait(backend)
    inner = caught(shield(backend, park(first)))
    outer = shield(backend, in_turn(inner, park(second)))
    call = cancelling_stage.actor().starts(in_turn(outer, checkpoint(backend)))
    settled(cancelling_stage, first)

    if when == "in the inner one":
        cancelling_stage.inside(call.cancel)
        settled(cancelling_stage)
    first.wake()
    settled(cancelling_stage, second)
    if when == "after it":
        cancelling_stage.inside(call.cancel)
        settled(cancelling_stage)
    assert second.heard == []
    assert not call.is_done
    second.wake()

    call.result()
    assert first.heard == second.heard == [ACCEPTED]


def test_after_a_shield_that_raised_the_task_can_be_cancelled(
    cancelling_stage: Stage, backend: Backend
) -> None:
    """Whatever the call raised, the shield ends with it.

    If this fails: shield() has to leave in a ``finally`` what it has entered.
    """
    wait = Wait(backend)
    shielded = caught(shield(backend, raising()))
    call = cancelling_stage.actor().starts(in_turn(shielded, park(wait)))
    settled(cancelling_stage, wait)

    cancelling_stage.inside(call.cancel)

    assert call.result() == CANCELLED
    assert wait.heard == [LEFT]
