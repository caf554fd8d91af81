# SPDX-License-Identifier: ISC
"""The kinds of queues, and what their tests share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiologic
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from .hand_driven import HandTask, HandWorld

SIMPLE: list[Any] = [aiologic.SimpleQueue, aiologic.SimpleLifoQueue]
SIZED: list[Any] = [aiologic.Queue, aiologic.LifoQueue, aiologic.PriorityQueue]
each_kind = pytest.mark.parametrize("cls", SIMPLE + SIZED)
each_simple = pytest.mark.parametrize("cls", SIMPLE)
each_sized = pytest.mark.parametrize("cls", SIZED)


def in_order(cls: type, items: list[Any]) -> list[Any]:
    """The items in the order in which a queue of that kind returns them, if all are in it."""
    if issubclass(cls, (aiologic.SimpleLifoQueue, aiologic.LifoQueue)):
        return items[::-1]
    return sorted(items) if issubclass(cls, aiologic.PriorityQueue) else list(items)


def drained(queue: Any) -> list[Any]:
    """Take out all items."""
    items: list[Any] = []
    try:
        while True:
            items.append(queue.get_nowait())
    except (aiologic.QueueEmpty, aiologic.QueueShutDown):
        return items


def started(
    world: HandWorld, count: int, make: Callable[[], Coroutine[Any, Any, Any]]
) -> list[HandTask]:
    """Start tasks, and return them when they wait."""
    tasks = [world.spawn(make()).step() for _ in range(count)]
    assert not any(task.is_done for task in tasks)
    return tasks
