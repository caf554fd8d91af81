# SPDX-License-Identifier: ISC
"""Events that happen once, for one waiting task: building blocks for primitives of one's own."""

# One task that waits, any number of setters, and one outcome
# ===========================================================
# An event ends as set or as cancelled, and never as both. It may be set before anybody waits, by several tasks at once,
# by a signal handler, and at the very moment at which the wait ends by itself. So all of it is one list, to which
# everybody appends, and whose order is the order of what happened:
#
#   item      | appended by                                    | decides
#   ----------+------------------------------------------------+--------------------------------------------------
#   a waiter  | a task that is about to wait                   | nothing; the first one is the one that waits
#   a mark    | set(): an object of its own, for each call     | "set", if no mark came before
#   CANCELLED | the task that waits, when that ends by itself  | "cancelled", if no mark came before
#
#     A appends its waiter, and finds no mark before it.   B appends a mark: it sees the waiter, and wakes it.
#     B appends a mark, and sees no waiter.                A appends its waiter: it sees the mark, and does not wait.
#     A's time is up: it appends CANCELLED.                B appends a mark, finds that it is not first: returns False.
#     B and C append a mark each.                          The first mark belongs to one of them, which returns True.
#
# Appending is ``story += (item,)``, which is not a call: so no signal handler's exception (Ctrl-C) comes between the
# mark and the ``try`` around what follows from it. When the wait is over, the outcome replaces everything else, and the
# waiter, which holds its loop, is released. While somebody waits, only the waiting task does that, because a setter may
# be about to look whom to wake. A mark that is dropped in this way was not the first.
#
# Rejected: letting the waiter's own decision be the event's. It says that a wait has ended, but not how; and a set()
# that comes before there is a waiter would need a second place to decide in.

from __future__ import annotations

from ._engine.deadline import checked_timeout
from ._event_kinds import AsyncEvent, GreenEvent
from ._runtime.blocking import ask_first
from ._runtime.checkpoints import (
    async_checkpoint,
    green_checkpoint,
    green_switch,
)
from ._runtime.detect import worlds
from ._runtime.threads import is_guarded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import Any, NoReturn

    from ._engine.waiter import Waiter


class Mark:
    """An item of an event's story that can be its outcome."""

    __slots__ = ()


CANCELLED = Mark()


class Story:
    """What green and async events have in common: all but waiting."""

    __slots__ = (
        "_story",  # see above
        "force",
        "shield",
    )

    _kind: str  # its public name

    def __init__(self, shield: bool, force: bool) -> None:
        self._story: list[Any] = []
        self.shield = shield
        self.force = force

    def __repr__(self) -> str:
        outcome = self._outcome()
        state = "set"
        if outcome is None:
            state = "unset"
        elif outcome is CANCELLED:
            state = "cancelled"
        return f"<aiologic.lowlevel.{self._kind} object at {id(self):#x}: {state}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"cannot reduce {self!r}")

    def is_set(self) -> bool:
        outcome = self._outcome()
        return outcome is not None and outcome is not CANCELLED

    __bool__ = is_set

    def cancelled(self) -> bool:
        return self._outcome() is CANCELLED

    def set(self) -> bool:
        story = self._story
        if story and self._outcome() is not None:
            return False
        mark = Mark()
        story += (mark,)
        try:
            return self._announce(mark)
        except BaseException:
            self._announce(mark)
            raise

    def _announce(self, mark: Mark) -> bool:
        """Wake the task that waits; return whether that mark is the outcome."""
        # Read once: the task that waits may replace the first item meanwhile.
        first = self._story[0]
        if type(first) is not Mark:
            # If it has left before, this has no effect.
            first.wake()
        return self._outcome() is mark

    def _outcome(self) -> Mark | None:
        """The first mark, if there is one."""
        story = self._story
        if not story:
            return None
        # The list never becomes empty again. If nobody waits, the first item is a mark.
        first = story[0]
        if type(first) is Mark:
            return first
        # From the beginning again: the waiter that was first may have been replaced by the mark since.
        for item in story[:]:
            if type(item) is Mark:
                return item
        return None

    def _join(self, waiter: Waiter) -> bool:
        """Become the one that waits; ``False`` if there is an outcome already."""
        # Nobody needs to know of a wake-up that a dead loop could not deliver.
        waiter.source = None
        story = self._story
        if not story:
            story += (waiter,)
            if story[0] is waiter:
                return True
        outcome = self._outcome()
        if outcome is None:
            raise RuntimeError("this event is already in use")
        if story[0] is outcome:
            # Nobody waits, so nobody is forgotten with what stands behind the outcome, such as a waiter that came too
            # late.
            story[:] = (outcome,)
        return False

    def _leave(self, waiter: Waiter) -> None:
        """The wait is over, if there was one: the event is cancelled, unless it was set before."""
        story = self._story
        if story and story[0] is waiter:
            waiter.abandon()
            story += (CANCELLED,)
            story[:] = (self._outcome(),)


class SingleGreenEvent(Story, GreenEvent):
    """What :func:`create_green_event` makes."""

    __slots__ = ()

    _kind = "GreenEvent"
    _called_as = "create_green_event()"  # for _runtime/advice.py
    _advice = "Use create_async_event() instead"

    def wait(self, /, timeout: float | None = None) -> bool:
        outcome = self._outcome()
        if outcome is None:
            backend = worlds.green_backend()
            waiter = backend.create_waiter()
            if is_guarded:  # a refusal once it waits would cancel the event
                ask_first(waiter, timeout)
            try:
                if self._join(waiter):
                    seconds = checked_timeout(timeout)
                    if self.shield:
                        backend.shield(lambda: waiter.park(seconds))
                    else:
                        waiter.park(seconds)
                    self._leave(waiter)
                    return self.is_set()
            except BaseException:
                self._leave(waiter)
                raise
            outcome = self._outcome()
        if timeout is not None:
            checked_timeout(timeout)
        if self.force or green_switch.maybe:
            green_checkpoint(force=self.force)
        return outcome is not CANCELLED


class SingleAsyncEvent(Story, AsyncEvent):
    """What :func:`create_async_event` makes."""

    __slots__ = ()

    _kind = "AsyncEvent"

    def __await__(self) -> Generator[Any, Any, bool]:
        return self.with_().__await__()

    async def with_(self, /, timeout: float | None = None) -> bool:
        outcome = self._outcome()
        if outcome is None:
            backend = worlds.async_world()[0]
            waiter = backend.create_waiter()
            try:
                if self._join(waiter):
                    seconds = checked_timeout(timeout)
                    if self.shield:
                        await backend.shield(waiter.park(seconds))
                    else:
                        await waiter.park(seconds)
                    self._leave(waiter)
                    return self.is_set()
            except BaseException:
                self._leave(waiter)
                raise
            outcome = self._outcome()
        if timeout is not None:
            checked_timeout(timeout)
        if self.force:
            await async_checkpoint(force=True)
        else:
            due = worlds.checkpoint_due()
            if due is not None:
                await due.checkpoint()
        return outcome is not CANCELLED
