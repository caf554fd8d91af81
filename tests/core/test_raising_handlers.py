# SPDX-License-Identifier: ISC
"""A signal handler that raises, at any place where the interpreter looks for signals: the books still balance.

What comes out of an interrupted call is what the handler raised. A wait that it
came out of has left the queue, and has nothing. A release has happened, and was
handed over; or not at all, and then it can be made again.
"""

from __future__ import annotations

import signal
from _thread import interrupt_main
from itertools import repeat, starmap
from operator import is_
from typing import TYPE_CHECKING, Any

import aiologic
import pytest
from aiologic._permits import Permits
from aiologic._runtime.detect import worlds
from aiologic.testing.catalogue import PERMITS, free_permits

from .hand_driven import Cancelled
from .raising import (
    ForgivingWaiter,
    ForgivingWorld,
    GreenHandWaiter,
    Places,
    heard,
    needs_places,
    places,
)

if TYPE_CHECKING:
    from .hand_driven import HandTask

pytestmark = [needs_places, pytest.mark.usefixtures("whatever_is_raised")]

#: How a task takes a lock, and how one that has it releases it.
WAYS = ["methods", "block"]


@pytest.fixture
def world(forgiving_world: ForgivingWorld) -> ForgivingWorld:
    return forgiving_world


class Played:
    """A lock that has one permit, and tasks that want it."""

    def __init__(self, world: ForgivingWorld, kind: Any, way: str) -> None:
        self.world = world
        self.lock = kind()
        self.way = way

    def new(self, timeout: float | None = None) -> HandTask:
        return self.world.spawn(self._use(timeout))

    def waiting(self, timeout: float | None = None) -> HandTask:
        """One that stands in the queue."""
        return self.new(timeout).step()

    def let_one_go(self, kind_of_waiter: type[ForgivingWaiter]) -> None:
        """Somebody joins the queue, and gives up; the lock has not heard of that."""
        task = self.waiting()
        waiter = self.lock._queue[-1]
        waiter.source = None
        task.coroutine.close()
        waiter.clear()
        waiter.__class__ = kind_of_waiter

    async def _use(self, timeout: float | None) -> bool:
        if self.way == "block" and timeout is None:
            await self.lock.__aenter__()
            return True
        had: bool = await self.lock.async_acquire(timeout=timeout)
        return had

    def release(self, task: HandTask) -> None:
        with self.world.runs(task):
            if self.way == "block":
                with pytest.raises(StopIteration):
                    _left(self.lock).send(None)
            else:
                self.lock.async_release()

    def served(self, *tasks: HandTask) -> None:
        """They get it, one after the other, and nothing is left then."""
        for task in tasks:
            assert task.is_woken, "a wake-up was lost"
            assert task.step().result is True
            assert free_permits(self.lock) == 0, "it is released twice"
            with self.world.runs(task):
                self.lock.async_release()
        lock = self.lock
        assert lock.waiting == 0
        assert free_permits(lock) == 1
        queue = lock._queue
        assert queue is None or (queue.turn, list(queue), queue.grants) == (
            [None],
            [],
            [],
        )
        assert lock.green_acquire(blocking=False) is True
        lock.green_release()
        assert free_permits(lock) == 1


async def _left(lock: Any) -> None:
    """Leave the block."""
    await lock.__aexit__(None, None, None)


kinds = pytest.mark.parametrize("kind", PERMITS, ids=str)
ways = pytest.mark.parametrize("way", WAYS)


@kinds
@ways
@pytest.mark.parametrize("who", ["green", "async"])
def test_taking_a_free_one(
    world: ForgivingWorld, kind: Any, way: str, who: str
) -> None:
    """It is taken, or it is not; nobody waits for it."""
    for interruption in places(0):  # a block of a Lock may have none
        play = Played(world, kind, way)
        if who == "async":
            call: Any = play.new().step
        else:
            call = play.lock.__enter__ if way == "block" else play.lock.green_acquire

        error = heard(interruption, call)

        assert (error is not None) is interruption.was_made, interruption.where
        assert free_permits(play.lock) == (error is not None), interruption.where
        if error is not None:
            play.served()


@kinds
@ways
@pytest.mark.parametrize("who", ["green", "async"])
def test_a_release(world: ForgivingWorld, kind: Any, way: str, who: str) -> None:
    for interruption in places():
        play = Played(world, kind, way)
        if who == "green":
            assert play.lock.green_acquire()
        else:
            owner = play.new().step()
            assert owner.is_done
        first, second = play.waiting(), play.waiting()

        def release() -> None:
            if who == "async":
                play.release(owner)  # noqa: B023  # called before the next round
            elif way == "block":
                play.lock.__exit__(None, None, None)  # noqa: B023
            else:
                play.lock.green_release()  # noqa: B023

        error = heard(interruption, release)

        assert (error is not None) is interruption.was_made, interruption.where
        if not first.is_woken:
            assert interruption.was_made
            release()
        play.served(first, second)


