# SPDX-License-Identifier: ISC
"""Numbers that users give: refused if they are not integers, or too small."""

# The integers of numpy, and their like, are not subclasses of ``int``, and overflow: they are converted to the integers
# that they stand for.

from __future__ import annotations

from operator import index


def as_integer(name: str, value: int, what: str = "an integer") -> int:
    """``value`` as an integer; refuse anything else, with the name of the argument."""
    try:
        return int(index(value))  # index() returns a bool as it is
    except TypeError:
        raise TypeError(f"{name} must be {what}, got {value!r}") from None


def checked_number(name: str, value: int, least: int = 0) -> int:
    """``value`` as an integer; refuse also what is less than ``least``."""
    number = as_integer(name, value)
    if number < least:
        raise ValueError(f"{name} must be >= {least}, got {value!r}")
    return number


def checked_count(count: int) -> int:
    """The same for the number of times that a lock is taken; written out, because each acquire calls it."""
    if type(count) is not int:
        count = as_integer("count", count)
    if count < 1:
        raise ValueError(f"count must be >= 1, got {count!r}")
    return count
