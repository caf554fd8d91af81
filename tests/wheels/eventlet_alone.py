# SPDX-License-Identifier: ISC
"""Core and the eventlet backend: two hubs take turns, and no other backend is loaded."""

from __future__ import annotations

import sys
import threading

import aiologic
import eventlet

lock = aiologic.Lock()
turns: list[None] = []


def work() -> None:
    for _ in range(100):
        with lock:
            turns.append(None)
            eventlet.sleep(0)


def two_greenlets() -> None:
    greenlets = [eventlet.spawn(work) for _ in range(2)]
    for greenlet in greenlets:
        greenlet.wait()


threads = [threading.Thread(target=two_greenlets) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert len(turns) == 400
assert not {"aiologic_trio", "anyio", "trio", "gevent"} & set(sys.modules)
print("core and eventlet: ok")
