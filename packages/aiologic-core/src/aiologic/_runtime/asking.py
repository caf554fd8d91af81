# SPDX-License-Identifier: ISC
"""Ways to ask for the current task: certainly nobody, one library, one of several, the innermost of several."""

# Nested runtimes
# ---------------
# asyncio.run() inside a trio task: both have a current task, and sniffio says "trio", which is stale. trio.run() inside
# an asyncio task: both have a current task, sniffio says "trio", which is right. The stack tells them apart: the
# innermost runtime is the one whose task's own coroutine is nearest to us.
#
# That takes microseconds, and is needed only where runtimes really are nested. Libraries that are merely used in the
# same process, each in threads of its own, are told apart by asking each whether it runs here: if only one does, its
# task is certain (only_one).

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import FrameType
    from typing import Optional, Tuple

    from .._engine.waiter import AsyncWaiter
    from .choosing import Choice
    from .interface import AsyncBackend, Backend
    from .overrides import Announcements
    from .served import Change

    AsyncWorld = Tuple[AsyncBackend, Optional[object]]
    Ask = Callable[[], Optional[object]]
    Runs = Callable[[], bool]


def nobody() -> object | None:
    """Ask nobody; the slow path finds out."""
    return None


def is_not_running() -> bool:
    """Take for granted that a library does not run here."""
    return False


def as_announced(
    announcements: Announcements,
    current_task: Callable[[], object | None],
    is_running: Callable[[], bool],
    named: dict[str, Callable[[], object | None]],
) -> Callable[[], object | None]:
    """Ask those that never announce themselves, or the one that did.

    Args:
        announcements: sniffio's thread-local.
        current_task: Asks those that never announce themselves.
        is_running: Whether any of them runs in this thread.
        named: By name: functions that ask those that announce themselves.

    Returns:
        A function that returns the current task where that is certain. Where it
        is not, it returns ``None``, or raises RuntimeError if that is how the
        library says it. It makes no more calls than needed.
    """

    def certain_task() -> object | None:
        name = announcements.name
        if name is None:
            return current_task()
        if is_running() or name not in named:
            return None  # which of the two is the inner one?
        return named[name]()

    return certain_task


def due_if_announced(
    choice: Choice,
    change: Change,
    announcements: Announcements,
    backend: AsyncBackend,
    others_run: Callable[[], bool],
) -> Callable[[], AsyncBackend | None]:
    """Ask whether a call is a checkpoint, where that depends only on whether a task of one library makes it.

    Args:
        choice: Tells what the latest change is, and how to find out otherwise.
        change: The one since which this holds.
        announcements: sniffio's thread-local.
        backend: Serves the library all of whose calls are checkpoints. It
            announces itself.
        others_run: Whether a library that never announces itself runs in this
            thread.

    Returns:
        A function that returns the backend, or ``None``.
    """
    library = backend.library
    current_task = backend.current_task

    def checkpoint_due() -> AsyncBackend | None:
        # A look that has been overtaken may publish this function after what is newer (choosing.py).
        if choice.change is change:
            name = announcements.name
            if name is None:
                return None
            try:
                # The task, not just its library: a coroutine that is driven by hand while the library runs no task has
                # none, and must not be asked to let others run (trio's instruments).
                if (
                    name == library
                    and not others_run()  # which of the two would be the inner one?
                    and current_task() is not None
                ):
                    return backend
            except RuntimeError:  # the library's way to say "no task"
                pass
        return choice.find_checkpoint_due()

    return checkpoint_due


def waiter_if_silent(
    announcements: Announcements,
    create_waiter: Callable[[], AsyncWaiter],
    otherwise: Callable[[], AsyncWaiter],
) -> Callable[[], AsyncWaiter]:
    """Make a waiter of the one library that never announces itself, unless another has.

    Args:
        announcements: sniffio's thread-local.
        create_waiter: That library's function.
        otherwise: Finds out who runs here.
    """

    def quick_waiter() -> AsyncWaiter:
        return create_waiter() if announcements.name is None else otherwise()

    return quick_waiter


def only_one(libraries: Sequence[tuple[Runs, Ask]]) -> tuple[Runs, Ask]:
    """Ask several libraries, at most one of which is expected to run here.

    Args:
        libraries: For each, functions that tell whether it runs in this thread,
            and its current task.

    Returns:
        The same for all of them together: whether any runs in this thread; and
        the task of the one that does, ``None`` (or RuntimeError, if that is how
        the last one says it) where none does, or several do.
    """
    one_runs, one_task = libraries[0]
    if len(libraries) == 1:
        return one_runs, one_task
    others_run, others_task = only_one(libraries[1:])

    def any_runs() -> bool:
        return one_runs() or others_run()

    def only_task() -> object | None:
        if one_runs():
            return None if others_run() else one_task()
        return others_task()

    return any_runs, only_task


def any_one(libraries: Sequence[tuple[Runs, Ask]]) -> Ask:
    """Ask several libraries for the task of any of them.

    Returns:
        A function that returns the current task of the first that runs in this
        thread, be it inside or outside of the others; where none does, what the
        last one says.
    """
    one_runs, one_task = libraries[0]
    if len(libraries) == 1:
        return one_task
    any_other = any_one(libraries[1:])

    def any_task() -> object | None:
        return one_task() if one_runs() else any_other()

    return any_task


def task_of(backend: Backend) -> object | None:
    """The backend's current task, ``None`` if it has none here."""
    try:
        return backend.current_task()
    except RuntimeError:  # the library's way to say "not here"
        return None


def innermost(tasks: list[AsyncWorld], named: AsyncBackend | None) -> AsyncWorld:
    """Of several current tasks, the one that runs the caller; ``named`` breaks a tie."""
    # The frames are kept while we compare: otherwise each would be created anew, at another address.
    roots = [(backend.root_frame(task), (backend, task)) for backend, task in tasks]
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        for root, world in roots:
            if frame is root:
                return world
        frame = frame.f_back
    # Compiled coroutines have no frames: then the announced one, else the first.
    return next((world for world in tasks if world[0] is named), tasks[0])
