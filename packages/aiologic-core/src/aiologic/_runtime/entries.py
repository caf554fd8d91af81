# SPDX-License-Identifier: ISC
"""One entry point of a backend: which library it serves, whether that is imported, and the result of loading it."""

# Several threads, or a thread and its own signal handler, may load an entry at the same time. Then all do the work,
# which has no effect elsewhere, and the first outcome stays (dict.setdefault is one step).

from __future__ import annotations

import sys

from .environment import tell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from importlib.metadata import EntryPoint

    from .interface import Backend

# The locks of the imports in progress (or finished ones, where objects are freed late), by module name; weakly.
_import_locks: dict[str, Callable[[], object]] = getattr(
    sys.modules.get("_frozen_importlib"), "_module_locks", {}
)


def _no_lock() -> None:
    return None


class Entry:
    """One name in the entry point group, and what became of it."""

    __slots__ = (
        "_outcome",  # the result of loading it, under the only key True
        "distributions",
        "name",
        "point",  # the one that is loaded; None if there is none
    )

    def __init__(self, name: str) -> None:
        self.name: str = name
        self.point: EntryPoint | None = None
        self.distributions: list[str] = []
        self._outcome: dict[bool, tuple[Backend | None, str | None]] = {}

    @property
    def target(self) -> str:
        """The module of its plugin."""
        return "" if self.point is None else self.point.value

    @property
    def backend(self) -> Backend | None:
        """The backend, once it is loaded and can be used."""
        return self._outcome.get(True, (None, None))[0]

    @property
    def error(self) -> str | None:
        """Why it can't be used, once that is known: a sentence for its user."""
        return self._outcome.get(True, (None, None))[1]

    @property
    def is_settled(self) -> bool:
        """Whether it has been loaded, with whatever outcome."""
        return True in self._outcome

    def settle(self, backend: Backend | None, error: str | None) -> None:
        """Remember what became of it; the first outcome stays."""
        outcome = (backend, error)
        if self._outcome.setdefault(True, outcome) is outcome:
            if error is None:
                kind = type(backend)
                tell(
                    f"{self.name!r} is served by {kind.__module__}.{kind.__qualname__}"
                )
            else:
                tell(f"{self.name!r} is not served: {error}")

    @property
    def is_imported(self) -> bool:
        """Whether the library that it serves is completely imported."""
        # None in sys.modules means "must not be imported", by which test suites pretend that something is not
        # installed.
        module = sys.modules.get(self.name)
        # Looked up twice, because of this: we find a module that another thread is importing; that import fails; we find
        # that no import is under way. A plugin that was loaded then would miss its library, and be refused for good.
        return (
            module is not None
            and not self.is_being_imported
            and sys.modules.get(self.name) is module
        )

    @property
    def is_being_imported(self) -> bool:
        """Whether the import of the library that it serves has begun, and not ended."""
        # PRIVATE-API CPython 3.8 to 3.14: what the interpreter itself goes by; guarded by
        # tests/core/runtime/test_first_use.py. The lock is held from the search for the module on: a hook that is set
        # after that is not called.
        lock = _import_locks.get(self.name, _no_lock)()
        if getattr(lock, "owner", None) is not None:
            return True
        spec = getattr(sys.modules.get(self.name), "__spec__", None)
        return getattr(spec, "_initializing", False) is True
