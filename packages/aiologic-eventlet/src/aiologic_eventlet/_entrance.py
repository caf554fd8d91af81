# SPDX-License-Identifier: ISC
"""How a hub is told to resume its own greenlets, and how other threads reach it, for which eventlet has no way."""

# Reaching it from other threads. A hub sleeps in its selector, and nothing in eventlet ends that sleep from outside. So
# each hub that greenlets wait in gets a socket pair: the hub listens to one end, and a byte sent into the other wakes
# it (one byte for each batch: see the inbox). The hub that runs on top of asyncio needs none: it uses the
# call_soon_threadsafe() of its loop.
#
# The pair is created for the first wait, in the hub's thread, and kept as long as the hub: see docs/decisions/0020.
#
# Resuming its own greenlets. A woken greenlet stands in line for the next *round*, a timer of the hub that is due at
# once. So greenlets are resumed in the order in which they were woken; eventlet's timers alone don't promise that
# (those that are due in the same tick of the clock fire in any order). A round ends with the last of those that stood
# in line when it began:
#
#     A and B wake each other for ever. If the round had no end, no other timer of the hub would fire again.
#
# What must not get lost, and how it could:
#
#     cause                                  | noticed by                                       | then
#     ---------------------------------------+--------------------------------------------------+-----------------------
#     a greenlet that was resumed ends with  | the round; eventlet prints the error, and ends   | a new round for those
#     an error                               | the hub's run if it is SystemExit                | behind it
#     the hub is aborted, its timers go      | the round, freed without having been called      | reported as lost
#     the hub is collected                   | the same, and a delivery of the inbox            | reported as lost
#     the thread ends, or gets another hub   | an object in a thread-local of it, freed         | all reported as lost
#     a timer is lost in the running hub     | the round, freed without having been called      | a new round
#
# (The last one happens up to Python 3.11, if a signal handler runs between the halves of "hub.next_timers = [...]".)
#
# An entrance belongs to its hub and does not keep it alive: a hub that has ended is freed as if we were not there.
#
# A fork shares the pair: parent and child would each read what the other's threads have sent, and the other would sleep
# on. So the child creates a pair of its own. Not with epoll, however, which is itself shared: removing the old end in
# the child would remove it from the parent's epoll as well, and adding a new one would wake the parent endlessly.

from __future__ import annotations

import os
from collections import deque
from contextlib import suppress
from weakref import ref

from eventlet.patcher import original  # pyright: ignore[reportUnknownVariableType]
from greenlet import greenlet

from ._hub import hub_of_this_thread
from ._round import Round
from ._sockets import End, pair_of_sockets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from threading import local
    from typing import Any

    from ._hub import Hub
    from ._waiter import EventletWaiter
else:
    local = original("threading").local  # the patched one is one for greenlets

here = local()


