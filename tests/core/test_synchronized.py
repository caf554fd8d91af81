# SPDX-License-Identifier: ISC
"""What is synchronized runs under a lock: a given one, or that of its object (contract 1.3.10)."""

from __future__ import annotations

import asyncio
import copy
import gc
import inspect
import pickle
import subprocess
import sys
import threading
from functools import partial
from types import coroutine
from typing import TYPE_CHECKING, Any

import aiologic
import pytest
from aiologic import synchronized

if TYPE_CHECKING:
    from .crew import Crew
    from .hand_driven import HandWorld

if TYPE_CHECKING:
    from typing import Callable, Generator

    from aiologic._synchronized import AsyncSynchronizer, Synchronizer
    from typing_extensions import assert_type

NAME = "_synchronized_lock"


class SimpleAsyncLock:
    """What locks of async libraries have in common."""

    def __init__(self) -> None:
        self.is_held = False

    async def acquire(self) -> None:
        assert not self.is_held
        self.is_held = True

    def release(self) -> None:
        self.is_held = False


class AllAsyncLock(SimpleAsyncLock):
    async def release(self) -> None:  # type: ignore[override]  # another kind of lock
        self.is_held = False


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


OURS = [
    aiologic.Lock,
    aiologic.RLock,
    aiologic.BinarySemaphore,
    lambda: aiologic.RWLock().writing,
]


# -- a given lock ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", OURS)
def test_a_lock_of_ours(make: Any, world: HandWorld) -> None:
    """Contract 1.3.10: decorates both kinds, and is a block of both kinds, which returns the synchronizer."""
    lock: aiologic.Lock = make()
    by_lock = synchronized(lock)

    def is_held() -> bool:
        return not lock.value if hasattr(lock, "value") else lock.locked()

    @by_lock
    def plain() -> bool:
        return is_held()

    @by_lock
    async def aio() -> bool:
        return is_held()

    async def block() -> bool:
        async with by_lock as entered:
            assert entered is by_lock
            return is_held()

    assert plain() is True
    assert world.run(aio()) is True
    assert world.run(block()) is True
    with by_lock as entered:
        assert entered is by_lock
        assert is_held()
    assert not is_held()


@pytest.mark.parametrize("make", [threading.Lock, threading.RLock])
def test_a_lock_of_threads(make: Any, world: HandWorld, crew: Crew) -> None:
    """Contract 1.3.10: the same, and async functions block their thread."""
    lock = make()
    by_lock = synchronized(lock)

    def is_held() -> bool:
        return not crew.run(lambda: lock.acquire(False) and not lock.release())

    async def block() -> bool:
        async with by_lock as entered:
            assert entered is by_lock
            return is_held()

    async def aio() -> bool:
        return is_held()

    assert by_lock(is_held)() is True
    assert world.run(by_lock(aio)()) is True
    assert world.run(block()) is True
    with by_lock as entered:
        assert entered is by_lock
        assert is_held()
    assert not is_held()


@pytest.mark.parametrize("make", [SimpleAsyncLock, AllAsyncLock, asyncio.Lock])
def test_a_lock_of_an_async_library(make: Any) -> None:
    """Contract 1.3.10: coroutine functions and ``async with`` only."""

    async def main() -> None:
        lock: asyncio.Lock = make()
        by_lock = synchronized(lock)

        def is_held() -> bool:
            return bool(getattr(lock, "is_held", False)) or (
                isinstance(lock, asyncio.Lock) and lock.locked()
            )

        @by_lock
        async def aio() -> bool:
            return is_held()

        assert await aio() is True
        assert not is_held()
        async with by_lock as entered:
            assert entered is by_lock
            assert is_held()
        assert not is_held()
        assert not hasattr(by_lock, "__enter__")
        with pytest.raises(TypeError, match="a coroutine function was expected, got"):
            by_lock(is_held)  # type: ignore[type-var]  # that is what is refused

    asyncio.run(main())


class Awaited:
    """What is called as a coroutine function is, and is none."""

    async def __call__(self, value: bool = True) -> bool:
        await _one_step()
        return IS_HELD[-1]() is value

    async def method(self) -> bool:
        await _one_step()
        return IS_HELD[-1]()

    by_partial = partial(method)


