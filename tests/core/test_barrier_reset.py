# SPDX-License-Identifier: ISC
"""A barrier starts anew, whether full or empty, whole or broken (contract 1.3.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aiologic import BrokenBarrierError, RBarrier

from .barriers import come

if TYPE_CHECKING:
    from .hand_driven import HandWorld


def test_reset_of_one_that_is_filling(world: HandWorld) -> None:
    """contract 1.3.2: those who wait get BrokenBarrierError; it is empty and unbroken."""
    barrier = RBarrier(3)
    tasks = come(world, barrier, 2)
    barrier.reset()
    assert (barrier.waiting, barrier.broken) == (0, False)
    again = come(world, barrier, 3)
    for task in tasks:
        with pytest.raises(BrokenBarrierError):
            task.step()
    assert [task.step().result for task in again] == [0, 1, 2]


def test_reset_of_a_broken_one(world: HandWorld) -> None:
    """contract 1.3.2: even if it is broken."""
    barrier = RBarrier(2)
    for _ in range(2):
        barrier.abort()
        barrier.reset()
        assert not barrier.broken
    tasks = come(world, barrier, 2)
    assert [task.step().result for task in tasks] == [0, 1]


def test_reset_of_an_empty_one() -> None:
    barrier = RBarrier(2)
    phase = barrier._phase
    barrier.reset()
    assert barrier._phase is phase


def test_reset_of_one_that_breaks_in_this_moment(
    world: HandWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sees a phase that is filling.   B breaks it for good.   A sees it broken; its new phase comes second."""
    barrier = RBarrier(3)
    tasks = come(world, barrier, 2)
    current = RBarrier._current

    def current_then_broken(self: RBarrier) -> Any:
        phase = current(self)
        monkeypatch.undo()
        self.abort()
        return phase

    monkeypatch.setattr(RBarrier, "_current", current_then_broken)
    barrier.reset()

    assert not barrier.broken
    for task in tasks:
        with pytest.raises(BrokenBarrierError):
            task.step()
    assert [task.step().result for task in come(world, barrier, 3)] == [0, 1, 2]


def test_time_is_up_for_one_who_was_sent_away_by_a_reset(world: HandWorld) -> None:
    """A waits.   B resets.   A's time is up before it runs: what B has reset stays whole."""
    barrier = RBarrier(2)
    late = world.spawn(barrier.with_(2.5)).step()
    barrier.reset()
    with pytest.raises(BrokenBarrierError):
        late.time_out()
    assert not barrier.broken
