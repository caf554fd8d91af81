# SPDX-License-Identifier: ISC
"""How asyncio lets other tasks run."""

# A bare yield, as in asyncio.sleep(0), and as AnyIO's own checkpoint is on asyncio. A cancelled task in one of AnyIO's
# scopes notices that here all the same: the scope calls Task.cancel() at each turn of the loop. So AnyIO is not asked.
# It would itself ask which library it runs in, and get another's name if asyncio runs inside that library's task.

from __future__ import annotations

from types import coroutine

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator


@coroutine
def _yield_once() -> Generator[None, None, None]:
    yield


async def checkpoint() -> None:
    """Let every ready task of the loop run once."""
    await _yield_once()
