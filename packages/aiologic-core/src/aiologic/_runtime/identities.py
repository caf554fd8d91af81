# SPDX-License-Identifier: ISC
"""The calling task, and what it runs in: as the libraries' own objects, and as numbers for display."""

# Locks compare identities, which are the libraries' task objects, except for threads (thread_objects.py); detect.py has
# current_green_task() and current_async_task() for locks. The functions of the same names in this file are for users:
# they return a thread as ``threading`` knows it, and everything else as it is. ``Lock.owner`` shows a task as a pair of
# library and number.
#
# The greenlet that a thread began with counts as that thread, here as in locks: it did so before its hub was created.
# What it *runs in* (the token) is the hub from then on.

from __future__ import annotations

from .detect import async_owner, worlds
from .thread_objects import seen_by_users

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def current_green_task() -> Any:
    """Return the calling green task.

    Returns:
        The :class:`threading.Thread`, or the greenlet. The greenlet that a
        thread began with counts as that thread. For a thread that ``threading``
        has not started, an object that lives as long as the thread does.

    Raises:
        GreenLibraryNotFoundError: The thread was said to run a green library
            that has no backend.

    Threads:
        Callable from any thread, signal handler and greenlet.
    """
    return seen_by_users(worlds.green_world()[1])


def current_green_task_ident() -> tuple[str, int]:
    """Return the library and the number of the calling green task, as ``Lock.owner`` shows them.

    The number may be reused for another task once this one has ended. Raises what
    :func:`current_green_task` raises.
    """
    return worlds.describe(worlds.green_world()[1])


def current_green_token() -> Any:
    """Return what the calling green task runs in.

    Returns:
        The hub; for plain threads the same as :func:`current_green_task`. Two
        tasks with the same token are never executed at the same time.

    Raises:
        GreenLibraryNotFoundError: The thread was said to run a green library
            that has no backend.

    Threads:
        Callable from any thread, signal handler and greenlet.
    """
    return seen_by_users(worlds.green_world()[0].current_token())


def current_green_token_ident() -> tuple[str, int]:
    """Return the library and a number for :func:`current_green_token`; raises the same."""
    backend = worlds.green_world()[0]
    token = backend.current_token()
    if worlds.threads.knows(token):
        return worlds.describe(token)
    return backend.library, id(token)


def current_async_task() -> Any:
    """Return the calling async task.

    Returns:
        The library's own object. Inside :func:`shield`, the task that shields
        the call, whichever task the library runs the call in.

    Raises:
        RuntimeError: The caller is a callback of a loop, not a task.
        AsyncLibraryNotFoundError: The caller runs under no async library that
            has a backend.

    Threads:
        The result is about the calling thread.
    """
    return async_owner()[1]


def current_async_task_ident() -> tuple[str, int]:
    """Return the library and the number of the calling async task, as ``Lock.owner`` shows them.

    The number may be reused for another task once this one has ended. Raises what
    :func:`current_async_task` raises.
    """
    backend, task = async_owner()
    return backend.library, id(task)


def current_async_token() -> Any:
    """Return what the calling async task runs in.

    Returns:
        The library's own object (the loop, the run). Two tasks with the same
        token are never executed at the same time. Callbacks have one, too.

    Raises:
        AsyncLibraryNotFoundError: The caller runs under no async library that
            has a backend.

    Threads:
        The result is about the calling thread.
    """
    return worlds.async_world()[0].current_token()


def current_async_token_ident() -> tuple[str, int]:
    """Return the library and a number for :func:`current_async_token`; raises the same."""
    backend = worlds.async_world()[0]
    return backend.library, id(backend.current_token())
