# SPDX-License-Identifier: ISC
"""What is copied while others change it: without the GIL, a copy may fail half-way, and is repeated."""

from __future__ import annotations

from collections import deque
from typing import Any

import aiologic
import pytest
from aiologic._engine import free_threading
from aiologic._engine.free_threading import copy_of
from aiologic._engine.waitqueue import WaitQueue


class Changing(deque):  # type: ignore[type-arg]
    """Is changed while somebody iterates over it, the first two times."""

    def __init__(self, items: Any = ()) -> None:
        super().__init__(items)
        self.changes = 2

    def __iter__(self) -> Any:
        iterator = super().__iter__()
        if self.changes:
            self.changes -= 1
            self.append("new")
        return iterator


class ChangingWaiters(WaitQueue):
    changes = 2

    def __iter__(self) -> Any:
        iterator = super().__iter__()
        if self.changes:
            self.changes -= 1
            self.rotate()
        return iterator


@pytest.fixture
def no_gil(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(free_threading, "FREE_THREADED", True)


@pytest.mark.usefixtures("no_gil")
def test_it_is_copied_again() -> None:
    assert copy_of(Changing([1])) == [1, "new", "new"]


def test_what_a_handler_raises_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the GIL, a copy is one step, so only a handler can have raised."""
    monkeypatch.setattr(free_threading, "FREE_THREADED", False)

    with pytest.raises(RuntimeError, match="mutated"):
        copy_of(Changing([1]))


@pytest.mark.usefixtures("no_gil")
@pytest.mark.parametrize("kind", [aiologic.SimpleQueue, aiologic.Queue])
def test_a_queue_is_shown_and_copied(kind: Any) -> None:
    queue = kind([1])

    queue._data = Changing([1])
    assert "[1, 'new', 'new']" in repr(queue)
    queue._data = Changing([1])
    assert queue.__getnewargs__() == ([1, "new", "new"],)


@pytest.mark.usefixtures("no_gil")
def test_waiters_are_counted() -> None:
    queue: Any = ChangingWaiters()
    queue.extend("ab")  # like pending waiters

    assert queue.waiting() == 2


@pytest.mark.usefixtures("no_gil")
def test_a_put_that_comes_late_is_refused_and_no_more() -> None:
    """A announces its item.   B shuts the queue.   A puts it behind the end, and looks where the end is; so does C."""
    queue: Any = aiologic.Queue([1])
    row = Changing(queue._data)
    queue._data = queue._row = row
    next(iter(queue._announce))
    queue.shutdown()
    row.changes = 2

    row.append(2)
    with pytest.raises(aiologic.QueueShutDown):
        queue._come_late(2)

    assert queue.get_nowait() == 1
