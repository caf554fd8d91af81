# SPDX-License-Identifier: ISC
"""A hub of gevent's, as it is played for the explorer."""

# A watcher that is used too late is refused by libev, and libuv does nothing.

from __future__ import annotations

from functools import partial
from typing import Any, Callable

from aiologic.testing import switch, task
from aiologic_gevent import _entrance, _waiter

from .hub_wakes import Hub, Wake, WakeTwo
from .sleepers import Bell, GoneError


class Watcher:
    """What ends the sleep of a loop from elsewhere."""

    is_closed = False
    is_sent = False
    counts = False

    def __init__(self, loop: Loop) -> None:
        self._loop = loop

    def start(self, callback: Callable[..., object], *args: object) -> None:
        self.callback = partial(callback, *args)

    def send(self) -> None:
        if not self._loop.ptr:
            raise ValueError("operation on destroyed loop")
        if not self.is_closed:
            self.is_sent = True
            self._loop.hub.bell.ring()

    @property
    def ref(self) -> bool:
        return self.counts

    @ref.setter
    def ref(self, counts: bool) -> None:
        assert not self.is_closed, "a closed watcher is touched"
        self.counts = counts

    def close(self) -> None:
        assert self._loop.ptr, "the watcher outlives its loop"
        self.is_closed = True
        self.counts = False


class Timer:
    """One of a loop; time passes when the scenario says so."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop

    def start(self, action: Any, *args: object, update: bool) -> None:
        self.callback = partial(action, *args)
        self._loop.timers.append(self)

    def close(self) -> None:
        if self in self._loop.timers:
            self._loop.timers.remove(self)


class Loop:
    """The loop of a hub."""

    approx_timer_resolution = 0.001
    ptr = True  # until it is destroyed

    def __init__(self, hub: GeventHub) -> None:
        self.hub = hub
        self.callbacks: list[Callable[[], object]] = []
        self.timers: list[Timer] = []
        self.watcher = Watcher(self)

    def async_(self, *, ref: bool) -> Watcher:
        assert not ref
        return self.watcher

    def timer(self, _seconds: float) -> Timer:
        return Timer(self)

    def run_callback(self, function: Any, *args: object) -> None:
        assert self.ptr, "a destroyed loop is used"
        self.callbacks.append(partial(function, *args))

    def take_ready(self) -> list[Callable[[], object]]:
        """What there is to call now, in this order."""
        ready = self.callbacks
        self.callbacks = []
        if self.hub.is_time_up:
            ready += [timer.callback for timer in self.timers]
            self.timers.clear()
        if self.watcher.is_sent and not self.watcher.is_closed:
            self.watcher.is_sent = False
            ready.append(self.watcher.callback)
        return ready


class GeventHub(Hub):
    """A hub of gevent's."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = Loop(self)
        self.entrance = _entrance.entrance_of(self)

    def take_turn(self) -> None:
        loop = self.loop
        if not loop.ptr:
            raise GoneError
        self.ready += loop.take_ready()
        if not self.ready:
            keeps_it = loop.watcher.counts or loop.timers
            assert keeps_it, "the hub ends, and somebody sleeps in it"
            self.bell.wait()

    def call_soon(self, function: Any, *args: object) -> None:
        self.loop.run_callback(function, *args)

    def destroy(self, _destroy_loop: bool | None = None) -> None:
        assert self.loop.watcher.is_closed, "the watcher outlives its loop"
        self.loop.ptr = False
        self.loop.callbacks.clear()
        self.loop.timers.clear()
        self.ready.clear()

    def take_thread_local(self) -> object:
        return vars(_entrance.here).pop("thread")

    def create_waiter(self) -> Any:
        return _waiter.create_waiter()

    def left(self) -> list[Any]:
        return list(self.entrance._left)

    def check(self) -> None:
        assert not self.entrance._sleepers, "somebody is still held"
        assert not self.loop.watcher.counts, "the hub never ends"


class Sleep:
    """What a greenlet sleeps on."""

    def __init__(self, hub: GeventHub) -> None:
        self._hub = hub
        self._got: list[object] = []

    def switch(self, outcome: object) -> None:
        if not self._got:  # else it has not gone on yet, or never will
            self._got.append(outcome)

    def get(self) -> object:
        if not self._got:
            self._hub.run_until(lambda: bool(self._got))
        return self._got.pop()


class WakeAgainstDestroy(Wake):
    """Another greenlet destroys the hub meanwhile. Who sleeps there is collected when nobody can wake it any more."""

    def setup(self) -> None:
        super().setup()
        self.hub.call_soon(self.destroy)

    def destroy(self) -> None:
        switch()
        self.hub.destroy()  # of the instance, where it is ours
        self.waker_ends.wait()
        raise GoneError


class WakeAgainstThrow(WakeAgainstDestroy):
    """The same, but it is thrown out at once."""

    def destroy(self) -> None:
        switch()
        self.hub.destroy()
        raise GoneError


class WakesAgainstDestroy(WakeTwo):
    """Two sleep, and two threads wake one each, while the hub is destroyed."""

    def setup(self) -> None:
        super().setup()
        self.hub.call_soon(self.destroy)
        self.another_ends = Bell()

    @task
    def another(self) -> None:
        super().another()
        self.another_ends.ring()

    def destroy(self) -> None:
        switch()
        self.hub.destroy()
        self.waker_ends.wait()
        self.another_ends.wait()
        raise GoneError
