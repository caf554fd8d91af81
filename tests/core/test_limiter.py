# SPDX-License-Identifier: ISC
"""A capacity limiter lends each task one token: what it shows, what it refuses, and with which words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

import aiologic
import pytest
from aiologic import CapacityLimiter, RCapacityLimiter

if TYPE_CHECKING:
    from .callers import Caller
    from .crew import Crew
    from .hand_driven import HandWorld

HOLDING = "the current task is already holding one of this capacity limiter's tokens"
NOT_HOLDING = "the current task is not holding any of this capacity limiter's tokens"


@pytest.fixture(params=[CapacityLimiter, RCapacityLimiter])
def kind(request: pytest.FixtureRequest) -> Any:
    """What holds for a limiter also holds for one that counts."""
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


# -- whom it refuses -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [{}, {"blocking": False}, {"timeout": 0}])
@pytest.mark.parametrize("tokens", [1, 2])
def test_a_borrower_borrows_once(
    caller: Caller, tokens: int, options: dict[str, Any]
) -> None:
    """Contract 1.3.4: even if it would not have to wait."""
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
    """D16: the next thread got the number of a dead borrower, and so its token."""
    limiter = kind(40)
    for borrowed in range(20):
        assert len(limiter._holders) == borrowed
        assert crew.run(limiter.green_borrowed) is False
        assert crew.run(limiter.green_acquire) is True
    with pytest.raises(RuntimeError, match=NOT_HOLDING):
        crew.run(limiter.green_release)
