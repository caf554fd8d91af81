# SPDX-License-Identifier: ISC
"""The values of semaphores: which are refused, and which kind of semaphore they make."""

from __future__ import annotations

from ._numbers import check_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


def check_value(name: str, value: int, is_binary: bool = False) -> None:
    """Refuse what is no number of permits."""
    if is_binary and isinstance(value, int) and value not in (0, 1):
        raise ValueError(f"{name} must be 0 or 1, got {value!r}")
    check_number(name, value)


def bounds(
    initial_value: int | None, max_value: int | None, *, is_binary: bool = False
) -> tuple[int, int]:
    """The arguments of a bounded semaphore, each by default the other, checked."""
    if initial_value is None:
        initial_value = 1 if max_value is None else max_value
        # Of two that were given as one, the name is that which was given.
        if max_value is not None:
            check_value("max_value", max_value, is_binary)
    if max_value is None:
        max_value = initial_value
    check_value("initial_value", initial_value, is_binary)
    check_value("max_value", max_value, is_binary)
    if max_value < initial_value:
        raise ValueError(
            f"max_value must be >= initial_value, got {max_value!r}"
            f" and {initial_value!r}"
        )
    return initial_value, max_value


def may_be_binary(*values: int | None) -> bool:
    """Whether they make a binary semaphore: no value says otherwise."""
    return all(
        value is None or (isinstance(value, int) and value <= 1) for value in values
    )


def refuse_max_value(bounded: str) -> NoReturn:
    """A subclass must choose its parent."""
    raise TypeError(
        "max_value must be None for subclasses."
        f" Did you want to inherit {bounded} instead?"
    )
