# SPDX-License-Identifier: ISC
"""Shielded waits for events for one task, and where waits are checkpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aiologic.lowlevel import (
    SET_EVENT,
    create_async_event,
    create_green_event,
    enable_checkpoints,
)

from .single_events import CONSTANTS, waiting

if TYPE_CHECKING:
    from .hand_driven import HandWorld


def test_shield_and_force_are_read_when_it_waits(
    world: HandWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    shields: list[object] = []

    async def shield(awaitable: Any) -> Any:
        shields.append(awaitable)
        return await awaitable

    monkeypatch.setattr(world, "shield", shield)
    for made, later in [(True, True), (False, True), (True, False)]:
        event = create_async_event(shield=made)
        assert (event.shield, event.force) == (made, False)
        event.shield = later
        task = waiting(world, event)
        event.set()
        assert task.step().result is True
        assert bool(shields) is later
        shields.clear()


@pytest.mark.parametrize("is_set", [False, True])
def test_a_forced_checkpoint(world: HandWorld, is_set: bool) -> None:
    """Contract 1.4.2: ``force`` makes a checkpoint where there is nothing to wait for."""
    event = create_async_event(force=True)
    if is_set:
        event.set()
    else:
        waiting(world, event, 5).time_out()
    task = waiting(world, event)
    assert task.checkpoints == 1
    assert task.step().result is is_set
    event.force = False
    assert world.run(event.with_()) is is_set


@pytest.mark.usefixtures("checkpoints_restored")
@pytest.mark.parametrize("make", [lambda: SET_EVENT, create_async_event])
def test_a_checkpoint_where_they_are_on(world: HandWorld, make: Any) -> None:
    event = make()
    if not event:
        task = world.spawn(enable_checkpoints(event.with_)()).step()
        event.set()
        assert task.step().result is True
        assert task.checkpoints == 0  # it waited
    task = world.spawn(enable_checkpoints(event.with_)()).step()
    assert task.checkpoints == 1
    assert task.step().result is True


@pytest.mark.usefixtures("checkpoints_restored")
def test_a_green_checkpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    from aiologic._runtime.threads import ThreadBackend

    checkpoints: list[None] = []
    monkeypatch.setattr(ThreadBackend, "checkpoint", lambda _: checkpoints.append(None))
    forced = create_green_event(force=True)
    forced.set()
    assert forced.wait() is True
    assert len(checkpoints) == 1
    for constant in CONSTANTS:
        assert constant.wait(0) is constant.is_set()
    assert len(checkpoints) == 1
    with enable_checkpoints():
        for constant in CONSTANTS:
            constant.wait()
    assert len(checkpoints) == 4
