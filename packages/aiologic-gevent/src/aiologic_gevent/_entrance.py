# SPDX-License-Identifier: ISC
"""The way into a hub for other threads, and what keeps the hub going while somebody waits."""

# For other threads. A hub sleeps in its loop, and an async watcher is what ends that sleep from elsewhere. Each hub that
# greenlets wait in gets one of ours. gevent's own way, run_callback_threadsafe(), was dropped:
#
#   on libev, it counts a reference up in the caller's thread, with the GIL held, and the loop counts references down
#             when timers expire, without it. A step that is lost makes the loop end while somebody still waits, or
#             never. (Of 3.4 million calls beside busy timers, 7,202 references went astray.)
#   on libuv, it starts a watcher of the loop in the caller's thread, which crashes the process now and then.
#
# To keep it going. A hub whose loop has nothing to wait for ends its run, and the greenlets in it get LoopExit: gevent
# knows of no thread that might wake one of them. While greenlets wait for us, somebody may: then our watcher counts as
# something to wait for, and at other times it does not, so that gevent still finds the deadlocks of others.
#
# What must not get lost. A grant may be on its way into a hub that is destroyed: left by another thread, or waiting for
# its turn among the hub's callbacks. gevent drops both without a word. So the entrance is closed first: destroy() of
# that one hub is shadowed (there is no other notice of its end), and a thread that ends without having destroyed its hub
# drops an object in a thread-local. To close it also frees the watcher, which would outlive its loop on libev, and would
# be used after it on libuv:
#
#   B finds the entrance open and sends; the hub's thread closes the watcher, which on libuv waits for a send under way
#   and makes all later ones do nothing; only then it destroys the loop.
#
# An entrance belongs to its hub, and does not hold it: a hub that has ended is freed as if we were not there.

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
    local = get_original("threading", "local")  # the patched one is one of greenlets

here = local()


class Entrance:
    """The way into one hub; made in its thread, by :func:`entrance_of`."""

    __slots__ = (
        "__weakref__",
        "_is_holding",  # whether the watcher counts; hub's thread only, as all below but ``_left``
        "_left",  # what other threads have left to be called
        "_sleepers",  # those who wait
        "_watcher",
        "is_open",  # until the hub has gone; read by any thread
        "loop",
    )

    def __init__(self, hub: Any) -> None:
        self.loop = hub.loop
        self.is_open = True
        self._left: Left = deque()
        self._sleepers: Sleepers = set()
        self._is_holding = False
        self._watcher = self.loop.async_(ref=False)
        # The loop holds the watcher, and the watcher nothing of us but this.
        self._watcher.start(_come_in, self._left)

    def schedule(self, function: Callable[[], None]) -> None:
        """Have the hub call a function, from any thread; raises RuntimeError once it is closed."""
        # In this order. B leaves it and looks whether it is open; the hub's thread says that it is not, and drops what
        # is left. Whoever is second sees what the other did.
        self._left.append(function)
        if not self.is_open:
            raise RuntimeError("the hub has gone")
        try:
            self._watcher.send()
        except Exception as error:
            # Each kind of loop has its own error for "destroyed".
            raise RuntimeError("the loop has gone") from error

    def hold(self, sleeper: GeventWaiter) -> None:
        """The hub is not to end its run before this one has left."""
        self._sleepers.add(sleeper)
        if not self._is_holding:
            self._count(True)

    def leave(self, sleeper: GeventWaiter) -> None:
        """This one waits no longer."""
        self._sleepers.discard(sleeper)
        if not self._sleepers and self.is_open:
            self._count(False)
            # A signal handler that waits may come at any point: A sees that nobody sleeps. Its handler lets others run,
            # and B falls asleep, finding the watcher as it should be. A goes on, and the watcher counts no more.
            if self._sleepers:
                self._count(True)

    def _count(self, holding: bool) -> None:
        self._is_holding = holding
        # PRIVATE-API gevent 22.10: the address of the C loop, nothing once it is destroyed; guarded by
        # tests/backends/gevent/test_entrance.py.
        if self.loop.ptr:
            self._watcher.ref = holding

    def close(self) -> None:
        """The hub will not run again; without effect from the second time on."""
        if not self.is_open:
            return
        self.is_open = False
        if self.loop.ptr:
            self._watcher.close()
        while self._left:
            self._left.popleft()  # it hears that itself, by its finalizer
        while self._sleepers:
            self._sleepers.pop().miss()


class _Thread:
    """Lives in the thread-local of a thread with a hub, and ends with it."""

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
    """The entrance of this thread's hub, made now if need be."""
    try:
        entrance: Entrance = hub.aiologic_entrance
    except AttributeError:
        made = Entrance(hub)
        # One step: a signal handler may wait meanwhile, and make one, too.
        entrance = hub.__dict__.setdefault("aiologic_entrance", made)
        if entrance is made:
            remembered = ref(hub)  # else it would hold itself
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
    # Nothing of us is to stay there, for gevent does not free every hub that has ended.
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
        # A handler's, which may have come as the call began: it does no harm to make it twice. And those behind it have only
        # this call.
        try:
            if left:
                left.popleft()()
        finally:
            _come_in(left)
        raise
