# SPDX-License-Identifier: ISC
"""Queues with stores of their own, which override ``_init``, ``_put`` and ``_get``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiologic
import pytest
from aiologic import QueueEmpty

if TYPE_CHECKING:
    from typing_extensions import Self


HEAPS: list[Any] = [aiologic.LifoQueue, aiologic.PriorityQueue]


class Guarded(aiologic.Queue[Any]):
    """Checks that its overridden methods are called as promised; first in, first out."""

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
        """A hook that is called while a task is inside."""

    def _go_out(self) -> None:
        type(self).inside -= 1


class Unique(aiologic.Queue[Any]):
    """Contains each item only once: its store is a dict, which is not a sequence."""

    def _init(self, items: Any, maxsize: int) -> None:
        self._data = dict.fromkeys(items)

    def _put(self, item: Any) -> None:
        self._data[item] = None

    def _get(self) -> Any:
        return self._data.popitem()[0]


class Picky(aiologic.Queue[Any]):
    """Fails when the test says so."""

    fails_to_put = fails_to_get = False

    def _put(self, item: Any) -> None:
        if self.fails_to_put:
            raise LookupError(f"will not put {item!r}")
        super()._put(item)

    def _get(self) -> Any:
        if self.fails_to_get:
            raise LookupError("will not get")
        return super()._get()


class Busy(aiologic.Queue[Any]):
    """Does something else while it puts, or gets."""

    while_putting: Any = None
    while_getting: Any = None

    def _put(self, item: Any) -> None:
        super()._put(item)
        self._do("while_putting")

    def _get(self) -> Any:
        item = super()._get()
        self._do("while_getting")
        return item

    def _do(self, name: str) -> None:
        what = getattr(self, name)
        setattr(self, name, None)
        if what is not None:
            what()


def balanced(queue: Any) -> None:
    """Check that the queue is empty, that its numbers say so, and that all its places are free."""
    assert (len(queue), queue.statistics().value, queue.waiting) == (0, 0, 0)
    assert queue.unfinished_tasks == 0
    with pytest.raises(QueueEmpty):
        queue.get_nowait()
    places = queue._places
    if places is not None:
        assert len(places._free) == queue.maxsize


def done(queue: Any, count: int) -> None:
    """Report ``count`` items as done, and check that it is then balanced."""
    for _ in range(count):
        queue.task_done()
    balanced(queue)
