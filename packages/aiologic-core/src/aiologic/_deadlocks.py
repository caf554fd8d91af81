# SPDX-License-Identifier: ISC
"""Which tasks can't go on while the calling thread blocks, so that it must not wait for them."""

# A thread that blocks holds up the tasks of the loop that it runs. They keep what they hold. Those that wait keep their
# places in the queues, because only a task itself gives its place up (its time-out and its cancellation need the loop,
# too), and when their turn has come, they can't go on. So if the thread has to wait for one of them, it waits for ever.
# That is certain; everything else can only be suspected (see docs/decisions/0010).
#
# What is read here stays true as far as it is about tasks of this thread, because they don't run meanwhile. But a
# release in another thread may show one of them as the owner before it has learnt that the task has given up:
#
#     B serves the queue: W waits.   A, in this thread, whose wait is W, gives up.   B writes "W owns it".   A, or
#     another task of this thread, comes here.   B claims W, and learns that it was too late.
#
# So a waiter counts as the owner only if it is decided while its wait still has its source: a task that gives up clears
# the source first. And a waiter that is in the hands of B is not seen, neither in the queue nor as the owner: then
# nothing is refused, and a deadlock stays one.
#
# Looking through the queue takes time in proportion to its length. A thread that runs no loop need not look.

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
    """The task of the calling thread that ``owner`` is or stands for; ``None`` unless that is certain."""
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
    """For a call made by an async task: which task, and what to write instead; else nothing."""
    world = worlds.find_async_world()
    if world is None or world[1] is None:
        return ""

    from ._runtime.advice import called_from

    advice = called_from(sys._getframe()).advice
    return f". The call came from {world[1]!r}. {advice}"