class CalledByAnother:
    __call__ = Awaited()


@coroutine
def _one_step() -> Generator[None, None, None]:
    yield


@coroutine
def of_a_generator() -> Generator[None, None, bool]:
    yield
    return IS_HELD[-1]()


#: What the functions below ask in the midst of their run; a list, for they are made before there is a lock.
IS_HELD: list[Callable[[], bool]] = []

AWAITED = {
    "object": Awaited(),
    "partial of an object": partial(Awaited(), True),
    "object whose call is an object": CalledByAnother(),
    "method": Awaited().method,
    "partial of a method": partial(partial(Awaited().method)),
    "call of an object": Awaited().__call__,
    "generator": of_a_generator,
    "partial of a generator": partial(of_a_generator),
}


@pytest.mark.parametrize("make", [aiologic.Lock, SimpleAsyncLock])
@pytest.mark.parametrize("form", AWAITED)
def test_whatever_is_called_as_a_coroutine_function(
    make: Any, form: str, world: HandWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lock is held until it has run, not only while its coroutine is made."""
    lock = make()

    def is_held() -> bool:
        held: bool = lock.is_held if make is SimpleAsyncLock else lock.locked()
        return held

    monkeypatch.setattr(f"{__name__}.IS_HELD", [is_held])
    by_lock = synchronized(lock)

    task = world.spawn(by_lock(AWAITED[form])()).step()
    assert is_held()
    assert task.step().result is True
    assert not is_held()
    # Once more around it: nothing of a proxy hides what it is.
    task = world.spawn(synchronized(by_lock(AWAITED[form]))()).step()
    assert is_held()
    assert task.step().result is True
    assert not is_held()


def test_under_the_own_lock_of_an_object_that_is_awaited(
    world: HandWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    awaited = Awaited()

    def is_held() -> bool:
        return getattr(awaited, NAME).async_owned()  # type: ignore[no-any-return]

    monkeypatch.setattr(f"{__name__}.IS_HELD", [is_held])
    task = world.spawn(synchronized(awaited)()).step()
    assert getattr(awaited, NAME).locked()
    assert task.step().result is True
    assert not getattr(awaited, NAME).locked()


def test_an_error_releases(world: HandWorld) -> None:
    lock = aiologic.Lock()

    @synchronized(lock)
    def plain() -> None:
        raise ZeroDivisionError

    @synchronized(lock)
    async def aio() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        plain()
    with pytest.raises(ZeroDivisionError):
        world.run(aio())
    with pytest.raises(ZeroDivisionError), synchronized(lock):
        raise ZeroDivisionError
    assert not lock.locked()


class TwoWorldCondition:
    """As far as it matters: its own methods do not acquire, its blocks do."""

    def __init__(self) -> None:
        self.lock = aiologic.RLock()

    def notify(self) -> None:
        """Here is nobody to tell."""

    def __enter__(self) -> None:
        self.lock.__enter__()

    def __exit__(self, *exc: object) -> None:
        self.lock.green_release()

    async def __aenter__(self) -> None:
        await self.lock.__aenter__()

    async def __aexit__(self, *exc: object) -> None:
        self.lock.async_release()


def test_a_condition_is_synchronized_by_its_lock(world: HandWorld) -> None:
    """Contract 1.3.10 [Q]: 0.17.1 made another lock for it, which excluded nobody."""
    condition = TwoWorldCondition()
    by_condition = synchronized(condition)
    with by_condition:
        assert condition.lock.green_owned()

    async def block() -> None:
        async with by_condition:
            assert condition.lock.async_owned()

    world.run(block())
    assert not condition.lock.locked()
    assert not hasattr(condition, NAME)


# -- an object's own lock --------------------------------------------------------------------------------------------


def test_functions(world: HandWorld) -> None:
    """Contract 1.3.10: under the function's lock; it stays what it was for who inspects it."""
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


@pytest.mark.parametrize("first", ["class", "instance"])
def test_it_does_not_matter_whose_lock_is_made_first(first: str) -> None:
    """D24: instances and subclasses shared the lock of a class that had come first."""

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
    """It can't wait for such a lock, and is told which one that is."""
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
        """Is not reached, but on PyPy."""


def synchronized_lock_is_owned(context: Any) -> bool:
    from aiologic._context_lock import context_section

    owned: bool = context_section(context).lock.green_owned()
    return owned


def test_what_is_decorated_twice_is_awaited_under_both(world: HandWorld) -> None:
    inner, outer = aiologic.Lock(), aiologic.Lock()

    @synchronized(outer)
    @synchronized(inner)
    async def work() -> bool:
        return inner.async_owned() and outer.async_owned()

    assert world.run(work()) is True
    assert not inner
    assert not outer


def test_a_class_of_locks_is_no_lock() -> None:
    """It has the methods, and can't be acquired: as any class, it has a lock."""

    class Mine(SimpleAsyncLock):
        pass

    block: Any = synchronized(Mine)
    with block:
        assert getattr(Mine, NAME).green_owned()
    assert not getattr(Mine, NAME)


def test_objects_with_slots() -> None:
    """D24: they raised AttributeError."""
    from aiologic import _context_lock

    before = len(_context_lock._beside)
    with_slots, with_its_slot = WithSlots(), WithItsSlot()
    for _ in range(2):
        with_slots.meet()
        with_its_slot.meet()
    assert len(_context_lock._beside) == before + 1
    del with_slots
    gc.collect()  # where nobody counts references
    assert len(_context_lock._beside) == before
    if sys.implementation.name == "pypy":  # all objects have room for weak references
        WithoutRoom().meet()
        return
    with pytest.raises(AttributeError, match="add '_synchronized_lock' or '__weakref"):
        WithoutRoom().meet()


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


# -- what it costs who does not use it -------------------------------------------------------------------------------


def test_wrapt_is_imported_when_something_is_decorated() -> None:
    script = (
        "import sys, aiologic; aiologic.synchronized(aiologic.Lock());"
        "assert 'wrapt' not in sys.modules and 'asyncio' not in sys.modules;"
        "aiologic.synchronized(print); assert 'wrapt' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


# -- types: this is for type checkers, and never runs ----------------------------------------------------------------

if TYPE_CHECKING:

    def plain(x: int) -> str: ...

    async def aio(x: int) -> str: ...

    def check_locks() -> None:
        assert_type(synchronized(aiologic.Lock()), Synchronizer)
        assert_type(synchronized(aiologic.RWLock().reading), Synchronizer)
        assert_type(synchronized(aiologic.BinarySemaphore()), Synchronizer)
        assert_type(synchronized(threading.Lock()), Synchronizer)
        assert_type(synchronized(asyncio.Lock()), AsyncSynchronizer)

    async def check_functions() -> None:
        assert_type(synchronized(plain)(1), str)
        assert_type(await synchronized(aio)(1), str)
        assert_type(synchronized(aiologic.Lock())(plain)(1), str)
        assert_type(await synchronized(aiologic.Lock())(aio)(1), str)
        assert_type(await synchronized(asyncio.Lock())(aio)(1), str)
        synchronized(asyncio.Lock())(plain)  # type: ignore[type-var]  # it is no coroutine function
        synchronized(plain)("1")  # type: ignore[arg-type]  # what is wrapped keeps its types

    async def check_methods(account: Account) -> None:
        assert_type(account.plain(), bool)
        assert_type(await account.aio(), bool)
        assert_type(Account.of_class(), bool)
        assert_type(Account.static(1), int)

    def check_flags() -> None:
        assert_type(aiologic.Flag[int](1).get(), int)
        assert_type(aiologic.Flag[int]().get(None), "int | None")
        assert_type(aiologic.Flag[int]().get(default_factory=str), "int | str")
        aiologic.Flag[int]().set("x")  # type: ignore[arg-type]  # no marker of that type
        factory: Callable[[], aiologic.Flag[int]] = aiologic.Flag[int]
        assert_type(factory().set(1), bool)


def test_a_reader_writer_lock_is_asked_for_a_side() -> None:
    lock = aiologic.RWLock()

    with pytest.raises(TypeError, match=r"\.reading and its \.writing: got <aio"):
        aiologic.synchronized(lock)

    with aiologic.synchronized(lock.writing):
        assert lock.statistics().holders
    assert not hasattr(lock, "_synchronized_lock")
