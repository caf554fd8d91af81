# SPDX-License-Identifier: ISC
"""Tasks that wake one another go on in one call of the loop, and nobody else comes too late for that."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import sys
import weakref
from itertools import count
from typing import TYPE_CHECKING

import aiologic
import pytest
from aiologic.testing._interruption import Interrupted, RaisingInterruption
from aiologic_asyncio import _relay
from aiologic_asyncio._relay import QUEUE, STEPS
from aiologic_asyncio._waiter import _asleep
from hypothesis import given, strategies as st

from .steps import finish, slice_of, start, until_waiting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

Loop = asyncio.AbstractEventLoop


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


class Pair:
    """Two tasks, of which each wakes the other and then waits for it."""

    def __init__(self, hand_overs: int) -> None:
        self.left = hand_overs
        self.turns = [aiologic.Semaphore(0), aiologic.Semaphore(0)]

    async def play(self, side: int, each_time: Callable[[], object] = int) -> None:
        while True:
            await self.turns[side].async_acquire()
            each_time()
            self.left -= 1
            self.turns[1 - side].release()
            if self.left <= 0:
                return

    def start(self, loop: Loop, each_time: Callable[[], object] = int) -> list[Any]:
        tasks = [start(loop, self.play(side, each_time)) for side in range(2)]
        until_waiting(loop, self.turns[1])
        return tasks


def test_two_that_hand_over_share_turns_of_the_loop(counting: CountingLoop) -> None:
    """The loop looks at its selector in between, and not each time."""
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
    """A: writes to a pipe that the loop reads, and hands over to B, B to A, and so on until it was read."""
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


def test_whoever_is_ready_comes_before_those_who_are_woken_later(loop: Loop) -> None:
    """A task and callbacks, each made ready by the one before, keep their order against two that hand over."""
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
    """Those who are woken with nothing in between stand together, and each is where it was put."""
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
    """A and B are woken together, beside a callback; what A wakes comes behind B, and behind the callback."""
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


def test_one_that_ends_the_loop_has_woken_another(loop: Loop) -> None:
    """The other goes on when the loop runs again."""
    begin = aiologic.Event()
    event = aiologic.Event()

    async def end() -> None:
        await begin
        event.set()
        raise SystemExit

    async def main() -> None:
        begin.set()

    def turns() -> None:
        for _ in range(3):
            slice_of(loop)

    other = start(loop, event.with_())
    ending = start(loop, end())
    until_waiting(loop, begin)
    beginning = start(loop, main())
    with pytest.raises(SystemExit):
        turns()
    assert beginning.done()
    slice_of(loop)

    assert other.done()
    assert isinstance(ending.exception(), SystemExit)


@pytest.mark.skipif(
    sys.version_info < (3, 10) or sys.implementation.name != "cpython",
    reason="looks for signals at more places than can be guarded: docs/decisions/0021",
)
def test_a_handler_that_raises_in_a_relay_keeps_nobody_asleep(loop: Loop) -> None:
    """Before its first step, between two, and after the last; also in what it has the loop do."""
    files = [_relay.__file__, asyncio.base_events.__file__, asyncio.events.__file__]
    for number in count():
        event = aiologic.Event()
        tasks = [start(loop, event.with_()) for _ in range(3)]
        until_waiting(loop, event, 3)
        waiters = [*(event._queue or ())]
        event._queue = None
        relay = _relay.Relay(loop)
        relay.extend(_asleep(waiters))
        interruption = RaisingInterruption(number, Interrupted.now, files)

        def interrupted(relay: Any = relay, interruption: Any = interruption) -> None:
            with contextlib.suppress(Interrupted):
                interruption.during(relay)

        loop.call_soon(interrupted)
        for _ in range(4):
            slice_of(loop)

        # As the call of the relay itself begins, it is the loop that lets go of it: no code of ours has run.
        if "__call__" in interruption.where and len(relay) == 3:
            loop.call_soon(relay)
            slice_of(loop)
        assert [task.done() for task in tasks] == [True] * 3, interruption.where
        assert not _relay._at_work
        if not interruption.was_made:
            break
    assert number > 5


def test_one_that_stands_in_a_relay_is_cancelled(loop: Loop) -> None:
    """A: wakes B, and cancels it; B was woken, and what it was given goes to C."""
    semaphore = aiologic.Semaphore(0)
    begin = aiologic.Event()
    got: list[str] = []

    async def get(name: str) -> None:
        await semaphore.async_acquire()
        got.append(name)

    async def cancel() -> None:
        await begin
        semaphore.release()
        b.cancel()

    b = start(loop, get("b"))
    until_waiting(loop, semaphore)
    c = start(loop, get("c"))
    until_waiting(loop, semaphore, 2)
    a = start(loop, cancel())
    until_waiting(loop, begin)

    async def main() -> None:
        begin.set()
        await asyncio.gather(a, c)

    finish(loop, main())

    assert b.cancelled()
    assert got == ["c"]


@pytest.mark.parametrize("queue", [(), "not one", [()], {"a": 1}, 1], ids=repr)
def test_a_loop_whose_queue_is_something_else(
    monkeypatch: pytest.MonkeyPatch, counting: CountingLoop, queue: object
) -> None:
    """Nothing is lost there; nor where it is always empty."""
    counting.queue = queue
    monkeypatch.setattr(_relay, "QUEUE", "queue")
    pair = Pair(5 * STEPS)
    tasks = pair.start(counting)

    async def main() -> None:
        pair.turns[0].release()
        await asyncio.gather(*tasks)

    finish(counting, main())

    assert pair.left <= 0


def test_a_loop_that_is_forgotten_goes() -> None:
    loop = asyncio.new_event_loop()
    pair = Pair(3 * STEPS)
    tasks = pair.start(loop)

    async def main() -> None:
        pair.turns[0].release()

    loop.run_until_complete(main())
    loop.run_until_complete(asyncio.gather(*tasks))
    assert not _relay._at_work
    loop.close()
    gone = weakref.ref(loop)
    del loop, tasks

    for _ in range(3):  # PyPy finds out bit by bit
        gc.collect()

    assert gone() is None


#: What a task does next: wake another, wait for a wake-up, have the loop call something, let all who are ready go first.
ACTIONS = st.sampled_from(
    [
        *(("wake", number) for number in range(4)),
        *[("wait", 0)] * 3,
        ("call", 0),
        ("sleep", 0),
        ("cancel", 1),
    ]
)
TIMES = 4  # that each does all of it
TURNS = 4 * 8 * TIMES  # by then all wait who do not wake one another


def order_of(programs: list[list[tuple[str, int]]], queue: str) -> list[Any]:
    """What four tasks do one after the other, on a loop that has its queue by such a name."""
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


# The last hypothesis for Python 3.8 warns so of a generator of its own.
@pytest.mark.filterwarnings("ignore:It looks like `register_random`")
@given(st.lists(st.lists(ACTIONS, min_size=2, max_size=8), min_size=4, max_size=4))
def test_any_order_is_that_of_a_callback_for_each(
    programs: list[list[tuple[str, int]]],
) -> None:
    assert order_of(programs, QUEUE) == order_of(programs, "there is none")
