# SPDX-License-Identifier: ISC
"""What may be thrown into a greenlet that waits, at any moment: it leaves no trace, and keeps no grant."""

from __future__ import annotations

import sys
from collections import deque
from functools import partial
from itertools import count

import aiologic
import aiologic_gevent
import gevent
import pytest
from aiologic.testing._interruption import (
    Interrupted,
    Interruption,
    RaisingInterruption,
)
from aiologic.testing.harness import acquire, run, until
from aiologic_gevent._entrance import _come_in, entrance_of
from aiologic_gevent._waiter import create_waiter

from .steps import Stranger

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from aiologic.testing.harness import Actor, Stage
    from aiologic_gevent._waiter import GeventWaiter

FILES = list(aiologic_gevent.__path__)


# -- thrown into a greenlet ------------------------------------------------------------------------------------------


class Rude(BaseException):
    """Not even an Exception."""


#: What to throw, and what comes out.
THROWN = {
    "GreenletExit": (gevent.GreenletExit, gevent.GreenletExit),
    "a class": (Stranger, Stranger),
    "an instance": (Stranger("told"), Stranger),
    "not an Exception": (Rude, Rude),
    "an interrupt": (KeyboardInterrupt, KeyboardInterrupt),
}


class Victim:
    """Waits for a lock that somebody else has, and records what happens to it."""

    def __init__(self, lock: aiologic.Lock) -> None:
        self.lock = lock
        self.heard: list[object] = []
        self.greenlet: Any = gevent.spawn(self._live)

    def _live(self) -> None:
        try:
            self.heard.append(self.lock.green_acquire())
            self.lock.green_release()
            gevent.sleep(10)
        except BaseException as error:  # the test looks at it
            self.heard.append(type(error))

    def joined(self) -> list[object]:
        self.greenlet.join()
        return self.heard


@pytest.mark.parametrize(("thrown", "expected"), THROWN.values(), ids=THROWN)
def test_thrown_while_it_waits(actor: Actor, thrown: Any, expected: type) -> None:
    lock = aiologic.Lock()

    def play() -> None:
        with lock:
            victim = Victim(lock)
            gevent.sleep(0)
            assert lock.waiting == 1
            victim.greenlet.kill(thrown, block=False)
            assert victim.joined() == [expected]
            assert lock.waiting == 0
        assert not lock.locked()

    actor.does(run(play))


@pytest.mark.parametrize(("thrown", "expected"), THROWN.values(), ids=THROWN)
@pytest.mark.parametrize("kill_first", [False, True])
def test_woken_and_killed_in_one_step_it_hears_of_what_came_first(
    actor: Actor, thrown: Any, expected: type, kill_first: bool
) -> None:
    lock = aiologic.Lock()

    def play() -> None:
        lock.green_acquire()
        victim, next_one = Victim(lock), Victim(lock)
        gevent.sleep(0)
        assert lock.waiting == 2
        if kill_first:
            victim.greenlet.kill(thrown, block=False)
        lock.green_release()
        if not kill_first:
            victim.greenlet.kill(thrown, block=False)
        assert victim.joined() == ([expected] if kill_first else [True, expected])
        next_one.greenlet.kill(block=False)
        assert next_one.joined() == [True, gevent.GreenletExit]

    actor.does(run(play))
    assert not lock.locked()


def test_a_greenlet_that_is_killed_before_it_begins_takes_nothing(actor: Actor) -> None:
    lock = aiologic.Lock()

    def play() -> None:
        with lock:
            greenlet = gevent.spawn(lock.green_acquire)
            greenlet.kill()
        assert not lock.locked()

    actor.does(run(play))


def test_thrown_directly_by_a_callback_that_comes_before_the_switch(
    actor: Actor,
) -> None:
    """A timer of the hub may throw at one whose turn it is: the grant goes to the next."""
    lock = aiologic.Lock()

    def play() -> None:
        lock.green_acquire()
        victim, next_one = Victim(lock), Victim(lock)
        gevent.sleep(0)
        gevent.get_hub().loop.run_callback(victim.greenlet.throw, Stranger)
        lock.green_release()
        assert victim.joined() == [Stranger]
        next_one.greenlet.kill(block=False)
        assert next_one.joined() == [True, gevent.GreenletExit]

    actor.does(run(play))
    assert not lock.locked()


def test_kill_while_the_wake_up_of_a_thread_is_on_its_way(
    stage: Stage, threads: Stage
) -> None:
    """Two are killed, and each passes on what it was given before it knew of it."""
    lock = aiologic.Lock()
    holder, last = threads.actor(), threads.actor()
    holder.does(acquire(lock))
    calls = [stage.actor().starts(acquire(lock)) for _ in range(2)]
    until(lambda: lock.waiting == 2)
    last_call = last.starts(acquire(lock))
    until(lambda: lock.waiting == 3)

    with stage.frozen() as inside:
        holder.does(run(lock.green_release))
        for call in calls:
            inside(call.cancel)

    assert [call.result() for call in calls] == ["CANCELLED"] * 2
    assert last_call.result() is True


