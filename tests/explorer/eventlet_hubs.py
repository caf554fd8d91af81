# SPDX-License-Identifier: ISC
"""A hub of eventlet's, as it is played for the explorer."""

from __future__ import annotations

from _thread import get_ident
from functools import partial
from typing import Any, Callable

from aiologic.testing import switch
from aiologic_eventlet import _entrance, _waiter
from aiologic_eventlet._round import Round
from greenlet import greenlet

from .hub_wakes import Hub, Wake, may_block_here
from .sleepers import Bell, GoneError


class Timer:
    """One of a hub; time passes when the scenario says so."""

    def __init__(self, seconds: float, action: Callable[[], object]) -> None:
        self.seconds = seconds
        self.action: Callable[[], object] | None = action

    def __call__(self) -> None:
        action, self.action = self.action, None
        if action is not None:
            action()

    def cancel(self) -> None:
        self.action = None


class End:
    """One end of a pair of sockets; one object will do for both."""

    bell: Bell  # of the hub
    is_readable = False

    def fileno(self) -> int:
        return 0

    def ring(self, _come_in: object) -> None:
        self.is_readable = True
        self.bell.ring()

    def recv(self, _most: int) -> None:
        if not self.is_readable:
            raise BlockingIOError
        self.is_readable = False


def pair_of_sockets() -> tuple[End, End]:
    """In place of the real one."""
    end = End()
    return end, end


class Greenlet:
    """One that may sleep in the hub."""

    def __init__(self, parent: object) -> None:
        self.parent = parent
        self.is_on = True

    def switch(self) -> None:
        self.is_on = True


class EventletHub(Hub):
    """A hub of eventlet's; the first greenlet that sleeps in it is its thread's first."""

    READ = "read"

    def __init__(self) -> None:
        super().__init__()
        self.timers: list[Timer] = []
        self.running = self.stopping = False
        self.greenlet = greenlet()
        self.loses_timers = False
        self.first = self.current = Greenlet(None)
        self.end: Callable[[], None] = self.first.switch  # its parent
        self.entrance = _entrance.entrance_of(self)
        receiver: Any = self.entrance._receiver
        receiver.bell = self.bell
        self.receiver = receiver

    # -- what eventlet's has ---------------------------------------------------------------------------------------

    def mark_as_reopened(self, _descriptor: int) -> None:
        """Nothing of others is listened to."""

    def add(self, _event: str, _descriptor: int, come_in: Any, *_: object) -> None:
        self.come_in = come_in

    def clock(self) -> float:
        return 0

    def schedule_call_global(self, seconds: float, action: Any) -> Timer:
        assert self.thread == get_ident(), "another thread sets a timer"
        timer = Timer(seconds, action)
        self.timers.append(timer)
        return timer

    def switch(self) -> None:
        me = self.current
        me.is_on = False
        self.running, self.stopping = True, False
        self.run_until(lambda: me.is_on)
        self.current = me

    # -- what scenarios need ---------------------------------------------------------------------------------------

    def switch_to(self, function: Callable[[], object]) -> None:
        before, self.current = self.current, Greenlet(self.greenlet)
        super().switch_to(function)
        self.current = before

    def take_turn(self) -> None:
        if self.stopping:
            self.running = self.stopping = False
            self.timers.clear()
            self.end()
            return
        if self.loses_timers and self.timers:
            self.loses_timers = False
            self.timers.clear()
        due = [timer for timer in self.timers if self.is_time_up or not timer.seconds]
        self.timers = [timer for timer in self.timers if timer not in due]
        self.ready += due
        del due
        if self.receiver.is_readable:
            self.ready.append(self.come_in)
        if not self.ready:
            self.bell.wait()

    def call_soon(self, function: Any, *args: object) -> None:
        self.timers.append(Timer(0, partial(function, *args)))

    def take_thread_local(self) -> object:
        return vars(_entrance.here).pop("thread")

    def create_waiter(self) -> Any:
        return _waiter.create_waiter()

    def left(self) -> list[Any]:
        return [*self.entrance._left, *self.entrance._ready]

    def check(self) -> None:
        assert self.entrance._has_round == any(
            isinstance(timer.action, Round)
            for timer in [*self.timers, *self.ready]
            if isinstance(timer, Timer)
        ), "a round is on its way, or none is, and the entrance knows nothing of that"


def current_greenlet() -> Any:
    """In place of greenlet's."""
    return may_block_here().current


class WakeAgainstAbort(Wake):
    """Another greenlet aborts the hub meanwhile; who sleeps there is its thread's first greenlet, and runs it again."""

    def setup(self) -> None:
        super().setup()
        self.hub.call_soon(self.abort)

    def abort(self) -> None:
        switch()
        self.hub.stopping = True


class WakeAndTimeAgainstAbort(WakeAgainstAbort):
    """The same, and its time is up."""

    time_out = 1

    def wake(self) -> None:
        super().wake()
        self.hub.pass_time()


class WakeOfAnotherAgainstAbort(WakeAgainstAbort):
    """Another one sleeps there. It is collected when nobody can wake it any more."""

    def setup(self) -> None:
        super().setup()
        self.hub.current.parent = self.hub.greenlet
        self.hub.end = self.end

    def end(self) -> None:
        self.waker_ends.wait()
        raise GoneError


class WakeAgainstLoss(Wake):
    """The hub loses a timer, as it does if a signal handler sets one at the wrong moment."""

    def setup(self) -> None:
        super().setup()
        self.hub.loses_timers = True
