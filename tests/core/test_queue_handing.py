# SPDX-License-Identifier: ISC
"""A thread that waits for an item gets it into its hands: its place is free before the thread goes on."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import aiologic
import pytest
from aiologic import QueueFull, QueueShutDown
from aiologic._handing import HandedThreadWaiter
from aiologic._pool import size_of
from aiologic._runtime.threads import ThreadWaiter, create_waiter
from aiologic.lowlevel import enable_checkpoints
from aiologic.testing._interruption import Interrupted

from .queues import drained, started
from .raising import heard, needs_places, places
from .test_reentrancy import interruptions

if TYPE_CHECKING:
    from .crew import Crew, Member
    from .hand_driven import HandWorld


def blocked(crew: Crew, queue: Any) -> Member:
    """A thread that waits for an item, and tells whether it was interrupted."""

    def get() -> Any:
        try:
            return queue.green_get()
        except Interrupted:
            return "interrupted"

    before = queue.getting
    thread = crew.start(get)
    crew.wait_until(lambda: queue.getting == before + 1)
    return thread


def test_what_is_handed_over_has_no_place(crew: Crew) -> None:
    """As many items as threads that wait can be put without waiting, before any of these threads has run."""
    queue = aiologic.Queue[int](1)
    threads = [blocked(crew, queue) for _ in range(3)]
    for item in range(4):
        queue.put_nowait(item)
    with pytest.raises(QueueFull):
        queue.put_nowait(4)
    # Each gets its own, in the order in which they came.
    assert [thread.result() for thread in threads] == [0, 1, 2]
    assert drained(queue) == [3]
    assert queue.unfinished_tasks == 4


def test_a_task_hands_over_as_well(crew: Crew, world: HandWorld) -> None:
    queue = aiologic.Queue[int](1)
    thread = blocked(crew, queue)

    async def put_both() -> None:
        await queue.async_put(1)
        await queue.async_put(2)

    world.run(put_both())
    assert thread.result() == 1
    assert drained(queue) == [2]


@pytest.mark.usefixtures("checkpoints_restored")
def test_the_place_goes_to_the_next_who_waits_for_one(
    crew: Crew, world: HandWorld
) -> None:
    """A has the only place, and lets others run.   B and C wait.   A's item is handed over, and B has the place."""
    queue = aiologic.Queue[int](1)
    thread = blocked(crew, queue)

    async def put() -> None:
        async with enable_checkpoints():
            await queue.async_put(1)

    putter = world.spawn(put()).step()
    assert putter.checkpoints == 1
    second, third = started(world, 2, lambda: queue.async_put(2))
    assert putter.step().is_done
    assert thread.result() == 1
    assert second.is_woken
    assert not third.is_woken
    assert second.step().is_done
    assert queue.get_nowait() == 2
    assert third.step().is_done


@pytest.mark.parametrize("timeout", [None, 30])
def test_with_a_time_out_it_takes_one_itself(crew: Crew, timeout: float | None) -> None:
    queue = aiologic.Queue[int](1)
    thread = crew.start(lambda: queue.green_get(timeout=timeout))
    crew.wait_until(lambda: queue.getting == 1)
    (waiter,) = queue._queue  # type: ignore[misc]
    assert (type(waiter) is ThreadWaiter) is (timeout is not None)
    queue.put_nowait(1)
    assert thread.result() == 1


def test_a_shutdown_hands_over_nothing(crew: Crew) -> None:
    queue = aiologic.Queue[int](1)
    threads = [crew.start(queue.green_get) for _ in range(2)]
    crew.wait_until(lambda: queue.getting == 2)
    queue.put_nowait(1)
    queue.shutdown()
    outcomes: list[Any] = []
    for thread in threads:
        try:
            outcomes.append(thread.result())
        except QueueShutDown:
            outcomes.append("shut down")
    assert outcomes == [1, "shut down"]


@pytest.mark.parametrize("limit", [None, 1])
def test_shut_down_between_any_two_steps_of_a_hand_over(
    world: HandWorld, limit: int | None
) -> None:
    """The thread gets what was put, or is told of the end if that was refused; those behind it are told of the end."""
    for interruption in interruptions():
        queue = aiologic.Queue[int](limit)
        waiter, hands = joined(queue)
        [behind] = started(world, 1, queue.async_get)
        was_put = True
        try:
            interruption.during(partial(queue.put_nowait, 1), queue.shutdown)
        except QueueShutDown:
            was_put = False
        queue.shutdown()
        assert not waiter._parked.locked()
        if was_put:
            # Otherwise the thread goes on as all others do.
            assert hands == [1] or queue._remove() == 1
        else:
            assert not hands
        with pytest.raises(QueueShutDown):
            behind.step()
        assert queue.unfinished_tasks == was_put


def joined(queue: aiologic.Queue[int]) -> tuple[Any, list[int]]:
    """The wait of a thread, and its hands."""
    waiter: Any = create_waiter()
    waiter.__class__ = HandedThreadWaiter
    hands: list[int] = []
    queue._join(waiter, (queue, [None], hands, []))
    return waiter, hands


@needs_places
def test_whoever_hands_over_may_be_interrupted() -> None:
    """At every place: a task that was decided is awake, and has the item, or the right to it."""
    for interruption in places(at_least=3):
        queue = aiologic.Queue[int]([0], maxsize=1)
        queue.get_nowait()
        waiter, hands = joined(queue)
        heard(interruption, partial(queue.put_nowait, 1))
        where = interruption.where
        inside = len(queue)
        if waiter:
            assert not hands, where
            continue
        assert not waiter._parked.locked(), where
        assert inside + len(hands) == 1, where
        assert queue.statistics().value == 0, where
        free = size_of(queue._places._free)  # type: ignore[union-attr]
        assert free == 1 - inside, where
