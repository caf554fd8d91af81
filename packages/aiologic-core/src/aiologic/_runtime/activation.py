# SPDX-License-Identifier: ISC
"""Hear of libraries that are imported later on. The only file that uses wrapt."""

# "Imported" is not "running": what is heard here only says whom to ask from now on. A hook records the name and does
# nothing else, for an exception in it would make the user's own import fail, and the module may still be half made
# when it runs. wrapt itself is imported only where there is something to wait for: since 2.2 it brings asyncio along.

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_watched: set[str] = set()


def watch(names: Iterable[str], imported: Callable[[], None]) -> None:
    """Call ``imported`` after each of ``names`` that is imported from now on.

    Args:
        names: Import names; those that are imported already are passed over.
        imported: Is called in the importing thread. Must not raise.
    """
    awaited = [
        name
        for name in names
        # None stands there for "must not be imported", and may be taken away again.
        if sys.modules.get(name) is None and name not in _watched
    ]
    if not awaited:
        return

    import wrapt

    called: set[str] = set()

    def hook_of(name: str) -> Callable[[object], None]:
        def record(_module: object) -> None:
            called.add(name)
            imported()

        return record

    for name in awaited:
        # Some releases of wrapt have types without this name.
        wrapt.when_imported(name)(hook_of(name))  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
        # Not before: else one that a handler interrupts would never be. And not what has begun to be imported since we
        # looked: wrapt has called the hook at once and does not keep it, and that import may fail.
        if name not in called:
            _watched.add(name)


def is_watched(name: str) -> bool:
    """Whether an import of that name that begins now is heard of."""
    return name in _watched
