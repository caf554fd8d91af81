# SPDX-License-Identifier: ISC
"""Notice libraries that are imported later on, by import hooks of wrapt."""

# "Imported" is not "running": what is noticed here only determines which libraries to ask from now on. A hook records
# the name and does nothing else, because an exception in it would make the user's own import fail, and the module may
# still be half initialised when it runs. wrapt itself is imported only if there is something to wait for: since 2.2 it
# imports asyncio.

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class _Hook:
    """Notices one import. wrapt does not keep a hook that it has called."""

    __slots__ = ("_imported", "was_called")

    def __init__(self, imported: Callable[[], None]) -> None:
        self._imported = imported
        self.was_called = False

    def __call__(self, _module: object) -> None:
        self.was_called = True
        self._imported()


# The latest hook for each name.
_watched: dict[str, _Hook] = {}


def watch(names: Iterable[str], imported: Callable[[], None]) -> None:
    """Call ``imported`` after each of ``names`` that is imported from now on.

    Args:
        names: Import names; those that are imported already are passed over.
        imported: Is called in the importing thread. Must not raise.
    """
    awaited = [
        name
        for name in names
        # None there means "must not be imported", and may be taken away again.
        if sys.modules.get(name) is None and not is_watched(name)
    ]
    if not awaited:
        return

    import wrapt

    for name in awaited:
        hook = _Hook(imported)
        # Some releases of wrapt have types without this name.
        wrapt.when_imported(name)(hook)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
        # Only now: otherwise a name would never be watched if a signal handler interrupts this. If its import has begun
        # since we looked, wrapt has called the hook at once.
        _watched[name] = hook


def is_watched(name: str) -> bool:
    """Whether an import of that name that begins now will be noticed."""
    hook = _watched.get(name)
    # After its hook was called, an import may still fail (in a hook of somebody else), or the module may be taken out of
    # sys.modules. Then the next import is one to be noticed, and needs a hook of its own.
    return hook is not None and not hook.was_called
