# SPDX-License-Identifier: ISC
"""How puts and gets are called: their options have to be named (contract 1.1)."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import pytest

from .queues import drained, each_kind

if TYPE_CHECKING:
    from .hand_driven import HandWorld

OPTIONS = {"blocking": True, "timeout": None}

each_put = pytest.mark.parametrize("put", ["green_put", "async_put"])
each_get = pytest.mark.parametrize("get", ["green_get", "async_get"])


def called(world: HandWorld, function: Any, *args: Any, **options: Any) -> Any:
    """Call a function in the current thread, or else in a task that does not wait."""
    if not inspect.iscoroutinefunction(function):
        return function(*args, **options)
    return world.run(function(*args, **options))


@each_kind
@each_put
@pytest.mark.parametrize("args", [(False,), (True, 1.0), (5,), ("item", True)])
def test_options_of_a_put_have_to_be_named(
    world: HandWorld, cls: Any, put: str, args: tuple[Any, ...]
) -> None:
    queue = cls()
    with pytest.raises(
        TypeError, match=f"must be passed by keyword, got {args[0]!r} by position"
    ):
        called(world, getattr(queue, put), "item", *args)
    assert drained(queue) == []


@each_kind
@each_get
@pytest.mark.parametrize("args", [(False,), (True, 1.0), (5,), ("item",)])
def test_options_of_a_get_have_to_be_named(
    world: HandWorld, cls: Any, get: str, args: tuple[Any, ...]
) -> None:
    queue = cls([1])
    with pytest.raises(
        TypeError, match=f"must be passed by keyword, got {args[0]!r} by position"
    ):
        called(world, getattr(queue, get), *args)
    assert drained(queue) == [1]


@each_kind
@pytest.mark.parametrize("name", ["green_put", "async_put", "green_get", "async_get"])
def test_signatures_show_what_may_be_written(cls: Any, name: str) -> None:
    for function in getattr(cls, name), getattr(cls(), name):
        parameters = inspect.signature(function).parameters
        named = {
            name: parameter.default
            for name, parameter in parameters.items()
            if parameter.kind is parameter.KEYWORD_ONLY
        }
        assert named == OPTIONS
        assert set(parameters) - set(named) <= {"self", "item"}
        assert inspect.iscoroutinefunction(function) is name.startswith("async")
        assert function.__name__ == name
        assert function.__doc__


@each_kind
def test_an_item_can_be_named(world: HandWorld, cls: Any) -> None:
    queue = cls()
    called(world, queue.green_put, item=1, blocking=False)
    called(world, queue.async_put, item=2, timeout=1)
    assert sorted(drained(queue)) == [1, 2]
