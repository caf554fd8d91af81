# SPDX-License-Identifier: ISC
"""AnyIO's scopes on asyncio; imported only once AnyIO is."""

from __future__ import annotations

from anyio import CancelScope
from anyio.lowlevel import checkpoint_if_cancelled as checkpoint_if_cancelled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    sniffio: Any

try:
    import sniffio
except ModuleNotFoundError:  # AnyIO since 4.12 works without it, and assumes asyncio
    sniffio = None


def takes_us_for_asyncio() -> bool:
    """Whether AnyIO works on asyncio in this task of asyncio.

    It does not if the loop runs inside a task of trio that called
    ``asyncio.run()``. Then AnyIO's scopes are trio's, and none of this loop's
    tasks is in them.
    """
    # The way in which AnyIO finds out.
    if sniffio is None:
        return True
    try:
        return bool(sniffio.current_async_library() == "asyncio")
    except sniffio.AsyncLibraryNotFoundError:
        return False


def shielded_scope() -> CancelScope:
    """A scope that keeps away the cancellation of the scopes around it."""
    return CancelScope(shield=True)
