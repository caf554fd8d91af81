# SPDX-License-Identifier: ISC
"""Which attributes the code under test binds, and where."""

# This answers which attributes are never rebound while tasks run, by two kinds of proof:
#
# * Only constructors bind it: a lock's ``_free`` is the same list for life. (Its ``_queue`` is bound later, by its name,
#   see BY_NAME.)
# * Only class bodies bind it, and each time to a constant: whether a kind of lock hands over.

from __future__ import annotations

import dis
from enum import Enum, auto
from functools import lru_cache
from itertools import chain
from pathlib import Path
from types import CodeType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

STORES = frozenset({dis.opmap["STORE_ATTR"], dis.opmap["DELETE_ATTR"]})
STORE_NAME = dis.opmap["STORE_NAME"]
CONSTANTS = {
    dis.opmap.get(name)
    for name in ("LOAD_CONST", "LOAD_SMALL_INT", "LOAD_COMMON_CONSTANT")
} - {None}

# No other task can reach an object before the outermost of these has returned.
CONSTRUCTORS = frozenset({"__init__", "__new__", "_fill", "_made", "_made_bounded"})

# Functions that bind an attribute whose name is an argument. Any string constant of their caller may be such a name.
BY_NAME = frozenset({"born", "setattr"})


class Bindings:
    """The attributes that are never rebound, according to some files."""

    def __init__(self, files: Iterable[str]) -> None:
        found: dict[Binding, set[str]] = {binding: set() for binding in Binding}
        for file in files:
            for binding, name in _bindings_in(file):
                found[binding].add(name)
        constructed = found[Binding.BY_CONSTRUCTOR] - found[Binding.BY_OTHERS]
        #: Those that have the value that a class has given them.
        self.constant = found[Binding.BY_CLASS].difference(
            found[Binding.BY_CLASS_COMPUTED],
            found[Binding.BY_CONSTRUCTOR],
            found[Binding.BY_OTHERS],
        )
        #: Those, and what an object has for life.
        self.settled = constructed | self.constant


class Binding(Enum):
    """How an attribute is bound."""

    BY_CONSTRUCTOR = auto()
    BY_CLASS = auto()  # to a constant
    BY_CLASS_COMPUTED = auto()  # a method, a property
    BY_OTHERS = auto()


@lru_cache(maxsize=None)
def _bindings_in(file: str) -> frozenset[tuple[Binding, str]]:
    code = compile(Path(file).read_bytes(), file, "exec")
    return frozenset(chain.from_iterable(map(_bindings_of, _all_code(code))))


def _bindings_of(code: CodeType) -> Iterator[tuple[Binding, str]]:
    is_constructor = code.co_name in CONSTRUCTORS
    is_module = code.co_name == "<module>"
    is_class = "__qualname__" in code.co_names and not is_module
    # Decoded by hand, since dis would need a second for all files.
    prefix = 0
    before = -1
    for operation, low in zip(code.co_code[::2], code.co_code[1::2]):
        argument = prefix | low
        prefix = argument << 8 if operation == dis.EXTENDED_ARG else 0
        if operation in STORES:
            kind = Binding.BY_CONSTRUCTOR if is_constructor else Binding.BY_OTHERS
            yield kind, code.co_names[argument]
        elif operation == STORE_NAME and is_class:
            is_constant = before in CONSTANTS
            kind = Binding.BY_CLASS if is_constant else Binding.BY_CLASS_COMPUTED
            yield kind, code.co_names[argument]
        if operation != dis.EXTENDED_ARG:
            before = operation
    if not is_module and not BY_NAME.isdisjoint(code.co_names):  # a module imports them
        for constant in code.co_consts:
            if isinstance(constant, str):
                yield Binding.BY_OTHERS, constant


def _all_code(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _all_code(constant)
