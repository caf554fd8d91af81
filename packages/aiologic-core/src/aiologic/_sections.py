# SPDX-License-Identifier: ISC
"""How each kind of lock is acquired and released, ours or another library's."""

# The kind depends on which methods an object has, and which of them are coroutine functions; no library is named or
# imported. A lock of threads blocks its thread even if an async task acquires it: a user who passes one asks for that.
#
# A Condition of ours has none of these methods; but synchronizing on it can only mean its lock, as in ``with``.

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Section:
    """Enter and leave a lock that has methods for green and for async callers."""

    __slots__ = ("lock",)

    has_green = True

    def __init__(self, lock: Any) -> None:
        self.lock: Any = lock

    def enter(self) -> None:
        self.lock.green_acquire()

    def leave(self) -> None:
        self.lock.green_release()

    async def aenter(self) -> None:
        await self.lock.async_acquire()

    async def aleave(self) -> None:
        self.lock.async_release()


class BlockSection(Section):
    """Enter and leave something that is only a context manager, for green and for async callers."""

    __slots__ = ()

    def enter(self) -> None:
        self.lock.__enter__()

    def leave(self) -> None:
        self.lock.__exit__(None, None, None)

    async def aenter(self) -> None:
        await self.lock.__aenter__()

    async def aleave(self) -> None:
        await self.lock.__aexit__(None, None, None)


class ThreadSection(Section):
    """Enter and leave a lock of threads."""

    __slots__ = ()

    def enter(self) -> None:
        self.lock.acquire()

    def leave(self) -> None:
        self.lock.release()

    async def aenter(self) -> None:
        self.lock.acquire()

    async def aleave(self) -> None:
        self.lock.release()


class AsyncSection(Section):
    """Enter and leave a lock of one async library."""

    __slots__ = ()

    has_green = False

    def enter(self) -> None:
        # If the user has named the lock, this was refused when the function was decorated. If the lock is an attribute
        # of what the function is called on, it may be another one at each call.
        raise TypeError(
            "a coroutine function, or async with, was expected:"
            f" {self.lock!r} is awaited"
        )

    async def aenter(self) -> None:
        await self.lock.acquire()

    async def aleave(self) -> None:
        released = self.lock.release()
        if hasattr(released, "__await__"):
            await released


OURS = ("green_acquire", "green_release", "async_acquire", "async_release")
CONDITION = ("notify", "__enter__", "__exit__", "__aenter__", "__aexit__")


def section_of(lock: Any) -> Section | None:
    """How to enter and leave ``lock``; ``None`` if it is no lock."""
    if isinstance(lock, type):
        return None
    if _has(lock, OURS):
        return Section(lock)
    if _has(lock, ("acquire", "release")):
        from ._runtime.coroutine_functions import is_coroutine_function

        return (AsyncSection if is_coroutine_function(lock.acquire) else ThreadSection)(
            lock
        )
    return BlockSection(lock) if _has(lock, CONDITION) else None


def _has(lock: Any, names: tuple[str, ...]) -> bool:
    return all(hasattr(lock, name) for name in names)
