# SPDX-License-Identifier: ISC
"""The kinds of barriers, and tasks that come to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aiologic import Barrier, BrokenBarrierError, Latch, RBarrier

if TYPE_CHECKING:
    from collections.abc import Callable

    from .hand_driven import HandTask, HandWorld

each_kind = pytest.mark.parametrize("cls", [Latch, Barrier, RBarrier])
each_cyclic = pytest.mark.parametrize("cls", [Barrier, RBarrier])


async def at(barrier: Any) -> Any:
    return await barrier


def come(world: HandWorld, barrier: Any, count: int) -> list[HandTask]:
    """Have ``count`` tasks come, one after the other."""
    return [world.spawn(at(barrier)).step() for _ in range(count)]


def result_of(barrier: Any, index: int) -> int | None:
    return None if isinstance(barrier, Latch) else index


def outcome_of(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except BrokenBarrierError:
        return BrokenBarrierError