def test_killall(actor: Actor) -> None:
    lock, event = aiologic.Lock(), aiologic.Event()

    def play() -> None:
        with lock:
            greenlets: list[Any] = [gevent.spawn(lock.green_acquire) for _ in range(10)]
            greenlets += [gevent.spawn(event.wait, 1000.0) for _ in range(10)]
            gevent.sleep(0)
            assert (lock.waiting, event.waiting) == (10, 10)
            gevent.killall(greenlets)
            assert (lock.waiting, event.waiting) == (0, 0)
        assert not lock.locked()

    actor.does(run(play))


# -- what is nobody's wake-up ----------------------------------------------------------------------------------------


def test_a_stray_switch_wakes_nobody(actor: Actor) -> None:
    event = aiologic.Event()

    def play() -> object:
        greenlet = gevent.spawn(event.wait)
        gevent.sleep(0)
        for stray in ((), ("astray",), (True,), (None,)):
            gevent.get_hub().loop.run_callback(greenlet.switch, *stray)
        gevent.sleep(0)
        gevent.sleep(0)
        assert event.waiting == 1
        event.set()
        return greenlet.get()

    assert actor.does(run(play)) is True


def test_one_that_ends_with_an_error_does_not_harm_those_behind_it(
    actor: Actor, capfd: pytest.CaptureFixture[str]
) -> None:
    """They are woken together, and the first one raises as soon as it goes on."""
    event = aiologic.Event()

    def fail() -> None:
        event.wait()
        raise Stranger("of a bare greenlet")

    def play() -> None:
        gevent.spawn_raw(fail)
        gevent.sleep(0)
        others = [gevent.spawn(event.wait) for _ in range(3)]
        gevent.sleep(0)
        assert event.waiting == 4
        event.set()
        gevent.joinall(others, raise_error=True)

    actor.does(run(play))
    assert "of a bare greenlet" in capfd.readouterr().err


# -- handlers that raise ---------------------------------------------------------------------------------------------


def test_a_handler_that_raises_as_a_wait_ends_leaves_nothing_in_the_hub(
    actor: Actor,
) -> None:
    """Otherwise a timer, or a sleeper that nobody wakes any more, keeps the hub from ending."""

    def wake(waiter: GeventWaiter) -> None:
        if waiter.claim():
            waiter.unpark()

    def play() -> None:
        hub = gevent.get_hub()
        entrance = entrance_of(hub)
        gevent.sleep(0)  # the hub has nothing else to do, now and below
        before = hub.loop.activecnt
        for number in count():
            waiter = create_waiter()
            waker = gevent.spawn(wake, waiter)
            raising = RaisingInterruption(number, Interrupted.now, FILES)
            came_out = False
            try:
                raising.during(partial(waiter.park, 10))
            except Interrupted:
                came_out = True
            assert came_out is raising.was_made, raising.where
            waker.kill()
            gevent.sleep(0)
            left = (len(entrance._sleepers), hub.loop.activecnt)
            assert left == (0, before), raising.where
            if not raising.was_made:
                break
        assert number > 5

    actor.does(run(play))


@pytest.mark.skipif(
    sys.version_info < (3, 10),
    reason="looks for signals at more places than can be guarded: docs/decisions/0021",
)
def test_a_handler_raises_as_the_hub_takes_in_what_threads_have_left() -> None:
    """The hub takes a delivery out, and calls it.   A handler raises before that has begun. All must be woken."""
    for number in count():
        called: list[int] = []

        def call(each: int, called: Any = called) -> None:
            called.append(each)

        left: deque[Any] = deque(partial(call, each) for each in range(3))
        interruption = RaisingInterruption(number, Interrupted.now, [*FILES, __file__])
        came_out = False
        try:
            interruption.during(partial(_come_in, left))
        except Interrupted:
            came_out = True
        assert came_out is interruption.was_made
        if not interruption.was_made:
            break
        # As the function begins, no code of ours has run.
        assert {*called} == {0, 1, 2} or (number == 0 and len(left) == 3)
    assert number > 3


def test_a_call_that_raises_each_time_is_made_twice() -> None:
    """A handler may have raised; and those behind it are called only now."""
    called: list[str] = []

    def fail() -> None:
        called.append("fails")
        raise LookupError

    with pytest.raises(LookupError):
        _come_in(deque((fail, partial(called.append, "behind"))))
    assert called == ["fails", "fails", "behind"]


def test_who_falls_asleep_as_the_last_one_leaves_keeps_the_hub_going(
    actor: Actor,
) -> None:
    """A sees that nobody sleeps.   A handler lets B fall asleep.   A must not let the hub end its run."""

    def play() -> None:
        entrance = entrance_of(gevent.get_hub())
        for number in count():
            one, other = create_waiter(), create_waiter()
            entrance.hold(one)
            interruption = Interruption(number, partial(entrance.hold, other), FILES)
            interruption.during(partial(entrance.leave, one))
            if not interruption.was_made:
                break
            assert entrance._watcher.ref, interruption.where
            entrance.leave(other)
            assert not entrance._watcher.ref
        assert number > 10

    actor.does(run(play))
