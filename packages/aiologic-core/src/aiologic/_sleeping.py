# SPDX-License-Identifier: ISC
"""Clocks, sleeps, and the longest of them, of whatever library runs the caller."""

# Wrong arguments are refused before anything happens, and in the same words for every library. A sleep of any finite
# length is one call of the backend, which knows how long its library can sleep at once; a sleep without end is a wait
# that nobody will ever end.

from __future__ import annotations

from math import inf

from ._engine.deadline import checked_length, checked_moment
from ._runtime.detect import worlds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


def async_clock() -> float:
    """The time of the library that runs the caller.

    Returns:
        Seconds since some moment, by a clock that never goes back. They only
        have a meaning for :func:`async_sleep_until` in the same loop.

    Raises:
        AsyncLibraryNotFoundError: The caller runs under no async library that
            has a backend.
    """
    return worlds.async_time()


def green_clock() -> float:
    """Like :func:`async_clock`, for green callers; for threads it is the unpatched one.

    Raises:
        GreenLibraryNotFoundError: The caller runs under a green library that
            has no backend.
    """
    return worlds.green_world()[0].clock()


async def async_sleep(seconds: float, /) -> None:
    """Suspend the current task.

    Args:
        seconds: How long: any number that is not negative. ``0`` lets others
            run once, infinity sleeps for ever.

    Raises:
        ValueError: ``seconds`` is negative or NaN.
        TypeError: ``seconds`` is not a number.
        AsyncLibraryNotFoundError: The caller runs under no async library that
            has a backend.

    Cancellation:
        As for the library's own sleep; even if ``seconds`` is 0, where that is
        one of its checkpoints.

    Checkpoints:
        Always one, whether or not checkpoints are on.
    """
    length = checked_length(seconds, "seconds")
    if length is None:
        await async_sleep_forever()
    await worlds.async_world()[0].sleep(length)


def green_sleep(seconds: float, /) -> None:
    """Like :func:`async_sleep`, for green callers; threads sleep unpatched.

    Raises:
        ValueError: ``seconds`` is negative or NaN.
        TypeError: ``seconds`` is not a number.
        GreenLibraryNotFoundError: The caller runs under a green library that
            has no backend.
    """
    length = checked_length(seconds, "seconds")
    if length is None:
        green_sleep_forever()
    worlds.green_backend().sleep(length)


async def async_sleep_until(deadline: float, /) -> None:
    """Suspend the current task until :func:`async_clock` reaches some time.

    Args:
        deadline: In seconds of that clock. If it has passed, others run once;
            infinity sleeps for ever.

    Raises:
        ValueError: ``deadline`` is NaN.
        TypeError: ``deadline`` is not a number.
        AsyncLibraryNotFoundError: The caller runs under no async library that
            has a backend.

    Cancellation:
        As for the library's own sleep.

    Checkpoints:
        Always one, whether or not checkpoints are on.
    """
    moment = checked_moment(deadline, "deadline")
    if moment == inf:
        await async_sleep_forever()
    backend = worlds.async_world()[0]
    await backend.sleep(max(moment - backend.clock(), 0.0))


def green_sleep_until(deadline: float, /) -> None:
    """Like :func:`async_sleep_until`, for green callers and :func:`green_clock`.

    Raises:
        ValueError: ``deadline`` is NaN.
        TypeError: ``deadline`` is not a number.
        GreenLibraryNotFoundError: The caller runs under a green library that
            has no backend.
    """
    moment = checked_moment(deadline, "deadline")
    if moment == inf:
        green_sleep_forever()
    backend = worlds.green_backend()
    backend.sleep(max(moment - backend.clock(), 0.0))


async def async_sleep_forever() -> NoReturn:
    """Suspend the current task until it is cancelled.

    Raises:
        AsyncLibraryNotFoundError: The caller runs under no async library that
            has a backend.
        RuntimeError: The task was resumed directly, by means of the library.

    Cancellation:
        The only way out.

    Checkpoints:
        Always one, whether or not checkpoints are on.
    """
    await worlds.create_async_waiter().park(None)
    raise RuntimeError("should never have been rescheduled")


def green_sleep_forever() -> NoReturn:
    """Like :func:`async_sleep_forever`, for green callers.

    Threads can't be cancelled; there an exception of a signal handler, such as
    ``KeyboardInterrupt``, is the only way out.

    Raises:
        GreenLibraryNotFoundError: The caller runs under a green library that
            has no backend.
        RuntimeError: The task was resumed directly, by means of the library.
    """
    worlds.create_green_waiter().park(None)
    raise RuntimeError("should never have been rescheduled")


def async_seconds_per_sleep() -> float:
    """The longest time that the library can sleep at once, in seconds.

    This matters only if you use the library's own functions:
    :func:`async_sleep` takes any number.

    Raises:
        AsyncLibraryNotFoundError: The caller runs under no async library that
            has a backend.
    """
    return worlds.async_world()[0].longest_sleep()


def green_seconds_per_sleep() -> float:
    """Like :func:`async_seconds_per_sleep`, for green callers.

    Raises:
        GreenLibraryNotFoundError: The caller runs under a green library that
            has no backend.
    """
    return worlds.green_world()[0].longest_sleep()


def async_seconds_per_timeout() -> float:
    """The longest time-out that the library's own waits can have, in seconds.

    Time-outs of aiologic may be of any length.

    Raises:
        AsyncLibraryNotFoundError: The caller runs under no async library that
            has a backend.
    """
    return worlds.async_world()[0].longest_timeout()


def green_seconds_per_timeout() -> float:
    """Like :func:`async_seconds_per_timeout`, for green callers.

    Raises:
        GreenLibraryNotFoundError: The caller runs under a green library that
            has no backend.
    """
    return worlds.green_world()[0].longest_timeout()