class Entrance:
    """The way into one hub; made in its thread, by :func:`entrance_of`."""

    __slots__ = (
        "__weakref__",
        "_has_round",  # whether a timer for the next round is set; only for the hub's thread
        "_hub",  # a weak reference
        "_left",  # functions that other threads have left for the hub to call
        "_ready",  # the line for the next round, oldest left; only for the hub's thread
        "_receiver",  # the end that the hub listens to
        "_ring",  # makes the hub look at ``_left``, from any thread; None once closed
    )

    def __init__(self, hub: Hub) -> None:
        self._hub: Callable[[], Hub | None] = ref(hub)
        self._left: deque[Callable[[], None]] = deque()
        self._ready: deque[EventletWaiter] = deque()
        self._has_round = False
        self._receiver: End | None = None
        self._ring: Callable[[Callable[..., None]], object] | None
        if hasattr(hub, "loop"):
            self._ring = hub.loop.call_soon_threadsafe
        else:
            self._listen(hub)

    def _listen(self, hub: Hub) -> None:
        self._receiver, sender = pair_of_sockets()
        self._ring = sender.ring
        descriptor = self._receiver.fileno()
        hub.mark_as_reopened(descriptor)  # another file may have had its number
        # A listener keeps the greenlet that adds it alive, and so its parent. Let it be a greenlet of no importance.
        adder = greenlet(hub.add)
        adder.switch(hub.READ, descriptor, self._come_in, _nothing, _nothing)
        adder.parent = hub.greenlet

    def part(self) -> None:
        """In a child process, in its one thread: leave the pair to the parent."""
        hub, receiver = self._hub(), self._receiver
        if hub is None or receiver is None:
            return
        if hasattr(getattr(hub, "poll", None), "fileno"):  # shared; see above
            return
        listener = hub.listeners[hub.READ].get(receiver.fileno())
        if listener is not None:
            hub.remove(listener)
        self._listen(hub)
        if self._left:  # only the parent's hub was told of it
            self._ring_bell()

    def schedule(self, function: Callable[[], None]) -> None:
        """Have the hub call a function, from any thread; raises RuntimeError once the entrance is closed."""
        # The order matters. B appends first, and then looks for the bell; the hub's thread first removes the bell, and
        # then drops what was left. Whichever comes second sees what the other did.
        self._left.append(function)
        self._ring_bell()

    def _ring_bell(self) -> None:
        ring = self._ring
        if ring is None:
            raise RuntimeError("the hub has gone")
        ring(self._come_in)

    def _come_in(self, *_: object) -> None:
        left = self._left
        try:
            receiver = self._receiver
            if receiver is not None:
                with suppress(OSError):  # there may be nothing to receive
                    receiver.recv(4096)  # if that is not all, the hub calls again
            while left:
                left[0]()
                del left[0]
        except BaseException:
            # A signal handler raised, perhaps just as the function was called: calling it twice does no harm. The
            # functions behind it must be called now, because the byte that announced them has been received.
            try:
                if left:
                    left.popleft()()
            finally:
                self._come_in()
            raise

    def admit(self, waiter: EventletWaiter) -> None:
        """In the hub's thread, with the hub awake: resume a waiter's greenlet in the next round."""
        self._ready.append(waiter)
        self._call_round()

    def _call_round(self) -> None:
        hub = self._hub()
        if self._has_round or hub is None:
            return
        called: Round | None = None
        try:
            self._has_round = True
            called = Round(self)
            hub.schedule_call_global(0, called)
        except BaseException:
            # Ctrl-C came between these lines, and the program may catch it and continue. If the mark were left without
            # a timer, the hub would never resume anybody again. Whether or not the timer was set, its round is
            # forgotten, and a new one is made.
            self._has_round = False
            if called is not None:
                called.forget()
            hub.schedule_call_global(0, Round(self))
            raise

    def make_round(self) -> None:
        """Resume all greenlets that stand in line now."""
        waiter = None
        ready = self._ready
        try:
            self._has_round = False
            for _ in range(len(ready)):
                if not ready:  # closed meanwhile
                    return
                waiter = ready[0]
                del ready[0]
                waiter.go_on()
        except BaseException:
            # A signal handler may have raised before the greenlet was resumed. (If it was, the waiter no longer sleeps:
            # nobody sleeps on the same waiter twice.)
            if waiter is not None and waiter.sleeps():
                ready.appendleft(waiter)
            raise

    def call_round_anew(self) -> None:
        """A round was interrupted, perhaps as it began; or it raised the error with which a greenlet ended."""
        self._has_round = False
        if self._ready:
            self._call_round()

    def miss_round(self) -> None:
        """The round's timer was dropped without having fired."""
        self._has_round = False
        hub = self._hub()
        if hub is not None and hub.running and not hub.stopping:
            self._call_round()
            return
        while self._ready:
            self._ready.popleft().miss()

    def close(self) -> None:
        """The hub will not run again: its thread has ended, or has got another hub."""
        self._ring = self._receiver = None
        while self._left:
            self._left.popleft()  # its own finalizer notices that
        while self._ready:
            self._ready.popleft().lost()


class _Thread:
    """Lives in the thread-local of a thread with a hub, and is freed when that thread ends."""

    __slots__ = ("_entrance",)

    def __init__(self, entrance: Entrance) -> None:
        self._entrance = ref(entrance)

    def __del__(self) -> None:
        entrance = self._entrance()
        if entrance is not None:
            entrance.close()


def entrance_of(hub: Any) -> Entrance:
    """The entrance of this thread's hub, created if there is none yet."""
    try:
        entrance: Entrance = hub.aiologic_entrance
    except AttributeError:
        made = Entrance(hub)
        # In one step, because a signal handler may wait meanwhile, and create one as well.
        entrance = hub.__dict__.setdefault("aiologic_entrance", made)
        if entrance is made:
            here.thread = _Thread(made)
    return entrance


def _nothing(*_: object) -> None:
    """Called if eventlet says that somebody has closed the descriptor, which only we can do."""


def _part_here() -> None:
    hub = hub_of_this_thread()
    entrance = None if hub is None else hub.__dict__.get("aiologic_entrance")
    if entrance is not None:
        entrance.part()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_part_here)
