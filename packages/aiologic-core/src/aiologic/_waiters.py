# SPDX-License-Identifier: ISC
"""One wait by one task, for those who build primitives of their own."""

# The waiter of the engine is an unguarded tool: it expects to be parked once, by its own task, and decides once. The
# waiters in this file are for everybody: ``wake`` may be called any number of times, before, during and after the wait.
#
#   B wakes, then A waits:            the decision was made, and unpark() is remembered by park(): A goes on at once.
#   A's time is up as B wakes:        whoever takes the waiter's item first decides. If that is B, the result is True.
#   A is cancelled as B wakes:        A's exception wins; B can't know. Whoever must not lose a wake-up keeps a state of
#                                     its own beside the waiter, and looks at it in ``except``.
#
# A shielded wait is a shielded call of the backend. It holds back cancellation. A time-out is not a cancellation but
# the caller's own wish, and ends the wait (0.17.1 ignored it).

from __future__ import annotations

from ._engine.deadline import checked_timeout
from ._runtime.blocking import ask_first
from ._runtime.detect import worlds
from ._runtime.threads import is_guarded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import Any, NoReturn

    from ._engine.waiter import Waiter
    from ._runtime.interface import AsyncBackend, GreenBackend
    from ._waiter_protocols import AsyncWaiter, GreenWaiter


class _Wait:
    """What green and async waits have in common."""

    __slots__ = (
        "_was_used",  # whether a task waits, or has waited
        "_waiter",  # the engine's
        "shield",  # read when the wait begins
    )

    _waiter: Any

    def __init__(self, waiter: Waiter, shield: bool) -> None:
        # Nobody needs to know of a wake-up that a dead loop could not deliver.
        waiter.source = None
        self._waiter = waiter
        self._was_used = False
        self.shield = shield

    def __repr__(self) -> str:
        state = "pending" if self._waiter else "decided"
        return f"<{type(self).__qualname__} at {id(self):#x} [{state}]>"

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"cannot reduce {self!r}")

    def wake(self) -> None:
        """See :meth:`aiologic.lowlevel.Waiter.wake`."""
        self._waiter.wake()

    def _begin(self) -> None:
        if self._was_used:
            raise RuntimeError("this waiter was waited for before: make a new one")
        self._was_used = True


class GreenWait(_Wait):
    """What :func:`create_green_waiter` makes."""

    __slots__ = ("_backend",)

    _called_as = "create_green_waiter()"  # for _runtime/advice.py
    _advice = "Use create_async_waiter() instead"

    def __init__(self, backend: GreenBackend, shield: bool) -> None:
        super().__init__(backend.create_waiter(), shield)
        self._backend = backend

    def wait(self, /, timeout: float | None = None) -> bool:
        """See :meth:`aiologic.lowlevel.GreenWaiter.wait`."""
        seconds = checked_timeout(timeout)
        waiter = self._waiter
        if is_guarded and waiter and not self._was_used:  # it can be used once
            ask_first(waiter, seconds)
        self._begin()
        try:
            if self.shield:
                woken: bool = self._backend.shield(lambda: waiter.park(seconds))
            else:
                woken = waiter.park(seconds)
        except BaseException:
            waiter.abandon()
            raise
        return woken or not waiter.abandon()


class AsyncWait(_Wait):
    """What :func:`create_async_waiter` makes."""

    __slots__ = ("_backend",)

    def __init__(self, backend: AsyncBackend, shield: bool) -> None:
        super().__init__(backend.create_waiter(), shield)
        self._backend = backend

    def __await__(self) -> Generator[Any, Any, bool]:
        return self.with_().__await__()

    async def with_(self, /, timeout: float | None = None) -> bool:
        """See :meth:`aiologic.lowlevel.AsyncWaiter.with_`."""
        seconds = checked_timeout(timeout)
        self._begin()
        waiter = self._waiter
        try:
            if self.shield:
                woken = await self._backend.shield(waiter.park(seconds))
            else:
                woken = await waiter.park(seconds)
        except BaseException:
            waiter.abandon()
            raise
        return woken is not False or not waiter.abandon()


def create_async_waiter(*, shield: bool = False) -> AsyncWaiter:
    """Make a waiter for one wait by one task of the running library.

    It is simpler than an event: it is woken, and remembers nothing else::

        waiter = create_async_waiter()
        listeners.append(waiter)  # somebody calls waiter.wake()
        await waiter

    Args:
        shield: Whether a cancellation is held back until the waiter is woken,
            or its time is up. May be changed until the wait begins.

    Returns:
        An :class:`AsyncWaiter`, bound to the running loop.

    Raises:
        AsyncLibraryNotFoundError: The caller runs under no async library that
            has a backend.

    Threads:
        To be waited for in the same loop. It may be woken from anywhere.
    """
    return AsyncWait(worlds.async_world()[0], shield)


def create_green_waiter(*, shield: bool = False) -> GreenWaiter:
    """Like :func:`create_async_waiter`, for one wait by one green task.

    Args:
        shield: The same; has no effect in plain threads, which can't be
            cancelled.

    Returns:
        A :class:`GreenWaiter`, bound to the current thread or hub.

    Raises:
        GreenLibraryNotFoundError: The caller runs under a green library that
            has no backend.

    Threads:
        To be waited for in the same thread. It may be woken from anywhere.
    """
    return GreenWait(worlds.green_backend(), shield)
