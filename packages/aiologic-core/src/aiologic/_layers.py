# SPDX-License-Identifier: ISC
"""Make a class that is written in layers, each in a file of its own, look like one class."""

# A method shows the class that it was written in: in the error for an unknown argument, in the repr of a task, in a
# profile. Users know the public class, and would find nothing about the others.
#
# A layer that several public classes share (latches and barriers, everything with items) can't be shown as each of
# them. There a class is given copies of what users call. A copy has the code of the layer, and its super(), too: it
# differs only in its name, and costs no call.

from __future__ import annotations

from types import FunctionType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    C = TypeVar("C", bound=type)


def as_one(innermost: type) -> Callable[[C], C]:
    """Let the methods of a class's layers, down to ``innermost``, be shown as its own.

    Other public classes may derive from these layers only through that class.
    """

    def show(cls: C) -> C:
        for layer in cls.__mro__:
            if not issubclass(layer, innermost):  # a mixin
                continue
            for name, member in vars(layer).items():
                function = getattr(member, "__func__", member)
                # Not by a second name, as green_wait() is one of wait().
                if isinstance(function, FunctionType) and function.__name__ == name:
                    _show(function, cls)
        return cls

    return show


def with_copies_of(*layers: type) -> Callable[[C], C]:
    """Give a class its own copies of methods from ``layers``, which other classes have as well.

    Those methods are copied that users call, and those that create objects.
    """

    def copy(cls: C) -> C:
        for layer in layers:
            for name, member in vars(layer).items():
                if name.startswith("_") and name not in {"__new__", "__init__"}:
                    continue
                is_static = isinstance(member, staticmethod)  # as __new__() is
                function = member.__func__ if is_static else member
                if isinstance(function, FunctionType) and _found(cls, name) is member:
                    copied = _copy_of(function)
                    _show(copied, cls)
                    setattr(cls, name, staticmethod(copied) if is_static else copied)
        return cls

    return copy


def _show(function: FunctionType, cls: type) -> None:
    function.__qualname__ = f"{cls.__qualname__}.{function.__name__}"
    function.__module__ = cls.__module__  # where pickles look for it


def _found(cls: type, name: str) -> object:
    """What a class has under a name, as it was written in a class body."""
    return next(vars(parent)[name] for parent in cls.__mro__ if name in vars(parent))


def _copy_of(function: FunctionType) -> FunctionType:
    copy = FunctionType(
        function.__code__,
        function.__globals__,
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )
    copy.__kwdefaults__ = function.__kwdefaults__
    copy.__dict__.update(function.__dict__)  # with __wrapped__, if it has one
    copy.__annotations__ = function.__annotations__
    copy.__doc__ = function.__doc__
    return copy
