# SPDX-License-Identifier: ISC
"""What the tests of gevent's hubs share."""

from __future__ import annotations

import gc
import os
import threading
from pathlib import Path

from aiologic._runtime.detect import worlds
from aiologic.testing.harness import LONG

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

ROOT = Path(__file__).parents[3]


class Stranger(Exception):  # noqa: N818
    """Thrown by somebody."""


def in_new_thread(function: Callable[[], object]) -> Any:
    """Call it in a thread that gevent has never seen, and leave it to gevent what becomes of that thread."""
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


def in_hub(make_hub: Callable[[], Any], function: Callable[[Any], object]) -> Any:
    """Call it in a new thread with its hub, which is destroyed afterwards if it still exists."""

    def call() -> object:
        hub = make_hub()
        try:
            return function(hub)
        finally:
            if hub.loop is not None:
                hub.destroy(destroy_loop=True)

    return in_new_thread(call)


def shield(function: Callable[[], Any]) -> Any:
    """The backend's service, for the current greenlet."""
    return worlds.green_world()[0].shield(function)


def descriptors() -> int:
    """How many are open; 0 if that can't be found out."""
    folder = Path("/proc/self/fd")
    gc.collect()
    return len(os.listdir(folder)) if folder.is_dir() else 0
