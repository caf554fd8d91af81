# SPDX-License-Identifier: ISC
"""How asyncio lets others run."""

from __future__ import annotations

import sys
from types import coroutine

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator

modules = sys.modules


@coroutine
def _yield_once() -> Generator[None, None, None]:
    yield


async def checkpoint() -> None:
    """Let every ready task of the loop run once.

    Where AnyIO is imported, a task in one of its scopes may be cancelled for
    good, and must hear of it at each checkpoint: AnyIO's own one tells it.
    """
    if "anyio" in modules:
        from ._anyio import checkpoint as anyio_checkpoint

        await anyio_checkpoint()
    else:
        await _yield_once()
