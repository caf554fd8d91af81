# SPDX-License-Identifier: ISC
"""Wrap an awaitable, a coroutine function or a plain function in something of the same kind."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Generator
    from typing import Any

    Awaits = Callable[[Callable[[], Awaitable[Any]]], Coroutine[Any, Any, Any]]
    Calls = Callable[[Callable[[], Any]], Any]


class _Awaitable:
    """An awaitable that has another one awaited by a given function."""

    __slots__ = ("_awaits", "_wrapped")

    def __init__(self, wrapped: Awaitable[Any], awaits: Awaits) -> None:
        self._wrapped = wrapped
        self._awaits = awaits

    def __await__(self) -> Generator[Any, Any, Any]:
        return self._awaits(lambda: self._wrapped).__await__()


def wrap(wrapped: Any, awaits: Awaits, calls: Calls) -> Any:
    """Have something awaited or called by a given function.

    Args:
        wrapped: An awaitable, a coroutine function or a plain function.
        awaits: Called with a function that returns what is to be awaited. So a
            coroutine is created only once it is certain to be awaited.
        calls: Called with the function to be called.

    Returns:
        Something of the same kind, with the same name and docstring.

    Raises:
        TypeError: ``wrapped`` is none of the three.
    """
    if hasattr(wrapped, "__await__") and not isinstance(wrapped, type):
        return _Awaitable(wrapped, awaits)

    from inspect import isawaitable

    if isawaitable(wrapped):  # a generator-based coroutine
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
