# SPDX-License-Identifier: ISC
"""What stands for an argument that was not given, where ``None`` is a valid one."""

# Signatures show it: a plain object() would appear there with its address, in documentation as well. The constants of
# ``aiologic.meta`` are for others; using them here would import `enum` for everybody.

from __future__ import annotations


class NotGiven:
    """A constant that is shown by its name, and recognised by ``is``."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return self._name
