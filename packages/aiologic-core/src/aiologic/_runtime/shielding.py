# SPDX-License-Identifier: ISC
"""Run a call to its end, whatever would interrupt it."""

from __future__ import annotations

from .detect import worlds
from .wrapping import wrap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any, TypeVar, overload

    C = TypeVar("C", bound=Callable[..., Any])
    T = TypeVar("T")


async def _await_to_the_end(make: Callable[[], Awaitable[Any]]) -> Any:
    backend = worlds.async_world()[0]  # first: without one, no coroutine is made
    return await backend.shield(make())


def _call_to_the_end(function: Callable[[], Any]) -> Any:
    return worlds.green_backend().shield(function)


if TYPE_CHECKING:

    @overload
    def shield(wrapped: C, /) -> C: ...
    @overload
    def shield(wrapped: Awaitable[T], /) -> Awaitable[T]: ...


def shield(wrapped: Any, /) -> Any:
    """Protect an awaitable or a function from the cancellation of the task that runs it.

    The call runs to its end. A cancellation that came meanwhile is raised
    afterwards, so that nothing is left half done, and nothing is forgotten::

        await shield(connection.aclose())
        await shield(lock.async_acquire)()  # the caller owns the lock

    The call counts as one of the task that makes it: a lock that is acquired
    inside belongs to that task. Time-outs and cancel scopes *inside* the call
    work as usual.

    On asyncio the call runs in a task of its own, as ``asyncio.current_task()``
    shows, but still owns what the caller owns. Context variables that it sets
    are set for the caller; before Python 3.12, or if the loop has a task
    factory, a token of one side can't be reset on the other.

    Args:
        wrapped: An awaitable, a coroutine function, or a plain function, which
            is then a green call. If a plain function returns an awaitable, only
            the function is shielded: to shield the awaitable, pass that instead.

    Returns:
        Something of the same kind.

    Raises:
        TypeError: ``wrapped`` is none of these.
        AsyncLibraryNotFoundError: When awaited under no async library that has
            a backend.
        GreenLibraryNotFoundError: When called by a greenlet that no backend
            serves.

    Cancellation:
        Raised when the call has ended, or at the next checkpoint if that is the
        library's way (trio, curio). Of several, asyncio raises the last; greenlets
        get the first, and the others when they wait next. An exception of the
        call itself takes precedence. ``KeyboardInterrupt`` is not held back.

    Checkpoints:
        None of its own, except on asyncio, where the caller waits for the task
        that does the work.

    Threads:
        Callable from any thread. Plain threads can't be cancelled: there the
        function is simply called.
    """
    return wrap(wrapped, _await_to_the_end, _call_to_the_end)
