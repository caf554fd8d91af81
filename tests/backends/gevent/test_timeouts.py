# SPDX-License-Identifier: ISC
"""gevent's time-outs, and ours: each ends what it is meant for, in order, and does not affect the next wait."""

from __future__ import annotations

import aiologic
import gevent
import pytest
from aiologic.testing.harness import run

from .steps import Stranger, in_hub

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from aiologic.testing.harness import Actor


def test_a_timeout_of_gevents_ends_a_wait(actor: Actor) -> None:
    event = aiologic.Event()

    def wait() -> None:
        for seconds in (0, 0.001):
            mine = gevent.Timeout(seconds)
            with pytest.raises(gevent.Timeout) as caught, mine:
                event.wait()
            assert caught.value is mine
            with gevent.Timeout(seconds, False):  # type: ignore[arg-type]  # as gevent's own documentation has it
                event.wait(1000)
            assert event.waiting == 0

    actor.does(run(wait))


def test_nested_timeouts_come_in_their_order(actor: Actor) -> None:
    event = aiologic.Event()
    heard: list[str] = []

    def wait() -> None:
        try:
            with gevent.Timeout(0.004):
                try:
                    with gevent.Timeout(100), gevent.Timeout(0.001, Stranger):
                        event.wait()
                except Stranger:
                    heard.append("the inner one")
                event.wait(1000)
        except gevent.Timeout:
            heard.append("the outer one")

    actor.does(run(wait))
    assert heard == ["the inner one", "the outer one"]
    assert event.waiting == 0


def test_a_timeout_that_has_not_expired_leaves_the_next_wait_alone(
    actor: Actor,
) -> None:
    event, other = aiologic.Event(), aiologic.Event()

    def play() -> bool:
        setter = gevent.spawn(event.set)
        with gevent.Timeout(0.003):
            assert event.wait() is True
        setter.join()
        return other.wait(0.01)

    assert actor.does(run(play)) is False


def test_a_time_out_of_ours_and_one_of_gevents_end_what_comes_first(
    actor: Actor,
) -> None:
    lock = aiologic.Lock()

    def play() -> None:
        with lock:
            impatient = gevent.spawn(lock.green_acquire, timeout=0.001)
            with gevent.Timeout(1000):
                assert impatient.get() is False
            with pytest.raises(gevent.Timeout):
                gevent.spawn(
                    gevent.with_timeout, 0.001, lock.green_acquire, timeout=1000
                ).get()
            assert lock.waiting == 0

    actor.does(run(play))


@pytest.mark.parametrize("seconds", [1e-9, 0.0004, 0.0015])
def test_a_time_out_that_libuv_can_not_count_is_none_of_its_business(
    actor: Actor, seconds: float
) -> None:
    """It would warn about less than a millisecond, and round two of them to nothing."""
    event = aiologic.Event()
    assert actor.does(run(lambda: event.wait(seconds))) is False


def test_the_first_greenlet_of_a_thread_hears_of_timeouts(
    make_hub: Callable[[], Any],
) -> None:
    lock = aiologic.Lock()

    def play(_: object) -> None:
        holder = gevent.spawn(lock.green_acquire)
        holder.join()
        with pytest.raises(gevent.Timeout), gevent.Timeout(0.001):
            lock.green_acquire()
        assert lock.waiting == 0

    in_hub(make_hub, play)
