# SPDX-License-Identifier: ISC
"""Events of different makes, awaited alike."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any


def waiting_for(event: Any) -> Callable[[], Awaitable[object]]:
    """How an event of any make is awaited, as cheaply as it can be."""
    # Ours and its predecessor are awaited themselves.
    return (lambda: event) if hasattr(event, "__await__") else event.wait


def happening(event: Any) -> Callable[[], object]:
    """How an event of any make happens; one that counts down, at once."""
    return getattr(event, "set", None) or event.clear  # type: ignore[no-any-return]
