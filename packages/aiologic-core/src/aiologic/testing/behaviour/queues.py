# SPDX-License-Identifier: ISC
"""Queues: what is put is got once, and in order, whichever tasks give up meanwhile.

If one of these fails: look at duties 3, 4 and 6, and at ``World.wakes_first`` if the
only difference is whether a wake-up or a cancellation wins.
"""

from __future__ import annotations

import pytest

import aiologic

from .._stage import CANCELLED, Operation, Stage, until
from ..operations import get, put

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .._stage import Call, World
    from ..catalogue import Kind


def starts_to_get(stage: Stage, queue: Any, **options: Any) -> Call:
    """Start a call, and return when it waits for an item."""
    before = queue.getting
    call = stage.actor().starts(get(queue, **options))
    until(lambda: queue.getting == before + 1)
    return call


def starts_to_put(stage: Stage, queue: Any, item: object, **options: Any) -> Call:
    """Start a call, and return when it waits for a place."""
    before = queue.putting
    call = stage.actor().starts(put(queue, item, **options))
    until(lambda: queue.putting == before + 1)
    return call


def full(kind: Kind) -> Any:
    """A queue of that kind with one place, which is taken by 0."""
    queue = kind.cls(1)
    queue.put_nowait(0)
    return queue


# -- hand-over -------------------------------------------------------------------------------------------------------


def test_items_go_to_those_who_wait_in_order(
    stage: Stage, threads: Stage, queues: Kind
) -> None:
    """From threads into the world, and within it."""
    queue = queues.make()
    calls = [starts_to_get(stage, queue) for _ in range(3)]
    for item, putter in enumerate([threads.actor(), stage.actor(), threads.actor()]):
        putter.does(put(queue, item))
        assert calls[item].result() == item
    assert (len(queue), queue.waiting) == (0, 0)


def test_items_come_out_of_the_world_in_order(
    stage: Stage, threads: Stage, queues: Kind
) -> None:
    queue = queues.make()
    putter, getter = stage.actor(), threads.actor()
    for item in range(3):
        call = starts_to_get(threads, queue)
        putter.does(put(queue, item))
        assert call.result() == item
    putter.does(put(queue, 3))
    assert getter.does(get(queue)) == 3


def test_places_go_to_those_who_wait_in_order(
    stage: Stage, threads: Stage, sized_queues: Kind
) -> None:
    queue = full(sized_queues)
    calls = [starts_to_put(stage, queue, item) for item in (1, 2, 3)]
    for item, getter in enumerate([threads.actor(), stage.actor(), threads.actor()]):
        assert getter.does(get(queue)) == item
        assert calls[item].result() is None
    assert (len(queue), queue.waiting) == (1, 0)


def test_a_stream_through_a_queue(
    stage: Stage, threads: Stage, sized_queues: Kind
) -> None:
    """Each item arrives once, in both directions; the loop ends when the queue is shut down."""
    count = 200
    for source, drain in (threads, stage), (stage, threads), (stage, stage):
        queue = sized_queues.make()
        writing = source.actor().starts(_written(queue, count))
        read = drain.actor().does(_read(queue))
        writing.result()
        if sized_queues.cls is aiologic.Queue:
            assert read == list(range(count))
        assert sorted(read) == list(range(count))
        assert queue.unfinished_tasks == 0


def _written(queue: Any, count: int) -> Operation:
    def green() -> None:
        for item in range(count):
            queue.green_put(item)
        queue.shutdown()
        queue.green_join()

    async def aio() -> None:
        for item in range(count):
            await queue.async_put(item)
        queue.shutdown()
        await queue.async_join()

    return Operation("write", green, aio)


def _read(queue: Any) -> Operation:
    def green() -> list[int]:
        items: list[int] = []
        for item in queue:
            items.append(item)
            queue.task_done()
        return items

    async def aio() -> list[int]:
        items: list[int] = []
        async for item in queue:
            items.append(item)
            queue.task_done()
        return items

    return Operation("read", green, aio)


# -- cancellation ----------------------------------------------------------------------------------------------------


def test_a_cancelled_get_or_put_leaves_no_trace(
    cancelling_stage: Stage, sized_queues: Kind
) -> None:
    queue = sized_queues.cls(1)
    call = starts_to_get(cancelling_stage, queue)
    cancelling_stage.inside(call.cancel)
    assert call.result() == CANCELLED
    assert queue.waiting == 0
    queue.put_nowait(0)
    call = starts_to_put(cancelling_stage, queue, 1)
    cancelling_stage.inside(call.cancel)
    assert call.result() == CANCELLED
    assert queue.waiting == 0
    assert queue.get_nowait() == 0
    assert (len(queue), queue.unfinished_tasks) == (0, 1)


