# SPDX-License-Identifier: ISC
"""The kinds of queues, and what their tests share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiologic
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from typing_extensions import Self

    from .hand_driven import HandTask, HandWorld

SIMPLE: list[Any] = [aiologic.SimpleQueue, aiologic.SimpleLifoQueue]
SIZED: list[Any] = [aiologic.Queue, aiologic.LifoQueue, aiologic.PriorityQueue]
each_kind = pytest.mark.parametrize("cls", SIMPLE + SIZED)
each_simple = pytest.mark.parametrize("cls", SIMPLE)
each_sized = pytest.mark.parametrize("cls", SIZED)


class Cancelled(BaseException):
    """What this library throws into its tasks."""


def in_order(cls: type, items: list[Any]) -> list[Any]:
    """These items, as a queue of that kind gives them when all are there."""
    if issubclass(cls, (aiologic.SimpleLifoQueue, aiologic.LifoQueue)):
        return items[::-1]
    return sorted(items) if issubclass(cls, aiologic.PriorityQueue) else list(items)


def drained(queue: Any) -> list[Any]:
    """Take all that is in it."""
    items: list[Any] = []
    try:
        while True:
            items.append(queue.get_nowait())
    except (aiologic.QueueEmpty, aiologic.QueueShutDown):
        return items


def started(
    world: HandWorld, count: int, make: Callable[[], Coroutine[Any, Any, Any]]
) -> list[HandTask]:
    """Tasks that wait by now."""
    tasks = [world.spawn(make()).step() for _ in range(count)]
    assert not any(task.is_done for task in tasks)
    return tasks


class Guarded(aiologic.Queue[Any]):
    """Looks whether its override points are called as is promised; first in, first out."""

    inits: tuple[Any, ...] = ()
    calls = 0
    inside = 0
    most = 0

    def __new__(cls, *args: Any, **options: Any) -> Self:
        cls.inside = cls.most = cls.calls = 0
        return super().__new__(cls, *args, **options)

    def _init(self, items: Any, maxsize: int) -> None:
        self._data = list(items)
        type(self).inits = (list(self._data), maxsize)

    def _put(self, item: Any) -> None:
        self._come_in()
        self._data.append(item)
        self._go_out()

    def _get(self) -> Any:
        self._come_in()
        item = self._data.pop(0)
        self._go_out()
        return item

    def _come_in(self) -> None:
        kind = type(self)
        kind.inside += 1
        kind.calls += 1
        kind.most = max(kind.most, kind.inside)
        self.linger()

    def linger(self) -> None:
        """While it is inside."""

    def _go_out(self) -> None:
        type(self).inside -= 1
