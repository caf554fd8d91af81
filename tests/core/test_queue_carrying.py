# SPDX-License-Identifier: ISC
"""A thread that waits for a place brings its item: whoever frees a place puts it, and the thread goes on later."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import aiologic
import pytest
from aiologic import QueueEmpty, QueueShutDown
from aiologic._carrying import CARRYING, CarryingThreadWaiter
from aiologic._pool import size_of
from aiologic._runtime.threads import ThreadWaiter, create_waiter
from aiologic.testing._interruption import Interrupted

from .queues import drained
from .raising import heard, needs_places, places
from .test_reentrancy import interruptions

if TYPE_CHECKING:
    from .crew import Crew, Member
    from .hand_driven import HandWorld


class InterruptedWhenWoken(CarryingThreadWaiter):
    """A handler raises once the wait is over."""

    __slots__ = ()

    def park(self, timeout: float | None) -> bool:
        super().park(timeout)
        raise Interrupted


class InterruptedWhenDecided(InterruptedWhenWoken):
    """A handler raises between the decision and the putting of the item."""

    __slots__ = ()

    def unpark(self) -> None:
        self.source._take_back(self)
        self.source = HasHeard()
        super().unpark()


class HasHeard:
    """Takes the place of the source of a wait that was given up."""

    def _leave(self, waiter: object) -> None:
        """What was taken back is pending again."""


def blocked(crew: Crew, queue: Any, item: Any) -> Member:
    """A thread that waits for a place."""
    before = queue.putting
    thread = crew.start(queue.green_put, item)
    crew.wait_until(lambda: queue.putting == before + 1)
    return thread


@pytest.mark.parametrize("limit", [1, 3])
def test_whoever_gets_brings_the_items_of_threads(crew: Crew, limit: int) -> None:
    """They can be got, in order, before any of these threads has run."""
    queue = aiologic.Queue[int](range(limit), maxsize=limit)
    threads = [blocked(crew, queue, limit + number) for number in range(4)]
    # More items than were in it, without waiting. If the threads had to run first, that would succeed only by luck.
    assert drained(queue) == list(range(limit + 4))
    assert queue.unfinished_tasks == limit + 4
    for thread in threads:
        assert thread.result() is None
    assert queue.putting == 0


def test_a_task_brings_them_as_well(crew: Crew, world: HandWorld) -> None:
    """A task that waits for an item gets the one that it has put for the thread itself."""
    queue = aiologic.Queue[int]([0], maxsize=1)
    thread = blocked(crew, queue, 1)

    async def get_both() -> list[int]:
        return [await queue.async_get(), await queue.async_get()]

    assert world.run(get_both()) == [0, 1]
    thread.result()


@pytest.mark.parametrize("timeout", [None, 30])
def test_with_a_time_out_it_puts_itself(crew: Crew, timeout: float | None) -> None:
    """Its time may be up at the moment at which another task puts the item; then its next item would come before it."""
    queue = aiologic.Queue[int]([0], maxsize=1)
    thread = crew.start(lambda: queue.green_put(1, timeout=timeout))
    crew.wait_until(lambda: queue.putting == 1)
    (waiter,) = queue._places._queue  # type: ignore[union-attr, misc]
    assert (type(waiter) is ThreadWaiter) is (timeout is not None)
    assert queue.get_nowait() == 0
    thread.result()
    assert queue.get_nowait() == 1


@pytest.mark.parametrize(
    ("waiter", "left"), [(InterruptedWhenWoken, [1]), (InterruptedWhenDecided, [])]
)
def test_one_that_is_interrupted_has_put_it_once_or_not_at_all(
    crew: Crew, monkeypatch: pytest.MonkeyPatch, waiter: Any, left: list[int]
) -> None:
    """And there are as many places as before."""
    monkeypatch.setitem(CARRYING, ThreadWaiter, waiter)
    queue = aiologic.Queue[int]([0], maxsize=1)

    def put() -> str:
        try:
            queue.green_put(1)
        except Interrupted:
            return "interrupted"
        return "put"

    thread = crew.start(put)
    crew.wait_until(lambda: queue.putting == 1)
    assert queue.get_nowait() == 0
    assert thread.result() == "interrupted"
    assert list(queue._inside()) == left
    assert queue.unfinished_tasks == 1 + len(left)
    assert drained(queue) == left
    assert size_of(queue._places._free) == 1  # type: ignore[union-attr]


def test_an_interrupted_one_passes_its_place_on(
    crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the next, which brings its item, too."""
    queue = aiologic.Queue[int]([0], maxsize=1)
    with monkeypatch.context() as patched:
        patched.setitem(CARRYING, ThreadWaiter, InterruptedWhenDecided)
        first = blocked(crew, queue, 1)
    second = blocked(crew, queue, 2)
    assert drained(queue) == [0, 2]
    second.result()
    with pytest.raises(Interrupted):
        first.result()


