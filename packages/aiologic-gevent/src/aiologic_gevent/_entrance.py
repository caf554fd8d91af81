# SPDX-License-Identifier: ISC
"""How other threads reach a hub, and what keeps the hub running while a greenlet waits in it."""

# Reaching it from other threads. A hub sleeps in its loop, and an async watcher is what ends that sleep from outside.
# Each hub that greenlets wait in gets one of ours. gevent's own way, run_callback_threadsafe(), was rejected:
#
#   on libev, it increments the loop's reference count in the caller's thread, with the GIL held, while the loop
#             decrements it when timers expire, without the GIL. If one of these updates is lost, the loop ends while
#             somebody still waits, or never ends. (Of 3.4 million calls beside busy timers, 7,202 references went
#             astray.)
#   on libuv, it starts a watcher of the loop in the caller's thread, which crashes the process now and then.
#
# Keeping it running. A hub whose loop has nothing to wait for ends its run, and the greenlets in it get LoopExit,
# because gevent does not know that another thread may wake one of them. While greenlets wait on our primitives, one
# may. So our watcher then counts as something to wait for; at other times it does not, so that gevent still detects
# deadlocks in which we have no part.
#
# What must not get lost. A grant may be on its way into a hub that is being destroyed: left there by another thread, or
# waiting for its turn among the hub's callbacks. gevent silently drops both. So the entrance is closed first: destroy()
# of that hub is shadowed by an attribute (nothing else tells us that the hub ends), and if a thread ends without having
# destroyed its hub, an object in a thread-local is freed. Closing the entrance also frees the watcher, which would
# otherwise outlive its loop on libev, and would be used after the loop was freed on libuv:
#
#   B finds the entrance open and sends; the hub's thread closes the watcher, which on libuv waits for a send under way
#   and makes all later ones do nothing; only then does it destroy the loop.
#
# An entrance belongs to its hub and does not keep it alive: a hub that has ended is freed as if we were not there.

from __future__ import annotations

from collections import deque
from functools import partial
from weakref import ref

from gevent.monkey import get_original

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from threading import local
    from typing import Any, Deque, Set

    from ._waiter import GeventWaiter

    Left = Deque[Callable[[], None]]
    Sleepers = Set[GeventWaiter]
else:
    local = get_original("threading", "local")  # the patched one is one for greenlets

here = local()


class Entrance:
    """The way into one hub; made in its thread, by :func:`entrance_of`."""

    __slots__ = (
        "__weakref__",
        "_is_holding",  # whether the watcher counts; like all below except ``_left``, only for the hub's thread
        "_left",  # functions that other threads have left for the hub to call
        "_sleepers",  # the waiters whose greenlets sleep in the hub
        "_watcher",
        "is_open",  # until the hub ends; read by any thread
        "loop",
    )

    def __init__(self, hub: Any) -> None:
        self.loop = hub.loop
        self.is_open = True
        self._left: Left = deque()
        self._sleepers: Sleepers = set()
        self._is_holding = False
        self._watcher = self.loop.async_(ref=False)
        # The loop holds the watcher, and the watcher holds no object of ours except this one.
        self._watcher.start(_come_in, self._left)

    def schedule(self, function: Callable[[], None]) -> None:
        """Have the hub call a function, from any thread; raises RuntimeError once the entrance is closed."""
        # The order matters. B appends first, and then checks whether the entrance is open; the hub's thread first marks
        # it as closed, and then drops what was left. Whichever comes second sees what the other did.
        self._left.append(function)
        if not self.is_open:
            raise RuntimeError("the hub has gone")
        try:
            self._watcher.send()
        except Exception as error:
            # Each kind of loop raises its own error once it is destroyed.
            raise RuntimeError("the loop has gone") from error

    def hold(self, sleeper: GeventWaiter) -> None:
        """Keep the hub running until this waiter has left."""
        self._sleepers.add(sleeper)
        if not self._is_holding:
            self._count(True)

    def leave(self, sleeper: GeventWaiter) -> None:
        """This waiter no longer sleeps."""
        self._sleepers.discard(sleeper)
        if not self._sleepers and self.is_open:
            self._count(False)
            # A signal handler that waits may interrupt this at any point. A sees that nobody sleeps. Its handler lets
            # other greenlets run: B falls asleep, and finds that the watcher still counts. A continues, and the watcher
            # no longer counts, although B sleeps.
            if self._sleepers:
                self._count(True)

    def _count(self, holding: bool) -> None:
        self._is_holding = holding
        # PRIVATE-API gevent 22.10: the address of the C loop, false once it is destroyed; guarded by
        # tests/backends/gevent/test_entrance.py.
        if self.loop.ptr:
            self._watcher.ref = holding

    def close(self) -> None:
        """The hub will not run again. Calling this twice does no harm."""
        if not self.is_open:
            return
        self.is_open = False
        if self.loop.ptr:
            self._watcher.close()
        while self._left:
            self._left.popleft()  # its own finalizer notices that
        while self._sleepers:
            self._sleepers.pop().miss()


class _Thread:
    """Lives in the thread-local of a thread with a hub, and is freed when that thread ends."""

    __slots__ = ("_entrance", "_hub")

    def __init__(self, hub: Any, entrance: Entrance) -> None:
        self._hub: Callable[[], Any] = ref(hub)
        self._entrance = entrance

    def __del__(self) -> None:
        self._entrance.close()
        hub = self._hub()
        if hub is not None:
            _close_entrance_of(hub)


def entrance_of(hub: Any) -> Entrance:
    """The entrance of this thread's hub, created if there is none yet."""
    try:
        entrance: Entrance = hub.aiologic_entrance
    except AttributeError:
        made = Entrance(hub)
        # In one step, because a signal handler may wait meanwhile, and create one as well.
        entrance = hub.__dict__.setdefault("aiologic_entrance", made)
        if entrance is made:
            # A strong reference would form a cycle: the hub would keep itself alive.
            remembered = ref(hub)
            hub.destroy = partial(_destroy, remembered)
            here.thread = _Thread(hub, made)
        else:
            made.close()
    return entrance


def _destroy(remembered: Callable[[], Any], destroy_loop: bool | None = None) -> None:
    hub = remembered()
    _close_entrance_of(hub)
    hub.destroy(destroy_loop)


def _close_entrance_of(hub: Any) -> None:
    # Nothing of ours may stay there, because gevent does not free every hub that has ended.
    ours: dict[str, Any] = hub.__dict__
    ours.pop("destroy", None)
    entrance: Entrance | None = ours.pop("aiologic_entrance", None)
    if entrance is not None:
        entrance.close()


def _come_in(left: Left) -> None:
    try:
        while left:
            left[0]()
            del left[0]
    except BaseException:
        # A signal handler raised, perhaps just as the function was called: calling it twice does no harm. The functions
        # behind it must be called now, because nothing else will do so.
        try:
            if left:
                left.popleft()()
        finally:
            _come_in(left)
        raise
