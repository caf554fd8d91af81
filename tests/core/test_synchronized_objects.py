# SPDX-License-Identifier: ISC
"""What is synchronized by itself has a lock of its own: functions, methods, classes, objects (contract 1.3.10)."""

from __future__ import annotations

import copy
import gc
import inspect
import pickle
import sys
from typing import TYPE_CHECKING, Any

import aiologic
import pytest
from aiologic import _context_lock, synchronized

from .awaited_locks import SimpleAsyncLock

if TYPE_CHECKING:
    from .crew import Crew
    from .hand_driven import HandWorld

NAME = "_synchronized_lock"


class Account:
    @synchronized
    def plain(self) -> bool:
        return self._synchronized_lock.green_owned()  # type: ignore[attr-defined,no-any-return]

    @synchronized
    async def aio(self) -> bool:
        return self._synchronized_lock.async_owned()  # type: ignore[attr-defined,no-any-return]

    @synchronized
    def nested(self) -> bool:
        return self.plain()

    @synchronized
    @classmethod
    def of_class(cls) -> bool:
        return cls._synchronized_lock.green_owned()  # type: ignore[attr-defined,no-any-return]

    @synchronized
    @staticmethod
    def static(x: int) -> int:
        return x


@synchronized
def function(a: int, *, b: int = 0) -> int:
    """Add."""
    assert function._synchronized_lock.green_owned()  # type: ignore[attr-defined]
    return a + b


@synchronized
async def afunction(a: int) -> int:
    assert afunction._synchronized_lock.async_owned()  # type: ignore[attr-defined]
    return a


# -- functions, methods, and blocks ----------------------------------------------------------------------------------


def test_functions(world: HandWorld) -> None:
    """Contract 1.3.10: under the function's lock; inspecting it shows what it was."""
    assert function(1, b=2) == 3
    assert world.run(afunction(1)) == 1
    assert inspect.iscoroutinefunction(afunction)
    assert not inspect.iscoroutinefunction(function)
    assert str(inspect.signature(function)) in {
        "(a: 'int', *, b: 'int' = 0) -> 'int'",
        "(a: int, *, b: int = 0) -> int",
    }
    assert (function.__name__, function.__doc__) == ("function", "Add.")
    assert function.__wrapped__ is not function  # type: ignore[attr-defined]  # a proxy has it
    assert isinstance(getattr(function, NAME), aiologic.RLock)
    assert getattr(function, NAME) is not getattr(afunction, NAME)


def test_methods_of_one_object_share_its_lock(world: HandWorld) -> None:
    """Contract 1.3.10: plain and async ones, and they may call each other."""
    account, other = Account(), Account()
    assert account.plain() is True
    assert world.run(account.aio()) is True
    assert account.nested() is True
    assert other.plain() is True
    assert getattr(account, NAME) is not getattr(other, NAME)
    assert Account.static(3) == 3
    assert Account.of_class() is True
    assert inspect.iscoroutinefunction(account.aio)


def test_a_method_waits_for_another(crew: Crew) -> None:
    account = Account()
    with synchronized(account):
        waiting = crew.start(account.plain)
        crew.wait_for_waiters(getattr(account, NAME), 1)
    assert waiting.result() is True


def test_blocks_of_an_object(world: HandWorld) -> None:
    """Contract 1.3.10: ``with`` and ``async with`` return the synchronizer."""
    account = Account()
    by_account = synchronized(account)
    with by_account as entered:
        assert entered is by_account
        assert getattr(account, NAME).green_owned()

    async def block() -> None:
        async with by_account as entered:
            assert entered is by_account
            assert getattr(account, NAME).async_owned()

    world.run(block())
    assert not getattr(account, NAME).locked()


def test_a_class_is_made_under_its_lock() -> None:
    class Made:
        def __init__(self) -> None:
            self.was_owned = type(self)._synchronized_lock.green_owned()  # type: ignore[attr-defined]

    assert synchronized(Made)().was_owned is True


def test_a_class_of_locks_is_no_lock() -> None:
    """It has the methods, but can't be acquired: like any class, it has a lock."""

    class Mine(SimpleAsyncLock):
        pass

    block: Any = synchronized(Mine)
    with block:
        assert getattr(Mine, NAME).green_owned()
    assert not getattr(Mine, NAME)


