# SPDX-License-Identifier: ISC
"""Thread-locals by which a user, or a library, says which world a thread is in."""

from __future__ import annotations

import sys

from .unpatched import local

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    class Announcements(Protocol):
        """Where a library says that it runs this thread: sniffio's thread-local, or an override."""

        @property
        def name(self) -> str | None: ...

        @name.setter
        def name(self, name: str | None) -> None: ...


class _Name(local):
    name: str | None = None


class LibraryOverride:
    """Which library runs this thread: ``name``, or ``None`` to find out.

    A name stands until it is set to something else; set it back to what it was
    when the library stops running the thread.
    """

    __slots__ = ("_changed", "_local", "was_used")

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._local = _Name()
        # By any thread, ever; while not, nobody needs to look.
        self.was_used: bool = False

    @property
    def name(self) -> str | None:
        """The library's import name; per thread."""
        return self._local.name

    @name.setter
    def name(self, name: str | None) -> None:
        self._set(name)

    def _set(self, name: str | None) -> None:
        if name is not None and not isinstance(name, str):
            raise TypeError(f"name must be a string or None, got {name!r}")
        self._keep(name)
        if not self.was_used:
            self.was_used = True
            self._changed()

    def _keep(self, name: str | None) -> None:
        self._local.name = name


class AsyncLibraryOverride(LibraryOverride):
    """The same, shared with sniffio where that is imported.

    Libraries that announce themselves write into sniffio's thread-local, so a
    name that is found there counts as if it had been set here.
    """

    # The last writer is right: a run that begins inside announces itself, and restores what it found when it ends. If a
    # name of our own had precedence over sniffio's, its tasks would be taken for those of the loop around them. So ours
    # is kept only where there is no sniffio yet, and counts only as long as nobody has written there.

    __slots__ = ()

    @property
    def name(self) -> str | None:
        """The library's import name; per thread."""
        name: str | None = getattr(find_announcements(), "name", None)
        return self._local.name if name is None else name

    @name.setter
    def name(self, name: str | None) -> None:
        self._set(name)

    def _keep(self, name: str | None) -> None:
        announcements = find_announcements()
        if announcements is None:
            self._local.name = name
        else:
            announcements.name = name
            self._local.name = None  # only now: otherwise a handler would find neither


def find_announcements() -> Announcements | None:
    """The thread-local of sniffio, where that is imported."""
    # A module that is still being imported, or a stub, may lack it: then nobody can have announced itself.
    found: Announcements | None = getattr(
        sys.modules.get("sniffio"), "thread_local", None
    )
    return found
