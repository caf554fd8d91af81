# SPDX-License-Identifier: ISC
"""Check that a lock was handed over: each acquisition waited, and none overtook."""

from __future__ import annotations

ROUNDS = 3


def check_turns(holders: list[int], size: int) -> None:
    """Refuse to measure what is not a hand-over.

    Args:
        holders: Numbers of the tasks that had the lock, in order. All had
            queued before the first one got it.
        size: How many tasks there are.

    A task that got the lock without waiting occurs twice in a row, or before a task
    that was queued; in both cases the order differs from that of the first round.
    """
    first = holders[:size]
    if sorted(first) != list(range(size)) or holders != first * ROUNDS:
        raise SystemExit(f"not handed over in turn: {holders[: 3 * size]}")
