# SPDX-License-Identifier: ISC
"""A block calls the acquire and the release of a subclass, whichever lock that is derived from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiologic
import pytest
from aiologic import lowlevel
from aiologic._overridden_blocks import has_own_blocks
from aiologic._runtime.detect import worlds
from aiologic.testing.catalogue import ADAPTED, PERMITS, Kind

from .hand_driven import Cancelled

if TYPE_CHECKING:
    from .hand_driven import HandWorld

BLOCKS = ("__enter__", "__exit__", "__aenter__", "__aexit__")
GREEN = ["green_acquire", "green_release"]
ASYNC = ["async_acquire", "async_release"]

KINDS = [kind for kind in PERMITS if kind not in ADAPTED]


@pytest.fixture(params=KINDS, ids=str)
def kind(request: pytest.FixtureRequest) -> Kind:
    return request.param  # type: ignore[no-any-return]


def overriding(cls: Any, names: list[str], **attributes: Any) -> Any:
    """A subclass that records which of its methods are called, and calls its parent's."""

    def method_of(name: str) -> Any:
        def method(self: Any, *args: Any, **options: Any) -> Any:
            CALLS.append(name)
            return getattr(super(made, self), name)(*args, **options)

        return method

    made = type(cls)(
        f"Overriding{cls.__name__}",
        (cls,),
        {**{name: method_of(name) for name in names}, **attributes},
    )
    return made


#: What was called, in this test.
CALLS: list[str] = []


@pytest.fixture(autouse=True)
def _forget_calls() -> None:
    CALLS.clear()


def calls(world: HandWorld, lock: Any) -> tuple[list[str], list[str]]:
    """The methods that a block of each kind calls."""
    CALLS.clear()
    with lock as entered:
        assert entered is lock
    green = CALLS.copy()
    CALLS.clear()
    world.run(_block(lock))
    return green, CALLS.copy()


async def _block(lock: Any) -> None:
    async with lock as entered:
        assert entered is lock


def releases(cls: Any, names: list[str]) -> list[str]:
    """The same, and what a release of semaphores calls itself."""
    return [*names, "release"] if hasattr(cls, "release") else names


# -- whichever is overridden -----------------------------------------------------------------------------------------


def test_all_of_them(kind: Kind, world: HandWorld) -> None:
    """0.17.1 does so, and so do asyncio and trio; our blocks called some of them, and not others."""
    cls = overriding(kind.cls, releases(kind.cls, [*GREEN, *ASYNC]))
    lock = cls(*kind.arguments)
    assert calls(world, lock) == (releases(cls, GREEN), releases(cls, ASYNC))
    if kind.is_reentrant:
        with lock, lock:
            pass


@pytest.mark.parametrize("name", [*GREEN, *ASYNC])
def test_one_of_them(kind: Kind, world: HandWorld, name: str) -> None:
    cls = overriding(kind.cls, [name])
    lock = cls(*kind.arguments)
    assert calls(world, lock) == (
        [name] if name in GREEN else [],
        [name] if name in ASYNC else [],
    )


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if hasattr(kind.cls, "release")], ids=str
)
def test_the_one_release_of_semaphores(kind: Kind, world: HandWorld) -> None:
    lock = overriding(kind.cls, ["release"])(*kind.arguments)
    assert calls(world, lock) == (["release"], ["release"])


def test_a_subclass_of_a_subclass(kind: Kind, world: HandWorld) -> None:
    parent = overriding(kind.cls, GREEN)
    lock = overriding(parent, [])(*kind.arguments)
    assert calls(world, lock) == (GREEN, [])
    lock = overriding(parent, ASYNC)(*kind.arguments)
    assert calls(world, lock) == (GREEN, ASYNC)
    lock = overriding(parent, GREEN)(*kind.arguments)
    assert calls(world, lock)[0] == [name for name in GREEN for _ in range(2)]


def test_two_parents(kind: Kind, world: HandWorld) -> None:
    """As usual, each calls the next in line."""
    parents = overriding(kind.cls, GREEN), overriding(kind.cls, GREEN)
    lock = type(kind.cls)("Child", parents, {})(*kind.arguments)
    assert calls(world, lock) == ([name for name in GREEN for _ in range(2)], [])


