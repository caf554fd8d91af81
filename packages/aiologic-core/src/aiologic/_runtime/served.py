# SPDX-License-Identifier: ISC
"""Which libraries are served, as found by one look, and since which change that holds."""

from __future__ import annotations

from . import activation
from .interface import AsyncBackend, GreenBackend

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from .overrides import Announcements
    from .registry import Registry


class Served:
    """Who is served, as found by one look. Never changed."""

    __slots__ = (
        "announced",  # whose ``name`` says which async library runs this thread
        "asyncs",  # by library
        "greens",  # threads are not among them
        "unannounced",  # those of ``asyncs`` that must be asked each time
    )

    def __init__(
        self,
        announced: Announcements,
        asyncs: dict[str, AsyncBackend],
        unannounced: list[AsyncBackend],
        greens: list[GreenBackend],
    ) -> None:
        self.announced: Announcements = announced
        self.asyncs: dict[str, AsyncBackend] = asyncs
        self.unannounced: list[AsyncBackend] = unannounced
        self.greens: list[GreenBackend] = greens


class Change:
    """Something was imported, overridden or added."""

    __slots__ = ("served",)  # since then; None until somebody has looked

    def __init__(self) -> None:
        self.served: Served | None = None


def active(
    registry: Registry, look_again: Callable[[], None]
) -> tuple[dict[str, AsyncBackend], list[GreenBackend], bool]:
    """Look which libraries are imported, and load their backends.

    Args:
        registry: Which backends there are.
        look_again: Called when another library is imported.

    Returns:
        The async backends, by library; the green ones, without threads; and
        whether these are all. If not, a library is only half imported, and
        nothing tells when it is complete.
    """
    registry.discover()
    entries = registry.entries
    activation.watch([*entries, "sniffio"] if entries else [], look_again)
    # A library that is half imported can't be served yet, and nothing tells when its import is complete: the next caller
    # looks again. Checked after the watch, because another thread's import may begin at any time, and only one that
    # begins from here on is noticed. The watch skips libraries that it finds half imported: if that import has failed
    # since, the next one is not noticed.
    halves = {
        entry.name
        for entry in [*entries.values()]
        if entry.is_being_imported
        or not (
            entry.is_settled or entry.is_imported or activation.is_watched(entry.name)
        )
    }
    asyncs: dict[str, AsyncBackend] = {}
    greens: list[GreenBackend] = []
    for entry in list(entries.values()):
        if entry.backend is None and (entry.name in halves or not entry.is_imported):
            # It may have been complete until now, and then taken away: no hook was set that would notice its next
            # import.
            if not (entry.is_settled or activation.is_watched(entry.name)):
                halves.add(entry.name)
            continue
        backend = registry.load(entry)
        if isinstance(backend, AsyncBackend):
            asyncs[backend.library] = backend
        elif isinstance(backend, GreenBackend):
            greens.append(backend)
    return asyncs, greens, not halves