@kinds
def test_a_release_where_all_have_given_up(world: ForgivingWorld, kind: Any) -> None:
    """Those in line are not there any more, so the permit is free."""
    for interruption in places():
        play = Played(world, kind, "methods")
        assert play.lock.green_acquire()
        for _ in range(2):
            play.waiting().cancel_quietly(Cancelled())

        error = heard(interruption, play.lock.green_release)

        assert (error is not None) is interruption.was_made, interruption.where
        if not free_permits(play.lock):
            play.lock.green_release()
        play.served()


class GaveUpJustNow(ForgivingWaiter):
    """One that is looked at, and has given up before it is taken."""

    __slots__ = ()

    # Not a function, which would be a place by itself.
    __bool__ = repeat(True).__next__


class InterruptsAsWell(GaveUpJustNow):
    """And a signal comes as it is looked at."""

    __slots__ = ()

    __bool__ = map(is_, starmap(interrupt_main, repeat(())), repeat(None)).__next__


@kinds
def test_a_release_where_one_gives_up_just_now(
    world: ForgivingWorld, kind: Any
) -> None:
    for interruption in places():
        play = Played(world, kind, "methods")
        assert play.lock.green_acquire()
        play.let_one_go(GaveUpJustNow)

        error = heard(interruption, play.lock.green_release)

        assert (error is not None) is interruption.was_made, interruption.where
        if not free_permits(play.lock):
            play.lock.green_release()
        play.served()


@pytest.mark.parametrize(
    "kind", [kind for kind in PERMITS if issubclass(kind.cls, Permits)], ids=str
)
def test_as_the_look_for_the_next_in_line_begins_anew(
    world: ForgivingWorld, kind: Any
) -> None:
    """In 3.11 and 3.12 such an exception may pass a block by: see tests/project/test_loops_in_blocks.py."""
    play = Played(world, kind, "methods")
    assert play.lock.green_acquire()
    play.let_one_go(InterruptsAsWell)

    before = signal.signal(signal.SIGINT, lambda *_: Places.error.now())
    try:
        with pytest.raises(Places.error):
            play.lock.green_release()
    finally:
        signal.signal(signal.SIGINT, before)

    assert free_permits(play.lock) == 1, "the permit is lost"
    play.served()


