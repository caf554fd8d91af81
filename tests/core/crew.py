# SPDX-License-Identifier: ISC
"""Threads whose failures fail the test, and which have ended when it ends."""

from __future__ import annotations

import signal
import threading
import time
from contextlib import contextmanager

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

# No test waits that long, unless it fails.
PATIENCE_SECONDS = 20.0


class Member:
    """One thread of a crew."""

    def __init__(self, function: Callable[..., object], args: tuple[Any, ...]) -> None:
        self._function = function
        self._args = args
        self._outcome: object = None
        self._error: BaseException | None = None
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        try:
            self._outcome = self._function(*self._args)
        except (
            BaseException
        ) as error:  # raised again by result(), in the test's own thread
            self._error = error

    def result(self) -> Any:
        """Join the thread; return or raise what its function returned or raised."""
        self.thread.join(PATIENCE_SECONDS)
        assert not self.thread.is_alive(), f"{self._function!r} hangs"
        error, self._error = self._error, None
        if error is not None:
            raise error
        return self._outcome


class Crew:
    """Threads whose failures fail the test, and which have ended when it ends."""

    def __init__(self) -> None:
        self._members: list[Member] = []

    def start(self, function: Callable[..., object], *args: Any) -> Member:
        member = Member(function, args)
        self._members.append(member)
        return member

    def run(self, function: Callable[..., object], *args: Any) -> Any:
        """Have ``function`` run in a thread of its own, now."""
        return self.start(function, *args).result()

    def race(self, *functions: Callable[[], Any]) -> list[Any]:
        """Run all of them at once, each in its own thread; return their results."""
        barrier = threading.Barrier(len(functions))

        def run(function: Callable[[], Any]) -> Any:
            barrier.wait(PATIENCE_SECONDS)
            return function()

        members = [self.start(run, function) for function in functions]
        return [member.result() for member in members]

    def wait_until(self, condition: Callable[[], object]) -> None:
        """Poll until ``condition()`` is true; for states that others bring about."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            assert time.monotonic() < end, "it never came true"
            time.sleep(0.0005)

    def wait_for_waiters(self, primitive: Any, count: int) -> None:
        """Return when ``count`` tasks wait for ``primitive``."""
        self.wait_until(lambda: primitive.waiting == count)

    @contextmanager
    def interrupts(
        self, handle: Callable[[], object], when: Callable[[], object]
    ) -> Iterator[None]:
        """In the block, interrupt the calling thread, the main one, with a handler, once ``when()`` is true."""
        main = threading.get_ident()
        handled: list[bool] = []

        def handle_once(*_: object) -> None:
            if not handled:
                handled.append(True)
                handle()

        def is_sent() -> bool:
            # CPython runs no handler for a signal that comes just before the system call in which it sleeps; so send it
            # until the handler has run.
            signal.pthread_kill(main, signal.SIGINT)
            return bool(handled)

        def interrupt() -> None:
            self.wait_until(when)
            self.wait_until(is_sent)

        before = signal.signal(signal.SIGINT, handle_once)
        try:
            interrupter = self.start(interrupt)
            yield
            interrupter.result()
        finally:
            signal.signal(signal.SIGINT, before)

    def join(self) -> None:
        for member in self._members:
            member.result()