# -- whose lock it is ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", ["class", "instance"])
def test_it_does_not_matter_whose_lock_is_made_first(first: str) -> None:
    """D24: instances and subclasses shared the lock of a class if that had come first."""

    class Parent(Account):
        pass

    class Child(Parent):
        pass

    parent, child = Parent(), Child()
    calls = [Parent.of_class, Child.of_class, parent.plain, child.plain]
    for call in calls if first == "class" else reversed(calls):
        assert call() is True
    locks = [vars(each)[NAME] for each in (Parent, Child, parent, child)]
    assert len(set(locks)) == 4


def test_copies_have_locks_of_their_own() -> None:
    account = Account()
    account.plain()
    for copied in (
        copy.copy(account),
        copy.deepcopy(account),
        pickle.loads(pickle.dumps(account)),
    ):
        assert copied.plain() is True
        assert getattr(copied, NAME) is not getattr(account, NAME)


@pytest.mark.usefixtures("tiny_switch_interval")
def test_of_many_at_once_all_find_one_lock(crew: Crew) -> None:
    accounts = [Account() for _ in range(100)]

    def locks() -> list[Any]:
        found = []
        for account in accounts:
            assert account.plain() is True
            found.append(getattr(account, NAME))
        return found

    for found in zip(*crew.race(locks, locks, locks)):
        assert len(set(found)) == 1


# -- a lock that the user has put there ------------------------------------------------------------------------------


def test_a_lock_that_the_user_has_put_there() -> None:
    """Contract 1.3.10: any lock, on the instance or for all of a class."""
    semaphore = aiologic.BinarySemaphore()

    class Mine:
        _synchronized_lock = semaphore

        @synchronized
        def value(self) -> int:
            return semaphore.value

    class Wrong(Mine):
        _synchronized_lock = "no lock"  # type: ignore[assignment]  # that is what is refused

    assert Mine().value() == 0
    mine = Mine()
    mine._synchronized_lock = aiologic.BinarySemaphore()
    assert mine.value() == 1
    with pytest.raises(TypeError, match=r"_synchronized_lock of .* must be a lock"):
        Wrong().value()


def test_a_plain_method_under_an_async_lock_that_the_user_has_put_there(
    world: HandWorld,
) -> None:
    """It can't wait for such a lock, and the error names it."""
    account = Account()
    lock = SimpleAsyncLock()
    setattr(account, NAME, lock)

    async def block() -> bool:
        async with synchronized(account):
            return lock.is_held

    with pytest.raises(TypeError, match=r"SimpleAsyncLock object at .* is awaited"):
        account.plain()
    with pytest.raises(TypeError, match=r"SimpleAsyncLock object at .* is awaited"):
        synchronized(account).__enter__()
    assert not lock.is_held
    assert world.run(block()) is True
    assert not lock.is_held


# -- objects with slots ----------------------------------------------------------------------------------------------


class WithSlots:
    __slots__ = ("__weakref__",)

    @synchronized
    def meet(self) -> None:
        assert synchronized_lock_is_owned(self)


class WithItsSlot(WithSlots):
    __slots__ = (NAME,)


class WithoutRoom:
    __slots__ = ()

    @synchronized
    def meet(self) -> None:
        """Never called, except on PyPy."""


def synchronized_lock_is_owned(context: Any) -> bool:
    owned: bool = _context_lock.context_section(context).lock.green_owned()
    return owned


def test_objects_with_slots() -> None:
    """D24: they raised AttributeError."""
    before = len(_context_lock._beside)
    with_slots, with_its_slot = WithSlots(), WithItsSlot()
    for _ in range(2):
        with_slots.meet()
        with_its_slot.meet()
    assert len(_context_lock._beside) == before + 1
    del with_slots
    gc.collect()  # without reference counting
    assert len(_context_lock._beside) == before
    if sys.implementation.name == "pypy":  # all objects have room for weak references
        WithoutRoom().meet()
        return
    with pytest.raises(AttributeError, match="add '_synchronized_lock' or '__weakref"):
        WithoutRoom().meet()
