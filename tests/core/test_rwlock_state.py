# SPDX-License-Identifier: ISC
"""What a lock that readers share shows about itself and its sides; its copies, and its chain of states."""

from __future__ import annotations

import copy
import pickle
from typing import TYPE_CHECKING, Any, Callable

import aiologic
import pytest
from aiologic import RWLock

if TYPE_CHECKING:
    from .callers import Caller
    from .crew import Crew
    from .hand_driven import HandTask, HandWorld


class SubRWLock(RWLock):
    pass


@pytest.fixture
def lock() -> RWLock:
    return RWLock()


# -- the lock --------------------------------------------------------------------------------------------------------


def test_repr(lock: RWLock, caller: Caller, other: Caller, world: HandWorld) -> None:
    assert repr(lock).startswith("<aiologic.RWLock() at 0x")
    assert repr(lock).endswith(" [unlocked]>")
    caller.acquire_shared(lock)
    other.acquire_shared(lock)
    assert repr(lock).endswith(" [reading=2, waiting=0]>")
    assert repr(lock.reading) == f"{lock!r}.reading"
    other.release(lock)
    caller.release(lock)
    caller.acquire_exclusive(lock)
    task = world.spawn(lock.async_acquire_shared()).step()
    assert repr(lock).endswith(" [writing, waiting=1]>")
    assert repr(lock.writing) == f"{lock!r}.writing"
    task.coroutine.close()


def test_state(lock: RWLock, caller: Caller, other: Caller) -> None:
    library = {"green_": "threading", "async_": "handdriven"}[caller.prefix]
    caller.acquire_exclusive(lock)
    assert lock.writer is not None
    assert lock.writer[0] == library
    assert (bool(lock), lock.locked()) == (True, True)
    assert lock.reading.locked()
    assert lock.writing.locked()
    assert caller.owned(lock.writing) is True
    assert caller.owned(lock.reading) is False
    assert other.owned(lock.writing) is False
    caller.downgrade(lock)
    assert [reader[0] for reader in lock.readers] == [library]
    assert not lock.reading.locked()
    assert lock.writing.locked()
    assert caller.owned(lock.writing) is False
    assert caller.owned(lock.reading) is True


def test_statistics(lock: RWLock, start: Callable[[str], HandTask], crew: Crew) -> None:
    assert lock.statistics() == aiologic.RWLock().statistics()
    assert lock.statistics().value == 1
    reader = start("read")
    crew.run(lock.green_acquire_shared)
    start("write")
    now = lock.statistics()
    assert (now.value, now.waiting) == (0, 1)
    assert sorted(library for library, _ in now.holders) == ["handdriven", "threading"]
    assert set(now.holders.values()) == {1}
    assert dict(now.waiting_by_library) == {"handdriven": 1}
    reader.step()
    assert [library for library, _ in lock.statistics().holders] == ["threading"]


@pytest.mark.parametrize("cls", [RWLock, SubRWLock])
def test_copies_and_pickles_of_a_used_one_are_new(cls: Any) -> None:
    """D12, and contract 1.2: by the arguments alone, in every protocol."""
    lock = cls()
    lock.green_acquire_exclusive()
    copies = [copy.copy(lock), copy.deepcopy(lock)]
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        copies.append(pickle.loads(pickle.dumps(lock, protocol)))
        assert not pickle.loads(pickle.dumps(lock.writing, protocol)).locked()
    for fresh in copies:
        assert type(fresh) is cls
        assert not fresh
        with fresh.writing:
            assert lock
    assert lock.__getnewargs__() == ()


def test_it_has_no_dict(lock: RWLock) -> None:
    with pytest.raises(AttributeError):
        lock.colour = "red"  # type: ignore[attr-defined]  # that is what raises
    SubRWLock().colour = "red"  # type: ignore[attr-defined]  # subclasses have one
    assert aiologic.RWLock.__module__ == "aiologic"


# -- its sides -------------------------------------------------------------------------------------------------------


def test_a_side_is_what_a_lock_is(
    lock: RWLock, caller: Caller, other: Caller, start: Callable[[str], HandTask]
) -> None:
    """Code that takes a Lock, and inspects it, finds what it looks for."""
    sides = lock.reading, lock.writing
    names = {name for name in dir(aiologic.Lock) if not name.startswith("_")}
    assert names <= set(dir(lock.reading))
    for side in sides:
        assert (bool(side), side.locked(), side.owner) == (False, False, None)
        assert side.statistics() == aiologic.Lock().statistics()

    caller.acquire_exclusive(lock)
    for side in sides:
        assert (bool(side), side.locked(), side.owner) == (True, True, lock.writer)
        assert side.statistics() == lock.statistics()
    caller.release(lock)

    # Readers keep writers out, and not each other.
    caller.acquire_shared(lock)
    other.acquire_shared(lock)
    start("write")
    assert lock.reading.locked() is bool(lock.reading) is False
    assert lock.reading.owner is None
    assert lock.writing.locked() is bool(lock.writing) is True
    assert lock.writing.owner in lock.readers
    assert lock.reading.statistics().value == 1
    assert lock.writing.statistics().value == 0
    for side in sides:
        assert side.statistics().holders == dict.fromkeys(lock.readers, 1)
        assert side.statistics().waiting == 1


def test_a_block_says_on_which_side_it_is(lock: RWLock, world: HandWorld) -> None:
    with lock.reading as side:
        assert side.green_owned()
    with lock.writing as side:
        assert side.green_owned()

    async def look() -> None:
        async with lock.reading as side:
            assert side.async_owned()
        async with lock.writing as side:
            assert side.async_owned()

    world.run(look())
    assert not lock


@pytest.mark.parametrize("name", ["reading", "writing"])
def test_a_side_is_acquired_and_released_by_its_methods(
    name: str, caller: Caller
) -> None:
    lock = aiologic.RWLock()
    side = getattr(lock, name)
    for _ in range(2):
        assert caller.acquire(side) is True
        assert lock.locked()
        assert caller.owned(side)
        caller.release(side)
        assert not lock
    with pytest.raises(RuntimeError, match="release unlocked lock"):
        caller.release(side)


# -- its states ------------------------------------------------------------------------------------------------------


def test_old_states_are_let_go(lock: RWLock) -> None:
    """The newest state is what the lock refers to if nobody was interrupted; older ones are garbage."""
    for _ in range(100):
        with lock.reading:
            pass
    assert not lock._state
    assert lock._newest() is lock._state


def test_an_older_state_leads_to_the_newest(lock: RWLock) -> None:
    """A changes the state, and is interrupted before it has recorded the newest; B goes on, and so does A."""
    before = lock._state
    with lock.reading:
        lock._state = before
        assert lock.locked()
        assert lock._reserve(True) is False
        assert lock._reserve(False) is True
        lock._state = before
        assert lock._newest().holders == 2
        lock._free(False)
    assert not lock
