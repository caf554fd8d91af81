# SPDX-License-Identifier: ISC
"""A capacity limiter knows who has its tokens: the tasks that run with one, and nobody else."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pytest
from aiologic import CapacityLimiter, RCapacityLimiter

from .hand_driven import Cancelled

if TYPE_CHECKING:
    from .callers import Caller
    from .hand_driven import HandWorld


@pytest.fixture(params=[CapacityLimiter, RCapacityLimiter])
def kind(request: pytest.FixtureRequest) -> Any:
    """What holds for a limiter also holds for one that counts."""
    return request.param


def test_borrowed(kind: Any, caller: Caller, other: Caller) -> None:
    """Contract 1.3.4: ``borrowed`` is about the current task."""
    limiter = kind(2)
    assert caller.borrowed(limiter) is False
    caller.acquire(limiter)
    assert caller.borrowed(limiter) is True
    assert other.borrowed(limiter) is False
    caller.release(limiter)
    assert caller.borrowed(limiter) is False


def test_borrowers_is_a_live_view(kind: Any, world: HandWorld) -> None:
    """Contract 1.3.4: read-only, and it changes with the limiter."""
    limiter = kind(2)
    borrowers = limiter.borrowers
    me = ("threading", threading.get_ident())
    assert isinstance(borrowers, Mapping)
    assert borrowers == {}

    with limiter:
        assert borrowers == {me: 1}
        assert borrowers[me] == 1
        assert me in borrowers
        assert repr(borrowers) == repr({me: 1})
        task = world.spawn(limiter.async_acquire()).step()
        assert list(borrowers) == [me, ("handdriven", id(task))]
    assert me not in borrowers
    with pytest.raises(KeyError):
        borrowers[me]
    assert not hasattr(borrowers, "__setitem__")


def test_the_items_of_borrowers_are_those_of_one_moment(
    kind: Any, world: HandWorld
) -> None:
    """A task that reads them while others come and go gets no ``KeyError``."""
    limiter = kind(2)
    task = world.spawn(limiter.async_acquire()).step()
    me = ("threading", threading.get_ident())
    both = {("handdriven", id(task)): 1, me: 1}

    limiter.green_acquire()
    borrowers = limiter.borrowers
    views = [borrowers.items(), borrowers.keys(), borrowers.values(), borrowers.copy()]
    iterators = [iter(view) for view in views]
    first = [next(iterator) for iterator in iterators]
    limiter.green_release()

    rest = [next(iterator) for iterator in iterators]
    assert list(zip(first, rest)) == [
        tuple(both.items()),
        tuple(both),
        (1, 1),
        tuple(both),
    ]
    assert me not in borrowers


def test_who_is_woken_appears_once_it_runs(kind: Any, world: HandWorld) -> None:
    """Contract 1.3.4."""
    limiter = kind(1)
    with limiter:
        waiting = world.spawn(limiter.async_acquire()).step()
    assert (limiter.available_tokens, limiter.borrowed_tokens) == (0, 1)
    assert limiter
    assert limiter.borrowers == {}
    with world.runs(waiting):
        assert not limiter.async_borrowed()

    waiting.step()

    assert limiter.borrowers == {("handdriven", id(waiting)): 1}
    assert len(limiter._holders) == 1


def test_who_gave_up_leaves_nothing(kind: Any, world: HandWorld) -> None:
    limiter = kind(1)
    limiter.green_acquire()
    late = world.spawn(limiter.async_acquire(timeout=1)).step()
    late.time_out()
    for _ in range(2):
        unlucky = world.spawn(limiter.async_acquire()).step()
        limiter.green_release()
        assert unlucky.is_woken
        with pytest.raises(Cancelled):
            unlucky.cancel(Cancelled())
        limiter.green_acquire()
    limiter.green_release()
    assert not limiter._holders


def test_a_grant_that_is_lost_leaves_nothing(kind: Any, world: HandWorld) -> None:
    """Its loop was closed, and its backend says so."""
    limiter = kind(1)
    limiter.green_acquire()
    lost = world.spawn(limiter.async_acquire()).step()
    limiter.green_release()
    lost._at.lost()  # type: ignore[attr-defined]
    assert not limiter._holders
    assert limiter.available_tokens == 1
    lost.coroutine.close()
    assert not limiter._holders
    assert limiter.available_tokens == 1
