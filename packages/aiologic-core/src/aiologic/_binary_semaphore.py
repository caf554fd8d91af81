# SPDX-License-Identifier: ISC
"""Semaphores with one permit."""

# Releasing a semaphore that is free changes nothing: with a second permit there would be no mutual exclusion any more.
# So a permit is not added to ``_free``, but ``_free`` is set to one permit. That would merge two releases in quick
# succession into one even if two tasks wait. Hence a release that sees waiters does not free a permit but grants it to
# the queue, where only waiters find it, and any number of grants is possible:
#
#   A releases, then B; C and D wait.   Through ``_free``: C is served, and D sleeps.   As grants: both are served.
#
# The bounded one raises instead of doing nothing, through what it inherits from BoundedSemaphore: each permit that is
# out is counted by an item, which a release must pop first.

from __future__ import annotations

from ._bounded_semaphore import BoundedSemaphore
from ._engine.waiting import DONE, aexit
from ._permits import PERMIT
from ._semaphore import Semaphore
from ._semaphore_values import bounds, checked_value, refuse_max_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Coroutine
    from types import TracebackType
    from typing import Any, overload

    from typing_extensions import Self


class BinarySemaphore(Semaphore):
    """A semaphore whose value is 0 or 1: a lock without an owner.

    Anybody may release it, including signal handlers and finalizers, so it serves
    both as the fastest lock and as a signal from one task to another::

        done = aiologic.BinarySemaphore(0)
        threading.Thread(target=lambda: done.release()).start()
        await done.async_acquire()

    Args:
        initial_value: 1 if it can be acquired at once, 0 if it must be released
            first.
        max_value: If given, the result is a :class:`BoundedBinarySemaphore`.

    Fair: the permit is handed over in the order of arrival, directly, so that
    no newcomer can overtake. Copies and pickles start anew from the initial
    value.
    """

    __slots__ = ()

    __module__ = "aiologic"

    if TYPE_CHECKING:

        @overload
        def __new__(
            cls, /, initial_value: int | None = ..., max_value: None = ...
        ) -> Self: ...
        @overload
        def __new__(
            cls, /, initial_value: int | None, max_value: int
        ) -> BoundedBinarySemaphore: ...
        @overload
        def __new__(
            cls, /, initial_value: int | None = ..., *, max_value: int
        ) -> BoundedBinarySemaphore: ...

    def __new__(
        cls,
        /,
        initial_value: int | None = None,
        max_value: int | None = None,
    ) -> Any:  # one of the classes in the overloads
        if max_value is not None:
            if cls is BinarySemaphore:
                return BoundedBinarySemaphore(initial_value, max_value)
            refuse_max_value("BoundedBinarySemaphore")
        if initial_value is None:
            initial_value = 1
        return cls._made(checked_value("initial_value", initial_value, is_binary=True))

    def release(self, /, count: int = 1) -> None:
        """Give the permit to the longest-waiting task, or set the value to 1.

        Args:
            count: Must be 1; for compatibility with other semaphores.

        Raises:
            ValueError: ``count`` is not 1.

        Threads:
            Callable by anybody: from any thread, signal handler and finalizer.
        """
        if count != 1:
            raise ValueError(f"count must be 1, got {count!r}")
        self._put_back()

    @aexit
    def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> Coroutine[Any, Any, None]:
        self._put_back()
        return DONE

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None:
        self._put_back()

    def _put_back(self, receipt: list[None] | None = None) -> None:
        if receipt is not None:
            receipt[:] = PERMIT
        try:
            queue = self._queue
            if queue:
                queue.grants.append(None)  # see above
            else:
                # One step that leaves one permit, whatever was there: the semaphore may have been released before.
                self._free[:] = PERMIT
                # There may be a queue now, if the first waiter has come meanwhile.
                queue = self._queue
            # Look again. The queue may be empty by now, and the grant in it for nobody: another release served the only
            # waiter after we had seen it.
            if queue is not None and (queue or queue.grants):
                self._settle()
        except BaseException:
            self._look_again()
            raise

    def _put_aside(self) -> None:
        self._free[:] = PERMIT

    # Releases it, with a receipt; the bounded one has to count as well.
    _release_one = _put_back


class BoundedBinarySemaphore(BinarySemaphore, BoundedSemaphore):
    """A :class:`BinarySemaphore` that can't be released more often than it was acquired.

    Args:
        initial_value: 0 or 1; ``max_value`` if it is not given.
        max_value: 0 or 1, and not less than ``initial_value``; ``initial_value``
            if it is not given. If it is greater, one release may come before
            any acquire.
    """

    __slots__ = ()

    __module__ = "aiologic"

    _release_one = BoundedSemaphore._release_one

    def __new__(
        cls,
        /,
        initial_value: int | None = None,
        max_value: int | None = None,
    ) -> Self:
        initial_value, max_value = bounds(initial_value, max_value, is_binary=True)
        return cls._made_bounded(initial_value, max_value)

    def release(self, /, count: int = 1) -> None:
        """Give the permit to the longest-waiting task, or set the value to 1.

        Raises:
            RuntimeError: The permit has not been acquired.
            ValueError: ``count`` is not 1.
        """
        if count != 1:
            raise ValueError(f"count must be 1, got {count!r}")
        self._release_one()

    @aexit
    def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> Coroutine[Any, Any, None]:
        self._release_one()
        return DONE

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None:
        self._release_one()
