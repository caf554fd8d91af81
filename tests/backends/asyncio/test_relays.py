# SPDX-License-Identifier: ISC
"""Tasks that wake one another go on in one call of the loop, and nobody else is delayed by that."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

import aiologic
import pytest
from aiologic_asyncio import _relay
from aiologic_asyncio._relay import QUEUE, STEPS
from hypothesis import given, strategies as st

from .pairs import Pair
from .steps import finish, slice_of, start, until_waiting

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

Loop = asyncio.AbstractEventLoop


# -- turns of the loop -----------------------------------------------------------------------------------------------


class CountingLoop(asyncio.SelectorEventLoop):
    """Counts its turns."""

    turns = 0
    queue: object = None

    def _run_once(self) -> None:
        self.turns += 1
        super()._run_once()  # type: ignore[misc]


@pytest.fixture
def counting() -> Iterator[CountingLoop]:
    loop = CountingLoop()
    yield loop
    loop.close()


def test_two_that_hand_over_share_turns_of_the_loop(counting: CountingLoop) -> None:
    """The loop looks at its selector in between, but not each time."""
    pair = Pair(hand_overs := 50 * STEPS)
    tasks = pair.start(counting)

    async def main() -> None:
        counting.turns = 0
        pair.turns[0].release()
        await asyncio.gather(*tasks)

    counting.run_until_complete(main())

    fewest = hand_overs // STEPS
    assert fewest <= counting.turns <= fewest + 5


def test_what_comes_from_outside_waits_for_a_few_steps_only(loop: Loop) -> None:
    """A writes to a pipe that the loop reads, and hands over to B, B to A, and so on until it was read."""
    reader, writer = os.pipe()
    pair = Pair(hand_overs := 100 * STEPS)
    read_at: list[int] = []

    def write_once() -> None:
        if pair.left == hand_overs:
            os.write(writer, b"!")

    def read() -> None:
        os.read(reader, 1)
        read_at.append(hand_overs - pair.left)

    loop.add_reader(reader, read)
    try:
        tasks = pair.start(loop, write_once)

        async def main() -> None:
            pair.turns[0].release()
            await asyncio.gather(*tasks)

        loop.run_until_complete(main())
    finally:
        loop.remove_reader(reader)
        os.close(reader)
        os.close(writer)

    (steps,) = read_at
    assert steps <= STEPS + 1


@pytest.mark.parametrize("queue", [(), "not one", [()], {"a": 1}, 1], ids=repr)
def test_a_loop_whose_queue_is_something_else(
    monkeypatch: pytest.MonkeyPatch, counting: CountingLoop, queue: object
) -> None:
    """Nothing is lost there; nor if it is always empty."""
    counting.queue = queue
    monkeypatch.setattr(_relay, "QUEUE", "queue")
    pair = Pair(5 * STEPS)
    tasks = pair.start(counting)

    async def main() -> None:
        pair.turns[0].release()
        await asyncio.gather(*tasks)

    finish(counting, main())

    assert pair.left <= 0


# -- the order of tasks and callbacks --------------------------------------------------------------------------------


def test_whoever_is_ready_comes_before_those_who_are_woken_later(loop: Loop) -> None:
    """A task and callbacks, each made ready by the one before, keep their order next to two tasks that hand over."""
    order: list[str] = []
    pair = Pair(20)

    def hand_over() -> None:
        order.append("pair")
        # Behind the one that is woken now, and before the one that it wakes.
        loop.call_soon(order.append, "callback")

    tasks = pair.start(loop, hand_over)

    async def main() -> None:
        pair.turns[0].release()
        await asyncio.gather(*tasks)

    loop.run_until_complete(main())

    assert order == ["pair", "callback"] * 21  # the last one wakes the other


@pytest.mark.parametrize("in_a_relay", [False, True], ids=["outside", "in a relay"])
def test_order_among_tasks_and_callbacks(loop: Loop, in_a_relay: bool) -> None:
    """Those that are woken with nothing in between are next to each other, and each is where it was put."""
    order: list[object] = []
    events = [aiologic.Event() for _ in range(5)]
    begin = aiologic.Event()

    async def wait(number: int) -> None:
        await events[number]
        order.append(number)

    async def wake() -> None:
        await begin
        events[0].set()
        events[1].set()
        loop.call_soon(order.append, "first")
        events[2].set()
        loop.call_soon(order.append, "second")
        events[3].set()
        events[4].set()
        loop.call_soon(order.append, "third")
        assert order == []  # nobody goes on inside

    tasks = [start(loop, wait(number)) for number in range(5)]
    tasks.append(start(loop, wake()))
    until_waiting(loop, begin)
    if in_a_relay:

        async def main() -> None:
            begin.set()

        loop.run_until_complete(main())
    else:
        begin.set()
    finish(loop, asyncio.gather(*tasks))

    assert order == [0, 1, "first", 2, "second", 3, 4, "third"]


def test_those_who_are_woken_on_the_way_come_behind_all_who_are_ready(
    loop: Loop,
) -> None:
    """A and B are woken together, next to a callback; what A wakes comes after B, and after the callback."""
    order: list[str] = []
    together = aiologic.Event()
    later = aiologic.Event()

    async def a() -> None:
        await together
        order.append("a")
        later.set()

    async def b() -> None:
        await together
        order.append("b")

    async def c() -> None:
        await later
        order.append("c")

    async def main() -> None:
        tasks = [asyncio.ensure_future(task) for task in (a(), b(), c())]
        while together.waiting < 2 or not later.waiting:  # noqa: ASYNC110
            await asyncio.sleep(0)
        together.set()
        loop.call_soon(order.append, "callback")
        await asyncio.gather(*tasks)

    loop.run_until_complete(main())

    assert order == ["a", "b", "callback", "c"]


#: What a task does next: wake another, wait for a wake-up, have the loop call something, or let all others go first.
ACTIONS = st.sampled_from(
    [
        *(("wake", number) for number in range(4)),
        *[("wait", 0)] * 3,
        ("call", 0),
        ("sleep", 0),
        ("cancel", 1),
    ]
)
TIMES = 4  # so that each does all of it
TURNS = 4 * 8 * TIMES  # by then, all wait except those that wake one another


def order_of(programs: list[list[tuple[str, int]]], queue: str) -> list[Any]:
    """What four tasks do, one after the other, on a loop whose queue has this name."""
    order: list[Any] = []
    semaphores = [aiologic.Semaphore(0) for _ in programs]

    async def run(number: int) -> None:
        for place, (action, other) in enumerate(programs[number] * TIMES):
            order.append((number, place, action))
            try:
                if action == "wake":
                    semaphores[other].release()
                elif action == "call":
                    loop.call_soon(order.append, (number, place, "called"))
                elif action == "sleep":
                    await asyncio.sleep(0)
                elif action == "cancel":
                    tasks[other].cancel()
                else:
                    await semaphores[number].async_acquire()
            except asyncio.CancelledError:
                order.append((number, place, "cancelled"))

    loop = asyncio.new_event_loop()
    tasks = [start(loop, run(number)) for number in range(len(programs))]
    _relay.QUEUE = queue
    try:
        while any(not task.done() for task in tasks):
            for _ in range(TURNS):
                slice_of(loop)
            for task in tasks:
                task.cancel()
    finally:
        _relay.QUEUE = QUEUE
        loop.close()
    return order


# The last hypothesis for Python 3.8 warns about one of its own generators.
@pytest.mark.filterwarnings("ignore:It looks like `register_random`")
@given(st.lists(st.lists(ACTIONS, min_size=2, max_size=8), min_size=4, max_size=4))
def test_any_order_is_that_of_a_callback_for_each(
    programs: list[list[tuple[str, int]]],
) -> None:
    assert order_of(programs, QUEUE) == order_of(programs, "there is none")
