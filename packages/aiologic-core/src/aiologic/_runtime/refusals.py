# SPDX-License-Identifier: ISC
"""Errors for tasks that no backend serves: they tell the reason, and the command that fixes it."""

from __future__ import annotations

import sys

from .. import exceptions
from .hints import ASYNC_LIBRARIES, GREEN_LIBRARIES, install_line, unserved
from .registry import NARROWED_BY
from .threads import ThreadBackend

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    from .registry import Registry

GREENLET = "greenlet"


def refuse_async(registry: Registry, name: str | None) -> NoReturn:
    """Say why no async backend serves the caller.

    Args:
        registry: What is installed.
        name: The library that was said to be running, if any.
    """
    _raise_broken(registry, name, but=GREEN_LIBRARIES)
    text = "unknown async library, or not in async context"
    if name is not None and name in registry.entries:
        text += f"; {name!r} is said to run here, and does not"
    elif name == ThreadBackend.library:
        text = f"{name!r} is no async library"
    elif name is not None:
        text = f"unsupported async library {name!r}: {_how_to_serve(registry, name)}"
    else:
        missing = unserved(ASYNC_LIBRARIES, set(registry.entries))
        if missing:
            text += f"; {_why_unserved(registry, missing)}"
    raise exceptions.AsyncLibraryNotFoundError(text)


def refuse_green(registry: Registry, name: str) -> NoReturn:
    """Say why no green backend serves the caller, which was said to run under ``name``."""
    _raise_broken(registry, name)
    if name in registry.entries:
        raise exceptions.GreenLibraryNotFoundError(f"{name!r} is no green library")
    raise exceptions.GreenLibraryNotFoundError(
        f"unsupported green library {name!r}: {_how_to_serve(registry, name)}"
    )


def refuse_unserved_greenlet(registry: Registry) -> None:
    """Raise if the caller, which is about to block its thread, is a greenlet that no backend serves."""
    greenlet = sys.modules.get(GREENLET)
    if greenlet is None or greenlet.getcurrent().parent is None:
        return
    _raise_broken(registry, None, but=ASYNC_LIBRARIES)
    missing = unserved(GREEN_LIBRARIES, set(registry.entries))
    # Other users of greenlets (such as bridges from async to sync code) have no hub: there, blocking is right.
    if missing:
        raise exceptions.GreenLibraryNotFoundError(_why_unserved(registry, missing))


def _how_to_serve(registry: Registry, library: str) -> str:
    if library in registry.left_out:  # installing it would not help
        return _why_unserved(registry, [library])
    return install_line([library])


def _why_unserved(registry: Registry, libraries: list[str]) -> str:
    """Why there are no backends for ``libraries``, and how to get them."""
    left_out = [name for name in libraries if name in registry.left_out]
    missing = [name for name in libraries if name not in registry.left_out]
    reasons: list[str] = []
    if left_out:
        named = ",".join(registry.narrowed_to or ())
        reasons.append(
            f"the backend for {', '.join(left_out)} is installed, and left out by the"
            f" environment variable {NARROWED_BY}={named}"
        )
    if missing:
        reasons.append(
            f"no backend is installed for {', '.join(missing)}: {install_line(missing)}"
        )
    return "; ".join(reasons)


def _raise_broken(
    registry: Registry, name: str | None, but: tuple[str, ...] = ()
) -> None:
    """Raise if a backend that could have served the caller can't be used.

    Args:
        registry: What is installed.
        name: The library that runs the caller; ``None`` if it may be any that
            is imported.
        but: Libraries that it can't be, because they are of the other kind.
    """
    broken = [
        entry.error
        for entry in registry.entries.values()
        if entry.error is not None
        and (
            entry.name == name
            or (name is None and entry.is_imported and entry.name not in but)
        )
    ]
    if broken:
        raise exceptions.BackendError("; ".join(broken))