@kinds
def test_a_release_to_a_loop_that_has_gone(
    world: ForgivingWorld, kind: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first in line can't be told, so it goes to the second."""
    gone: list[Any] = []

    def unpark(waiter: ForgivingWaiter) -> None:
        waiter.unparked = True
        if waiter in gone:
            waiter.lost()

    monkeypatch.setattr(ForgivingWaiter, "unpark", unpark)
    for interruption in places():
        play = Played(world, kind, "methods")
        assert play.lock.green_acquire()
        first, second = play.waiting(), play.waiting()
        gone[:] = [play.lock._queue[0]]

        error = heard(interruption, play.lock.green_release)

        assert (error is not None) is interruption.was_made, interruption.where
        if not first.is_woken:
            play.lock.green_release()
        play.served(second)
        first.coroutine.close()
        play.served()


@pytest.mark.parametrize(
    "kind", [kind for kind in PERMITS if issubclass(kind.cls, aiologic.Semaphore)]
)
def test_a_release_of_several(world: ForgivingWorld, kind: Any) -> None:
    """All of them are released, or none; and whoever waits for them is served."""
    count = kind.permits
    for interruption in places():
        semaphore = kind.make()
        for _ in range(count):
            assert semaphore.green_acquire()
        tasks = [
            world.spawn(semaphore.async_acquire()).step() for _ in range(count + 1)
        ]

        def release(semaphore: Any = semaphore) -> None:
            semaphore.release(count)

        error = heard(interruption, release)

        assert (error is not None) is interruption.was_made, interruption.where
        if not tasks[0].is_woken:
            release()
        assert [task.is_woken for task in tasks] == [True] * count + [False]
        for task in tasks[:-1]:
            assert task.step().result is True
        semaphore.release()
        assert tasks[-1].step().result is True
        semaphore.release(count)
        assert semaphore.value == count


@kinds
@ways
@pytest.mark.parametrize("is_free", [False, True], ids=["", "released"])
def test_on_the_way_to_sleep(
    world: ForgivingWorld, kind: Any, way: str, is_free: bool
) -> None:
    """Others wait before and behind. Or the lock becomes free in between, and is handed over at once."""
    for interruption in places():
        play = Played(world, kind, way)
        assert play.lock.green_acquire()
        before = [] if is_free else [play.waiting()]
        task = play.new()

        def release() -> None:
            with interruption.away():  # noqa: B023  # called before the next round
                play.lock.green_release()  # noqa: B023

        world.when_made = release if is_free else None

        error = heard(interruption, task.step)

        if not is_free or world.when_made:
            world.when_made = None
            behind = play.new().step()
            play.lock.green_release()
        else:
            behind = play.new().step()
        assert (error is not None) is interruption.was_made is task.is_done, (
            interruption.where
        )
        if error is None:
            before.append(task)
        if behind.is_done:
            with world.runs(behind):
                play.lock.async_release()
            play.served()
        else:
            play.served(*before, behind)


@kinds
@ways
@pytest.mark.parametrize("ends_by", ["wake-up", "time-out", "cancellation"])
@pytest.mark.parametrize("is_granted", [False, True], ids=["", "granted"])
def test_the_end_of_a_wait(
    world: ForgivingWorld, kind: Any, way: str, ends_by: str, is_granted: bool
) -> None:
    """Also where the lock is handed over in that moment."""
    if ends_by == "wake-up" and not is_granted:
        return
    for interruption in places(0 if is_granted else 1):
        play = Played(world, kind, way)
        assert play.lock.green_acquire()
        task = play.waiting(1 if ends_by == "time-out" else None)
        behind = play.waiting()
        if is_granted:
            play.lock.green_release()

        def end() -> None:
            if ends_by == "wake-up":
                task.step()  # noqa: B023  # called before the next round
            elif ends_by == "time-out":
                task.time_out()  # noqa: B023
            else:
                task.cancel_quietly(Cancelled())  # noqa: B023

        error = heard(interruption, end)

        assert task.is_done
        assert (error is not None) is interruption.was_made, interruption.where
        if error is None and is_granted and ends_by != "cancellation":
            assert task.result is True
            with world.runs(task):
                play.lock.async_release()
        elif not is_granted:
            play.lock.green_release()
        play.served(behind)


@kinds
@pytest.mark.parametrize("way", [*WAYS, "condition"])
@pytest.mark.parametrize("ends_by", ["wake-up", "time-out", "cancellation"])
def test_a_green_wait(
    world: ForgivingWorld,
    kind: Any,
    way: str,
    ends_by: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same for green callers; and this time, all of it. The block of a condition waits by itself for what has an owner."""
    if way != "methods" and ends_by == "time-out":
        return
    if way == "condition" and not issubclass(kind.cls, aiologic.Lock):
        return
    for interruption in places():
        play = Played(world, kind, way)
        block = aiologic.Condition(play.lock) if way == "condition" else play.lock
        owner = play.new().step()
        assert owner.is_done

        def park(_timeout: float | None) -> bool:
            if ends_by == "wake-up":
                with interruption.away():  # noqa: B023  # called before the next round
                    play.release(owner)  # noqa: B023
                return True
            if ends_by == "cancellation":
                raise Cancelled
            return False

        monkeypatch.setattr(
            type(worlds), "create_green_waiter", lambda _: GreenHandWaiter.new(park)
        )

        def acquire() -> Any:
            if way != "methods":
                block.__enter__()  # noqa: B023
                return True
            return play.lock.green_acquire(timeout=1)  # noqa: B023

        had: list[Any] = []
        error = heard(interruption, lambda: had.append(acquire()))  # noqa: B023
        monkeypatch.undo()

        assert (type(error) is not Cancelled and error is not None) is (
            interruption.was_made
        )
        behind = play.new().step()
        if had == [True]:
            play.lock.green_release()
        elif not behind.is_done and not behind.is_woken:
            play.release(owner)
        if behind.is_done:
            with world.runs(behind):
                play.lock.async_release()
            play.served()
        else:
            play.served(behind)


def test_a_reader_that_leaves_others(world: ForgivingWorld) -> None:
    """It does so once: who counts one reader less, and one more, may let a writer in beside the last."""
    for interruption in places():
        lock = aiologic.RWLock()
        readers = [world.spawn(lock.async_acquire_shared()).step() for _ in range(2)]
        writing = world.spawn(lock.async_acquire_exclusive()).step()

        def leave(reader: HandTask, lock: aiologic.RWLock = lock) -> None:
            with world.runs(reader):
                lock.async_release()

        error = heard(interruption, lambda: leave(readers[0]))  # noqa: B023  # called before the next round

        assert (error is not None) is interruption.was_made, interruption.where
        if len(lock.readers) == 2:
            leave(readers[0])
        assert "reading=1, waiting=1" in repr(lock), interruption.where
        leave(readers[1])
        assert writing.step().result is True
        leave(writing)
        assert not lock
