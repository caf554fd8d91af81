# SPDX-License-Identifier: ISC
"""A gate that opens once enough tasks stand before it."""

# The phase, and what comes after it, are in _phase.py and _rendezvous.py.

from __future__ import annotations

from ._layers import with_copies_of
from ._phase import Phase
from ._rendezvous import Rendezvous

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import Any


@with_copies_of(Rendezvous)
class Latch(Rendezvous):
    """A gate that opens once ``parties`` tasks wait at it, and stays open.

    Threads and tasks of any library can wait for each other::

        gate = aiologic.Latch(3)
        gate.wait()  # in a thread
        await gate  # in two tasks; all three go on together

    It is broken by a task that gives up before it is open, and by :meth:`abort`:
    then all others get :exc:`BrokenBarrierError`. True in a boolean context once
    nobody has to wait any more, whether it is open or broken.

    Args:
        parties: How many must wait; with 0 it never opens.
    """

    __slots__ = ()

    __module__ = "aiologic"

    def __bool__(self) -> bool:
        return self._current().outcome is not None

    def _successor(self, phase: Phase) -> Phase:
        return Phase(phase.parties, phase.outcome)

    def _answer(self, outcome: str | None, index: Any) -> None:
        super()._answer(outcome, None)

    def __await__(self) -> Generator[Any, Any, None]:
        return self._async_gather(None).__await__()

    async def with_(self, /, timeout: float | None = None) -> None:
        """Wait until it is open; ``await latch`` is the same without a time-out.

        Args:
            timeout: Seconds to wait at most. ``None`` waits for ever, ``0``
                makes one trip through the scheduler.

        Raises:
            BrokenBarrierError: It is broken, or time ran out, which breaks it.
            ValueError: ``timeout`` is negative or NaN; nothing is broken.
            TypeError: ``timeout`` is not a number; nothing is broken.
            AsyncLibraryNotFoundError: The call must wait, and runs under no
                async library that has a backend.

        Cancellation:
            Breaks it, unless it has opened: then only the caller is affected.

        Checkpoints:
            Always one for the task that opens it, so that those who came earlier
            go on first. One where checkpoints are on, if it is open or broken.

        Threads:
            Callable from any thread and any supported library.
        """
        # A coroutine function, because shield() and the like take anything else for a green call.
        await self._async_gather(timeout)

    def wait(self, /, timeout: float | None = None) -> None:
        """Like :meth:`with_`, for green callers; ``green_wait`` is the same.

        In an async function, write ``await latch``: this call blocks the whole loop;
        see ``AIOLOGIC_BLOCKING``.
        """
        self._green_gather(timeout)

    # The names that all other primitives have: next to `async_wait`, nobody takes the blocking `wait` by mistake.
    green_wait = wait
    async_wait = with_
