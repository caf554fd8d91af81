# SPDX-License-Identifier: ISC
"""A thread that would have to wait behind others lets those run first who can help it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aiologic
import pytest
from aiologic import QueueEmpty, QueueFull, _getting, _putting
from aiologic._runtime.detect import worlds

if TYPE_CHECKING:
    from collections.abc import Callable

    from .crew import Crew


@pytest.fixture
def given_way(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], object]]:
    """What others do, one after the other, when a thread lets them."""
    others: list[Callable[[], object]] = []

    def let_others_run() -> None:
        others.pop(0)()

    for module in _getting, _putting:
        monkeypatch.setattr(module, "let_others_run", let_others_run)
    monkeypatch.setattr(
        type(worlds), "has_only_threads", lambda _: True
    )  # other tests have imported greenlets
    return others


def test_a_putter_that_finds_room_then_need_not_wait(
    crew: Crew, given_way: list[Callable[[], object]]
) -> None:
    queue = aiologic.Queue[int]([0], 1)
    waiting = crew.start(queue.green_put, 1)
    crew.wait_until(lambda: queue.putting == 1)
    got: list[int] = []
    given_way.append(lambda: got.extend(queue.green_get_many(2)))
    queue.green_put(2)
    waiting.result()
    assert (got, given_way) == ([0, 1], [])
    assert queue.get_nowait() == 2


def test_a_getter_that_finds_an_item_then_need_not_wait(
    crew: Crew, given_way: list[Callable[[], object]]
) -> None:
    queue = aiologic.Queue[int]()
    waiting = crew.start(queue.green_get)
    crew.wait_until(lambda: queue.getting == 1)
    given_way.append(lambda: queue.green_put_many([1, 2]))
    assert queue.green_get() == 2
    assert waiting.result() == 1
    assert given_way == []


def test_it_still_waits_behind_those_who_were_first(
    crew: Crew, given_way: list[Callable[[], object]]
) -> None:
    """Room for one: it is for the thread that has waited."""
    queue = aiologic.Queue[int]([0], 1)
    first = crew.start(queue.green_put, 1)
    crew.wait_until(lambda: queue.putting == 1)
    given_way.append(queue.get_nowait)
    with pytest.raises(QueueFull):
        queue.green_put(2, timeout=0)
    first.result()
    assert queue.get_nowait() == 1
    assert given_way == []


def test_nobody_else_waits(given_way: list[Callable[[], object]]) -> None:
    """Then there is nothing to gain, and a thread that is alone would let others run in vain."""
    del given_way[:]  # let_others_run() raises IndexError
    queue = aiologic.Queue[int]([0], 1)
    with pytest.raises(QueueFull):
        queue.green_put(1, timeout=0)
    assert queue.get_nowait() == 0
    with pytest.raises(QueueEmpty):
        queue.green_get(timeout=0)


def test_who_must_not_wait_gives_no_way(
    crew: Crew, given_way: list[Callable[[], object]]
) -> None:
    del given_way[:]
    queue = aiologic.Queue[int]()
    waiting = crew.start(queue.green_get)
    crew.wait_until(lambda: queue.getting == 1)
    with pytest.raises(QueueEmpty):
        queue.green_get(blocking=False)
    queue.put_nowait(1)
    assert waiting.result() == 1


def test_greenlets_give_no_way(
    crew: Crew,
    given_way: list[Callable[[], object]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Their hub would stand still."""
    monkeypatch.setattr(type(worlds), "has_only_threads", lambda _: False)
    del given_way[:]
    queue = aiologic.Queue[int]()
    waiting = crew.start(queue.green_get)
    crew.wait_until(lambda: queue.getting == 1)
    with pytest.raises(QueueEmpty):
        queue.green_get(timeout=0)
    queue.put_nowait(1)
    assert waiting.result() == 1
