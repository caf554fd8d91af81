# SPDX-License-Identifier: ISC
"""gevent: a hub in a thread, on either of its loops."""

from __future__ import annotations

from collections import deque
from functools import partial

import gevent
import gevent.event
import gevent.hub
import gevent.queue
from aiologic.testing.harness import CANCELLED, Call, GreenletStage, World
from greenlet import getcurrent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Deque

    Calls = Deque[Callable[[], object]]


class GeventMailbox:
    def __init__(self) -> None:
        self._queue: gevent.queue.Queue[Call | None] = gevent.queue.Queue()

    def put(self, call: Call | None) -> None:
        self._queue.put_nowait(call)

    def get(self) -> Call | None:
        return self._queue.get()


def make_hub_on_libuv() -> Any:
    """A hub on libuv for this thread, whatever the process's other hubs use."""
    from gevent._hub_local import set_hub
    from gevent.libuv.loop import loop

    loop_of_its_own: Any = loop(default=False)
    hub = gevent.hub.Hub(loop=loop_of_its_own)
    set_hub(hub)
    return hub


class GeventStage(GreenletStage):
    """A hub; a cancellation is a GreenletExit that is thrown in its turn."""

    _hub: Any
    _door: Any

    def __init__(self) -> None:
        self._calls: Calls = deque()
        self._greenlets: list[Any] = []
        super().__init__()

    make_hub = staticmethod(gevent.get_hub)

    def run(self) -> None:
        self._hub = self.make_hub()
        # gevent's own run_callback_threadsafe() is not thread-safe. This watcher also keeps the hub from failing
        # because there is nothing to wait for.
        self._door = self._hub.loop.async_()
        self._door.start(self._come_in)
        self._stop: Any = gevent.event.Event()
        self.began()
        self._stop.wait()
        gevent.killall(self._greenlets)
        # The hub keeps the frame that destroys it alive, and thereby this stage.
        self._greenlets.clear()
        self._door.close()
        self._hub.destroy(destroy_loop=True)

    def _come_in(self) -> None:
        while self._calls:
            self._hub.loop.run_callback(self._calls.popleft())

    def call_soon(self, function: Callable[[], object]) -> None:
        self._calls.append(function)
        self._door.send()

    def stop(self) -> None:
        self._stop.set()

    def spawn(self, function: Callable[[], None]) -> None:
        self._greenlets.append(gevent.spawn(function))

    def mailbox(self) -> GeventMailbox:
        return GeventMailbox()

    def attempt(self, call: Call) -> None:
        call.cancel = partial(
            self._hub.loop.run_callback, self._throw, call, getcurrent()
        )
        try:
            call.ends(call.operation.green())
        except gevent.GreenletExit:
            call.ends(CANCELLED)
            if self._stop.is_set():
                raise
        except BaseException as error:  # the test gets it
            call.fails(error)

    def _throw(self, call: Call, greenlet: Any) -> None:
        if not call.is_done:
            greenlet.throw(gevent.GreenletExit)


class LibuvStage(GeventStage):
    """A hub on libuv."""

    make_hub = staticmethod(make_hub_on_libuv)


GEVENT = World(
    name="gevent",
    library="gevent",
    open=GeventStage,
    is_async=False,
    cancels=True,
    wakes_first=True,
)
#: Not among the pairs: the library is the same, and so is the backend.
GEVENT_LIBUV = GEVENT._replace(name="gevent on libuv", open=LibuvStage)
