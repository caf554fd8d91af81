# SPDX-License-Identifier: ISC
"""Time-outs of queues, and how often their calls let others run.

If one of these fails: look at duty 7; if only a count of switches is wrong, at
``park()``, which has to yield to the loop once, and at ``World.traps_are_switches``.
"""

from __future__ import annotations

import pytest

import aiologic

from .._stage import SHORT, Operation, Stage, until
from ..operations import get, put
from .checkpoints import Counter, GreenCounter
from .queues import full, starts_to_get, starts_to_put
from .timeouts import HUGE, WRONG

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .._stage import World
    from ..catalogue import Kind


# -- time-outs -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [{"timeout": 0}, {"timeout": SHORT}])
def test_the_time_of_a_get_or_a_put_is_up(
    stage: Stage, sized_queues: Kind, options: Any
) -> None:
    actor = stage.actor()
    queue = full(sized_queues)
    with pytest.raises(aiologic.QueueFull):
        actor.does(put(queue, 1, **options))
    assert actor.does(get(queue, **options)) == 0
    with pytest.raises(aiologic.QueueEmpty):
        actor.does(get(queue, **options))
    actor.does(put(queue, 2, **options))
    assert (len(queue), queue.waiting, queue.unfinished_tasks) == (1, 0, 2)


def test_the_time_of_a_get_is_up(stage: Stage, queues: Kind) -> None:
    queue = queues.make()
    for timeout in 0, SHORT:
        with pytest.raises(aiologic.QueueEmpty):
            stage.actor().does(get(queue, timeout=timeout))
    assert queue.waiting == 0


@pytest.mark.parametrize("timeout", HUGE.values(), ids=HUGE)
def test_a_huge_time_out_of_a_queue_is_waited_for(
    stage: Stage, threads: Stage, timeout: float
) -> None:
    queue: aiologic.Queue[int] = aiologic.Queue(1)
    getting = starts_to_get(stage, queue, timeout=timeout)
    threads.actor().does(put(queue, 1))
    assert getting.result() == 1
    threads.actor().does(put(queue, 2))
    putting = starts_to_put(stage, queue, 3, timeout=timeout)
    assert threads.actor().does(get(queue)) == 2
    assert putting.result() is None


@pytest.mark.parametrize(("timeout", "error", "text"), WRONG.values(), ids=WRONG)
def test_a_wrong_time_out_changes_no_queue(
    stage: Stage, sized_queues: Kind, timeout: Any, error: type[Exception], text: str
) -> None:
    for queue in (sized_queues.cls(1), full(sized_queues)):
        before = (len(queue), queue.statistics())
        for operation in (get(queue, timeout=timeout), put(queue, 1, timeout=timeout)):
            with pytest.raises(error, match=text):
                stage.actor().does(operation)
        assert (len(queue), queue.statistics()) == before


# -- checkpoints -----------------------------------------------------------------------------------------------------


@pytest.fixture(params=["default", "on", "off"])
def queue_counter(request: pytest.FixtureRequest, async_world: World) -> Counter:
    return Counter(async_world, request.param)


def test_each_get_and_put_is_one_switch_at_most(
    async_stage: Stage, threads: Stage, queues: Kind, queue_counter: Counter
) -> None:
    queue = queues.make()
    actor = async_stage.actor()
    expected = queue_counter.expected
    assert actor.does(queue_counter(put(queue, 1))) == (None, expected)
    assert actor.does(queue_counter(get(queue))) == (1, expected)
    assert actor.does(queue_counter(put(queue, 2, blocking=False))) == (None, 0)
    assert actor.does(queue_counter(get(queue, blocking=False))) == (2, 0)
    call = actor.starts(queue_counter(get(queue)))
    until(lambda: queue.getting == 1)
    threads.actor().does(put(queue, 3))
    assert call.result() == (3, 1)
    # The store was created for the first item; from now on, put() takes another path.
    assert actor.does(queue_counter(put(queue, 4))) == (None, expected)


def test_to_wait_for_a_place_is_one_switch(
    async_stage: Stage, threads: Stage, sized_queues: Kind, queue_counter: Counter
) -> None:
    queue = full(sized_queues)
    call = async_stage.actor().starts(queue_counter(put(queue, 1)))
    until(lambda: queue.putting == 1)
    threads.actor().does(get(queue))
    assert call.result() == (None, 1)


def test_each_green_get_and_put_is_one_checkpoint_at_most(
    stage: Stage, threads: Stage, queues: Kind, green_counter: GreenCounter
) -> None:
    queue = queues.make()
    actor, expected = stage.actor(), green_counter.expected
    assert actor.does(green_counter(put(queue, 1))) == (None, expected)
    assert actor.does(green_counter(get(queue))) == (1, expected)
    assert actor.does(green_counter(put(queue, 2, blocking=False))) == (None, 0)
    assert actor.does(green_counter(get(queue, blocking=False))) == (2, 0)
    call = actor.starts(green_counter(get(queue)))
    until(lambda: queue.getting == 1)
    threads.actor().does(put(queue, 3))
    assert call.result() == (3, 0)
    assert actor.does(green_counter(put(queue, 4))) == (None, expected)


def test_to_wait_for_a_place_is_no_green_checkpoint(
    stage: Stage, threads: Stage, sized_queues: Kind, green_counter: GreenCounter
) -> None:
    queue = full(sized_queues)
    call = stage.actor().starts(green_counter(put(queue, 1)))
    until(lambda: queue.putting == 1)
    threads.actor().does(get(queue))
    assert call.result() == (None, 0)


def test_to_join_when_all_is_done_is_one_switch_at_most(
    async_stage: Stage, sized_queues: Kind, queue_counter: Counter
) -> None:
    joining = queue_counter(joins(sized_queues.make()))
    assert async_stage.actor().does(joining) == (True, queue_counter.expected)


def test_a_green_join_when_all_is_done_is_one_checkpoint_at_most(
    stage: Stage, sized_queues: Kind, green_counter: GreenCounter
) -> None:
    joining = green_counter(joins(sized_queues.make()))
    assert stage.actor().does(joining) == (True, green_counter.expected)


def joins(queue: Any) -> Operation:
    """Wait until everything that was put is done."""
    return Operation("join", queue.green_join, queue.async_join)
