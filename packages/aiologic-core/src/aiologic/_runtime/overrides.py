# SPDX-License-Identifier: ISC
"""Thread-locals by which a user, or a library, says which world a thread is in."""

from __future__ import annotations

import sys

from .unpatched import local

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


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
        self.was_used = False  # by any thread, ever; while not, nobody needs to look

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
        self._local.name = name
        if not self.was_used:
            self.was_used = True
            self._changed()


class AsyncLibraryOverride(LibraryOverride):
    """The same, shared with sniffio where that is imported.

    Libraries that announce themselves write into sniffio's thread-local, so a
    name that is found there counts as if it had been set here.
    """

    __slots__ = ()

    @property
    def name(self) -> str | None:
        """The library's import name; per thread."""
        name = self._local.name
        if name is None:
            sniffio = sys.modules.get("sniffio")
            if sniffio is not None:
                # A module that is still being imported, or a stub, may lack it: then nobody can have set it.
                local = getattr(sniffio, "thread_local", None)
                name = getattr(local, "name", None)
        return name

    @name.setter
    def name(self, name: str | None) -> None:
        self._set(name)
        sniffio = sys.modules.get("sniffio")
        if sniffio is not None:
            sniffio.thread_local.name = name
