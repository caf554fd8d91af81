# SPDX-License-Identifier: ISC
"""Whether calling something creates a coroutine."""

# A wrapper of a function has to know this before it calls the function: a lock that is held only while the coroutine is
# created protects nothing, and nobody notices. ``inspect`` recognises only functions. Functions that return the
# coroutine of another function are not recognised: only the call shows it, and then it is too late.

from __future__ import annotations

from functools import partial, partialmethod
from inspect import CO_ITERABLE_COROUTINE, iscoroutinefunction, isfunction
from types import MethodType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


_METHODS: Any = (MethodType, classmethod, staticmethod)
_PARTIAL: Any = (partial, partialmethod)


def is_coroutine_function(function: Any) -> bool:
    """Whether it is a coroutine function, or is called as one.

    That is: also a method (a class method, a static method, a partial object)
    of one; an object whose class has one for ``__call__``; and a generator
    function that :func:`types.coroutine` has made awaitable.
    """
    called = _unwrapped(function)
    call = _call_of(called)
    return _is_one(called) or _is_one(call) or _is_one(_call_of(call))


def _call_of(called: object) -> Any:
    """What calling it runs: ``__call__`` of its type, because the interpreter ignores one of the instance."""
    return _unwrapped(getattr(type(called), "__call__", None))  # noqa: B004


def _unwrapped(function: Any) -> Any:
    while True:
        if isinstance(function, _METHODS):
            function = function.__func__
        elif isinstance(function, _PARTIAL):
            function = function.func
        else:
            return function


def _is_one(function: Any) -> bool:
    if iscoroutinefunction(function):
        return True
    return isfunction(function) and bool(
        function.__code__.co_flags & CO_ITERABLE_COROUTINE
    )
