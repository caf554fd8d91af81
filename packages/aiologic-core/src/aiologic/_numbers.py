# SPDX-License-Identifier: ISC
"""Numbers that users give: refused where they are none, or too small."""

from __future__ import annotations


def check_number(name: str, value: int, least: int = 0) -> None:
    """Refuse what is no integer, or less than ``least``, by the name of the argument."""
    if not isinstance(value, int):
        raise TypeError(f"{name} must be an integer, got {value!r}")
    if value < least:
        raise ValueError(f"{name} must be >= {least}, got {value!r}")


def check_count(count: int) -> None:
    """The same for how often a lock is taken; written out, for each acquire calls it."""
    if not isinstance(count, int):
        raise TypeError(f"count must be an integer, got {count!r}")
    if count < 1:
        raise ValueError(f"count must be >= 1, got {count!r}")
