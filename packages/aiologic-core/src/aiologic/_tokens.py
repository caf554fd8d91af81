# SPDX-License-Identifier: ISC
"""Permits whose holders are known: what capacity limiters are made of."""

# A limiter adds a dict of holders to the permits of _permits.py. Its keys are the identities of tasks, as their
# backends give them: objects that live as long as the task and are never reused for another.
#
#   state of a token | _free   | _holders
#   -----------------+---------+-------------------------------------------------------------------------------
#   available        | an item |
#   borrowed         |         | the task, with its level; written and removed by that task alone
#   handed over      |         | the waiter, with 0, until its task runs and replaces it there
#
# A waiter is entered before its wait is decided, as the owner of a lock is: so a token is never without a holder, and a
# thread can see that it would wait for its own tasks (_borrowers.py). If the waiter turns out to have given up, whoever
# entered it removes it.

from __future__ import annotations

from ._borrowers import Borrowers, refuse_deadlock
from ._numbers import checked_number
from ._permits import ANY, PERMIT, Permits
from ._pool import pool_of, size_of
from ._runtime.detect import current_green_task, worlds
from ._runtime.threads import ThreadWaiter
from ._statistics import Statistics

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from typing_extensions import Self

    from ._engine.waiter import Waiter


class Tokens(Permits):
    """A number of permits, and the tasks that have them."""

    __slots__ = (
        "_holders",  # see the table above
        "_total_tokens",
    )

    _holders: dict[object, int]
    _total_tokens: int

    def __new__(cls, /, total_tokens: int | None = None) -> Self:
        if total_tokens is None:
            total_tokens = 1
        total_tokens = checked_number("total_tokens", total_tokens)
        self = super().__new__(cls)
        self._free = pool_of(total_tokens)
        self._queue = None
        self._holders = {}
        self._total_tokens = total_tokens
        return self

    def __getnewargs__(self) -> tuple[Any, ...]:
        return (self._total_tokens,)

    def __repr__(self) -> str:
        cls = type(self)
        available = self.available_tokens
        state = f"available_tokens={available}"
        if not available:
            state += f", waiting={self.waiting}"
        return (
            f"<{cls.__module__}.{cls.__qualname__}({self._total_tokens})"
            f" at {id(self):#x} [{state}]>"
        )

    def __bool__(self) -> bool:
        return self.borrowed_tokens > 0

    @property
    def total_tokens(self) -> int:
        """How many tokens there are."""
        return self._total_tokens

    @property
    def available_tokens(self) -> int:
        """How many tokens can be borrowed now."""
        return size_of(self._free)

    @property
    def borrowed_tokens(self) -> int:
        """How many tokens are in use, including those that were just handed over."""
        return self._total_tokens - self.available_tokens

    @property
    def borrowers(self) -> Mapping[tuple[str, int], int]:
        """Who has a token, as :attr:`Lock.owner` shows tasks, and how many times each borrowed it.

        A view that changes with the limiter, for display; its ``items()`` are a
        snapshot. A task that was just granted a token appears once it runs. The
        number of a task that has ended may be reused for another: if both have a
        token, one entry stands for both.
        """
        return Borrowers(self._holders)

    def statistics(self) -> Statistics:
        """Its current state, in numbers: ``value`` is how many tokens can be borrowed."""
        holders = Borrowers(self._holders).copy()
        return Statistics(self._queue, value=self.available_tokens, holders=holders)

    def async_borrowed(self) -> bool:
        """Whether the current async task has a token.

        Raises:
            AsyncLibraryNotFoundError: The caller runs under no async library
                that has a backend.
        """
        task = worlds.async_world()[1]  # None in a callback, which has nothing
        return task in self._holders

    def green_borrowed(self) -> bool:
        """Whether the current green task has a token."""
        return current_green_task() in self._holders

    # -- taking one, handing it over, giving it back ------------------------------------------------------------------

    def _take(self, me: object, level: int = 1) -> bool:
        """Take a token, if one is free and nobody queues for it."""
        if me in self._holders:
            raise RuntimeError(
                "the current task is already holding one of this capacity limiter's tokens"
            )
        if self._queue or not self._free:
            return False
        try:
            del self._free[ANY]
        except IndexError:  # another was faster
            return False
        self._holders[me] = level
        return True

    def _release(self, me: object) -> None:
        # In this order: once the token is free, anybody may look at who has it.
        try:
            del self._holders[me]
        except KeyError:
            raise RuntimeError(
                "the current task is not holding any of this capacity limiter's tokens"
            ) from None
        # _put_back(), written out: no call may come in between.
        try:
            self._free.append(None)
            if self._queue:
                self._settle()
        except BaseException:
            self._look_again()
            raise

    def _green_waiter(self, timeout: float | None) -> Any:
        """A waiter for the current green task, unless it would wait for itself."""
        waiter = worlds.create_green_waiter()
        if timeout is None and type(waiter) is ThreadWaiter:
            refuse_deadlock(
                self._holders, self._queue, self._total_tokens, self._task_of
            )
        return waiter

    def _give_up(self, me: object) -> None:
        """Give back what was just taken."""
        Tokens._release(self, me)

    def _task_of(self, waiter: Waiter) -> object:
        """The task whose wait it is."""
        return waiter.request

    def _settle(self) -> None:
        """As in :class:`Permits`, and record who has the token; needs a queue.

        A limiter's queue has no grants: only a task that has a token releases it.
        """
        queue: Any = self._queue
        free = self._free
        holders = self._holders
        while True:
            try:
                del queue.turn[0]
            except IndexError:  # whoever has the turn looks again
                return
            try:
                try:
                    del free[ANY]
                except IndexError:
                    pass  # taken by a newcomer that had looked before the first waiter came
                else:
                    try:
                        while True:
                            oldest = queue[0]
                            del queue[0]
                            if oldest:  # it has not given up, and is not a fence
                                holders[oldest] = 0
                                try:
                                    del oldest[0]
                                except IndexError:  # it gave up just now
                                    self._strike_off(oldest)
                                else:
                                    break  # and its task may be running already
                    except BaseException as error:
                        free += PERMIT  # not a call: nothing comes in between
                        if not isinstance(error, IndexError):  # all gave up
                            raise
                    else:
                        try:
                            oldest.unpark()
                        except BaseException:
                            oldest.unpark()
                            raise
            finally:
                queue.turn.append(None)
            if not (free and queue):
                return

    def _strike_off(self, waiter: Waiter) -> None:
        """Remove a waiter that was entered and then gave up; it may have removed itself already."""
        self._holders.pop(waiter, None)

    def _accept(self, waiter: Waiter) -> None:
        holders = self._holders
        holders[waiter.request] = 1
        # Neither step is a call: an exception comes before both of them, or not at all.
        try:  # noqa: SIM105  # suppress() would be a call
            del holders[waiter]
        except KeyError:  # it was removed already
            pass

    def _take_back(self, waiter: Waiter) -> None:
        try:  # noqa: SIM105  # suppress() would be a call
            del self._holders[waiter]
        except KeyError:  # it was removed already
            pass
        self._put_back(waiter)

    def _leave(self, waiter: Waiter) -> None:
        self._holders.pop(waiter, None)
        super()._leave(waiter)
