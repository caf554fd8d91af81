# SPDX-License-Identifier: ISC
"""A capacity limiter: a number of tokens whose holders are known."""

# How tokens are borrowed, handed over and given back, in either world, is in _tokens.py. This file has the two ways to
# call for that.

from __future__ import annotations

from ._engine.deadline import checked_timeout
from ._engine.waiting import DONE, aexit, async_wait, finish, give_up, green_wait
from ._interrupted_blocks import leave_again
from ._layers import as_one
from ._runtime.checkpoints import async_switch, green_checkpoint, green_switch
from ._runtime.detect import async_owner, current_async_task, current_green_task
from ._tokens import Tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Coroutine
    from types import TracebackType
    from typing import Any

    from typing_extensions import Self


@as_one(Tokens)
class CapacityLimiter(Tokens):
    """A number of tokens, each of which one task at a time can borrow.

    Like a semaphore, it limits how many tasks do something at once. But only the
    borrower of a token can give it back, and it can borrow only one::

        connections = aiologic.CapacityLimiter(10)


        async def request():  # in tasks
            async with connections: ...


        def work():  # in threads
            with connections: ...

    Args:
        total_tokens: How many tokens there are; 1 by default. With 0, nobody
            can borrow any.

    Fair: tokens are handed over in the order of arrival, directly, so that no
    newcomer can overtake. True in a boolean context while any token is in use.

    Copies and pickles are new limiters with the same number of tokens.
    """

    __slots__ = ()

    __module__ = "aiologic"

    async def async_acquire(
        self, /, *, blocking: bool = True, timeout: float | None = None
    ) -> bool:
        """Borrow a token, waiting until there is one.

        Args:
            blocking: Whether to wait. If false, ``timeout`` is ignored,
                and the call neither waits nor lets others run.
            timeout: Seconds to wait at most. ``None`` waits for ever, ``0``
                makes one trip through the scheduler.

        Returns:
            ``True`` once the caller has a token, ``False`` if none was
            available in time.

        Raises:
            RuntimeError: The caller has one already.
            ValueError: ``timeout`` is negative or NaN.
            TypeError: ``timeout`` is not a number.
            AsyncLibraryNotFoundError: The caller runs under no async library
                that has a backend.

        Cancellation:
            Safe: a cancelled call has no token, and loses its place in the
            queue; a token that it was just granted goes to the next.

        Checkpoints:
            One, even if a token is free, where checkpoints are on.

        Threads:
            Callable from any thread and any supported library.
        """
        if timeout is not None and blocking:
            timeout = checked_timeout(timeout)
        backend, me = async_owner()
        if self._take(me):
            if blocking and async_switch.maybe:
                try:
                    if async_switch.is_on(backend):
                        await backend.checkpoint()
                except BaseException:
                    self._give_up(me)
                    raise
            return True
        if not blocking:
            return False
        waiter = backend.create_waiter()
        # async_wait(), written out: saves each waiting task a coroutine.
        try:
            self._join(waiter, me)
            woken = await waiter.park(timeout)
            return finish(waiter, woken)
        except BaseException:
            try:
                give_up(waiter)
            except BaseException:
                give_up(waiter)
                raise
            raise

    def green_acquire(
        self, /, *, blocking: bool = True, timeout: float | None = None
    ) -> bool:
        """Like :meth:`async_acquire`, for green callers.

        Raises:
            RuntimeError: Also if the wait could never end: the caller is a
                plain thread without a time-out, and all tokens are held, or
                will be, by async tasks that run in this very thread.
        """
        if timeout is not None and blocking:
            timeout = checked_timeout(timeout)
        me = current_green_task()
        if self._take(me):
            if blocking and green_switch.maybe:
                try:
                    green_checkpoint()
                except BaseException:
                    self._give_up(me)
                    raise
            return True
        if not blocking:
            return False
        return green_wait(self._green_waiter(timeout), timeout, self._join, me)

    def async_release(self) -> None:
        """Give the token back: to the longest-waiting task, or for anybody to borrow.

        Raises:
            RuntimeError: The caller has none.
            AsyncLibraryNotFoundError: The caller runs under no async library
                that has a backend.
        """
        self._release(current_async_task())

    def green_release(self) -> None:
        """Like :meth:`async_release`, for green callers."""
        self._release(current_green_task())

    async def __aenter__(self) -> Self:
        # async_acquire(), written out: saves two coroutines where checkpoints are on.
        backend, me = async_owner()
        if not self._take(me):
            await async_wait(backend.create_waiter(), None, self._join, me)
        elif async_switch.maybe:
            try:
                if async_switch.is_on(backend):
                    await backend.checkpoint()
            except BaseException:
                self._give_up(me)
                raise
        return self

    @aexit
    def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> Coroutine[Any, Any, None]:
        me = level = None
        try:
            me = current_async_task()
            level = self._holders.get(me)
            self._release(me)
        except BaseException:
            if level is None or level == self._holders.get(me):  # else it was released
                leave_again(CapacityLimiter.async_release, self)
            raise
        return DONE

    def __enter__(self) -> Self:
        self.green_acquire()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None:
        me = level = None
        try:
            me = current_green_task()
            level = self._holders.get(me)
            self._release(me)
        except BaseException:
            if level is None or level == self._holders.get(me):  # else it was released
                leave_again(CapacityLimiter.green_release, self)
            raise
