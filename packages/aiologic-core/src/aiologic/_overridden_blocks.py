# SPDX-License-Identifier: ISC
"""Blocks for subclasses of users that have an acquire or a release of their own."""

# The blocks of our locks write acquire and release out, because a call would cost as much as a free lock itself. So
# they would bypass a subclass that counts, logs or refuses in one of these methods. Looking in each block whether there
# is something to call would cost nearly as much as the call. So that is done once, when the class is created: each
# block that would bypass something is replaced by one that calls, and the others are kept.
#
# Our own classes are not looked at, because each of them fits its blocks to its methods by itself. Nor are blocks
# replaced that a user has written: they do what they say. (What they call by super() is ours again, which acquires by
# itself.) Methods that are put on a class later, or on an object, are not seen.

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from typing_extensions import Self


class CallingBlocks:
    """The blocks, to be taken one by one; or all of them, by a class of ours that is made for such subclasses."""

    __slots__ = ()

    green_acquire: Any
    green_release: Any
    async_acquire: Any
    async_release: Any

    def __enter__(self) -> Self:
        self.green_acquire()
        return self

    def __exit__(self, *exc: object) -> None:
        self.green_release()

    async def __aenter__(self) -> Self:
        await self.async_acquire()
        return self

    async def __aexit__(self, *exc: object) -> None:
        released = self.async_release()
        # Ours is a plain function; theirs need not be.
        if hasattr(released, "__await__"):
            await released


#: The methods that each block stands for, which a subclass may have overridden. The releases of semaphores call
#: ``release``.
_METHODS = {
    "__enter__": ("green_acquire",),
    "__exit__": ("green_release", "release"),
    "__aenter__": ("async_acquire",),
    "__aexit__": ("async_release", "release"),
}


def call_what_is_overridden(cls: type) -> None:
    """Give a new class blocks that call its methods, where ours would bypass them."""
    if _is_ours(cls):
        return
    for block, methods in _METHODS.items():
        if not is_overridden(cls, block) and is_overridden(cls, *methods):
            setattr(cls, block, CallingBlocks.__dict__[block])


def has_own_blocks(cls: type) -> bool:
    """Whether its blocks are those that a class of ours has: what they do may be written out elsewhere, too."""
    return not is_overridden(cls, *_METHODS)


def is_overridden(cls: type, *names: str) -> bool:
    """Whether one of these methods is not ours, but a user's."""
    for name in names:
        for owner in cls.__mro__:
            if name in owner.__dict__:
                if not _is_ours(owner):
                    return True
                break
    return False


def _is_ours(cls: type) -> bool:
    # By name, because public classes are defined in private files. (A class that was made without a module is not
    # ours.)
    module = getattr(cls, "__module__", None)
    return isinstance(module, str) and module.partition(".")[0] == "aiologic"
