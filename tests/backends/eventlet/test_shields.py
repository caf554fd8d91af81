# SPDX-License-Identifier: ISC
"""Shielded calls: whose identity they have, and what becomes of exceptions that are thrown meanwhile."""

from __future__ import annotations

from contextvars import ContextVar

import aiologic
import eventlet
import eventlet.hubs
import pytest
from aiologic._runtime.detect import worlds
from aiologic.testing.harness import CANCELLED, acquire, release, run, until
from greenlet import GreenletExit, getcurrent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from aiologic.testing.harness import Actor, Stage


class Stranger(Exception):  # noqa: N818
    """Thrown by somebody."""


def shield(function: Callable[[], Any]) -> Any:
    return worlds.green_world()[0].shield(function)


def nap(seconds: float) -> Callable[[], None]:
    return lambda: eventlet.sleep(seconds)


def test_a_shielded_call_takes_a_lock_for_its_caller(actor: Actor) -> None:
    """Contract D22."""
    lock = aiologic.Lock()

    def play() -> None:
        assert shield(lock.green_acquire) is True
        assert lock.green_owned()
        assert shield(lambda: shield(lock.green_owned)) is True
        assert shield(getcurrent) is not getcurrent()
        assert shield(worlds.green_world)[1] is getcurrent()
        lock.green_release()

    actor.does(run(play))


def test_the_helper_of_the_first_greenlet_has_the_threads_identity() -> None:
    from .steps import end_hub, in_new_thread

    lock = aiologic.Lock()

    def play() -> None:
        with lock:
            eventlet.sleep(0)
            assert shield(lock.green_owned) is True
            assert shield(lambda: worlds.green_world()[1]) is worlds.green_world()[1]
        end_hub()

    in_new_thread(play)


def test_a_kill_waits_for_the_end_of_a_shielded_call(stage: Stage) -> None:
    lock = aiologic.Lock()
    holder, victim = stage.actor(), stage.actor()
    ended: list[object] = []
    holder.does(acquire(lock))

    def hold() -> None:
        with lock:
            ended.append(lock.green_owned())

    call = victim.starts(run(lambda: shield(hold)))
    until(lambda: lock.waiting == 1)
    stage.inside(call.cancel)
    stage.inside(int)
    assert lock.waiting == 1
    holder.does(release(lock))

    assert call.result() == CANCELLED
    assert ended == [True]


def test_what_the_call_raises_goes_before_what_was_thrown(actor: Actor) -> None:
    def call() -> None:
        eventlet.sleep(0.005)
        raise Stranger

    def play() -> None:
        with pytest.raises(Stranger) as caught, eventlet.Timeout(0.001, False):
            shield(call)
        assert caught.value.__context__ is None

    actor.does(run(play))


def test_the_first_timeout_is_raised_and_the_others_expire_again_in_order(
    actor: Actor,
) -> None:
    """Contract 2.1, no. 25."""
    heard: list[int] = []

    def play() -> None:
        timeouts = [eventlet.Timeout(seconds) for seconds in (0.001, 0.002, 0.003)]
        try:
            shield(nap(0.02))
        except eventlet.Timeout as timeout:
            heard.append(timeouts.index(timeout))
        for _ in range(2):
            try:
                eventlet.sleep(10)
            except eventlet.Timeout as timeout:
                heard.append(timeouts.index(timeout))

    actor.does(run(play))
    assert heard == [0, 1, 2]


def test_a_timeout_whose_block_is_left_does_not_expire_again(actor: Actor) -> None:
    def play() -> str:
        try:
            with eventlet.Timeout(0.001), eventlet.Timeout(0.002):
                shield(nap(0.02))
        except eventlet.Timeout:
            pass
        eventlet.sleep(0.005)
        return "undisturbed"

    assert actor.does(run(play)) == "undisturbed"


def test_a_timeout_that_was_thrown_before_its_time_does_not_expire_as_well(
    actor: Actor,
) -> None:
    """It is thrown again, by a single timer: leaving its block cancels that."""

    def play() -> list[object]:
        hub = eventlet.hubs.get_hub()
        me = getcurrent()
        heard: list[object] = []
        with eventlet.Timeout(1000) as second:
            for each in (eventlet.Timeout(None), second):
                hub.schedule_call_global(0, me.throw, each)
            try:
                shield(lambda: [eventlet.sleep(0) for _ in range(3)])
            except eventlet.Timeout as timeout:
                heard.append(timeout is second)
            try:
                eventlet.sleep(10)
            except eventlet.Timeout as timeout:
                heard.append(timeout is second)
        heard.extend(
            timer for _, timer in hub.timers + hub.next_timers if timer.pending
        )
        return heard

    assert actor.does(run(play)) == [False, True]


def test_a_kill_that_came_second_is_not_forgotten(actor: Actor) -> None:
    heard: list[str] = []

    def victim() -> None:
        try:
            with eventlet.Timeout(0.001):
                shield(nap(0.01))
        except eventlet.Timeout:
            heard.append("Timeout")
        eventlet.sleep(10)

    def play() -> None:
        greenlet = eventlet.spawn(victim)
        eventlet.sleep(0.005)
        greenlet.kill()
        with pytest.raises(GreenletExit):
            greenlet.wait()

    actor.does(run(play))
    assert heard == ["Timeout"]


@pytest.mark.parametrize("ended", [False, True])
def test_what_is_not_held_back_interrupts_the_call_itself(
    actor: Actor, ended: bool
) -> None:
    """And is raised afterwards, if the call ends at that very moment."""
    heard: list[str] = []

    def call() -> str:
        try:
            aiologic.Event().wait(0.001 if ended else 10)
        except Stranger:
            heard.append("inside")
            raise
        return "to the end"

    def victim() -> None:
        with pytest.raises(Stranger):
            shield(call)
        heard.append("outside")

    def play() -> None:
        greenlet = eventlet.spawn(victim)
        eventlet.sleep(0)
        eventlet.sleep(0)
        if ended:
            deadline = eventlet.hubs.get_hub().clock() + 0.002
            while eventlet.hubs.get_hub().clock() < deadline:
                pass  # the call is over when the hub next looks
        hub = eventlet.hubs.get_hub()
        hub.schedule_call_global(0, greenlet.throw, Stranger)
        greenlet.wait()

    actor.does(run(play))
    assert heard == (["outside"] if ended else ["inside", "outside"])


def test_a_call_that_survives_an_interruption_goes_on(actor: Actor) -> None:
    def call() -> str:
        try:
            eventlet.sleep(10)
        except Stranger:
            eventlet.sleep(0)
        return "to the end"

    def play() -> object:
        greenlet = eventlet.spawn(lambda: shield(call))
        eventlet.sleep(0)
        eventlet.sleep(0)
        hub = eventlet.hubs.get_hub()
        hub.schedule_call_global(0, greenlet.throw, Stranger)
        return greenlet.wait()

    assert actor.does(run(play)) == "to the end"


@pytest.mark.parametrize("value", [None, 1])
def test_context_variables_of_a_shielded_call_are_its_callers(
    actor: Actor, value: int | None
) -> None:
    """Even if the caller has never set any."""
    variable: ContextVar[int | None] = ContextVar("variable", default=None)

    def play() -> int | None:
        if value is not None:
            variable.set(value)
        assert shield(variable.get) == value
        shield(lambda: variable.set(2))
        return variable.get()

    assert actor.does(run(lambda: eventlet.spawn(play).wait())) == 2
