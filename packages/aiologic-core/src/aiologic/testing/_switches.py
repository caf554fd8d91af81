# SPDX-License-Identifier: ISC
"""Count how often a task yields to its loop."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator
    from typing import Any


class Counted:
    """Awaits something on behalf of its caller, and counts how often it yields to the loop.

    Args:
        awaitable: What to await.
        before_switch: Called each time, in the step that is about to yield.
    """

    def __init__(
        self,
        awaitable: Awaitable[Any],
        before_switch: Callable[[], object] = lambda: None,
    ) -> None:
        self._awaitable = awaitable
        self._before_switch = before_switch
        self.switches: int = 0

    def __await__(self) -> Generator[Any, Any, Any]:
        inner = _awaits(self._awaitable).__await__()
        answer: Any = None
        step: Callable[[Any], Any] = inner.send
        while True:
            try:
                request = step(answer)
            except StopIteration as end:
                return end.value
            self.switches += 1
            self._before_switch()
            try:
                answer = yield request
                step = inner.send
            except BaseException:  # pass it on to the awaitable
                answer = sys.exc_info()[1]
                step = inner.throw


async def _awaits(awaitable: Awaitable[Any]) -> Any:
    """Await it: generators made by ``types.coroutine`` can be awaited, but have no ``__await__``."""
    return await awaitable


async def switches_of(awaitable: Awaitable[Any]) -> tuple[Any, int]:
    """Await something; return its result, and how often it yielded to the loop."""
    counted = Counted(awaitable)
    return await counted, counted.switches
