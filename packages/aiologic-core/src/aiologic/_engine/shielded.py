# SPDX-License-Identifier: ISC
"""A call that one greenlet makes for another, so that nothing thrown at the other interrupts it."""

# Greenlet libraries cancel by throwing into the switch that a greenlet sleeps in. What is thrown at a greenlet while it
# sleeps in a nested call comes out of that call, and can't be held back there. So a shielded call runs in a helper
# greenlet. The greenlet that made the call, its *principal*, waits for the helper, and keeps what is thrown at it
# meanwhile for afterwards.
#
# What must not be held back (KeyboardInterrupt, for one) is thrown on at the helper, as if there were only one
# greenlet: the call ends with it, and raises it. If the principal left instead, the helper would go on with the call by
# itself, as the same task, inside locks that the principal has released meanwhile.

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .waiter import GreenWaiter


class ShieldedCall:
    """A function that is called in a helper greenlet; the helper runs :meth:`run`.

    The backend starts the helper, and makes it count as its principal (the task
    that shields the call) wherever the current task is asked for.
    """

    __slots__ = (
        "_error",  # what the function raised
        "_function",
        "_has_begun",
        "_is_done",
        "_result",  # what it returned
        "_thrown",  # at the principal, and not thrown on
        "_waiter",  # the principal's
    )

    def __init__(self, function: Callable[[], Any]) -> None:
        self._function = function
        self._has_begun = False
        self._is_done = False
        self._thrown: list[BaseException] = []
        self._result: Any = None
        self._error: BaseException | None = None
        self._waiter: GreenWaiter | None = None

    def run(self) -> None:
        """Call the function, and wake the principal."""
        self._has_begun = True
        try:
            self._result = self._function()
        except BaseException as error:  # raised again in the principal
            self._error = error
        self._is_done = True
        waiter = self._waiter
        if waiter is not None:
            try:
                waiter.wake()
            except BaseException:  # a signal handler's, maybe as the call began
                waiter.wake()
                raise

    def interrupt(
        self, throw: Callable[[BaseException], object], error: BaseException
    ) -> None:
        """Throw into the helper what was thrown into the principal; called by the hub.

        Args:
            throw: Throws into the helper.
            error: The exception; raised after the call, if that ended at this very
                moment.
        """
        if self._has_begun and not self._is_done:
            self._thrown.remove(error)
            throw(error)

    def wait(
        self,
        create_waiter: Callable[[], GreenWaiter],
        held_back: tuple[type[BaseException], ...],
        interrupt_soon: Callable[[BaseException], object],
        throw_again: Callable[[BaseException], object],
    ) -> Any:
        """Wait for the end of the call; the principal calls this.

        Args:
            create_waiter: That of the backend.
            held_back: Exceptions that are held back until the call has ended.
            interrupt_soon: Called with any other exception: the hub has to call
                :meth:`interrupt` with it, as soon as it can.
            throw_again: Called with each exception that was held back, except the
                first: the library has to throw it once more, as soon as it can,
                if it still applies.

        Returns:
            What the function returned.

        Raises:
            BaseException: What the function raised, or else the first that was
                held back.
        """
        thrown = self._thrown
        try:
            while not self._is_done:
                # A new one for each attempt: a waiter parks once.
                waiter = create_waiter()
                waiter.source = None  # if its hub has gone, there is nothing to pass on
                self._waiter = waiter
                try:
                    waiter.park(None)
                except BaseException as error:
                    thrown.append(error)
                    if not isinstance(error, held_back):
                        interrupt_soon(error)
            if self._error is not None:
                thrown.insert(0, self._error)
            while len(thrown) > 1:
                # Not through a local variable: the exception's traceback holds this frame, and the frame would hold the
                # exception.
                throw_again(thrown.pop(1))
            if thrown:
                raise thrown[0]
            return self._result
        finally:
            # They would form a cycle with the traceback of what is raised here.
            self._error = None
            self._thrown = []
            del thrown
