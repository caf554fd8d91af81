# SPDX-License-Identifier: ISC
"""Time, in portions that every selector can count."""

# curio passes the time until the next deadline to its selector unchanged, and poll and epoll count 31 bits of
# milliseconds: a longer time is an OverflowError that ends the kernel, whatever tasks it has. So we sleep in portions.

from __future__ import annotations

import sys

from . import _kernel

LONGEST_PORTION_SECONDS = 2_000_000.0

# The longest sleep of selectors that count 31 bits of milliseconds, and one that all others support.
LONGEST_POLL_SECONDS = (2**31 - 1) / 1000
LONGEST_SELECT_SECONDS = 31 * 86_400.0


def clock() -> float:
    """The time of the kernel that runs in this thread."""
    return _kernel.clock_of(_kernel.current_kernel())


def longest_sleep() -> float:
    """The most seconds that the kernel that runs in this thread can sleep at once."""
    kernel = _kernel.current_kernel()
    longest = LONGEST_POLL_SECONDS if _kernel.polls(kernel) else LONGEST_SELECT_SECONDS
    limit = _kernel.longest_select_of(kernel)
    return sys.float_info.max if limit and limit <= longest else longest
