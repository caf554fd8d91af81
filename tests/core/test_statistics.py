# SPDX-License-Identifier: ISC
"""What primitives show in numbers: correct while nothing changes, and without errors while everything does."""

from __future__ import annotations

import copy
import pickle
from typing import TYPE_CHECKING, Any, Dict

import aiologic
import pytest
from aiologic._engine.waiter import Waiter
from aiologic._engine.waitqueue import SMALLEST_SWEEP
from aiologic.testing.catalogue import ALL, BARRIERS, EVENTS, Kind, free_permits

if TYPE_CHECKING:
    from collections.abc import Callable

    from .callers import Caller
    from .crew import Crew
    from .hand_driven import HandWorld


@pytest.mark.parametrize("kind", ALL, ids=str)
def test_a_new_one_has_nobody(kind: Kind) -> None:
    said = kind.make().statistics()

    assert isinstance(said, aiologic.Statistics)
    assert (said.waiting, said.waiting_by_library, said.holders) == (0, {}, {})


@pytest.mark.parametrize("kind", ALL, ids=str)
def test_it_tells_states_apart(kind: Kind) -> None:
    primitive = kind.make()
    before = primitive.statistics()
    kind.bring_out(primitive)

    assert (primitive.statistics() != before) is kind.has_states


def test_value_is_how_many_can_be_had(lock: Any, caller: Caller) -> None:
    for free in 1, 0:
        assert lock.statistics().value == free_permits(lock) == free
        if free:
            caller.acquire(lock)


@pytest.mark.parametrize("kind", EVENTS, ids=str)
def test_value_is_how_often_it_has_to_happen_still(kind: Kind) -> None:
    event = kind.make()
    assert event.statistics().value == getattr(event, "value", 1) > 0
    kind.happen(event)
    assert event.statistics().value == 0


def test_who_has_it(caller: Caller) -> None:
    lock, rlock = aiologic.Lock(), aiologic.RLock()
    caller.acquire(lock)
    caller.acquire(rlock, 3)

    assert lock.statistics().holders == {lock.owner: 1}
    assert rlock.statistics().holders == {rlock.owner: 3}


def test_who_was_given_it_has_it_before_it_runs(world: HandWorld) -> None:
    rlock = aiologic.RLock()
    rlock.green_acquire()
    waiting = world.spawn(rlock.async_acquire(2)).step()
    assert rlock.statistics().waiting_by_library == {"handdriven": 1}
    rlock.green_release()

    said = rlock.statistics()
    assert said.holders == {("handdriven", id(waiting)): 2}
    assert said.waiting == 0
    waiting.step()


def test_who_waits_where(lock: Any, world: HandWorld, crew: Crew) -> None:
    lock.green_acquire()
    tasks = [world.spawn(lock.async_acquire(timeout=1)).step() for _ in range(3)]
    thread = crew.start(lock.green_acquire)
    crew.wait_for_waiters(lock, 4)

    said = lock.statistics()
    assert said.waiting == 4
    assert said.waiting_by_library == {"handdriven": 3, "threading": 1}

    for task in tasks:
        task.time_out()
    assert lock.statistics().waiting_by_library == {"threading": 1}
    assert said.waiting == 4
    lock.green_release()
    thread.result()


@pytest.mark.parametrize("kind", [*EVENTS, *BARRIERS], ids=str)
def test_who_waits_for_what_is_to_happen(kind: Kind, world: HandWorld) -> None:
    primitive = kind.make()
    waiting = world.spawn(primitive.with_()).step()
    assert primitive.statistics().waiting_by_library == {"handdriven": 1}
    waiting.coroutine.close()
    assert primitive.statistics().waiting_by_library == {}


def test_it_does_not_change() -> None:
    said = aiologic.Lock().statistics()

    with pytest.raises(AttributeError):
        said.waiting = 1
    with pytest.raises(AttributeError):
        del said.waiting
    with pytest.raises(AttributeError):
        said.colour = "red"
    with pytest.raises(TypeError):
        said.holders["x", 1] = 1  # type: ignore[index]
    with pytest.raises(TypeError):
        hash(said)
    assert not hasattr(said, "__dict__")


def test_equality_copies_and_words() -> None:
    lock = aiologic.Lock()
    with lock:
        said = lock.statistics()
    assert said != lock.statistics()
    assert said != "locked"
    assert said.__eq__("locked") is NotImplemented  # the other may know better
    for same in copy.copy(said), copy.deepcopy(said), pickle.loads(pickle.dumps(said)):
        assert same == said
    owner = next(iter(said.holders))
    assert repr(said) == (
        f"<aiologic.Statistics value=0, holders={{{owner}: 1}},"
        " waiting=0, waiting_by_library={}>"
    )


@pytest.mark.usefixtures("tiny_switch_interval")
def test_it_is_said_while_others_come_and_go(lock: Any, crew: Crew) -> None:
    """A task that looks meanwhile sees a possible state, and gets no error."""
    is_over: list[None] = []

    def work() -> None:
        for number in range(200):
            if lock.green_acquire(timeout=number % 3 / 10000):
                lock.green_release()

    def look() -> None:
        while not is_over:
            said = lock.statistics()
            assert 0 <= said.value <= 1
            assert 0 <= said.waiting <= 4
            assert sum(said.waiting_by_library.values()) == said.waiting
            assert set(said.waiting_by_library) <= {"threading"}
            assert set(said.holders.values()) <= {1}

    looker = crew.start(look)
    crew.race(*[work] * 4)
    is_over.append(None)
    looker.result()
    assert lock.statistics().waiting == 0


def watched(cls: type[Any], write_down: Callable[[object], None]) -> Any:
    """A primitive that tells whom it records as an owner."""

    class Holders(Dict[object, int]):
        def __setitem__(self, owner: object, level: int) -> None:
            write_down(owner)
            super().__setitem__(owner, level)

    if "Limiter" in cls.__name__:
        limiter = cls(1)
        limiter._holders = Holders()
        return limiter
    place: Any = cls._owner

    class Watched(cls):  # type: ignore[misc]
        __slots__ = ()

        def _write(self, owner: object) -> None:
            write_down(owner)
            place.__set__(self, owner)

        _owner = property(place.__get__, _write)

    return Watched()


@pytest.mark.parametrize(
    "cls",
    [
        aiologic.Lock,
        aiologic.RLock,
        aiologic.CapacityLimiter,
        aiologic.RCapacityLimiter,
    ],
)
def test_who_has_left_is_not_written_down_as_owner(
    cls: type[Any], world: HandWorld
) -> None:
    """The queue's fence is like a waiter that has left, and raises AttributeError for anything it is asked.

    A looks who owns it.   B hands it over, and comes to the fence, which it must not record as the owner.
    """
    written: list[bool] = []  # whether it still waited

    def write_down(owner: object) -> None:
        if isinstance(owner, Waiter):
            written.append(bool(owner))

    primitive = watched(cls, write_down)
    primitive.green_acquire()
    for _ in range(SMALLEST_SWEEP):
        world.spawn(primitive.async_acquire(timeout=1)).step().time_out()
    assert len(primitive._queue) == 1  # the fence
    leaver = world.spawn(primitive.async_acquire(timeout=1)).step()
    next_one = world.spawn(primitive.async_acquire()).step()
    leaver.time_out()
    primitive.green_release()

    assert written == [True]
    next_one.step()
    assert sum(primitive.statistics().holders.values()) == 1
