# SPDX-License-Identifier: ISC
"""C7: a queue is closed, and everybody leaves it, wherever they wait."""

from __future__ import annotations

import asyncio
import queue as stock
from contextlib import suppress

import aiologic
import pytest
from aiologic.testing.harness import Interruption, get, put, run, until

from .conftest import ASYNC, GREEN, Two, between

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

PACKAGE = [aiologic.__file__.rpartition("__init__")[0]]


@between(ASYNC, ASYNC)
@pytest.mark.parametrize("green", GREEN)
def test_a_thread_and_a_task_of_each_of_two_loops_leave(two: Two, green: str) -> None:
    queue: aiologic.Queue[int] = aiologic.Queue()
    getters = [two.first.actor(), two.second.actor(), two.of(green).actor()]
    calls = [getter.starts(get(queue)) for getter in getters]
    until(lambda: queue.waiting == 3)

    two.first.actor().does(run(queue.shutdown))

    for call in calls:
        with pytest.raises(aiologic.QueueShutDown):
            call.result()
    assert queue.waiting == 0


@between(ASYNC, GREEN)
def test_putters_fail_at_once_and_what_is_in_there_is_had(two: Two) -> None:
    queue: aiologic.Queue[int] = aiologic.Queue([1, 2], 2)
    calls = [
        stage.actor().starts(put(queue, 3)) for stage in (two.first, two.second) * 2
    ]
    until(lambda: queue.putting == 4)

    two.second.actor().does(run(queue.shutdown))

    for call in calls:
        with pytest.raises(aiologic.QueueShutDown):
            call.result()
    assert two.first.actor().does(get(queue)) == 1
    assert two.second.actor().does(get(queue)) == 2
    for stage in (two.first, two.second):
        for operation in (get(queue), put(queue, 3)):
            with pytest.raises(aiologic.QueueShutDown):
                stage.actor().does(operation)


@between(ASYNC, GREEN)
def test_at_once_it_discards_and_twice_it_is_closed_as_well(two: Two) -> None:
    queue: aiologic.Queue[int] = aiologic.Queue([1, 2])
    closer, other = two.first.actor(), two.second.actor()
    for _ in range(2):
        other.does(run(queue.shutdown))
    assert len(queue) == 2
    for _ in range(2):
        closer.does(run(lambda: queue.shutdown(immediate=True)))
    assert len(queue) == 0

    with pytest.raises(aiologic.QueueShutDown):
        other.does(get(queue))
    assert queue.is_shutdown


@between(ASYNC, GREEN)
def test_a_signal_handler_may_close_it_at_any_moment(two: Two) -> None:
    """In the middle of a put, before each bytecode: what was put then can be got, or was refused."""
    getters = [two.first.actor(), two.second.actor()]
    # At every 25th place at which the handler runs, two getters wait; at the others, nobody does.
    number = getters_of_two = 0
    while True:
        queue: aiologic.Queue[int] = aiologic.Queue()
        calls = []
        if number % 25 == 0:
            getters_of_two += 1
            calls = [getter.starts(get(queue)) for getter in getters]
            until(lambda q=queue: q.waiting == 2)  # type: ignore[misc]
        interruption = Interruption(number, queue.shutdown, PACKAGE)
        was_put = True
        try:
            interruption.during(lambda q=queue: q.put_nowait(1))  # type: ignore[misc]
        except aiologic.QueueShutDown:
            was_put = False
        if not interruption.was_made:
            queue.shutdown()
        had = 0
        for call in calls:
            with suppress(aiologic.QueueShutDown):
                had += call.result()
        while len(queue):
            had += queue.get_nowait()
        assert had == was_put, interruption.where
        if not interruption.was_made:
            break
        number += 1
    assert getters_of_two > 1


def test_the_error_is_what_either_world_expects() -> None:
    """Where these exist: since Python 3.13."""
    queue: aiologic.Queue[int] = aiologic.Queue()
    queue.shutdown()
    for module, name in ((stock, "ShutDown"), (asyncio, "QueueShutDown")):
        expected: Any = getattr(module, name, aiologic.QueueShutDown)
        with pytest.raises(expected):
            queue.get_nowait()
