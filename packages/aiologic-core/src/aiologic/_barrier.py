# SPDX-License-Identifier: ISC
"""A meeting point that tasks reach again and again."""

# The phase, and what comes after it, are in _phase.py and _rendezvous.py.

from __future__ import annotations

from ._engine.waiting import DONE, aexit
from ._layers import with_copies_of
from ._rendezvous import Rendezvous

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Coroutine, Generator
    from types import TracebackType
    from typing import Any


@with_copies_of(Rendezvous)
class Barrier(Rendezvous):
    """A point where ``parties`` tasks wait for each other, any number of times.

    Each of them gets its place in the order of arrival, starting with 0; so one
    of them can do what has to be done once::

        barrier = aiologic.Barrier(3)
        if await barrier == 0:  # in tasks
            print("all are here")
        barrier.wait()  # in threads

    It is broken by a task that gives up before all are there, by :meth:`abort`,
    and by an exception that leaves its ``with`` block: then all others get
    :exc:`BrokenBarrierError`. It stays broken; an :class:`RBarrier` can be
    reset. A task that comes when a phase is full waits for the next one.

    Args:
        parties: How many must come; with 0 nobody ever passes.
    """

    __slots__ = ()

    __module__ = "aiologic"

    def __await__(self) -> Generator[Any, Any, int]:
        return self._async_gather(None).__await__()

    async def with_(self, /, timeout: float | None = None) -> int:
        """Wait for the others; ``await barrier`` is the same without a time-out.

        Args:
            timeout: Seconds to wait at most. ``None`` waits for ever, ``0``
                makes one trip through the scheduler.

        Returns:
            The caller's place in the order of arrival, starting with 0.

        Raises:
            BrokenBarrierError: It is broken, or was reset; or time ran out,
                which breaks it.
            ValueError: ``timeout`` is negative or NaN; nothing is broken.
            TypeError: ``timeout`` is not a number; nothing is broken.
            AsyncLibraryNotFoundError: The call runs under no async library that
                has a backend.

        Cancellation:
            Breaks it, unless all parties have come: then the phase has passed,
            and only the caller is affected.

        Checkpoints:
            Always one for the last to come, so that those who came earlier go
            on first. One where checkpoints are on, if it is broken.

        Threads:
            Callable from any thread and any supported library.
        """
        # A coroutine function, because shield() and the like take anything else for a green call.
        index: int = await self._async_gather(timeout)
        return index

    def wait(self, /, timeout: float | None = None) -> int:
        """Like :meth:`with_`, for green callers; ``green_wait`` is the same.

        In an async function, write ``await barrier``: this call blocks the whole loop;
        see ``AIOLOGIC_BLOCKING``.
        """
        index: int = self._green_gather(timeout)
        return index

    # The names that all other primitives have: next to `async_wait`, nobody takes the blocking `wait` by mistake.
    green_wait = wait
    async_wait = with_

    async def __aenter__(self) -> int:
        return await self

    @aexit
    def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> Coroutine[Any, Any, None]:
        if exc_type is not None:
            self.abort()
        return DONE

    def __enter__(self) -> int:
        return self.wait()

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None:
        if exc_type is not None:
            self.abort()
