# SPDX-License-Identifier: ISC
"""Who calls, and what it runs in: the libraries' own objects, and numbers for display."""

# Locks compare identities, which are the libraries' task objects, save for threads (thread_objects.py); for them,
# detect.py has current_green_task() and current_async_task(). Those here, of the same names, are for users: they show
# a thread as ``threading`` knows it, and all else as it is. A pair of name and number is what ``Lock.owner`` shows of
# them.
#
# The greenlet that a thread began with is that thread, here as in locks: it was so before its hub came to be. What it
# *runs in* (the token) is the hub from then on.

from __future__ import annotations

from .detect import async_owner, worlds
from .thread_objects import seen_by_users

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def current_green_task() -> Any:
    """The green task that calls.

    Returns:
        The :class:`threading.Thread`, or the greenlet. The greenlet that a
        thread began with counts as that thread. A thread that ``threading`` has
        not started is stood for by an object that lives as long as it does.

    Raises:
        GreenLibraryNotFoundError: The thread was said to run a green library
            that has no backend.

    Threads:
        Callable from any thread, signal handler and greenlet.
    """
    return seen_by_users(worlds.green_world()[1])


def current_green_task_ident() -> tuple[str, int]:
    """The library and the number of the green task that calls, as ``Lock.owner`` shows them.

    The number is given to another task once this one has ended. Raises what
    :func:`current_green_task` raises.
    """
    return worlds.describe(worlds.green_world()[1])


def current_green_token() -> Any:
    """What the green task that calls runs in.

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
    """The library and a number of :func:`current_green_token`, which raises the same."""
    backend = worlds.green_world()[0]
    token = backend.current_token()
    if worlds.threads.knows(token):
        return worlds.describe(token)
    return backend.library, id(token)


def current_async_task() -> Any:
    """The async task that calls.

    Returns:
        The library's own object. Inside :func:`shield` it is the task that
        shields its call, whichever task the library runs that in.

    Raises:
        RuntimeError: The caller is a callback of a loop, not a task.
        AsyncLibraryNotFoundError: The caller runs under no async library that
            has a backend.

    Threads:
        The answer is the calling thread's own.
    """
    return async_owner()[1]


def current_async_task_ident() -> tuple[str, int]:
    """The library and the number of the async task that calls, as ``Lock.owner`` shows them.

    The number is given to another task once this one has ended. Raises what
    :func:`current_async_task` raises.
    """
    backend, task = async_owner()
    return backend.library, id(task)


def current_async_token() -> Any:
    """What the async task that calls runs in.

    Returns:
        The library's own object (the loop, the run). Two tasks with the same
        token are never executed at the same time. Callbacks have one, too.

    Raises:
        AsyncLibraryNotFoundError: The caller runs under no async library that
            has a backend.

    Threads:
        The answer is the calling thread's own.
    """
    return worlds.async_world()[0].current_token()


def current_async_token_ident() -> tuple[str, int]:
    """The library and a number of :func:`current_async_token`, which raises the same."""
    backend = worlds.async_world()[0]
    return backend.library, id(backend.current_token())