class Mixin:
    def green_acquire(self, **options: Any) -> Any:
        CALLS.append("mixed in")
        return super().green_acquire(**options)  # type: ignore[misc]  # it is mixed into what has one


def test_a_mixin(kind: Kind, world: HandWorld) -> None:
    """A mixin before our class overrides it; one behind does not."""
    front = type(kind.cls)("Front", (Mixin, kind.cls), {})
    assert calls(world, front(*kind.arguments)) == (["mixed in"], [])
    behind = type(kind.cls)("Behind", (kind.cls, Mixin), {})
    assert calls(world, behind(*kind.arguments)) == ([], [])
    assert behind.__enter__ is kind.cls.__enter__


def test_a_subclass_without_a_dict(kind: Kind, world: HandWorld) -> None:
    lock = overriding(kind.cls, GREEN, __slots__=())(*kind.arguments)
    assert not hasattr(lock, "__dict__")
    assert calls(world, lock) == (GREEN, [])


def test_class_arguments_are_handed_on() -> None:
    class Named:
        name = ""

        def __init_subclass__(cls, name: str, **options: Any) -> None:
            super().__init_subclass__(**options)
            cls.name = name

    class NamedLock(aiologic.Lock, Named, name="mine"):
        pass

    assert NamedLock.name == "mine"


# -- what is left alone ----------------------------------------------------------------------------------------------


def test_who_has_blocks_of_his_own_keeps_them(kind: Kind) -> None:
    def enter(self: Any) -> Any:
        CALLS.append("entered")
        return self

    own = dict.fromkeys(BLOCKS, enter)
    parent = overriding(kind.cls, [*GREEN, *ASYNC], **own)
    child = overriding(parent, [*GREEN, *ASYNC])
    for cls in parent, child:
        assert all(getattr(cls, block) is enter for block in BLOCKS)


def test_what_overrides_nothing_has_the_fast_blocks(kind: Kind) -> None:
    idle = overriding(kind.cls, ["locked", "waiting", "_take"])
    for cls in idle, overriding(idle, []):
        assert all(getattr(cls, name) is getattr(kind.cls, name) for name in BLOCKS)
    half = overriding(idle, GREEN)
    assert half.__enter__ is not kind.cls.__enter__
    assert half.__exit__ is not kind.cls.__exit__
    assert half.__aenter__ is kind.cls.__aenter__
    assert half.__aexit__ is kind.cls.__aexit__


def test_who_has_the_blocks_of_ours(kind: Kind) -> None:
    """Code that writes a block out checks, and calls the block if it is another."""
    assert has_own_blocks(kind.cls)
    assert has_own_blocks(overriding(kind.cls, []))
    for name in [*GREEN, *ASYNC]:
        overridden = overriding(kind.cls, [name])
        assert not has_own_blocks(overridden)
        assert not has_own_blocks(overriding(overridden, []))
    assert not has_own_blocks(overriding(kind.cls, ["__enter__"]))


# -- what is awaited, and what raises --------------------------------------------------------------------------------


def test_a_release_that_has_to_be_awaited_is(kind: Kind, world: HandWorld) -> None:
    """0.17.1 did not await it, and the lock stayed locked."""

    async def async_release(self: Any) -> None:
        await world.checkpoint()
        super(cls, self).async_release()
        CALLS.append("released")

    cls = overriding(kind.cls, [], async_release=async_release)
    lock = cls(*kind.arguments)
    task = world.spawn(_block(lock)).step()
    assert task.checkpoints == 1
    assert task.step().is_done
    assert CALLS == ["released"]
    with lock:
        pass


def test_what_is_raised_in_the_block_releases(kind: Kind, world: HandWorld) -> None:
    lock = overriding(kind.cls, [*GREEN, *ASYNC])(*kind.arguments)

    async def fail() -> None:
        async with lock:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), lock:
        raise ZeroDivisionError
    with pytest.raises(ZeroDivisionError):
        world.run(fail())
    assert [*GREEN, *ASYNC] == CALLS


