# SPDX-License-Identifier: ISC
"""A signal handler puts into a queue.Queue in the middle of a put: it waits for its own thread."""

from __future__ import annotations

import os
import queue
import signal
import threading


class Interrupted(queue.Queue):  # type: ignore[type-arg]
    """A queue during whose operation the signal comes."""

    def _put(self, item: object) -> None:
        if item == "item":
            os.kill(os.getpid(), signal.SIGTERM)
        super()._put(item)


items = Interrupted()
enters, leaves = threading.Event(), threading.Event()


def handler(*_: object) -> None:
    enters.set()
    items.put("from the handler")
    leaves.set()


def watch() -> None:
    enters.wait(5)
    if not leaves.wait(0.5):
        print("the handler waits for its own thread")
    os._exit(0)


signal.signal(signal.SIGTERM, handler)
threading.Thread(target=watch).start()
items.put("item")
