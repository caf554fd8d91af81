# SPDX-License-Identifier: ISC
"""A condition as an object: which locks it can have, its names and copies, and what it shows (contract 1.3.6)."""

from __future__ import annotations

import copy
import pickle
import threading
import weakref
from typing import TYPE_CHECKING, Any, Callable

import aiologic
import pytest
from aiologic import Condition

from .conditions import Waiting, each_kind, each_mixed, is_unlocked

if TYPE_CHECKING:
    from .crew import Crew
    from .hand_driven import HandWorld


def test_it_is_what_it_is_called() -> None:
    """D5: a private class took its place, and blocks of subclasses entered with another object. Contract 1.3.6."""

    class MyCondition(Condition[Any, Any]):
        pass

    assert type(Condition()) is Condition
    for condition in Condition(), MyCondition(aiologic.Lock()):
        with condition as inside:
            assert inside is condition


def test_defaults() -> None:
    """Contract 1.3.6: a new RLock, and a timer that counts."""
    condition = Condition()
    assert type(condition.lock) is aiologic.RLock
    assert condition.lock is not Condition().lock
    first = condition.timer()
    assert condition.timer() > first
    assert Condition(None).lock is None


def test_lock_and_timer_are_what_was_given() -> None:
    lock = aiologic.Lock()

    def timer() -> int:
        return 1

    condition = Condition(lock, timer)
    assert condition.lock is lock
    assert condition.timer is timer
    with pytest.raises(AttributeError):
        condition.lock = lock  # type: ignore[misc]


@pytest.mark.parametrize(
    "name", ["async", "int", "condition", "class", "class of locks", "sync only"]
)
def test_bad_locks_are_refused(name: str) -> None:
    """D26: they were found out only when used, if at all. Contract 1.3.6, ADR 0025."""
    import asyncio

    class HalfALock:
        def acquire(self) -> bool:
            return True

        def release(self) -> None:
            pass

    class WholeLock(HalfALock):
        def locked(self) -> bool:
            return False

    async def in_a_loop() -> object:
        return asyncio.Lock()  # up to 3.9 it needs one

    bad = {
        "async": lambda: asyncio.run(in_a_loop()),
        "int": lambda: 5,
        "condition": Condition,
        "class": lambda: threading.Lock.__class__,
        "class of locks": lambda: WholeLock,
        "sync only": HalfALock,
    }[name]()
    with pytest.raises(TypeError, match="lock must be a Lock, an RLock") as refused:
        Condition(bad)
    assert repr(bad) in str(refused.value)


def test_bad_timers_are_refused() -> None:
    with pytest.raises(TypeError, match="timer must be callable, got 5"):
        Condition(None, 5)  # type: ignore[call-overload]  # that is the point


def test_names() -> None:
    assert repr(Condition()).startswith("<aiologic.Condition(<aiologic.RLock>) at 0x")
    assert repr(Condition()).endswith(" [waiting=0]>")
    assert repr(Condition(None)).startswith("<aiologic.Condition(None) at 0x")
    assert "(None, timer=<built-in function len>)" in repr(Condition(None, len))  # type: ignore[type-var]


def test_it_can_be_subscribed() -> None:
    """Contract 1.2."""
    subscribed: Any = Condition[aiologic.Lock, "Callable[[], int]"]
    assert type(subscribed(aiologic.Lock())) is Condition


def test_as_an_object() -> None:
    """Contract 1.2: weak references, no dict, no queue while idle, equal to itself only."""

    class MyCondition(Condition[Any, Any]):
        pass

    condition: Any = Condition()
    with condition:
        pass
    assert condition._queue is None
    assert isinstance(weakref.ref(condition), weakref.ref)
    assert not hasattr(condition, "__dict__")
    with pytest.raises(AttributeError):
        condition.colour = "red"
    assert condition != Condition(condition.lock)
    assert len({condition, condition, Condition()}) == 2
    mine: Any = MyCondition()
    mine.colour = "red"
    assert repr(mine).startswith(f"<{__name__}.test_as_an_object.<locals>.MyCondition(")
    assert Condition.__module__ == "aiologic"
    assert condition.__getstate__() is None


def test_subclasses_with_arguments_of_their_own() -> None:
    class Named(Condition[Any, Any]):
        def __new__(cls, name: str) -> Any:
            self = super().__new__(cls, aiologic.Lock())
            self.name = name  # type: ignore[attr-defined]
            return self

        def __init__(self, name: str) -> None:
            pass

    named: Any = Named("mine")
    assert (type(named), named.name) == (Named, "mine")
    with named:
        assert named.notify_all() == 0


@each_kind
def test_copies_share_the_lock(make: Callable[[], Any]) -> None:
    """Contract 1.3.6."""
    condition = Condition(make())
    copied = copy.copy(condition)
    assert type(copied) is Condition
    assert copied is not condition
    assert copied.lock is condition.lock
    assert copied.__getnewargs__() == (condition.lock,)


@each_mixed
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickles_have_a_lock_of_their_own(
    make: Callable[[], Any], protocol: int
) -> None:
    """Contract 1.3.6; D12."""
    condition = Condition(make())
    with condition:
        for fresh in (
            pickle.loads(pickle.dumps(condition, protocol)),
            copy.deepcopy(condition),
        ):
            assert type(fresh.lock) is type(condition.lock)
            assert fresh.lock is not condition.lock
            assert not fresh
            assert condition


@each_kind
def test_statistics(make: Callable[[], Any], world: HandWorld, crew: Crew) -> None:
    """Which tasks wait for a notification, and which has the lock, as far as that can be known."""
    condition = Condition(make())
    tasks = [Waiting(world, condition) for _ in range(2)]

    def wait() -> bool:
        with condition:
            return condition.wait(20)

    thread = crew.start(wait)
    crew.wait_for_waiters(condition, 3)
    crew.wait_until(lambda: is_unlocked(condition))  # it waits first, and releases then
    said = condition.statistics()
    assert (said.value, said.waiting, dict(said.holders)) == (1, 3, {})
    assert said.waiting_by_library == {world.library: 2, "threading": 1}
    with condition:
        said = condition.statistics()
        assert said.value == (condition.lock is None)
        owner = getattr(condition.lock, "owner", None)
        assert dict(said.holders) == ({} if owner is None else {owner: 1})
        assert condition.notify_all() == 3
        assert condition.statistics().waiting == 0
    for waiting in tasks:
        assert waiting.task.step().result is True
    assert thread.result() is True
