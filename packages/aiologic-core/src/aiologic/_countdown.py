# SPDX-License-Identifier: ISC
"""An event that happens when a count comes down to zero."""

# A number is not a list: no single step of the interpreter counts and reports the result (``x += 1`` is several). A
# list with an item for each unit would do, but for ``up(10**9)`` it would need gigabytes; a queue's turn would not do
# either, because up() and down() must have happened when they return. So the states form a chain:
#
#     state      | value | its event                     | left by
#     -----------+-------+-------------------------------+---------------------------------------------
#     counting   | > 0   | what its waiters wait for     | up() and down(): same event;
#                |       |                               |   down() to 0 and clear() make it happen
#     at zero    | 0     | has happened, or is about to  | up(): a new event
#
# A state never changes. To count is to make a successor of the current state, and to append it to that state; the state
# *is* a list, whose first item is its successor. A task that comes second sees that, and counts anew from there. Some
# task always succeeds, the memory needed is that of one state, and each count is one step: of many down() exactly one
# reaches 0, and none goes below.
#
# An event of its own for each time that it counts gives the rule of REvent: a task that waited when the count reached 0
# is released, even if up() comes before it runs; a task that comes later is not.
#
#     A counts down to 0.   A is interrupted, or does not run.   B, which waits from now on or counts up, finds that the
#     event of a state at zero has not happened yet: so B makes it happen, before anything else.

from __future__ import annotations

from ._event import Event
from ._fresh import Fresh
from ._numbers import as_integer, checked_number
from ._statistics import Statistics

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import Any, List

    from typing_extensions import Self

    _Successors = List[Any]
else:
    _Successors = list


class _Count(_Successors):
    """One state; its first item is the one that came after it."""

    __slots__ = ("event", "value")

    def __init__(self, value: int, event: Event) -> None:
        super().__init__()
        self.value = value
        self.event = event


class CountdownEvent(Fresh):
    """A count of things that are still to happen; tasks wait until it is 0.

    For work that is handed out in one place and done in others::

        left = aiologic.CountdownEvent()
        left.up(3)  # three pieces of work
        left.down()  # whenever one is done: by a thread, a task, a callback
        await left  # until the count is 0

    True in a boolean context while the count is 0. Copies and pickles begin
    with the same initial value.

    Args:
        initial_value: The count to begin with.
    """

    __slots__ = (
        "__weakref__",
        "_initial_value",
        "_state",  # a state of the chain; the current one is at the end of it
    )

    __module__ = "aiologic"

    _initial_value: int
    _state: _Count

    def __new__(cls, /, initial_value: int = 0) -> Self:
        initial_value = checked_number("initial_value", initial_value)
        self = super().__new__(cls)
        self._initial_value = initial_value
        event = Event() if initial_value else _HAPPENED
        self._state = _Count(self._initial_value, event)
        return self

    def __getnewargs__(self) -> tuple[Any, ...]:
        return (self._initial_value,)

    def __repr__(self) -> str:
        cls = type(self)
        state = self._current()
        value = f"value={state.value}"
        if state.value:
            value += f", waiting={state.event.waiting}"
        return (
            f"<{cls.__module__}.{cls.__qualname__}({self._initial_value or ''})"
            f" at {id(self):#x} [{value}]>"
        )

    def __bool__(self) -> bool:
        return not self._current().value

    @property
    def initial_value(self) -> int:
        """The count that it began with."""
        return self._initial_value

    @property
    def value(self) -> int:
        """The count, which may already be outdated."""
        return self._current().value

    @property
    def waiting(self) -> int:
        """Number of tasks that wait now; for display and tests, as it may already be outdated."""
        return self._current().event.waiting

    def statistics(self) -> Statistics:
        """Its current state, in numbers: ``value`` is the count."""
        state = self._current()
        return Statistics(state.event._queue, value=state.value)

    def up(self, /, count: int = 1) -> None:
        """Count up: this many more are to happen.

        Args:
            count: How many; with 0 nothing happens.

        Raises:
            ValueError: ``count`` is negative.
            TypeError: ``count`` is not an integer.

        Threads:
            Callable by anybody: from any thread, signal handler and finalizer.
        """
        # checked_number(), written out: the call would be a tenth of the whole.
        if type(count) is not int:
            count = as_integer("count", count)
        if count < 0:
            raise ValueError(f"count must be >= 0, got {count!r}")
        while count:
            state = self._current()
            event = state.event
            if not state.value:
                self._happen(event)
                event = Event()
            if self._replace(state, _Count(state.value + count, event)):
                return

    def down(self) -> None:
        """Count down: one has happened. Wakes all waiting tasks if it was the last.

        Raises:
            RuntimeError: The count is 0.

        Threads:
            Callable by anybody: from any thread, signal handler and finalizer.
        """
        while True:
            state = self._current()
            if not state.value:
                raise RuntimeError("down() called too many times")
            event = state.event
            successor = _Count(state.value - 1, event)
            try:
                if self._replace(state, successor):
                    if state.value == 1:
                        self._happen(event)
                    return
            except BaseException:  # a signal handler's, maybe after the count
                if state.value == 1 and state and state[0] is successor:
                    event.set()
                raise

    def clear(self) -> None:
        """Set the count to 0, and wake all waiting tasks.

        Threads:
            Callable by anybody: from any thread, signal handler and finalizer.
        """
        while True:
            state = self._current()
            event = state.event
            successor = _Count(0, event)
            try:
                if not state.value or self._replace(state, successor):
                    self._happen(event)
                    return
            except BaseException:  # a signal handler's, maybe after the count
                if not state.value or (state and state[0] is successor):
                    event.set()
                raise

    def __await__(self) -> Generator[Any, Any, bool]:
        return self._awaited().__await__()

    async def with_(self, /, timeout: float | None = None) -> bool:
        """Wait until the count is 0; ``await event`` is the same without a time-out.

        Like :meth:`Event.with_`. ``True`` even if the count was 0 meanwhile and
        no longer is.
        """
        return await self._awaited().with_(timeout)

    def wait(self, /, timeout: float | None = None) -> bool:
        """Like :meth:`with_`, for green callers; ``green_wait`` is the same.

        In an async function, write ``await event``: this call blocks the whole loop;
        see ``AIOLOGIC_BLOCKING``.
        """
        return self._awaited().wait(timeout)

    # The names that all other primitives have: next to `async_wait`, nobody takes the blocking `wait` by mistake.
    green_wait = wait
    async_wait = with_

    def _awaited(self) -> Event:
        """The event for which tasks that come now have to wait."""
        state = self._current()
        if not state.value:
            self._happen(state.event)
        return state.event

    def _current(self) -> _Count:
        state = self._state
        while state:
            state = state[0]
        return state

    def _replace(self, state: _Count, successor: _Count) -> bool:
        """Have one state follow another; ``False`` if a different one was faster."""
        state.append(successor)
        if state[0] is not successor:
            return False
        # A thread that stores an older one now does no harm: the chain leads from there to the current one.
        self._state = successor
        return True

    def _happen(self, event: Event) -> None:
        if not event.is_set():
            event.set()


# What a count that was never above 0 waits for; nobody ever stands in its queue.
_HAPPENED = Event()
_HAPPENED.set()
