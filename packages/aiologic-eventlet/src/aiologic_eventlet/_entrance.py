# SPDX-License-Identifier: ISC
"""The way into a hub: for its own greenlets, and for other threads, which eventlet has no way for."""

# For other threads. A hub sleeps in its selector, and nothing in eventlet ends that sleep from elsewhere. So each hub that
# greenlets wait in gets a socket pair: the hub listens to the one end, and a byte into the other wakes it (one byte per
# batch; Inboxes see to that). The hub on top of asyncio has a way in already, that of its loop.
#
# The pair is made for the first wait, in the hub's thread, and kept as long as the hub: docs/decisions/0020 says why.
#
# For its own greenlets. Who is to go on stands in line for the next *round*, a timer of the hub's that is due at once; so
# they go on in the order of their wake-ups, which eventlet's timers don't promise (those that are due in the same tick of
# the clock fire in any order). A round is over with those who stood in line when it began:
#
#     A and B wake each other for ever. Had the round no end, no other timer of the hub would fire again.
#
# What must not get lost, and how it could:
#
#     how                                    | who finds out                                     | then
#     ---------------------------------------+---------------------------------------------------+-------------------------
#     a greenlet that goes on ends with an   | the round; eventlet prints the error, and if it   | a new round for those
#     error                                  | is SystemExit, it ends the hub's run              | behind it
#     the hub is aborted, its timers go      | the round's timer dies without having fired       | reported as lost
#     the hub is collected                   | same, and so does a delivery of the inbox         | reported as lost
#     the thread ends, or takes another hub  | an object in a thread-local of that thread dies   | all are reported as lost
#     a timer is lost in the running hub     | the round's timer dies without having fired       | a new round
#
# (The last one: up to Python 3.11 a signal handler may run between the two halves of "hub.next_timers = [...]".)
#
# An entrance belongs to its hub, and holds it weakly: a hub that has ended is freed as if we were not there.
#
# A fork shares the pair: of parent and child, each would read what the other's threads have sent, and the other sleep on.
# So the child makes one of its own. But for epoll, which is itself shared: to take the old end out in the child would take
# it out of the parent's as well, and to add a new one would have the parent woken without end.

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
    local = original("threading").local  # the patched one is a local of greenlets

here = local()


class Entrance:
    """The way into one hub; made in its thread, by :func:`entrance_of`."""

    __slots__ = (
        "__weakref__",
        "_has_round",  # whether a round is on its way; hub's thread only
        "_hub",  # weakly
        "_left",  # what other threads have left to be called
        "_ready",  # waiters that are to go on, oldest left; hub's thread only
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
        hub.mark_as_reopened(descriptor)  # its number may have been another's
        # A listener keeps the greenlet that adds it, and that one its parent: let it be one which nobody misses.
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
        if self._left:  # the parent's bell was rung for it
            self._ring_bell()

    def schedule(self, function: Callable[[], None]) -> None:
        """Have the hub call a function, from any thread; raises RuntimeError once it is closed."""
        # In this order. B leaves it and looks for the bell; the hub's thread takes the bell away and drops what is left.
        # Whoever is second sees what the other did.
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
                with suppress(OSError):  # called without need
                    receiver.recv(4096)  # if that is not all, the hub calls again
            while left:
                left[0]()
                del left[0]
        except BaseException:
            # A handler's, which may have come as the call began: it does no harm to make it twice. And the bell has been
            # heard: those behind it have only this call.
            try:
                if left:
                    left.popleft()()
            finally:
                self._come_in()
            raise

    def admit(self, waiter: EventletWaiter) -> None:
        """In the hub's thread, with the hub awake: let a waiter go on in the next round."""
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
            # Ctrl-C comes between these lines, and whoever catches it goes on: with the mark and no round on its way, the
            # hub would be deaf from now on. Whether it came before or after the timer was set, this sets one that counts.
            self._has_round = False
            if called is not None:
                called.forget()
            hub.schedule_call_global(0, Round(self))
            raise

    def make_round(self) -> None:
        """Let all go on who are in line now."""
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
            # A handler's may have come before it went on. (It never sleeps on the same one twice.)
            if waiter is not None and waiter.sleeps():
                ready.appendleft(waiter)
            raise

    def call_round_anew(self) -> None:
        """A round was interrupted, perhaps as it began; or a greenlet has ended with an error, which comes out of it."""
        self._has_round = False
        if self._ready:
            self._call_round()

    def miss_round(self) -> None:
        """The round's timer has gone."""
        self._has_round = False
        hub = self._hub()
        if hub is not None and hub.running and not hub.stopping:
            self._call_round()
            return
        while self._ready:
            self._ready.popleft().miss()

    def close(self) -> None:
        """The hub will not run again: its thread has ended, or has another one."""
        self._ring = self._receiver = None
        while self._left:
            self._left.popleft()  # it hears that itself, by its finalizer
        while self._ready:
            self._ready.popleft().lost()


class _Thread:
    """Lives in the thread-local of a thread with a hub, and ends with it."""

    __slots__ = ("_entrance",)

    def __init__(self, entrance: Entrance) -> None:
        self._entrance = ref(entrance)

    def __del__(self) -> None:
        entrance = self._entrance()
        if entrance is not None:
            entrance.close()


def entrance_of(hub: Any) -> Entrance:
    """The entrance of this thread's hub, made now if need be."""
    try:
        entrance: Entrance = hub.aiologic_entrance
    except AttributeError:
        made = Entrance(hub)
        # One step: a signal handler may wait meanwhile, and make one, too.
        entrance = hub.__dict__.setdefault("aiologic_entrance", made)
        if entrance is made:
            here.thread = _Thread(made)
    return entrance


def _nothing(*_: object) -> None:
    """What we do when eventlet says that somebody closed the descriptor: nobody but us can."""


def _part_here() -> None:
    hub = hub_of_this_thread()
    entrance = None if hub is None else hub.__dict__.get("aiologic_entrance")
    if entrance is not None:
        entrance.part()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_part_here)
