# SPDX-License-Identifier: ISC
"""A thread that is interrupted with an item in its hands gives it back: in front of all others, even after the end."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar

import aiologic
import pytest
from aiologic import QueueFull, QueueShutDown
from aiologic._handing import HANDED, HandedThreadWaiter
from aiologic._pool import size_of
from aiologic._runtime.threads import ThreadWaiter
from aiologic.testing._interruption import Interrupted

from .queues import drained, started
from .test_queue_handing import blocked, joined
from .test_reentrancy import interruptions

if TYPE_CHECKING:
    from .crew import Crew
    from .hand_driven import HandWorld


class InterruptedWhenWoken(HandedThreadWaiter):
    """A handler raises once the wait is over."""

    __slots__ = ()

    def park(self, timeout: float | None) -> bool:
        super().park(timeout)
        raise Interrupted


class InterruptedLater(HandedThreadWaiter):
    """A handler raises once the test says so."""

    __slots__ = ()

    may_go_on: ClassVar[threading.Event] = threading.Event()

    def park(self, timeout: float | None) -> bool:
        super().park(timeout)
        assert self.may_go_on.wait(20)
        raise Interrupted


class InterruptedWhenDecided(InterruptedWhenWoken):
    """A handler raises between the decision and the handing over."""

    __slots__ = ()

    def unpark(self) -> None:
        self.source._take_back(self)
        self.source = HasHeard()
        super().unpark()


class InterruptedMeanwhile(InterruptedWhenWoken):
    """A handler raises while the item is on its way."""

    __slots__ = ()

    def unpark(self) -> None:
        token = self.request[1]
        del token[0]
        self.source._take_back(self)
        self.source = HasHeard()
        token.append(None)
        super().unpark()


class HasHeard:
    """Takes the place of the source of a wait that was given up."""

    def _take_back(self, waiter: object) -> None:
        pass

    _leave = _take_back


@pytest.mark.parametrize("limit", [None, 1, 3])
@pytest.mark.parametrize(
    "waiter", [InterruptedWhenWoken, InterruptedWhenDecided, InterruptedMeanwhile]
)
def test_one_that_is_interrupted_gives_it_back(
    crew: Crew, monkeypatch: pytest.MonkeyPatch, waiter: Any, limit: int | None
) -> None:
    """It goes in front of what was put later; and then there are as many places as before."""
    monkeypatch.setitem(HANDED, ThreadWaiter, waiter)
    queue = aiologic.Queue[int](limit)
    thread = blocked(crew, queue)
    queue.green_put_many([1, 2], blocking=False)
    assert thread.result() == "interrupted"
    got = drained(queue)
    assert got in ([1, 2], [1])
    assert queue.unfinished_tasks == len(got)
    assert queue.waiting == 0
    if limit is not None:
        assert size_of(queue._places._free) == limit  # type: ignore[union-attr]


def test_what_came_back_may_be_more_than_there_are_places(
    crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then nothing can be put before two items have been got."""
    monkeypatch.setitem(HANDED, ThreadWaiter, InterruptedLater)
    queue = aiologic.Queue[int](1)
    thread = blocked(crew, queue)
    queue.put_nowait(1)
    queue.put_nowait(2)
    InterruptedLater.may_go_on.set()
    assert thread.result() == "interrupted"
    assert list(queue._inside()) == [1, 2]
    for item in 1, 2:
        with pytest.raises(QueueFull):
            queue.put_nowait(3)
        assert queue.get_nowait() == item
    queue.put_nowait(3)
    with pytest.raises(QueueFull):
        queue.put_nowait(4)


def test_another_gets_what_came_back(
    crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setitem(HANDED, ThreadWaiter, InterruptedWhenWoken)
        queue = aiologic.Queue[int]()
        first = blocked(crew, queue)
    second = blocked(crew, queue)
    queue.put_nowait(1)
    assert first.result() == "interrupted"
    assert second.result() == 1
    assert not queue


def test_what_comes_back_to_one_that_is_discarded_is_discarded(
    crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It counts as done, like everything that was left."""
    monkeypatch.setitem(HANDED, ThreadWaiter, ShutBeforeItGives)
    queue = aiologic.Queue[int](1)
    thread = blocked(crew, queue)
    queue.put_nowait(1)
    assert thread.result() == "interrupted"
    assert queue.unfinished_tasks == 0
    with pytest.raises(QueueShutDown):
        queue.get_nowait()


class ShutBeforeItGives(HandedThreadWaiter):
    """The queue is shut between the handing over and the handler."""

    __slots__ = ()

    def park(self, timeout: float | None) -> bool:
        super().park(timeout)
        self.request[0].shutdown(immediate=True)
        raise Interrupted


def test_what_comes_back_after_the_end_is_got_once(world: HandWorld) -> None:
    """A has an item in its hands.   B, behind it, is told of the end.   A is interrupted.   B and C take the item."""
    for interruption in interruptions():
        queue = aiologic.Queue[int](1)
        waiter, _ = joined(queue)
        [behind] = started(world, 1, queue.async_get)
        queue.put_nowait(1)
        queue.shutdown()
        assert behind.is_woken
        queue._take_back(waiter)
        got: list[int] = []

        def get(queue: Any = queue, got: list[int] = got) -> None:
            with suppress(QueueShutDown):
                got.append(queue.get_nowait())

        with suppress(QueueShutDown):
            got.append(interruption.during(behind.step, get).result)
        get()
        assert got == [1]
        assert queue.unfinished_tasks == 1
