# SPDX-License-Identifier: ISC
"""How a task waits for its turn, and the rules for leaving a wait."""

# Every wait ends here, by finish() or give_up(), or writes out what they do. So the hard rules are stated once
# (conditions, which keep the lock, have rules of their own: _condition_ends.py):
#
# 1. Granted, then cancelled: the grant is passed on.
#        B releases and claims A's waiter; A is cancelled before it runs again. A's exception arrives here with the
#        waiter decided: abandon() returns False, and what A was given goes to the next in line.
# 2. Leaving re-evaluates the queue.
#        A gives up undecided. The primitive is told, because somebody behind A may have been blocked by A alone.
#
# And a third that is easily forgotten: time runs out, and at that very moment the wake-up wins. Then the caller has
# what it waited for, and the result is True. It resumes at once, while B, which woke it, may have done nothing yet but
# decide. So what a grant changes is written by the task that was given it (``_accept``), and by B only *before* it
# decides:
#
#        B releases and claims A's waiter.   A's time is up: A has the lock, releases it, and it is free.
#        If B wrote "A owns it" only now, a free lock would have an owner.
#
# When the wait is over, the waiter's ``source`` is cleared: from then on a backend that could not deliver the wake-up
# in time (``Waiter.lost``) has no say about the grant.
#
# A signal handler may raise (docs/decisions/0021) before the waiter is in the queue, or as finish() begins, when the
# grant has been made. So everything from joining the queue on is in one ``try``. Whatever comes out of it, give_up()
# can tell by ``source`` whether the wait was already dealt with. It is called once more if it was interrupted itself:
# what it is dealing with may be a cancellation, which the library will not deliver again.
#
# The twins differ in one ``await``. Hot paths (locks, semaphores, limiters, queues, events) write them out, which saves
# a coroutine and some calls; for the rare case that a wait is interrupted, they call give_up().

from __future__ import annotations

from types import coroutine

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Generator
    from types import TracebackType
    from typing import Any, TypeVar

    F = TypeVar("F")

    from .waiter import AsyncWaiter, GreenWaiter, Waiter


def green_wait(
    waiter: GreenWaiter,
    timeout: float | None,
    join: Callable[[Any, Any], object] | None = None,
    request: Any = None,
) -> bool:
    """Wait for a waiter's turn.

    Args:
        waiter: It is to be queued, or was already; it may have been granted.
        timeout: What ``checked_timeout`` returned.
        join: Queues it; called with the waiter and ``request``.
        request: What its task asks for.

    Returns:
        ``True`` if it was woken, ``False`` if time ran out first.

    Cancellation:
        Whatever exception interrupts the wait is raised, and leaves no trace.
    """
    try:
        if join is not None:
            join(waiter, request)
        woken = waiter.park(timeout)
        return finish(waiter, woken)
    except BaseException:
        try:
            give_up(waiter)
        except BaseException:
            give_up(waiter)
            raise
        raise


async def async_wait(
    waiter: AsyncWaiter,
    timeout: float | None,
    join: Callable[[Any, Any], object] | None = None,
    request: Any = None,
) -> bool:
    """Like :func:`green_wait`, for async callers."""
    try:
        if join is not None:
            join(waiter, request)
        woken = await waiter.park(timeout)
        return finish(waiter, woken)
    except BaseException:
        try:
            give_up(waiter)
        except BaseException:
            give_up(waiter)
            raise
        raise


def give_up(waiter: Waiter) -> None:
    """Leave a wait that an exception has ended, if that was not done yet.

    Callers repeat it if it raises: a handler may raise as the first call begins.
    """
    try:
        source = waiter.source
    except AttributeError:  # interrupted before it was queued
        return
    if source is None:
        return
    waiter.source = None
    try:
        # abandon() without the call: if it were interrupted there, a wait that was given up would look like a grant.
        del waiter[0]
    except IndexError:
        try:
            source._take_back(waiter)
        except BaseException:
            if not waiter:  # it had not begun
                source._take_back(waiter)
            raise
    else:
        try:
            source._leave(waiter)
        except BaseException:
            source._leave(waiter)
            raise


def finish(waiter: Waiter, woken: bool | None) -> bool:
    """Leave a wait that is over; return whether its task got what it waited for.

    ``woken`` is what ``park`` returned.

    If a signal handler raises in here, the rest is still done, by this function
    or by :func:`give_up`.
    """
    source = waiter.source
    waiter.source = None
    if woken is False:
        try:
            del waiter[0]  # as above
        except IndexError:  # it was woken at this very moment
            pass
        else:
            try:
                source._leave(waiter)
            except BaseException:
                source._leave(waiter)
                raise
            return False
    try:
        source._accept(waiter)
    except BaseException:
        source._take_back(waiter)
        raise
    return True


def _nothing() -> Generator[None, None, None]:
    return
    yield


def _already_done() -> Coroutine[Any, Any, None]:
    done = coroutine(_nothing)()
    for _ in done:  # type: ignore[attr-defined]  # run to its end, which is at once
        pass
    return done  # type: ignore[return-value]  # type checkers want more of an __aexit__ than is needed


#: An awaitable that is done: awaiting it returns ``None`` at once, any number
#: of times, from any thread. ``__aexit__`` of a primitive has nothing to wait
#: for and returns this, because a coroutine of its own would cost as much as all
#: the rest. It is a generator-based coroutine that has ended; the interpreter
#: refuses to await an ended coroutine again, but not an ended generator.
DONE = _already_done()


if TYPE_CHECKING:

    async def _aexit(
        self: Any,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None: ...
    def _told_as(
        function: F,
    ) -> Callable[[Callable[..., Coroutine[Any, Any, None]]], F]: ...

    # To mypy and to pyright, ``async def`` returns different types: only what is inferred fits the protocols of
    # both, and the methods of subclasses.
    aexit = _told_as(_aexit)

else:

    def aexit(method: F) -> F:
        """Present an ``__aexit__`` that returns :data:`DONE` to type checkers as a coroutine function."""
        return method
