# SPDX-License-Identifier: ISC
"""What an object has from the first on who needs it: made then, and one for all."""

# What most objects never need is made for the first who needs it: a queue of waiters, a deque that is ten times as large
# as its owner. Two may do so at once, for an attribute can't be compared and set in one step, and what one of them has put
# in must not be lost with what the other stores. So the newborn is settled in a dict:
#
#   A and B both find none.   setdefault() gives both the same newborn, and it does not matter who stores it.
#   A stores it and clears the dict before B calls setdefault().   B gets another, but sees A's on its second look, for A
#   stored it before clearing.

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    T = TypeVar("T")

# What two tasks may be about to make for the same object.
_newborn: dict[tuple[int, str], Any] = {}


def born(owner: object, attribute: str, make: Callable[[], T]) -> T:
    """The value of an attribute; if that is ``None``, it is made and stored now."""
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
            # Also if a handler raises: another object will have this number, and must not find what was another's.
            _newborn.pop(key, None)
    return found
