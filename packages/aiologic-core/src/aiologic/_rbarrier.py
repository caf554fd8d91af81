# SPDX-License-Identifier: ISC
"""A barrier that can be reset."""

from __future__ import annotations

from ._barrier import Barrier
from ._phase import BROKEN, RESET, Phase


class RBarrier(Barrier):
    """A :class:`Barrier` that can be reset, even if it is broken.

    Args:
        parties: How many must come; with 0 nobody ever passes.
    """

    __slots__ = ()

    __module__ = "aiologic"

    def reset(self) -> None:
        """Start anew: those who wait get :exc:`BrokenBarrierError`, and it is no longer broken.

        Threads:
            Callable by anybody: from any thread, signal handler and finalizer.
        """
        while True:
            phase = self._current()
            if phase.outcome is BROKEN:
                phase.next.append(Phase(phase.parties))
                # A finds a phase that is filling.   B breaks it, and appends a successor that is broken.   A sees that
                # the phase is broken, and appends a new one, which comes second and does not count.
                if phase.next[0].outcome is BROKEN:
                    continue
            elif phase:
                phase.mark(RESET)
                # If B aborted, and A's mark stands behind B's, the phase is broken, and A has to reset it. If the phase
                # has passed instead, it is followed by a new, empty one.
                if phase.outcome is BROKEN:
                    continue
            self._current()
            return
