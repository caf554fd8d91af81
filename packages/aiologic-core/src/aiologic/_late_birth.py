# SPDX-License-Identifier: ISC
"""What an object has for the first who needs it."""

# A deque is ten times as large as what may never need one. Who needs it first makes it; two may do so at once, for an
# attribute can't be compared and set in one step, and what one of them has put in must not be lost with what the other
# stores. So the newborn is settled in a dict, as a queue of waiters is (_engine/waitqueue.py):
#
#   A and B both find none.   setdefault() gives both the same newborn, and it does not matter who stores it.
#   A stores it and clears the dict before B calls setdefault().   B gets another, but sees A's on its second look.

from __future__ import annotations

from collections import deque

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    T = TypeVar("T")

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


class LazyContent:
    """Has a deque from the first item on."""

    __slots__ = ("_content",)

    _content: deque[Any] | None

    def _made(self, maxlen: int | None = None) -> deque[Any]:
        content = self._content
        if content is None:
            content = born(self, "_content", lambda: new_deque(maxlen))
        return content


def new_deque(maxlen: int | None) -> deque[Any]:
    return deque(maxlen=maxlen)
