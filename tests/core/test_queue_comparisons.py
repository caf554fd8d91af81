# SPDX-License-Identifier: ISC
"""Items of a priority queue, whatever their comparisons do: they may be equal, refused, or interrupted."""

from __future__ import annotations

import heapq
import sys
from functools import partial
from typing import Any

import aiologic
import pytest
from aiologic import QueueFull
from aiologic.testing._interruption import Interrupted

from .queues import drained


def test_equal_priorities_and_duplicates() -> None:
    queue = aiologic.PriorityQueue([3, 1, 3, 1])
    queue.put_nowait(1)
    assert drained(queue) == [1, 1, 1, 3, 3]


@pytest.mark.parametrize("items", [[1], [1, 2, 3], list(range(20))])
def test_what_can_not_be_compared_is_not_put(items: list[Any]) -> None:
    """The task that puts it gets the error, and nothing has changed."""
    queue: aiologic.PriorityQueue[Any] = aiologic.PriorityQueue(items, maxsize=30)
    before = queue.statistics()
    with pytest.raises(TypeError):
        queue.put_nowait("text")
    assert queue.statistics() == before
    assert (len(queue), queue.unfinished_tasks) == (len(items), len(items))
    for number in range(30 - len(items)):
        queue.put_nowait(number)
    with pytest.raises(QueueFull):
        queue.put_nowait(1)
    assert drained(queue) == sorted(items + list(range(30 - len(items))))


@pytest.mark.skipif(
    sys.implementation.name != "cpython",
    reason="heapq in Python leaves a heap with holes where a comparison raises",
)
def test_a_get_takes_as_equal_what_can_not_be_compared() -> None:
    """They were never compared on their way in. If it were an error, each get would raise it, and nobody got any."""
    items: list[Any] = [(0, "first"), (1, {"a": 1}), (1, {"b": 2}), (2, [3]), (2, 4)]
    queue = aiologic.PriorityQueue[Any](maxsize=6)
    for item in items:
        queue.put_nowait(item)
    queue.put_nowait((0,))
    assert queue.get_nowait() == (0,)
    assert queue.get_nowait() == (0, "first")
    queue.put_nowait((0, "late"))
    assert queue.get_nowait() == (0, "late")
    rest = drained(queue)
    assert [priority for priority, _ in rest] == [1, 1, 2, 2]
    assert all(item in rest for item in items[1:])
    assert queue.statistics().value == 0


class Ranked:
    """A rank with only what a heap asks for: equal ranks can't be compared, and all others by ``<`` alone."""

    def __init__(self, rank: int) -> None:
        self.rank = rank

    def __lt__(self, other: Ranked) -> bool:
        if self.rank == other.rank:
            raise TypeError("neither comes first")
        return self.rank < other.rank


def test_those_that_can_be_compared_come_in_order_beside_those_that_can_not() -> None:
    queue = aiologic.PriorityQueue[Ranked]()
    for rank in 0, 1, 1, 3, 2, 4:
        queue.put_nowait(Ranked(rank))
    assert [item.rank for item in drained(queue)] == [0, 1, 1, 2, 3, 4]


def test_what_can_not_be_compared_is_discarded_at_once() -> None:
    queue = aiologic.PriorityQueue[Any]()
    for item in (0, "first"), (1, {"a": 1}), (1, {"b": 2}):
        queue.put_nowait(item)
    queue.shutdown(immediate=True)
    with pytest.raises(aiologic.QueueShutDown):
        queue.get_nowait()
    assert (len(queue), queue.unfinished_tasks) == (0, 0)


class Number:
    """A number that refuses to be compared after some comparisons."""

    left = -1

    def __init__(self, number: int) -> None:
        self.number = number

    def __lt__(self, other: Number) -> bool:
        Number.left -= 1
        if Number.left == 0:
            raise KeyboardInterrupt
        return self.number < other.number


@pytest.mark.skipif(
    sys.implementation.name != "cpython",
    reason="heapq in Python leaves a heap with holes where a comparison raises",
)
@pytest.mark.parametrize("operation", ["put", "get"])
@pytest.mark.parametrize("comparison", [1, 2, 3, 4])
def test_a_comparison_that_is_interrupted_loses_nothing(
    operation: str, comparison: int
) -> None:
    queue = aiologic.PriorityQueue(map(Number, range(1, 31)))
    call = queue.get_nowait
    if operation == "put":
        call = partial(queue.put_nowait, Number(0))  # type: ignore[assignment]  # what it returns is not looked at
    Number.left = comparison
    with pytest.raises(KeyboardInterrupt):
        call()
    Number.left = -1
    assert (len(queue), queue.statistics().value) == (30, 30)
    assert [item.number for item in drained(queue)] == list(range(1, 31))


@pytest.mark.parametrize("operation", ["put", "get"])
def test_an_interrupt_before_the_heap_has_changed_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, operation: str
) -> None:
    """If heapq is written in Python, a handler runs as one of its functions begins."""
    item = Number(2)
    queue = aiologic.PriorityQueue([Number(1), item, Number(3)])

    def interrupted(*_: object) -> None:
        raise Interrupted

    with monkeypatch.context() as patch:
        for name in "heappush", "heappop":
            patch.setattr(heapq, name, interrupted)
        with pytest.raises(Interrupted):
            queue.put_nowait(item) if operation == "put" else queue.get_nowait()
    assert (len(queue), queue.statistics().value) == (3, 3)
    assert [item.number for item in drained(queue)] == [1, 2, 3]
