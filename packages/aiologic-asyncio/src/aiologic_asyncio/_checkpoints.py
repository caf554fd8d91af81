# SPDX-License-Identifier: ISC
"""How asyncio lets others run."""

# A bare yield, as asyncio.sleep(0) makes it, and as AnyIO's own checkpoint is on asyncio. A task in one of AnyIO's
# scopes that is cancelled hears of it there all the same: the scope calls Task.cancel() at each turn of the loop. So
# AnyIO is not asked. It would ask in its turn in which library it is, and get another's name where asyncio runs inside
# that library's task.

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
