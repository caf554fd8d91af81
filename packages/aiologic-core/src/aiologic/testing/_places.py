# SPDX-License-Identifier: ISC
"""Where a stage's runtime runs: in a thread of its own, or in this thread, with the script in another."""

# Signal handlers run in the main thread only. To see what a handler does to a sleeping runtime, the runtime has to
# sleep in the main thread; so the test has to direct it from another thread.

from __future__ import annotations

import queue
import sys
import threading

from ._stage import LONG

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Job = Callable[[], object]
    Jobs = queue.SimpleQueue["Job | None"]


class _Place(threading.local):
    """Where the stages run that this thread opens; ``None`` means in threads of their own."""

    host: Jobs | None = None


_place = _Place()


class Running:
    """A function that runs in another thread."""

    def __init__(self, function: Job) -> None:
        self._function = function
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        if _place.host is not None:
            _place.host.put(self._run)
            return
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._function()
        finally:
            self._ended.set()

    def has_ended(self) -> bool:
        """Wait until it has ended, and its thread, too; ``False`` if that takes too long."""
        if self._thread is not None:
            self._thread.join(LONG)
            return not self._thread.is_alive()
        return self._ended.wait(LONG)


def beside(script: Callable[[], Any]) -> Any:
    """Run a script in a new thread, and the stage that it opens in this one; return what the script returned."""
    jobs: Jobs = queue.SimpleQueue()
    outcome: list[Any] = []
    errors: list[BaseException] = []

    def direct() -> None:
        _place.host = jobs
        try:
            outcome.append(script())
        except BaseException:  # our caller gets it
            error = sys.exc_info()[1]
            assert error is not None
            errors.append(error)
        finally:
            jobs.put(None)

    director = threading.Thread(target=direct, daemon=True)
    director.start()
    job = jobs.get()
    while job is not None:
        job()
        job = jobs.get()
    director.join(LONG)
    if errors:
        raise errors[0]
    return outcome[0]
