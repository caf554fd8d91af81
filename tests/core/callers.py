# SPDX-License-Identifier: ISC
"""Tasks that carry out one operation after the other: the same test for green and async ones."""

from __future__ import annotations

from .crew import PATIENCE_SECONDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from concurrent.futures import ThreadPoolExecutor
    from typing import Any

    from .hand_driven import HandWorld


class GreenCaller:
    """A thread that carries out one operation after the other."""

    prefix = "green_"

    def __init__(self, thread: ThreadPoolExecutor) -> None:
        self._thread = thread

    def call(self, function: Callable[..., Any], *args: Any, **options: Any) -> Any:
        future = self._thread.submit(function, *args, **options)
        return future.result(PATIENCE_SECONDS)


class AsyncCaller:
    """A task that does the same; if it has to wait, and was not woken by then, it times out at once."""

    prefix = "async_"

    def __init__(self, world: HandWorld) -> None:
        self._world = world
        self._task = world.spawn(_finished())

    def call(self, function: Callable[..., Any], *args: Any, **options: Any) -> Any:
        with self._world.runs(self._task):
            outcome = function(*args, **options)
            if not hasattr(outcome, "send"):
                return outcome
            try:
                waiter = outcome.send(None)
                is_woken = waiter.unparked
                assert is_woken or waiter.timeout is not None, "it waits for ever"
                outcome.send(is_woken)
            except StopIteration as stop:
                return stop.value
        raise AssertionError("it waits once more")


async def _nothing() -> None:
    """The coroutine of a caller's task, which does nothing by itself."""


def _finished() -> Coroutine[Any, Any, None]:
    coroutine = _nothing()
    coroutine.close()
    return coroutine


class Caller:
    """One task, green or async, that uses a primitive step by step."""

    def __init__(self, caller: GreenCaller | AsyncCaller) -> None:
        self._caller = caller
        self.prefix = caller.prefix

    def __getattr__(self, name: str) -> Callable[..., Any]:
        # caller.acquire(lock, timeout=1) is lock.green_acquire(timeout=1), or lock.async_acquire(timeout=1).
        def call(primitive: object, *args: Any, **options: Any) -> Any:
            method = getattr(primitive, self.prefix + name)
            return self._caller.call(method, *args, **options)

        return call
