# SPDX-License-Identifier: ISC
"""A loop whose tasks are constantly woken by threads looks at its callbacks, timers and sockets in between."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import aiologic
import pytest

from .steps import slice_of, start, until_waiting

if TYPE_CHECKING:
    from collections.abc import Callable

Loop = asyncio.AbstractEventLoop


def in_a_thread(call: Callable[[], object]) -> None:
    """Create it there, and wait until it is created."""
    thread = threading.Thread(target=call)
    thread.start()
    thread.join()


@pytest.mark.parametrize("how", ["one", "many"])
def test_what_is_ready_comes_before_those_who_are_woken_later(
    loop: Loop, how: str
) -> None:
    """A goes on, makes a callback ready, and a thread wakes B while A is still running; B does the same with C."""
    order: list[object] = []
    turns = 10
    events = [aiologic.Event() for _ in range(turns + 1)]

    async def play(number: int) -> None:
        await events[number]
        order.append(number)
        loop.call_soon(order.append, "callback")
        in_a_thread(events[number + 1].set)

    together = 1 if how == "one" else 2
    tasks = [
        start(loop, play(number)) for number in range(turns) for _ in range(together)
    ]
    until_waiting(loop, events[turns - 1], together)

    in_a_thread(events[0].set)
    for _ in range(3 * turns):
        slice_of(loop)

    assert all(task.done() for task in tasks)
    for number in range(turns - 1):
        # At least one callback has been called since it was the previous one's turn.
        last, first = order.index(number), order.index(number + 1)
        assert "callback" in order[last:first]


def test_a_timer_goes_off_while_a_thread_wakes_tasks(loop: Loop) -> None:
    """Two tasks are woken by a thread, each because the other has run: endlessly, until a timer stops them."""
    turns = [aiologic.Semaphore(0), aiologic.Semaphore(0)]
    said: list[str] = []
    steps = 0

    async def play(side: int) -> None:
        nonlocal steps
        while True:
            await turns[side].async_acquire()
            steps += 1
            if said or steps > 2_000:
                turns[1 - side].release()
                return
            in_a_thread(turns[1 - side].release)

    tasks = [start(loop, play(side)) for side in range(2)]
    until_waiting(loop, turns[1])
    loop.call_later(0, said.append, "time is up")
    in_a_thread(turns[0].release)
    loop.run_until_complete(asyncio.wait(tasks))

    # uvloop's timers count in milliseconds.
    assert said
    assert steps <= 2_000


@pytest.mark.parametrize("count", [3, 1_500])
def test_each_of_many_that_end_the_loop_is_heard(loop: Loop, count: int) -> None:
    """A thread wakes them one by one, and each raises in its step: as with callbacks, none hides another."""
    events = [aiologic.Event() for _ in range(count)]
    last = aiologic.Event()
    raised: list[object] = []

    async def end(number: int) -> None:
        await events[number]
        raise SystemExit(number)

    def go_on() -> None:
        try:
            slice_of(loop)
        except SystemExit as error:
            raised.append(error.code)

    tasks = [start(loop, end(number)) for number in range(count)]
    until_waiting(loop, events[-1])
    behind = start(loop, last.with_())
    until_waiting(loop, last)

    def wake() -> None:
        for event in events:
            event.set()
        last.set()

    in_a_thread(wake)
    for _ in range(2 * count + 5):
        if behind.done():
            break
        go_on()

    assert behind.result() is True
    outcomes = [task.exception() for task in tasks]
    assert [getattr(outcome, "code", None) for outcome in outcomes] == [*range(count)]
    if isinstance(loop, asyncio.BaseEventLoop):
        assert raised == [*range(count)]
