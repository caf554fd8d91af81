# SPDX-License-Identifier: ISC
"""How to await, and to set, events of different libraries."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any


def waiting_for(event: Any) -> Callable[[], Awaitable[object]]:
    """How to await an event of any library, as cheaply as possible."""
    # Our events, and those of 0.17.1, can be awaited directly.
    return (lambda: event) if hasattr(event, "__await__") else event.wait


def happening(event: Any) -> Callable[[], object]:
    """How to make an event of any library happen; one that counts down, in one call."""
    return getattr(event, "set", None) or event.clear  # type: ignore[no-any-return]
