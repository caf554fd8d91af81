# SPDX-License-Identifier: ISC
"""Wrap an awaitable, a coroutine function or a plain function, and keep its shape."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Generator
    from typing import Any

    Awaits = Callable[[Callable[[], Awaitable[Any]]], Coroutine[Any, Any, Any]]
    Calls = Callable[[Callable[[], Any]], Any]


class _Awaitable:
    """What awaits something in its own way."""

    __slots__ = ("_awaits", "_wrapped")

    def __init__(self, wrapped: Awaitable[Any], awaits: Awaits) -> None:
        self._wrapped = wrapped
        self._awaits = awaits

    def __await__(self) -> Generator[Any, Any, Any]:
        return self._awaits(lambda: self._wrapped).__await__()


def wrap(wrapped: Any, awaits: Awaits, calls: Calls) -> Any:
    """Have something awaited or called in another way.

    Args:
        wrapped: An awaitable, a coroutine function or a plain function.
        awaits: Is handed a function that returns what is to be awaited, so that
            a coroutine is made only once it is sure to be.
        calls: Is handed a function to be called.

    Returns:
        Something of the same shape, with the same name and docstring.

    Raises:
        TypeError: It is none of the three.
    """
    if hasattr(wrapped, "__await__") and not isinstance(wrapped, type):
        return _Awaitable(wrapped, awaits)

    from inspect import isawaitable

    if isawaitable(wrapped):  # a coroutine that is made of a generator
        return _Awaitable(wrapped, awaits)
    if not callable(wrapped):
        raise TypeError(f"wrapped must be an awaitable or a callable, got {wrapped!r}")
    return _wrap_function(wrapped, awaits, calls)


def _wrap_function(function: Callable[..., Any], awaits: Awaits, calls: Calls) -> Any:
    from functools import wraps

    from .coroutine_functions import is_coroutine_function

    if is_coroutine_function(function):

        @wraps(function)
        async def awaiting(*args: Any, **kwargs: Any) -> Any:
            return await awaits(lambda: function(*args, **kwargs))

        return awaiting

    @wraps(function)
    def calling(*args: Any, **kwargs: Any) -> Any:
        return calls(lambda: function(*args, **kwargs))

    return calling
