# SPDX-License-Identifier: ISC
"""What is wrapped keeps its kind: awaitables, coroutine functions, plain functions."""

from __future__ import annotations

import functools
import inspect
from types import coroutine
from typing import TYPE_CHECKING, Any

import pytest
from aiologic._runtime.threads import ThreadBackend
from aiologic.lowlevel import shield

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator

    from .hand_driven import HandWorld


@pytest.fixture
def shields(world: HandWorld, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """An item for each use of a backend's shield."""
    shields: list[str] = []

    async def async_shield(awaitable: Awaitable[Any]) -> Any:
        shields.append("async")
        return await awaitable

    def green_shield(_: object, function: Callable[[], Any]) -> Any:
        shields.append("green")
        return function()

    monkeypatch.setattr(world, "shield", async_shield)
    monkeypatch.setattr(ThreadBackend, "shield", green_shield)
    return shields


async def double(number: int, *, plus: int = 0) -> int:
    """Double."""
    return 2 * number + plus


class Doubling:
    """Called like a coroutine function."""

    async def __call__(self, number: int, *, plus: int = 0) -> int:
        return 2 * number + plus

    async def method(self, number: int, *, plus: int = 0) -> int:
        return 2 * number + plus


class Answer:
    def __await__(self) -> Generator[Any, Any, int]:
        yield from ()
        return 42


@coroutine
def old_coroutine() -> Generator[Any, Any, int]:
    yield from ()
    return 42


@pytest.mark.parametrize(
    "function", [double, Doubling(), Doubling().method, functools.partial(double)]
)
def test_coroutine_functions(
    world: HandWorld, shields: list[str], function: Any
) -> None:
    wrapped = shield(function)
    assert inspect.iscoroutinefunction(wrapped)

    async def work() -> list[int]:
        return [await wrapped(1), await wrapped(2, plus=1)]

    assert world.run(work()) == [2, 5]
    assert shields == ["async", "async"]


@pytest.mark.parametrize("new", [Answer, old_coroutine, lambda: double(21)])
def test_awaitables(
    world: HandWorld, shields: list[str], new: Callable[[], Any]
) -> None:
    async def work() -> int:
        result: int = await shield(new())
        return result

    assert world.run(work()) == 42
    assert shields == ["async"]


@pytest.mark.parametrize("function", [max, lambda *n: max(n), Answer, int])
def test_plain_functions(shields: list[str], function: Any) -> None:
    """Including classes, even those of awaitables."""
    wrapped = shield(function)
    arguments = () if function is Answer else (3,) if function is int else (1, 3)
    result = wrapped(*arguments)
    assert isinstance(result, Answer) or result == 3
    assert shields == ["green"]


def test_names_are_kept() -> None:
    wrapped = shield(double)
    assert (wrapped.__name__, wrapped.__doc__) == ("double", "Double.")
    assert inspect.signature(wrapped) == inspect.signature(double)


@pytest.mark.parametrize("wrapped", [None, 1, "lock"])
def test_nothing_else_can_be_shielded(wrapped: Any) -> None:
    with pytest.raises(TypeError, match="must be an awaitable or a callable") as no:
        shield(wrapped)
    assert repr(wrapped) in str(no.value)
