# SPDX-License-Identifier: ISC
"""Tasks that wait for each other: what latches and barriers are made of."""

# What happens in one phase is in _phase.py. This file has what comes after it:
#
#   the phase  | for a barrier                              | for a latch
#   -----------+--------------------------------------------+----------------------------
#   PASSED     | a new phase                                | open: PASSED from the start
#   BROKEN     | BROKEN from the start, until it is reset   | BROKEN from the start
#   RESET      | a new phase                                | -
#
# A phase that has ended holds the waiters of all who came, and with them their loops. So a primitive never keeps it:
# what stays broken or open is a phase without entries that has ended before it began.
#
# A task that gives up while the phase is filling breaks it. A task that is cancelled after it has passed has taken part
# in it: the others go on as if nothing had happened, and the next phase waits for its parties as always
# (docs/decisions/0027).

from __future__ import annotations

from ._engine.deadline import checked_timeout
from ._engine.waiting import finish, give_up
from ._fresh import Fresh
from ._numbers import checked_number
from ._phase import BROKEN, PASSED, RESET, Phase
from ._runtime.blocking import ask_first
from ._runtime.checkpoints import (
    green_checkpoint,
    green_switch,
)
from ._runtime.detect import worlds
from ._runtime.threads import is_guarded
from ._statistics import Statistics
from .exceptions import BrokenBarrierError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from typing_extensions import Self

# Except for open latches and what is broken, these states last for moments only.
_STATES = {PASSED: "draining", BROKEN: "broken", RESET: "resetting"}


class Rendezvous(Fresh):
    """A number of parties that wait for each other."""

    __slots__ = (
        "__weakref__",
        "_phase",  # a phase of the chain; the current one is at the end of it
    )

    _phase: Phase

    def __new__(cls, /, parties: int = 0) -> Self:
        parties = checked_number("parties", parties)
        self = super().__new__(cls)
        self._phase = Phase(parties)
        return self

    def __getnewargs__(self) -> tuple[Any, ...]:
        return (self.parties,)

    def __repr__(self) -> str:
        cls = type(self)
        return (
            f"<{cls.__module__}.{cls.__qualname__}({self.parties or ''})"
            f" at {id(self):#x} [{self._state()}]>"
        )

    def _state(self) -> str:
        phase = self._current()
        outcome = phase.outcome
        return _STATES[outcome] if outcome else f"filling, waiting={phase.waiting}"

    @property
    def parties(self) -> int:
        """Number of tasks that must come; with 0, nobody ever passes."""
        return self._phase.parties

    @property
    def waiting(self) -> int:
        """Number of tasks that wait now; for display and tests, as it may already be outdated."""
        return self._current().waiting

    @property
    def broken(self) -> bool:
        """Whether all who wait, now or later, get :exc:`BrokenBarrierError`."""
        return self._current().outcome is BROKEN

    def statistics(self) -> Statistics:
        """Its current state, in numbers: ``value`` is how many still have to come; 0 if it is open or broken."""
        phase = self._current()
        missing = phase.parties - phase.waiting if phase.outcome is None else 0
        return Statistics(phase.pending(), value=max(missing, 0))

    def abort(self) -> None:
        """Break it: all who wait, and all who come later, get :exc:`BrokenBarrierError`.

        Threads:
            Callable by anybody: from any thread, signal handler and finalizer.
        """
        try:
            self._abort()
        except BaseException:  # a handler's
            self._abort()
            raise

    def _abort(self) -> None:
        while True:
            phase = self._current()
            if phase.outcome is BROKEN:
                return
            if phase.outcome is PASSED:  # an open latch
                phase.next.append(Phase(phase.parties, BROKEN))
            else:
                # It may pass at this very moment, or be reset. Then we have to break the next one.
                phase.mark(BROKEN)
                # Only this phase is looked at. Otherwise:   B sees that it is broken, and resets the barrier.
                # A breaks the next one, too.
                if phase.outcome is BROKEN:
                    return

    def _current(self) -> Phase:
        """The end of the chain: it is filling, or has been broken or open from the start."""
        phase = self._phase
        while True:
            if phase.next:
                phase = self._phase = phase.next[0]
            elif phase and phase.outcome is not None:
                # Others may do the same now, and one of us will be the first.
                phase.next.append(self._successor(phase))
            else:
                return phase

    def _successor(self, phase: Phase) -> Phase:
        """What comes after a phase that has ended."""
        outcome = BROKEN if phase.outcome is BROKEN else None
        return Phase(phase.parties, outcome)

    def _answer(self, outcome: str | None, index: Any) -> Any:
        """The result of a wait."""
        if outcome is not PASSED:
            self._current()  # drops the phase, and so the waiters in it
            raise BrokenBarrierError
        return index

    async def _async_gather(self, timeout: float | None) -> Any:
        if timeout is not None:
            timeout = checked_timeout(timeout)
        while True:
            phase = self._current()
            if phase.outcome is not None:
                if phase:  # it has ended since then
                    continue
                due = worlds.checkpoint_due()
                if due is not None:
                    await due.checkpoint()
                return self._answer(phase.outcome, None)
            backend = worlds.async_world()[0]
            waiter = backend.create_waiter()
            waiter.source = phase
            waiter.request = None
            # From its arrival on, the party counts, and the others must be told of whatever goes wrong.
            try:
                must_wait = phase.arrive(waiter)
                if must_wait:
                    finish(waiter, await waiter.park(timeout))
            except BaseException:
                try:
                    give_up(waiter)
                except BaseException:
                    give_up(waiter)
                    raise
                raise
            if not must_wait and phase.has_passed():
                waiter.source = None
                if waiter.request is None:  # surplus
                    continue
                self._current()
                # So that the parties that came earlier run first.
                await backend.checkpoint()
            return self._answer(phase.outcome, waiter.request)

    def _green_gather(self, timeout: float | None) -> Any:
        if timeout is not None:
            timeout = checked_timeout(timeout)
        while True:
            phase = self._current()
            if phase.outcome is not None:
                if phase:
                    continue
                if green_switch.maybe:
                    green_checkpoint()
                return self._answer(phase.outcome, None)
            waiter = worlds.create_green_waiter()
            if is_guarded and _must_wait(phase):  # a refusal after that would break it
                ask_first(waiter, timeout)
            waiter.source = phase
            waiter.request = None
            try:
                must_wait = phase.arrive(waiter)
                if must_wait:
                    finish(waiter, waiter.park(timeout))
            except BaseException:
                try:
                    give_up(waiter)
                except BaseException:
                    give_up(waiter)
                    raise
                raise
            if not must_wait and phase.has_passed():
                waiter.source = None
                if waiter.request is None:
                    continue
                self._current()
                green_checkpoint(force=True)
            return self._answer(phase.outcome, waiter.request)


def _must_wait(phase: Phase) -> bool:
    """Whether a party that comes now will not be the last. The number only grows, so "no" stays true."""
    return phase.announced is None and not 0 < phase.parties <= len(phase) + 1