@pytest.mark.parametrize("cancel_first", [False, True])
def test_what_is_put_for_a_task_that_is_cancelled_goes_to_the_next(
    cancelling_stage: Stage, cancelling_world: World, queues: Kind, cancel_first: bool
) -> None:
    """Both happen in one step of the loop. The item has not moved, so its place in the order is the same."""
    queue = queues.make()
    victim = starts_to_get(cancelling_stage, queue)
    behind = starts_to_get(cancelling_stage, queue)

    def both() -> None:
        if cancel_first:
            victim.cancel()
        queue.put_nowait(1)
        if not cancel_first:
            victim.cancel()

    cancelling_stage.inside(both)
    if not cancel_first and cancelling_world.wakes_first:
        assert victim.result() == 1
        queue.put_nowait(2)
        assert behind.result() == 2
    else:
        assert victim.result() == CANCELLED
        assert behind.result() == 1
    assert (len(queue), queue.waiting) == (0, 0)


@pytest.mark.parametrize("cancel_first", [False, True])
def test_a_place_for_a_task_that_is_cancelled_goes_to_the_next(
    cancelling_stage: Stage,
    cancelling_world: World,
    sized_queues: Kind,
    cancel_first: bool,
) -> None:
    queue = full(sized_queues)
    victim = starts_to_put(cancelling_stage, queue, 1)
    behind = starts_to_put(cancelling_stage, queue, 2)

    def both() -> None:
        if cancel_first:
            victim.cancel()
        assert queue.get_nowait() == 0
        if not cancel_first:
            victim.cancel()

    cancelling_stage.inside(both)
    if not cancel_first and cancelling_world.wakes_first:
        assert victim.result() is None
        assert queue.get_nowait() == 1
    else:
        assert victim.result() == CANCELLED
    assert behind.result() is None
    assert queue.get_nowait() == 2
    assert (len(queue), queue.waiting) == (0, 0)


def test_all_who_get_are_cancelled_in_the_step_that_puts(
    cancelling_stage: Stage, cancelling_world: World
) -> None:
    """The items are still there, in their order."""
    queue: aiologic.Queue[int] = aiologic.Queue()
    calls = [starts_to_get(cancelling_stage, queue) for _ in range(4)]

    def both() -> None:
        for item in range(4):
            queue.put_nowait(item)
        for call in calls:
            call.cancel()

    cancelling_stage.inside(both)
    outcomes = [call.result() for call in calls]
    got = [outcome for outcome in outcomes if outcome != CANCELLED]
    left = [queue.get_nowait() for _ in range(len(queue))]
    # Each got what was next when it ran; the order in which they run depends on the library.
    assert sorted(got) + left == list(range(4))
    if cancelling_world.wakes_first:
        assert not left
    else:
        assert outcomes[0] == CANCELLED
        # Killing a greenlet may switch to it, and then others may run before the next is killed.
        assert not got or not cancelling_world.is_async
    assert queue.waiting == 0


# -- the end ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("immediate", [False, True])
def test_a_shutdown_is_heard_by_all_who_wait(
    stage: Stage, threads: Stage, sized_queues: Kind, immediate: bool
) -> None:
    def shut(queue: Any) -> Operation:
        async def aio() -> None:
            queue.shutdown(immediate)

        return Operation("shutdown", lambda: queue.shutdown(immediate), aio)

    for place in threads, stage:
        empty, filled = sized_queues.cls(1), full(sized_queues)
        calls = [starts_to_get(stage, empty), starts_to_get(threads, empty)]
        calls += [starts_to_put(threads, filled, 1), starts_to_put(stage, filled, 2)]
        for queue in empty, filled:
            place.actor().does(shut(queue))
        for call in calls:
            with pytest.raises(aiologic.QueueShutDown):
                call.result()
        for queue in empty, filled:
            assert queue.waiting == 0
            with pytest.raises(aiologic.QueueShutDown):
                stage.actor().does(put(queue, 3))
        if not immediate:
            assert stage.actor().does(get(filled)) == 0
        with pytest.raises(aiologic.QueueShutDown):
            stage.actor().does(get(filled))
