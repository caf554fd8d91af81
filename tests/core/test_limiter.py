# SPDX-License-Identifier: ISC
"""A capacity limiter knows who has its tokens: what it says, whom it refuses, and in which words."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Callable

import aiologic
import pytest
from aiologic import CapacityLimiter, RCapacityLimiter
from aiologic.lowlevel import enable_checkpoints

if TYPE_CHECKING:
    from .callers import Caller
    from .crew import Crew
    from .hand_driven import HandWorld

HOLDING = "the current task is already holding one of this capacity limiter's tokens"
NOT_HOLDING = "the current task is not holding any of this capacity limiter's tokens"


class Cancelled(BaseException):
    """What this library throws into its tasks."""


@pytest.fixture(params=[CapacityLimiter, RCapacityLimiter])
def kind(request: pytest.FixtureRequest) -> Any:
    """What holds for a limiter holds for one that counts, too."""
    return request.param


# -- construction and state ------------------------------------------------------------------------------------------


def test_one_counts_and_is_a_limiter_too() -> None:
    """Contract 1.3.4."""
    assert RCapacityLimiter.__bases__ == (CapacityLimiter,)


@pytest.mark.parametrize(("arguments", "total"), [((), 1), ((0,), 0), ((7,), 7)])
def test_total_tokens(kind: Any, arguments: tuple[int, ...], total: int) -> None:
    """Contract 1.3.4: 1 by default, 0 allowed, and immutable."""
    limiter = kind(*arguments)
    assert (limiter.total_tokens, limiter.available_tokens) == (total, total)
    assert kind(total_tokens=total).total_tokens == total
    with pytest.raises(AttributeError):
        limiter.total_tokens = 3


def test_what_makes_no_limiter(kind: Any) -> None:
    """Contract 1.3.4: the texts of the errors."""
    with pytest.raises(ValueError, match="total_tokens must be >= 0, got -1"):
        kind(-1)
    value: Any
    for value in "1", 1.0, []:
        with pytest.raises(TypeError, match="total_tokens must be an integer"):
            kind(value)


def test_of_no_tokens_nobody_borrows_any(kind: Any, caller: Caller) -> None:
    """Contract 1.3.4."""
    limiter = kind(0)
    assert caller.acquire(limiter, blocking=False) is False
    assert caller.acquire(limiter, timeout=0) is False
    assert not limiter


def test_state(kind: Any, caller: Caller, other: Caller) -> None:
    """Contract 1.3.4: tokens, truth and repr."""

    def state() -> tuple[int, int, bool, int]:
        assert limiter.available_tokens + limiter.borrowed_tokens == 2
        return (
            limiter.available_tokens,
            limiter.borrowed_tokens,
            bool(limiter),
            len(limiter.borrowers),
        )

    limiter = kind(2)
    assert state() == (2, 0, False, 0)
    assert f"aiologic.{kind.__name__}(2) at " in repr(limiter)
    assert repr(limiter).endswith(" [available_tokens=2]>")
    caller.acquire(limiter)
    assert state() == (1, 1, True, 1)
    other.acquire(limiter)
    assert state() == (0, 2, True, 2)
    assert repr(limiter).endswith(" [available_tokens=0, waiting=0]>")
    caller.release(limiter)
    other.release(limiter)
    assert state() == (2, 0, False, 0)


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
    """Whoever reads them while others come and go gets no ``KeyError``."""
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


# -- whom it refuses -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [{}, {"blocking": False}, {"timeout": 0}])
@pytest.mark.parametrize("tokens", [1, 2])
def test_a_borrower_borrows_once(
    caller: Caller, tokens: int, options: dict[str, Any]
) -> None:
    """Contract 1.3.4: also if it would not wait."""
    limiter = CapacityLimiter(tokens)
    caller.acquire(limiter)
    with pytest.raises(RuntimeError, match=HOLDING):
        caller.acquire(limiter, **options)
    assert limiter.available_tokens == tokens - 1
    caller.release(limiter)
    assert limiter.available_tokens == tokens


def test_a_token_is_its_borrowers(kind: Any, caller: Caller, other: Caller) -> None:
    """Contract 1.3.4: tokens are not transferable."""
    limiter = kind(2)
    with pytest.raises(RuntimeError, match=NOT_HOLDING):
        caller.release(limiter)
    caller.acquire(limiter)
    with pytest.raises(RuntimeError, match=NOT_HOLDING):
        other.release(limiter)
    assert caller.borrowed(limiter)
    caller.release(limiter)
    with pytest.raises(RuntimeError, match=NOT_HOLDING):
        caller.release(limiter)


def test_a_block_is_left_by_a_borrower_only(kind: Any, world: HandWorld) -> None:
    limiter = kind(2)

    async def leave() -> None:
        await limiter.__aexit__(None, None, None)

    with pytest.raises(RuntimeError, match=NOT_HOLDING):
        limiter.__exit__(None, None, None)
    with pytest.raises(RuntimeError, match=NOT_HOLDING):
        world.run(leave())
    with limiter, pytest.raises(RuntimeError, match=NOT_HOLDING):
        world.run(leave())
    assert limiter.available_tokens == 2


def test_blocks(kind: Any, world: HandWorld) -> None:
    """Contract 1.3.4: ``with`` and ``async with`` enter with the limiter."""
    limiter = kind(2)

    async def work() -> None:
        async with limiter as entered:
            assert entered is limiter
            assert limiter.available_tokens == 0

    with limiter as entered:
        assert entered is limiter
        world.run(work())
    assert limiter.available_tokens == 2


def attempts(limiter: Any) -> list[Callable[[], Any]]:
    async def enter() -> None:
        async with limiter:
            raise AssertionError("entered")

    return [
        lambda: limiter.async_acquire().send(None),
        lambda: limiter.async_acquire(blocking=False).send(None),
        lambda: enter().send(None),
        limiter.async_release,
    ]


def test_async_methods_outside_of_async_worlds(kind: Any) -> None:
    """Contract 1.3.4."""
    limiter = kind(2)
    for attempt in [*attempts(limiter), limiter.async_borrowed]:
        with pytest.raises(aiologic.AsyncLibraryNotFoundError):
            attempt()
    assert not limiter


def test_callbacks(kind: Any, world: HandWorld) -> None:
    """D16: all callbacks shared one identity, and so each other's tokens."""
    limiter = kind(2)
    for attempt in attempts(limiter):
        with world.runs(None), pytest.raises(RuntimeError, match="callback"):
            attempt()
    with world.runs(None):
        assert limiter.async_borrowed() is False
    assert not limiter


