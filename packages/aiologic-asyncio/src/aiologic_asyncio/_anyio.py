# SPDX-License-Identifier: ISC
"""AnyIO's scopes on asyncio; imported only once AnyIO is."""

from __future__ import annotations

from anyio import CancelScope
from anyio.lowlevel import (
    checkpoint as checkpoint,
    checkpoint_if_cancelled as checkpoint_if_cancelled,
)


def shielded_scope() -> CancelScope:
    """A scope that keeps the cancellation of those around it away."""
    return CancelScope(shield=True)
