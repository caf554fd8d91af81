# SPDX-License-Identifier: ISC
"""The lock that belongs to any object, made when it is first asked for."""

# The lock is kept as the object's attribute ``_synchronized_lock``, where users may have put a lock of their own. Which
# lock is found there must not depend on who came first: an instance inherits its class's, and a copy has its original's
# in its dict. So a lock that we made records the object that it was made for, and does not count for any other; a
# user's lock counts for whoever finds it.
#
# An object with slots may have one of that name. Without such a slot and without a dict, the lock is kept beside the
# object, in a dict by its id(), for as long as the object lives: so weak references are needed.

from __future__ import annotations

from ._rlock import RLock
from ._sections import section_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._sections import Section

NAME = "_synchronized_lock"


class ContextLock(RLock):
    """A lock that we made for one object."""

    __slots__ = ("context",)  # its id(); 0 in copies, which belong to nobody

    context: int


# Locks that several tasks may be about to make for the same object; see _engine/newborn.py.
_newborn: dict[int, ContextLock] = {}

# By id(): the locks of objects that have no room for them, each with the reference whose death removes it.
_beside: dict[int, tuple[object, ContextLock]] = {}


def context_section(context: Any) -> Section:
    """How to enter and leave the lock of ``context``.

    Raises:
        AttributeError: There is no room for it.
        TypeError: The user has put something else there.
    """
    lock = _lock_of(context)
    if lock is None:
        newborn = ContextLock()
        newborn.context = id(context)
        # A and B both find none: setdefault() gives both the same. Or A has stored its own and cleared the dict before
        # B calls setdefault(): then B sees A's when it looks again, because A stored it before clearing.
        key = id(context)
        try:
            newborn = _newborn.setdefault(key, newborn)
            lock = _lock_of(context)
            if lock is None:
                _keep(context, newborn)
                lock = newborn
        finally:  # also if a handler raises: another object will have this number
            _newborn.pop(key, None)
    section = section_of(lock)
    if section is None:
        raise TypeError(f"{NAME} of {context!r} must be a lock, got {lock!r}")
    return section


def _lock_of(context: Any) -> Any:
    lock = getattr(context, NAME, None)
    if type(lock) is ContextLock and getattr(lock, "context", 0) != id(context):
        lock = None  # somebody else's
    if lock is None and id(context) in _beside:
        return _beside[id(context)][1]
    return lock


def _keep(context: Any, lock: ContextLock) -> None:
    try:
        setattr(context, NAME, lock)
    except (AttributeError, TypeError):  # slots, frozen; a built-in type
        _keep_beside(context, lock)


def _keep_beside(context: Any, lock: ContextLock) -> None:
    from weakref import ref

    key = id(context)
    try:
        reference = ref(context, lambda _: _beside.pop(key, None))
    except TypeError:
        raise AttributeError(
            f"{type(context).__qualname__!r} object has no room for {NAME!r}:"
            f" add {NAME!r} or '__weakref__' to its __slots__"
        ) from None
    _beside[key] = (reference, lock)
