# SPDX-License-Identifier: ISC
"""A signal handler that raises, at any place where the interpreter looks for signals: the books still balance.

What comes out of an interrupted call is what the handler raised. If it comes out
of a wait, the task has left the queue, and has nothing. (For releases, which
happen or can be made again, see test_raising_handlers_of_releases.py.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiologic
import pytest
from aiologic.testing.catalogue import PERMITS, free_permits

from .hand_driven import Cancelled
from .interrupted_locks import Played, each_kind, each_way
from .raising import ForgivingWorld, each_ending, heard, needs_places, places, sleep_by

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [needs_places, pytest.mark.usefixtures("whatever_is_raised")]


@pytest.fixture
def world(forgiving_world: ForgivingWorld) -> ForgivingWorld:
    return forgiving_world


@each_kind
@each_way
@pytest.mark.parametrize("who", ["green", "async"])
def test_taking_a_free_one(
    world: ForgivingWorld, kind: Any, way: str, who: str
) -> None:
    """Either it is taken, or it is not; nobody waits for it."""
    for interruption in places(0):  # the block of a Lock may have no such place
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


@each_kind
@each_way
@pytest.mark.parametrize("is_free", [False, True], ids=["", "released"])
def test_on_the_way_to_sleep(
    world: ForgivingWorld, kind: Any, way: str, is_free: bool
) -> None:
    """Others wait before and behind it. Or the lock becomes free in between, and is handed over at once."""
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


@each_kind
@each_way
@each_ending("granted")
def test_the_end_of_a_wait(
    world: ForgivingWorld, kind: Any, way: str, ends_by: str, is_granted: bool
) -> None:
    """Also if the lock is handed over at that moment."""
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


def green_waits() -> Iterator[Any]:
    for kind in PERMITS:
        for ends_by in "wake-up", "time-out", "cancellation":
            yield pytest.param(ends_by, "methods", kind, id=f"{ends_by}-methods-{kind}")
        for ends_by in "wake-up", "cancellation":  # a block takes no time-out
            yield pytest.param(ends_by, "block", kind, id=f"{ends_by}-block-{kind}")
            if issubclass(kind.cls, aiologic.Lock):
                yield pytest.param(
                    ends_by, "condition", kind, id=f"{ends_by}-condition-{kind}"
                )


@pytest.mark.parametrize(("ends_by", "way", "kind"), list(green_waits()))
def test_a_green_wait(
    world: ForgivingWorld,
    ends_by: str,
    way: str,
    kind: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same for green callers, completely. The block of a condition waits itself if its lock has an owner."""
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

        sleep_by(monkeypatch, park)

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
