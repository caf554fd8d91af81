# SPDX-License-Identifier: ISC
"""An event loop that is as small as possible: tasks, timers, cancellation, and an entry point for other threads."""

# It stands for the library that your backend serves: nothing in here knows about aiologic. It offers less than your
# library, so its backend has to do everything that a backend may have to do.

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections import deque
from contextlib import suppress
from types import coroutine

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Generator
    from typing import Any

#: The largest number of seconds for a timer.
LONGEST_DELAY = threading.TIMEOUT_MAX / 2
clock = time.monotonic
_here = threading.local()


class Cancelled(BaseException):
    """Thrown into a task, once for each ``cancel()``."""


@coroutine
def suspend() -> Generator[None, None, None]:
    """Yield to the loop until ``resume()`` is called."""
    yield


class Task:
    def __init__(self, loop: Loop, coro: Coroutine[Any, Any, Any]) -> None:
        self.loop, self.coro = loop, coro
        self.masks = 0  # while there are any, a cancellation is delayed
        self.is_suspended, self.is_cancelled, self.is_done = True, False, False

    def resume(self) -> None:
        """In the loop's thread: go on, if suspended."""
        if self.is_suspended:
            self.is_suspended = False
            self.loop.call_soon(self._step)

    def cancel(self) -> None:
        """In the loop's thread: throw Cancelled where the task waits, or will wait next."""
        self.is_cancelled = True
        if not self.masks:
            self.resume()

    def _step(self) -> None:
        _here.task = self
        try:
            if self.is_cancelled and not self.masks:
                self.is_cancelled = False
                self.coro.throw(Cancelled())
            else:
                self.coro.send(None)
        except (StopIteration, Cancelled):
            self.is_done = True
            self.loop.tasks.discard(self)
        else:
            self.is_suspended = True
            if self.is_cancelled and not self.masks:
                self.resume()
        finally:
            _here.task = None


class Loop:
    def __init__(self) -> None:
        self.tasks: set[Task] = set()
        self.is_closed = False
        self._ready: deque[Callable[[], object]] = deque()
        self._timers: list[list[Any]] = []  # [when, number, function], a heap
        self._numbers = itertools.count()
        self._bell = threading.Lock()  # released to interrupt the sleep
        self._bell.acquire()

    def spawn(self, coro: Coroutine[Any, Any, Any]) -> Task:
        task = Task(self, coro)
        self.tasks.add(task)
        task.resume()
        return task

    def call_soon(self, function: Callable[[], object]) -> None:
        """From the loop's own thread."""
        self._ready.append(function)

    def call_soon_threadsafe(self, function: Callable[[], object]) -> None:
        """From anywhere; RuntimeError if the function will not be called because the loop is closed."""
        left = [function]

        def call() -> None:
            left.pop()()

        self._ready.append(call)
        self._ring()
        # The loop may have called the function, and been closed, before we check: then it was not refused.
        if self.is_closed and left:
            self._ready.clear()
            raise RuntimeError("the loop is closed")

    def call_later(self, seconds: float, function: Callable[[], object]) -> list[Any]:
        """From the loop's own thread; pass the result to ``cancel_timer``."""
        if seconds > LONGEST_DELAY:
            raise OverflowError(f"longer than {LONGEST_DELAY} seconds: {seconds}")
        timer = [clock() + seconds, next(self._numbers), function]
        heapq.heappush(self._timers, timer)
        return timer

    def cancel_timer(self, timer: list[Any]) -> None:
        with suppress(ValueError):  # it has already gone off
            self._timers.remove(timer)
            heapq.heapify(self._timers)

    def turn(self) -> None:
        """Run what is ready now; if nothing is, sleep first."""
        if not self._ready:
            until = self._timers[0][0] if self._timers else clock() + LONGEST_DELAY
            self._bell.acquire(timeout=max(0, until - clock()))
        while self._timers and self._timers[0][0] <= clock():
            self.call_soon(heapq.heappop(self._timers)[2])
        for _ in range(len(self._ready)):
            self._ready.popleft()()

    def _ring(self) -> None:
        with suppress(RuntimeError):  # it is already rung
            self._bell.release()


def current_loop() -> Loop | None:
    """The loop that runs in this thread."""
    return getattr(_here, "loop", None)


def current_task() -> Task | None:
    """The task that runs in this thread."""
    return getattr(_here, "task", None)


def run(coro: Coroutine[Any, Any, Any]) -> None:
    """Run a task to its end, and then cancel those that are left."""
    _here.loop = loop = Loop()
    try:
        main = loop.spawn(coro)
        while not main.is_done:
            loop.turn()
        for task in tuple(loop.tasks):
            task.cancel()
        while loop.tasks:
            loop.turn()
    finally:
        _here.loop = None
        loop.is_closed = True
        loop._ready.clear()
