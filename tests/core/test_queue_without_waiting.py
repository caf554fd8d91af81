# SPDX-License-Identifier: ISC
"""A call that must not wait does not fail for that reason: D14, while others put and get, at any step."""

from __future__ import annotations

import threading
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Any

import aiologic
import pytest
from aiologic import QueueFull, _getting, _permits, _simple_queue

from .queues import SIMPLE, drained, each_kind, in_order
from .stores import Guarded
from .test_reentrancy import interruptions

if TYPE_CHECKING:
    from .crew import Crew


def test_not_to_wait_is_not_to_fail_while_another_puts(crew: Crew) -> None:
    """D14: another thread is within ``_put``; what is there is got all the same, and the rest is put."""
    arrived, go_on = threading.Event(), threading.Event()

    class Slow(Guarded):
        def linger(self) -> None:
            if self.calls == 1:
                arrived.set()
                assert go_on.wait(20)

    queue = Slow([1])
    putter = crew.start(queue.put_nowait, 2)
    assert arrived.wait(20)
    getter = crew.start(queue.get_nowait)
    other = crew.start(queue.put_nowait, 3)
    exclusive: Any = queue._exclusive
    crew.wait_until(lambda: len(exclusive._waiting) == 2)
    go_on.set()
    assert getter.result() == 1
    putter.result()
    other.result()
    assert drained(queue) == [2, 3]
    assert queue.most == 1


class Raced(list):  # type: ignore[type-arg]
    """A list as it can be without the GIL: its length is read, another takes the last item, then the index is used."""

    def __delitem__(self, place: Any) -> None:
        if place < 0 and len(self) > 1:
            place += len(self)
            super().pop()
        super().__delitem__(place)


@each_kind
def test_not_to_wait_is_not_to_fail_without_the_gil(
    cls: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D14: if others take items at the same moment, one of those that are left is got."""
    for module in _getting, _simple_queue:
        monkeypatch.setattr(module, "ANY", 0)  # what it is there
    queue = cls([1, 2, 3])
    queue._free = Raced(queue._free)
    assert queue.get_nowait() == in_order(cls, [1, 2, 3])[0]
    assert len(queue._free) == 2


@pytest.mark.parametrize("cls", [aiologic.Queue, aiologic.LifoQueue])
def test_not_to_wait_for_a_place_is_not_to_fail_without_the_gil(cls: Any) -> None:
    """D14: the same for places."""
    queue = cls(maxsize=4)
    queue._places._free = Raced([None] * 4)
    # In the last of the four, because others are faster while there are more.
    queue.put_nowait(1)
    assert len(queue._places._free) == 0
    with pytest.raises(QueueFull):
        queue.put_nowait(2)


@each_kind
@pytest.mark.parametrize("is_free", [False, True])
def test_a_permit_is_taken_where_it_costs_the_same_however_many_there_are(
    cls: Any, is_free: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the GIL it is the first one, and taking that from a list moves all others."""
    monkeypatch.setattr(_permits, "FREE_THREADED", is_free)
    queue = cls([1, 2, 3])
    assert type(queue._free) is (deque if is_free else list)
    assert len(queue._free) == 3
    queue.put_nowait(4)
    assert drained(queue) == in_order(cls, [1, 2, 3, 4])


def _get_into(got: list[int], queue: Any) -> None:
    got.append(queue.get_nowait())


@pytest.mark.parametrize("cls", [*SIMPLE, aiologic.Queue])
def test_not_to_wait_is_not_to_fail_between_any_two_steps(cls: Any) -> None:
    """D14: there is an item, and a place, whatever another task is doing."""
    for interruption in interruptions():
        queue = cls([1, 2])
        got: list[int] = []
        interruption.during(
            partial(queue.put_nowait, 3), partial(_get_into, got, queue)
        )
        assert sorted(got + drained(queue)) == [1, 2, 3]
        assert len(got) == interruption.was_made
    for interruption in interruptions():
        queue = cls([1, 2]) if cls in SIMPLE else cls([1, 2], 3)
        got = [interruption.during(queue.get_nowait, partial(queue.put_nowait, 3))]
        assert sorted(got + drained(queue)) == [1, 2, 3][: 2 + interruption.was_made]


@each_kind
@pytest.mark.parametrize("limit", [None, 4])
@pytest.mark.usefixtures("tiny_switch_interval")
def test_not_to_wait_is_not_to_fail_in_threads(
    cls: Any, crew: Crew, limit: int | None
) -> None:
    """D14: each of four puts an item before it gets one, so there is always a place, and an item."""
    queue = cls() if limit is None or cls in SIMPLE else cls(limit)

    def put_and_get() -> list[int]:
        got: list[int] = []
        for item in range(300):
            queue.put_nowait(item)
            got.append(queue.get_nowait())
        return got

    every = [item for got in crew.race(*[put_and_get] * 4) for item in got]
    assert sorted(every) == sorted(list(range(300)) * 4)
    assert len(queue) == 0
