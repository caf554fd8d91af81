# SPDX-License-Identifier: ISC
"""Which libraries are served, as found by one look, and since which change that holds."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .interface import AsyncBackend, GreenBackend


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
        announced: Any,
        asyncs: dict[str, AsyncBackend],
        unannounced: list[AsyncBackend],
        greens: list[GreenBackend],
    ) -> None:
        self.announced = announced
        self.asyncs = asyncs
        self.unannounced = unannounced
        self.greens = greens


class Change:
    """Something was imported, overridden or added."""

    __slots__ = ("served",)  # since then; None until somebody has looked

    def __init__(self) -> None:
        self.served: Served | None = None
