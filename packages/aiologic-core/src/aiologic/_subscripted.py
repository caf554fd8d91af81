# SPDX-License-Identifier: ISC
"""Classes that can be subscripted at run time, too."""

# ``Queue[int]`` is for type checkers, which see typing.Generic. At run time that would import typing, which costs half
# as much as all of aiologic.

from __future__ import annotations


class Subscripted:
    """Its subclasses can be subscripted, which means nothing at run time."""

    __slots__ = ()

    def __class_getitem__(cls, item: object) -> object:
        try:
            from types import GenericAlias
        except ImportError:  # Python 3.8
            return cls
        return GenericAlias(cls, item)
