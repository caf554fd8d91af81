# SPDX-License-Identifier: ISC
"""One thread at a time where ``_put`` and ``_get`` run, also if a signal handler raises on the way in or out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aiologic._exclusive import Exclusive
from aiologic._runtime.threads import create_waiter
from aiologic.testing._interruption import Interrupted

from .raising import Alarmed, Places, heard, needs_places, places

if TYPE_CHECKING:
    from .crew import Crew, Member

pytestmark = [needs_places, pytest.mark.usefixtures("whatever_is_raised")]


def test_on_the_way_out(crew: Crew) -> None:
    """A thread that waits comes in, and what was left behind has been done."""
    for interruption in places():
        exclusive = Exclusive()
        members: list[Member] = []
        done: list[str] = []

        def inside(exclusive: Exclusive = exclusive, done: list[str] = done) -> None:
            with interruption.away():  # noqa: B023  # called before the next round
                members.extend(crew.start(exclusive.run, int) for _ in range(2))  # noqa: B023
                crew.wait_until(lambda: len(exclusive._waiting) == 2)
                exclusive.left_behind.append(lambda: done.append("first"))
                exclusive.left_behind.append(lambda: done.append("second"))

        error = heard(interruption, lambda: exclusive.run(inside))  # noqa: B023

        assert is_heard(error) >= interruption.was_made, interruption.where
        if not members:  # it did not come in
            assert interruption.was_made
            continue
        exclusive.run(int)
        assert [member.result() for member in members] == [0, 0], interruption.where
        assert (exclusive._inside, exclusive._waiting) == ({}, [])
        assert done == ["first", "second"], interruption.where


def test_on_the_way_in(crew: Crew) -> None:
    """A and C wait while B is inside.   A is interrupted, and B leaves, before or after that; and C comes in."""
    for interruption in places():
        exclusive = Exclusive()
        exclusive._inside[None] = [0]  # B
        third = crew.start(exclusive.run, int)
        crew.wait_until(lambda: len(exclusive._waiting) == 1)  # noqa: B023  # called at once
        has_gone: list[None] = []

        def leave(
            exclusive: Exclusive = exclusive, has_gone: list[None] = has_gone
        ) -> None:
            crew.wait_until(lambda: has_gone or len(exclusive._waiting) == 2)
            del exclusive._inside[None]
            exclusive._let_one_try()

        second = crew.start(leave)
        error = heard(interruption, lambda: exclusive.run(int))  # noqa: B023  # A
        has_gone.append(None)

        assert is_heard(error) >= interruption.was_made, interruption.where
        assert second.result() is None
        assert third.result() == 0, interruption.where
        assert (exclusive._inside, exclusive._waiting) == ({}, [])


def is_heard(error: BaseException | None) -> bool:
    """Whether it came out; a RuntimeError may be taken for that of a thread that is awake already."""
    return error is not None or Places.error is Alarmed


def test_one_that_is_interrupted_when_it_was_its_turn_passes_it_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    exclusive = Exclusive()
    exclusive._inside[None] = [-1]  # another thread
    behind = create_waiter()

    def park(waiter: Any, _timeout: float | None) -> bool:
        exclusive._waiting.append(behind)
        assert waiter.wake()
        raise Interrupted

    monkeypatch.setattr("aiologic._exclusive.park_unguarded", park)
    with pytest.raises(Interrupted):
        exclusive.run(list)
    assert not behind, "it was not woken"
    assert exclusive._waiting == [behind]
