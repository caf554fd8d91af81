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
except ModuleNotFoundError:  # AnyIO does without since 4.12, and supposes asyncio
    sniffio = None


def takes_us_for_asyncio() -> bool:
    """Whether AnyIO works on asyncio in this task of asyncio.

    It does not where the loop runs inside a task of trio, by ``asyncio.run()``
    there. Then its scopes are trio's, and this loop's tasks are in none of them.
    """
    # As AnyIO finds it out.
    if sniffio is None:
        return True
    try:
        return bool(sniffio.current_async_library() == "asyncio")
    except sniffio.AsyncLibraryNotFoundError:
        return False


def shielded_scope() -> CancelScope:
    """A scope that keeps the cancellation of those around it away."""
    return CancelScope(shield=True)