def test_a_shutdown_refuses_what_was_not_brought(crew: Crew) -> None:
    """It is the thread itself that gets the error."""
    queue = aiologic.Queue[int]([0], maxsize=1)
    threads = [blocked(crew, queue, number) for number in (1, 2)]
    assert queue.get_nowait() == 0
    queue.shutdown()
    assert threads[0].result() is None
    with pytest.raises(QueueShutDown):
        threads[1].result()
    assert drained(queue) == [1]
    assert queue.unfinished_tasks == 2


def test_one_that_meets_a_shutdown_hears_of_it(
    crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The queue is shut while its item is on the way: it is behind the end, and its thread is refused."""

    class MeetsShutdown(CarryingThreadWaiter):
        __slots__ = ()

        def unpark(self) -> None:
            queue._row = Row(queue, queue._row)
            super().unpark()

    class Row:
        """Is shut before it takes an item."""

        def __init__(self, queue: Any, row: Any) -> None:
            self.queue, self.row = queue, row

        def append(self, item: Any) -> None:
            self.queue.shutdown()
            self.row.append(item)

    monkeypatch.setitem(CARRYING, ThreadWaiter, MeetsShutdown)
    queue: Any = aiologic.Queue[int]([0], maxsize=1)
    thread = blocked(crew, queue, 1)
    assert queue.get_nowait() == 0
    with pytest.raises(QueueShutDown):
        thread.result()
    assert queue.unfinished_tasks == 1
    with pytest.raises(QueueShutDown):
        queue.get_nowait()


def test_others_are_not_brought(crew: Crew) -> None:
    """A store of one's own may do anything with an item, so the task that puts it calls the store."""
    queue = aiologic.PriorityQueue[int]([1], maxsize=1)
    thread = blocked(crew, queue, 0)
    assert queue.get_nowait() == 1
    assert thread.result() is None
    assert queue.get_nowait() == 0
    with pytest.raises(QueueEmpty):
        queue.get_nowait()


@needs_places
def test_whoever_brings_may_be_interrupted() -> None:
    """At every place: a task that was decided is awake, and its item is in the queue once."""
    for interruption in places(at_least=3):
        queue = aiologic.Queue[int]([0], maxsize=1)
        waiter: Any = create_waiter()
        waiter.__class__ = CarryingThreadWaiter
        box = [1]
        line: Any = queue._places
        line._join(waiter, (queue, box))
        heard(interruption, queue.get_nowait)
        where = interruption.where
        if waiter:
            assert box == [1], where
            continue
        assert not waiter._parked.locked(), where
        assert box + list(queue._inside()) == [1], where
        assert queue.statistics().value == len(queue), where
        assert size_of(queue._places._free) == 0, where  # type: ignore[union-attr]


def test_discarded_between_any_two_steps_of_bringing() -> None:
    """If a thread that was given a place leaves, its item was there and is discarded, or it is told of the end."""
    for interruption in interruptions():
        queue = aiologic.Queue[int]([0], maxsize=1)
        queue.get_nowait()
        queue.task_done()
        line: Any = queue._places
        assert line.take()
        waiter: Any = create_waiter()
        waiter.__class__ = CarryingThreadWaiter
        line._join(waiter, (queue, [1]))
        interruption.during(line._put_back, partial(queue.shutdown, immediate=True))
        assert not waiter
        if interruption.was_made:
            assert (len(queue), queue.unfinished_tasks) == (0, 0)
            assert queue.statistics().value == 0
