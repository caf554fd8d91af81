# SPDX-License-Identifier: ISC
"""A signal handler that raises in the middle of a release: it has happened, and is handed over, or can be repeated."""

from __future__ import annotations

import signal
from _thread import interrupt_main
from itertools import repeat, starmap
from operator import is_
from typing import TYPE_CHECKING, Any

import aiologic
import pytest
from aiologic._permits import Permits
from aiologic.testing.catalogue import PERMITS, free_permits

from .hand_driven import Cancelled
from .interrupted_locks import Played, each_kind, each_way
from .raising import (
    ForgivingWaiter,
    ForgivingWorld,
    Places,
    heard,
    needs_places,
    places,
)

if TYPE_CHECKING:
    from .hand_driven import HandTask

pytestmark = [needs_places, pytest.mark.usefixtures("whatever_is_raised")]


@pytest.fixture
def world(forgiving_world: ForgivingWorld) -> ForgivingWorld:
    return forgiving_world


@each_kind
@each_way
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


@each_kind
def test_a_release_where_all_have_given_up(world: ForgivingWorld, kind: Any) -> None:
    """None of those in line is there any more, so the permit is free."""
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
    """A waiter that is looked at, and has given up before it is taken."""

    __slots__ = ()

    # Not a function, which would itself be a place to raise at.
    __bool__ = repeat(True).__next__


class InterruptsAsWell(GaveUpJustNow):
    """A signal also arrives as it is looked at."""

    __slots__ = ()

    __bool__ = map(is_, starmap(interrupt_main, repeat(())), repeat(None)).__next__


@each_kind
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
    """In 3.11 and 3.12 such an exception may bypass a block: see tests/project/test_loops_in_blocks.py."""
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


@each_kind
def test_a_release_to_a_loop_that_has_gone(
    world: ForgivingWorld, kind: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first in line can't be woken, so the lock goes to the second."""
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
    """All of them are released, or none; and those who wait for them are served."""
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


def test_a_reader_that_leaves_others(world: ForgivingWorld) -> None:
    """It does so only once: if the number of readers were decreased twice, a writer could come in next to the last."""
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
