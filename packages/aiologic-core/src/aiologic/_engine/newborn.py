# SPDX-License-Identifier: ISC
"""Parts of an object that are made on first use, the same one for all tasks that come at once."""

# Parts that most objects never need are made by the first task that needs them: a queue of waiters, a deque that is ten
# times as large as its owner. Two tasks may do so at once, because an attribute can't be compared and set in one step;
# then what one of them has put into its part must not be lost when the other stores its own. So a dict decides which
# newborn counts:
#
#   A and B both find none.   setdefault() gives both the same newborn, so it does not matter which of them stores it.
#   A stores it and clears the dict before B calls setdefault().   B gets another one, but finds A's when it looks at
#   the attribute again, because A stored it before clearing the dict.

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    T = TypeVar("T")

# What several tasks may be about to make for the same object.
_newborn: dict[tuple[int, str], Any] = {}


def born(owner: object, attribute: str, make: Callable[[], T]) -> T:
    """The value of an attribute; if that is ``None``, a value is made and stored now."""
    found: T | None = getattr(owner, attribute)
    if found is None:
        key = id(owner), attribute
        try:
            newborn: T = _newborn.setdefault(key, make())
            found = getattr(owner, attribute)
            if found is None:
                setattr(owner, attribute, newborn)
                found = newborn
        finally:
            # Also if a handler raises: another object may get this id(), and must not find what was made for this one.
            _newborn.pop(key, None)
    return found
