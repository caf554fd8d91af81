# SPDX-License-Identifier: ISC
"""What the tests of eventlet's hubs share."""

from __future__ import annotations

import gc
import os
import threading
from pathlib import Path

import eventlet
import eventlet.hubs
import pytest
from aiologic.testing.harness import LONG

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

ROOT = Path(__file__).parents[3]

#: For tests that leave a hub to itself: on asyncio, eventlet does not end silently then.
an_untidy_end = pytest.mark.filterwarnings(
    "ignore:unclosed event loop:ResourceWarning",
    "ignore::pytest.PytestUnraisableExceptionWarning",
)


def in_new_thread(function: Callable[[], object]) -> Any:
    """Call it in a thread that eventlet has never seen."""
    outcome: list[tuple[object, BaseException | None]] = []

    def call() -> None:
        try:
            outcome.append((function(), None))
        except BaseException as error:
            outcome.append((None, error))

    thread = threading.Thread(target=call, daemon=True)
    thread.start()
    thread.join(LONG)
    assert outcome, "stuck"
    result, error = outcome.pop()
    if error is not None:
        raise error
    return result


def descriptors() -> int:
    """How many are open; 0 if that can't be found out."""
    folder = Path("/proc/self/fd")
    gc.collect()
    return len(os.listdir(folder)) if folder.is_dir() else 0


def end_hub() -> None:
    """End this thread's hub, from its first greenlet, as tidy threads do."""
    hub = eventlet.hubs.get_hub()
    # A hub that does not run can't be aborted, and abort() would wait for ever.
    eventlet.sleep(0)
    hub.abort(wait=True)
    if hasattr(hub, "loop"):  # eventlet leaves it open
        hub.loop.close()
