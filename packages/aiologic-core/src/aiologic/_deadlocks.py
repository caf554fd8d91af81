# SPDX-License-Identifier: ISC
"""Who can't go on while the calling thread blocks; for ever, if it waits for them."""

# A thread that blocks holds up the tasks of the loop that it runs. What they hold they keep, and so does one that waits:
# its place in a queue is given up by its own task only (its time-out and its cancellation need the loop, too), and when
# its turn has come, it can't go on. So whoever has to wait for one of them waits for ever. That is certain; all else can
# only be suspected (see docs/decisions/0010).
#
# What is read here stays true as far as it is about tasks of this thread, for they don't run meanwhile. But a release in
# another thread may show one of them as an owner, of whom it does not know yet that it has given up:
#
#     B serves the queue: W waits.   A, in this thread, whose wait is W, gives up.   B writes "W owns it".   A (or another
#     task of this thread) comes here.   B claims W, and learns that it was too late.
#
# So a waiter counts as an owner only if it was decided while its wait still has its source: a task that gives up clears
# the source first. And one that is in the hands of B is not seen, neither in the queue nor as the owner: then nothing is
# refused, and a deadlock stays one.
#
# To look through the queue takes the longer, the more wait. A thread that runs no loop need not look.

from __future__ import annotations

import sys

from ._engine.waiter import Waiter
from ._runtime.detect import worlds
from ._runtime.threads import ThreadTask, ThreadWaiter, this_thread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ._engine.waitqueue import WaitQueue

    TaskOf = Callable[[Waiter], object]


def lives_here(task: object) -> bool:
    """Whether it is certain that a task can't go on while the calling thread blocks."""
    if type(task) is ThreadTask:
        return False
    backend = worlds.backend_of(task)
    return (
        backend is not None
        and backend is not worlds.threads
        and backend.runs_here(task)
    )


def waiting_here(queue: WaitQueue | None, task_of: TaskOf) -> Iterable[object]:
    """The tasks of the calling thread that wait in a queue, oldest first.

    Args:
        queue: Those before the caller.
        task_of: Says whose wait a waiter is; ``None`` if it is in nobody's way.
    """
    if not queue or not worlds.runs_a_library_here():
        return ()
    return _those_here(queue, task_of)


def _those_here(queue: WaitQueue, task_of: TaskOf) -> Iterator[object]:
    for waiter in queue.pending():
        if type(waiter) is not ThreadWaiter:
            task = task_of(waiter)
            if lives_here(task):
                yield task


def owning_here(owner: object, task_of: TaskOf) -> object | None:
    """The task of the calling thread that ``owner`` is, or stands for; ``None`` if there is none for certain."""
    if isinstance(owner, Waiter):
        if owner or owner.source is None:  # it may have given up
            return None
        owner = task_of(owner)
    return owner if lives_here(owner) else None


def refuse(what: str, task: object, why: str) -> None:
    """Raise, with both sides named."""
    raise RuntimeError(
        f"the current thread {what}: {this_thread()!r} would block for ever,"
        f" for {task!r}, which {why}, runs in this very thread{call_to_mend()}"
    )


def call_to_mend() -> str:
    """If an async task makes this call: which, and what to write there; else nothing."""
    world = worlds.find_async_world()
    if world is None or world[1] is None:
        return ""

    from ._runtime.advice import called_from

    advice = called_from(sys._getframe()).advice
    return f". The call came from {world[1]!r}. {advice}"