@pytest.mark.usefixtures("checkpoints_restored")
def test_what_was_never_acquired_is_not_released(
    kind: Kind, world: HandWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cancelled call returns what it had for a moment; a subclass that counts is not told of that."""
    names = releases(kind.cls, [*GREEN, *ASYNC])
    lock = overriding(kind.cls, names)(*kind.arguments)

    async def enter() -> None:
        async with lowlevel.enable_checkpoints():
            await _block(lock)

    def enter_green() -> None:
        with lowlevel.enable_checkpoints(), lock:
            raise AssertionError("entered")

    def checkpoint(_backend: object) -> None:
        raise Cancelled

    task = world.spawn(enter()).step()
    assert task.checkpoints == 1
    with pytest.raises(Cancelled):
        task.cancel(Cancelled())
    monkeypatch.setattr(type(worlds.threads), "checkpoint", checkpoint)
    with pytest.raises(Cancelled):
        enter_green()
    assert [ASYNC[0], GREEN[0]] == CALLS
    assert lock.green_acquire(blocking=False) is True


# -- the sides of a lock for readers and writers ---------------------------------------------------------------------

SHARED = ["green_acquire_shared", "green_release"]
EXCLUSIVE = ["green_acquire_exclusive", "green_release"]
ASYNC_SHARED = ["async_acquire_shared", "async_release"]
ASYNC_EXCLUSIVE = ["async_acquire_exclusive", "async_release"]


@pytest.mark.parametrize(
    "overridden", [[*SHARED, *EXCLUSIVE, *ASYNC_SHARED, *ASYNC_EXCLUSIVE], ASYNC_SHARED]
)
def test_sides(world: HandWorld, overridden: list[str]) -> None:
    parent = overriding(aiologic.RWLock, list(dict.fromkeys(overridden)))
    for cls in parent, overriding(parent, []):
        lock = cls()
        for side, green, aio in [
            (lock.reading, SHARED, ASYNC_SHARED),
            (lock.writing, EXCLUSIVE, ASYNC_EXCLUSIVE),
        ]:
            assert calls(world, side) == (
                [name for name in green if name in overridden],
                [name for name in aio if name in overridden],
            )
            assert not lock.locked()


def test_methods_of_sides(world: HandWorld) -> None:
    lock = overriding(aiologic.RWLock, [*SHARED, *ASYNC_EXCLUSIVE])()
    reading, writing = lock.reading, lock.writing
    assert reading.green_acquire(blocking=False) is True
    assert world.run(writing.async_acquire(blocking=False)) is False
    reading.green_release()
    assert world.run(writing.async_acquire(timeout=0)) is True
    assert [*SHARED[:1], ASYNC_EXCLUSIVE[0], SHARED[1], ASYNC_EXCLUSIVE[0]] == CALLS


def test_a_release_of_a_side_that_has_to_be_awaited_is(world: HandWorld) -> None:
    class Slow(aiologic.RWLock):
        async def async_release(self) -> None:  # type: ignore[override]  # as somebody may have it
            await world.checkpoint()
            super().async_release()

    lock = Slow()
    task = world.spawn(_block(lock.writing)).step()
    assert task.checkpoints == 1
    assert lock.locked()
    assert task.step().is_done
    assert not lock.locked()


def test_sides_of_what_overrides_nothing_are_the_fast_ones() -> None:
    idle = overriding(aiologic.RWLock, ["locked"])()
    assert type(idle.reading) is type(aiologic.RWLock().reading)
    assert type(overriding(type(idle), SHARED)().reading) is not type(idle.reading)


@pytest.mark.parametrize(
    "cls",
    [
        aiologic.Lock,
        aiologic.RLock,
        aiologic.BinarySemaphore,
        aiologic.BoundedBinarySemaphore,
    ],
)
def test_a_condition_over_it(cls: Any, world: HandWorld) -> None:
    """Its blocks are those of the lock."""
    condition = aiologic.Condition(overriding(cls, [*GREEN, *ASYNC])())
    assert calls(world, condition) == (GREEN, ASYNC)
