# SPDX-License-Identifier: ISC
"""A time-out, a length or a moment that a user gave: checked once and turned into one value."""

# Everything behind this door may rely on ``None`` (for ever) or a finite float >= 0 (seconds). The checks come before
# the call changes anything, also when it would not have had to wait: a wrong time-out that only fails under contention
# is found in production.

from __future__ import annotations

from math import inf, isnan


def checked_timeout(timeout: float | None) -> float | None:
    """Check a ``timeout`` argument.

    Args:
        timeout: Seconds as a user gave them, or ``None``.

    Returns:
        ``None`` to wait for ever (also for infinity, and for integers that no
        float can hold), else a finite number of seconds.

    Raises:
        TypeError: It is not a number.
        ValueError: It is negative or not a number in the float sense.
    """
    if timeout is None:
        return None
    return checked_length(timeout, "timeout", "a number or None")


def checked_length(value: float, name: str, kind: str = "a number") -> float | None:
    """Check the argument ``name``, a number of seconds; ``None`` is for ever.

    Raises:
        TypeError: It is not a number.
        ValueError: It is negative or not a number in the float sense.
    """
    seconds = checked_moment(value, name, kind)
    if seconds < 0:
        raise ValueError(f"{name} must be non-negative, got {value!r}")
    return None if seconds == inf else seconds


def checked_moment(value: float, name: str, kind: str = "a number") -> float:
    """Check the argument ``name``, a time of some clock; it may be infinite, and lie in the past.

    Raises:
        TypeError: It is not a number.
        ValueError: It is not a number in the float sense.
    """
    seconds = inf
    try:
        # Refuses what is no number, also what float() would read as one.
        is_nan = isnan(value)
        seconds = float(value)
    except TypeError:
        raise TypeError(f"{name} must be {kind}, got {value!r}") from None
    except OverflowError:  # an integer beyond all floats
        is_nan = False
        seconds = inf if value > 0 else -inf
    except ValueError:  # a signaling NaN
        is_nan = True
    if is_nan:
        raise ValueError(f"{name} must be non-NaN, got {value!r}")
    return seconds
