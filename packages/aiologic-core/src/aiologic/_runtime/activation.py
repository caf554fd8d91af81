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
        # None there means "must not be imported", and may be taken away again.
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
        # Only now: otherwise a name would never be watched if a signal handler interrupts this. And not a name whose
        # import has begun since we looked: wrapt has called the hook at once and does not keep it, and that import may
        # fail.
        if name not in called:
            _watched.add(name)


def is_watched(name: str) -> bool:
    """Whether an import of that name that begins now is heard of."""
    return name in _watched
