# SPDX-License-Identifier: ISC
# mypy: disable-error-code="func-returns-value, no-untyped-call, arg-type"
"""Shielded calls: whose identity they have, and what becomes of exceptions that are thrown meanwhile."""

from __future__ import annotations

import gc
from contextvars import ContextVar
from weakref import ref

import aiologic
import gevent
import pytest
from aiologic._runtime.detect import worlds
from aiologic._runtime.threads import this_thread
from aiologic.testing.harness import CANCELLED, acquire, release, run, until
from aiologic_gevent._backend import GeventBackend
from aiologic_gevent._clock import Overdue
from aiologic_gevent._identity import principals
from greenlet import getcurrent

from .steps import Stranger, in_hub, shield

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from aiologic.testing.harness import Actor, Stage


def nap(seconds: float) -> Callable[[], None]:
    return lambda: gevent.sleep(seconds)


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


def test_from_the_first_shield_on_it_tells_helpers_from_tasks(actor: Actor) -> None:
    """Nobody has to look again for that: green backends are asked each time."""
    backend = GeventBackend()

    def play() -> None:
        change = worlds.change
        inside = backend.shield(lambda: (backend.current_task(), getcurrent()))
        assert inside[0] is backend.current_task() is getcurrent()
        assert inside[1] is not getcurrent()
        assert worlds.change is change

    actor.does(run(play))


def test_the_helper_of_the_first_greenlet_has_the_threads_identity(
    make_hub: Callable[[], Any],
) -> None:
    lock = aiologic.Lock()

    def play(_: object) -> None:
        with lock:
            assert shield(lock.green_owned) is True
            assert shield(lambda: worlds.green_world()[1]) is this_thread()
            assert shield(lambda: shield(lambda: worlds.green_world()[1])) is (
                this_thread()
            )

    in_hub(make_hub, play)


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
        gevent.sleep(0.005)
        raise Stranger

    def play() -> None:
        with pytest.raises(Stranger) as caught, gevent.Timeout(0.001, False):
            shield(call)
        assert caught.value.__context__ is None

    actor.does(run(play))


@pytest.mark.parametrize("count", [2, 5])
def test_the_first_timeout_is_raised_and_the_others_expire_again_in_order(
    actor: Actor, count: int
) -> None:
    """Contract 2.1, no. 25."""
    heard: list[int] = []

    def play() -> None:
        timeouts = [
            gevent.Timeout.start_new(0.002 * number) for number in range(1, count + 1)
        ]
        for turn in range(count):
            try:
                if turn:
                    gevent.sleep(10)
                else:
                    shield(nap(0.03))
            except gevent.Timeout as expired:
                heard.append(timeouts.index(expired))
        for timeout in timeouts:
            assert not timeout.pending
            timeout.close()

    actor.does(run(play))
    assert heard == list(range(count))


def test_those_that_expired_at_once_keep_their_order(actor: Actor) -> None:
    """Timers of zero seconds would fire in any order, and on libuv in the reverse one."""
    heard: list[int] = []

    def play() -> None:
        timeouts = [gevent.Timeout(1000) for _ in range(6)]
        current = getcurrent()
        loop = gevent.get_hub().loop
        for timeout in timeouts:
            loop.run_callback(current.throw, timeout)
        for turn in range(6):
            try:
                shield(nap(0.002)) if not turn else gevent.sleep(10)
            except gevent.Timeout as expired:
                heard.append(timeouts.index(expired))
        for timeout in timeouts:
            timeout.close()

    actor.does(run(play))
    assert heard == [0, 1, 2, 3, 4, 5]


def test_nested_blocks_hear_of_their_own_timeouts(actor: Actor) -> None:
    heard: list[str] = []

    def play() -> None:
        with gevent.Timeout(0.004, False):
            with gevent.Timeout(0.001, False):
                shield(nap(0.02))
            heard.append("the inner block is over")
            gevent.sleep(10)
            heard.append("not in time")
        heard.append("and so is the outer one")

    actor.does(run(play))
    assert heard == ["the inner block is over", "and so is the outer one"]


@pytest.mark.parametrize("leave", ["close", "cancel"])
def test_a_timeout_whose_block_is_left_does_not_expire_again(
    actor: Actor, leave: str
) -> None:
    def play() -> str:
        outer, inner = gevent.Timeout(0.001), gevent.Timeout(0.002)
        outer.start()
        inner.start()
        with pytest.raises(gevent.Timeout) as caught:
            shield(nap(0.02))
        assert caught.value is outer
        pending = [inner.pending]
        getattr(inner, leave)()
        pending.append(inner.pending)
        assert pending == [True, False]
        outer.close()
        gevent.sleep(0.005)
        if leave == "cancel":  # it may be used again
            inner.start()
            with pytest.raises(gevent.Timeout):
                gevent.sleep(10)
            inner.close()
        return "undisturbed"

    assert actor.does(run(play)) == "undisturbed"