def test_a_new_thread_is_never_taken_for_one_that_ended(kind: Any, crew: Crew) -> None:
    """D16: the number of a dead borrower is given to the next thread, and so was its token."""
    limiter = kind(40)
    for borrowed in range(20):
        assert len(limiter._holders) == borrowed
        assert crew.run(limiter.green_borrowed) is False
        assert crew.run(limiter.green_acquire) is True
    with pytest.raises(RuntimeError, match=NOT_HOLDING):
        crew.run(limiter.green_release)


# -- one that counts -------------------------------------------------------------------------------------------------


def test_counts(caller: Caller, other: Caller) -> None:
    """Contract 1.3.4: one token, which is borrowed as often as it was acquired."""
    limiter = RCapacityLimiter(2)
    caller.acquire(limiter)
    caller.acquire(limiter, 2)
    caller.acquire(limiter, count=3, timeout=0)
    caller.acquire(limiter, blocking=False)
    assert caller.count(limiter) == 7
    assert other.count(limiter) == 0
    assert list(limiter.borrowers.values()) == [7]
    assert limiter.available_tokens == 1

    other.acquire(limiter, 4)
    caller.release(limiter, 6)
    assert (caller.count(limiter), other.count(limiter)) == (1, 4)
    caller.release(limiter)
    assert (caller.count(limiter), limiter.available_tokens) == (0, 1)


def test_a_waiter_gets_as_much_as_it_asked_for(world: HandWorld, crew: Crew) -> None:
    limiter = RCapacityLimiter()
    with limiter:
        task = world.spawn(limiter.async_acquire(3)).step()
        thread = crew.start(limiter.green_acquire, 2)
        crew.wait_for_waiters(limiter, 2)
    task.step()
    with world.runs(task):
        assert limiter.async_count() == 3
        limiter.async_release(3)
    assert thread.result() is True
    assert list(limiter.borrowers.values()) == [2]


def test_counts_that_are_refused(caller: Caller) -> None:
    """Contract 1.3.4: and first of all, whatever else is wrong."""
    limiter = RCapacityLimiter()
    for act in caller.acquire, caller.release:
        for count in 0, -1:
            with pytest.raises(ValueError, match="count must be >= 1"):
                act(limiter, count)
        with pytest.raises(TypeError, match="count must be an integer"):
            act(limiter, "1")
    assert not limiter
    caller.acquire(limiter, 2)
    with pytest.raises(RuntimeError, match="capacity limiter released too many times"):
        caller.release(limiter, 3)
    assert caller.count(limiter) == 2


def test_counts_outside_of_tasks(world: HandWorld) -> None:
    limiter = RCapacityLimiter()
    with pytest.raises(aiologic.AsyncLibraryNotFoundError):
        limiter.async_count()
    with world.runs(None):
        assert limiter.async_count() == 0


@pytest.mark.usefixtures("checkpoints_restored")
def test_cancelled_at_the_checkpoint_of_one_more(world: HandWorld) -> None:
    """Contract 1.2: re-entry is a checkpoint first, and the count grows after it."""
    limiter = RCapacityLimiter()
    task = world.spawn(twice(limiter)).step()
    assert task.checkpoints == 1
    assert limiter._holders[task] == 1
    with pytest.raises(Cancelled):
        task.cancel(Cancelled())
    assert limiter._holders[task] == 1


async def twice(limiter: RCapacityLimiter) -> None:
    await limiter.async_acquire()
    await enable_checkpoints(limiter.async_acquire)()
