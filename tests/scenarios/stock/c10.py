# SPDX-License-Identifier: ISC
# mypy: disable-error-code="no-untyped-call, unused-ignore"
"""A greenlet of gevent waits for what a native thread will put into gevent's own queue: gevent gives up."""

from __future__ import annotations

import os
import threading

import gevent.exceptions
import gevent.queue

queue = gevent.queue.Queue()  # type: ignore[var-annotated]
begins = threading.Event()


def put() -> None:
    begins.wait()
    queue.put("item")


threading.Thread(target=put, daemon=True).start()
try:
    print(queue.get())
except gevent.exceptions.LoopExit as error:
    print(str(error).splitlines()[0])
os._exit(0)
