# SPDX-License-Identifier: ISC
"""eventlet: a hub in a thread."""

# While eventlet is imported, it makes a green copy of every module that imports sockets, and one of them may be trio,
# which breaks (trio #3015). If trio was imported before, it is left alone. So in a process with several worlds,
# eventlet must only be imported through this file.

from __future__ import annotations

import os
from collections import deque
from contextlib import suppress
from functools import partial

with suppress(ImportError):
    import trio  # noqa: F401

import eventlet
import eventlet.event
import eventlet.hubs
import eventlet.queue
from aiologic.testing.harness import CANCELLED, Call, GreenletStage, World
from greenlet import GreenletExit, getcurrent, greenlet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Deque

    Functions = Deque[Callable[[], object]]


class EventletMailbox:
    def __init__(self) -> None:
        self._queue: Any = eventlet.queue.LightQueue()

    def put(self, call: Call | None) -> None:
        self._queue.put_nowait(call)

    def get(self) -> Any:
        return self._queue.get()


class Pipe:
    """A thread-safe way into a hub that does not use what is tested; its functions are called by the hub itself."""

    def __init__(self, hub: Any) -> None:
        self._hub = hub
        self._functions: Functions = deque()
        self._reader, self._writer = os.pipe()
        self._listener = hub.add(
            hub.READ, self._reader, self._come_in, self._come_in, int
        )

    def call_soon(self, function: Callable[[], object]) -> None:
        self._functions.append(function)
        os.write(self._writer, b"\0")

    def _come_in(self, _descriptor: object) -> None:
        # Only as many functions as there are bytes: if one ran before its sender has written the byte, the stage might
        # be closed before that write.
        for _byte in os.read(self._reader, 4096):
            self._functions.popleft()()

    def close(self) -> None:
        self._hub.remove(self._listener)
        os.close(self._reader)
        os.close(self._writer)


class EventletStage(GreenletStage):
    """A hub; a cancellation is a GreenletExit that is thrown in its turn, as an expired Timeout is."""

    _hub: Any

    def __init__(self) -> None:
        self._greenlets: list[greenlet] = []
        self._ends = False
        super().__init__()

    def run(self) -> None:
        self._hub = eventlet.hubs.get_hub()
        self._pipe = Pipe(self._hub)
        self._stop: Any = eventlet.event.Event()
        self.began()
        self._stop.wait()
        for each in self._greenlets:
            eventlet.kill(each)
        self._pipe.close()
        self._hub.abort(wait=True)
        if hasattr(self._hub, "loop"):  # which eventlet leaves open
            self._hub.loop.close()

    def call_soon(self, function: Callable[[], object]) -> None:
        self._pipe.call_soon(function)

    def stop(self) -> None:
        self._ends = True
        self._stop.send()

    def spawn(self, function: Callable[[], None]) -> None:
        self._greenlets.append(eventlet.spawn_n(function))

    def mailbox(self) -> EventletMailbox:
        return EventletMailbox()

    def attempt(self, call: Call) -> None:
        call.cancel = partial(self.cancel, call, getcurrent())
        try:
            call.ends(call.operation.green())
        except GreenletExit:
            call.ends(CANCELLED)
            if self._ends:
                raise
        except BaseException as error:  # the test gets it
            call.fails(error)

    def cancel(self, call: Call, victim: greenlet) -> None:
        self._hub.schedule_call_global(0, self._throw, call, victim)

    def _throw(self, call: Call, victim: greenlet) -> None:
        if not call.is_done:
            victim.throw(GreenletExit)


class KillingStage(EventletStage):
    """A cancellation is a kill(), which does not wait for its turn."""

    def cancel(self, call: Call, victim: greenlet) -> None:
        if victim is getcurrent():
            super().cancel(call, victim)
        elif not call.is_done:
            eventlet.kill(victim)


EVENTLET = World(
    name="eventlet",
    library="eventlet",
    open=EventletStage,
    is_async=False,
    cancels=True,
    wakes_first=True,
)
EVENTLET_KILL = EVENTLET._replace(
    name="eventlet-kill",
    open=KillingStage,
    wakes_first=False,
)
