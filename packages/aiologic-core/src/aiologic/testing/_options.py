# SPDX-License-Identifier: ISC
"""Which tasks can go on, and how; and which are stuck."""

from __future__ import annotations

from typing import TYPE_CHECKING, Tuple

from ._schedule import CANCEL, RUN, TIMEOUT, Choice

if TYPE_CHECKING:
    from ._tasks import Limits, VirtualTask

#: Which tasks can go on, and how; the default first.
Options = Tuple[Choice, ...]


def options_of(
    tasks: list[VirtualTask], me: VirtualTask | None, left: Limits
) -> Options:
    """What can be chosen now.

    Args:
        tasks: All tasks of the run.
        me: The task that runs; it comes first, if it can go on at all.
        left: What may still happen in this run.

    Returns:
        Nothing, if no task is ready: a time-out or a cancellation would only hide that.
    """
    ready: dict[Choice, None] = {}
    extra: dict[Choice, None] = {}
    # The dicts keep the order, and drop the second mention of ``me``.
    for task in tasks if me is None else [me, *tasks]:
        number, waiter = task.number, task.waiter
        if task.has_ended:
            continue
        if waiter is None:
            ready[number, RUN] = None
            continue
        if waiter.is_woken:
            ready[number, RUN] = None
        if task.seconds == 0:
            ready[number, TIMEOUT] = None
        elif task.seconds is not None and left.timeouts > 0:
            extra[number, TIMEOUT] = None
        if task.cancellable and left.cancellations > 0:
            extra[number, CANCEL] = None
    return (*ready, *extra) if ready else ()


def overdue(tasks: list[VirtualTask]) -> Options:
    """The tasks that can time out, when no task can go on otherwise."""
    return tuple(
        (task.number, TIMEOUT)
        for task in tasks
        if task.waiter is not None and task.seconds is not None
    )


def who_is_stuck(tasks: list[VirtualTask]) -> str:
    """Say why no task can go on."""
    stuck: list[str] = []
    kind = "deadlock"
    for task in tasks:
        if task.waiter is None:
            continue
        state = "still pending"
        if not task.waiter:
            state = "granted, but never unparked"
            kind = "lost wake-up"
        stuck.append(f"{task.name} is parked ({state})")
    return f"{kind}: nobody can go on; {', '.join(stuck)}"
