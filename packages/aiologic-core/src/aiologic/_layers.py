# SPDX-License-Identifier: ISC
"""A class that is written in layers, each in a file of its own, and is seen as one."""

# A method tells the class that it was written in: in the error for an argument that it does not have, in the repr of a task,
# in a profile. Users know the public one, and find nothing about the others.

from __future__ import annotations

from types import FunctionType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    C = TypeVar("C", bound=type)


def as_one(innermost: type) -> Callable[[C], C]:
    """Let the methods of a class's layers, down to ``innermost``, be shown as its own.

    No other public class may stand on these layers but by that class.
    """

    def show(cls: C) -> C:
        for layer in cls.__mro__:
            if not issubclass(layer, innermost):  # what it is mixed with
                continue
            for name, member in vars(layer).items():
                function = getattr(member, "__func__", member)
                # Not by a second name that it has, as green_wait() is wait().
                if isinstance(function, FunctionType) and function.__name__ == name:
                    function.__qualname__ = f"{cls.__qualname__}.{name}"
                    function.__module__ = cls.__module__  # where pickles look for it
        return cls

    return show