def test_a_timeout_that_was_to_expire_again_can_be_started_anew_and_cancelled(
    actor: Actor,
) -> None:
    def restart() -> None:
        timeout: Any = gevent.Timeout(10)
        timeout.timer = Overdue(
            gevent.get_hub().loop, timeout.timer, pytest.fail, "it was cancelled"
        )
        timeout.cancel()
        timeout.start()
        assert timeout.pending
        timeout.cancel()
        assert not timeout.pending
        timeout.close()

    actor.does(run(restart))


def test_a_kill_that_came_second_is_not_forgotten(actor: Actor) -> None:
    heard: list[str] = []

    def victim() -> None:
        try:
            with gevent.Timeout(0.001):
                shield(nap(0.01))
        except gevent.Timeout:
            heard.append("Timeout")
        try:
            gevent.sleep(10)
        except gevent.GreenletExit:
            heard.append("killed")
            raise

    def play() -> None:
        greenlet = gevent.spawn(victim)
        gevent.sleep(0.005)
        greenlet.kill()

    actor.does(run(play))
    assert heard == ["Timeout", "killed"]


def test_a_kill_at_the_first_step_waits_too(actor: Actor) -> None:
    """The helper has not begun yet when its principal is killed."""
    done: list[bool] = []

    def play() -> None:
        greenlet = gevent.spawn(shield, lambda: done.append(True))
        gevent.get_hub().loop.run_callback(greenlet.throw, gevent.GreenletExit)
        gevent.sleep(0)
        greenlet.join()
        assert isinstance(greenlet.value, gevent.GreenletExit)

    actor.does(run(play))
    assert done == [True]


def test_context_variables_of_a_shielded_call_are_its_callers(actor: Actor) -> None:
    variable: ContextVar[int] = ContextVar("variable", default=0)

    def play() -> int:
        shield(lambda: variable.set(1))
        assert variable.get() == 1
        assert shield(variable.get) == 1
        return variable.get()

    # In a new greenlet, which has no context yet.
    assert actor.does(run(lambda: gevent.spawn(play).get())) == 1


@pytest.mark.parametrize("thrown", [Stranger, KeyboardInterrupt])
def test_what_is_not_held_back_interrupts_the_call_itself(
    actor: Actor, thrown: type[BaseException]
) -> None:
    """Its helper does not go on by itself as a task that has left."""
    heard: list[str] = []

    def call() -> None:
        try:
            aiologic.Event().wait(10)
        except thrown:
            heard.append("inside")
            raise

    def victim() -> None:
        with pytest.raises(thrown):
            shield(call)
        heard.append("outside")

    def play() -> None:
        greenlet = gevent.spawn(victim)
        gevent.sleep(0)
        gevent.sleep(0)
        greenlet.kill(thrown, block=False)
        greenlet.get()

    actor.does(run(play))
    assert heard == ["inside", "outside"]


def test_time_limits_inside_a_shielded_call_hold(actor: Actor) -> None:
    def call() -> str:
        with gevent.Timeout(0.001, False):
            gevent.sleep(10)
        return "in time" if aiologic.Event().wait(0.001) is False else "never"

    assert actor.does(run(lambda: shield(call))) == "in time"


def test_a_shielded_call_leaves_nothing_behind(actor: Actor) -> None:
    """Contract 2.1, no. 24: no cycle, so nothing has to wait for a garbage collection."""

    def interrupted() -> None:
        with pytest.raises(gevent.Timeout), gevent.Timeout(0.001):
            shield(nap(0.003))

    def failing() -> None:
        def fail() -> None:
            raise Stranger

        with pytest.raises(Stranger):
            shield(fail)

    def play() -> None:
        helpers = []
        for function in (lambda: shield(getcurrent), interrupted, failing):
            result: Any = function()
            if result is not None:
                helpers.append(ref(result))
            del result
        gevent.sleep(0)
        assert [helper() for helper in helpers] == [None]
        assert getcurrent() not in dict(principals)

    gc.collect()
    gc.disable()
    try:
        actor.does(run(play))
    finally:
        gc.enable()
