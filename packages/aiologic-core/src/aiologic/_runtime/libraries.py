# SPDX-License-Identifier: ISC
"""The names of the libraries that run the caller."""

from __future__ import annotations

from ..exceptions import BackendError, GreenLibraryNotFoundError
from .detect import worlds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal, overload


def current_green_library(*, failsafe: bool = False) -> str:
    """Return the library that would suspend the caller in a green call.

    Args:
        failsafe: Whether to return ``"threading"`` where this would raise.

    Returns:
        The import name of the green library that runs in this thread now, or
        else ``"threading"``.

    Raises:
        GreenLibraryNotFoundError: The caller runs under a green library that
            has no backend. The message names what to install.
        BackendError: The library has a backend that can't be used.

    Threads:
        The result is about the calling thread.
    """
    try:
        return worlds.green_backend().library
    except (BackendError, GreenLibraryNotFoundError):
        if failsafe:
            return worlds.threads.library
        raise


if TYPE_CHECKING:

    @overload
    def current_async_library(*, failsafe: Literal[False] = False) -> str: ...
    @overload
    def current_async_library(*, failsafe: bool) -> str | None: ...


def current_async_library(*, failsafe: bool = False) -> str | None:
    """Return the library that runs the caller, as a task or as a callback of its loop.

    If one runtime was started inside a task of another, it is the inner one.

    Args:
        failsafe: Whether to return ``None`` where this would raise.

    Returns:
        The import name of the library.

    Raises:
        AsyncLibraryNotFoundError: The caller runs under no async library that
            has a backend. If one is missing, the message names what to install.
        BackendError: The library has a backend that can't be used.

    Threads:
        The result is about the calling thread.
    """
    if failsafe:
        world = worlds.find_async_world()
        return None if world is None else world[0].library
    return worlds.async_world()[0].library
