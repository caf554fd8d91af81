# SPDX-License-Identifier: ISC
"""Hubs: none is created by looking, one may appear later, and there may be many."""

from __future__ import annotations

import threading
from functools import partial

import aiologic
import eventlet
import eventlet.hubs
import eventlet.tpool
import pytest
from aiologic._runtime.detect import worlds
from aiologic._runtime.threads import this_thread
from aiologic.lowlevel import current_green_library_tlocal, shield
from aiologic.testing.harness import LONG, acquire, run
from aiologic_eventlet import _identity
from aiologic_eventlet._hub import hub_of_this_thread
from greenlet import getcurrent, greenlet

from .steps import descriptors, end_hub, in_new_thread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from aiologic.testing.harness import Actor


class AnotherLibrarys(greenlet):
    """What other libraries derive from greenlets."""


def backend() -> Any:
    return worlds.green_world()[0]


def test_where_eventlet_keeps_its_hubs() -> None:
    """The one private name that we use: it has a hub once there is one, and each thread has its own."""

    def look() -> object:
        assert not hasattr(eventlet.hubs._threadlocal, "hub")
        assert hub_of_this_thread() is None
        hub = eventlet.hubs.get_hub()
        assert eventlet.hubs._threadlocal.hub is hub_of_this_thread() is hub
        return hub

    assert in_new_thread(look) is not in_new_thread(look)


def test_to_use_a_lock_makes_no_hub() -> None:
    def use() -> object:
        lock = aiologic.Lock()
        with lock:
            assert lock.green_owned()
        assert aiologic.Event().wait(0) is False
        return hub_of_this_thread()

    before = descriptors()
    assert in_new_thread(use) is None
    assert descriptors() == before


def test_a_lock_outlives_the_appearance_of_a_hub() -> None:
    """Contract D15: the first greenlet of a thread is the same task before and after."""

    def hold() -> None:
        lock = aiologic.Lock()
        with lock:
            before = lock.owner
            eventlet.sleep(0)
            assert hub_of_this_thread() is not None
            assert lock.green_owned()
            assert lock.owner == before
            with pytest.raises(RuntimeError, match="already holding"):
                lock.green_acquire()
        assert not lock.locked()
        lock.green_acquire()
        eventlet.hubs.use_hub()
        assert hub_of_this_thread() is None
        lock.green_release()

    in_new_thread(hold)


def test_the_hub_itself_may_look_and_not_wait() -> None:
    """Contract 2.1, no. 26."""
    lock, held, event = aiologic.Lock(), aiologic.Lock(), aiologic.Event()
    heard: list[object] = []

    def callback() -> None:
        heard.append(lock.green_acquire(blocking=False))
        heard.append(lock.green_owned())
        lock.green_release()
        with lock:
            pass
        assert held.green_acquire(blocking=False) is False
        waits: list[Any] = [event.wait, lambda: event.wait(0), held.green_acquire]
        for wait in waits:
            with pytest.raises(RuntimeError, match="from the mainloop"):
                wait()
        heard.append((event.waiting, held.waiting))

    def call() -> None:
        with held:
            eventlet.hubs.get_hub().schedule_call_global(0, callback)
            eventlet.sleep(0)

    in_new_thread(call)
    assert heard == [True, True, (0, 0)]


def test_who_a_greenlet_is(actor: Actor) -> None:
    lock = aiologic.Lock()

    def play() -> None:
        me = getcurrent()
        assert backend().current_task() is me
        with lock:
            assert lock.owner == ("eventlet", id(me))
        assert backend().runs_here(me)
        assert backend().knows(me)
        assert backend().knows(eventlet.spawn(int))
        dead = greenlet(int)
        dead.switch()
        assert not backend().runs_here(dead)
        assert not backend().runs_here(object())
        assert not backend().knows(object())
        assert not backend().knows(AnotherLibrarys())

    actor.does(run(play))


def test_greenlets_of_another_thread_do_not_run_here(actor: Actor) -> None:
    lock = aiologic.Lock()
    theirs = actor.does(run(getcurrent))
    actor.does(acquire(lock))

    def look() -> None:
        eventlet.sleep(0)
        assert not backend().runs_here(theirs)
        assert backend().knows(theirs)

    in_new_thread(look)
    assert lock.owner == ("eventlet", id(theirs))


def test_a_thread_without_a_hub_runs_no_task() -> None:
    def look() -> object:
        backend = worlds.registry.load(worlds.registry.entries["eventlet"])
        assert not backend.is_running()  # type: ignore[union-attr]
        # The backend asks one function until somebody shields, and the other from then on.
        ways: list[Any] = [_identity.current_task, _identity.current_principal]
        return [greenlet(current).switch() for current in ways]

    assert in_new_thread(look) == [None, None]


def test_where_somebody_says_so_a_thread_gets_a_hub() -> None:
    """As any call of eventlet's that waits would create one."""

    def named(use: Callable[[], object]) -> bool:
        current_green_library_tlocal.name = "eventlet"
        try:
            assert worlds.green_world()[1] is this_thread()
            assert hub_of_this_thread() is None
            use()
            token = backend().current_token()
        finally:
            current_green_library_tlocal.name = None
        is_hub = token is hub_of_this_thread() is not None
        end_hub()
        return is_hub

    for use in (
        lambda: aiologic.Event().wait(0.001),
        lambda: backend().current_token(),
        shield(int),
    ):
        assert in_new_thread(partial(named, use)) is True


def test_time_and_token_are_the_hubs(actor: Actor) -> None:
    def look() -> None:
        hub = eventlet.hubs.get_hub()
        assert backend().current_token() is hub
        before = hub.clock()
        assert before <= backend().clock() <= hub.clock()
        assert backend().longest_sleep() == backend().longest_timeout()

    actor.does(run(look))


def test_a_lock_goes_round_the_hubs_of_many_threads() -> None:
    lock = aiologic.Lock()
    turns: list[None] = []

    def work() -> None:
        for _ in range(20):
            with lock:
                turns.append(None)
                count = len(turns)
                eventlet.sleep(0)
                assert len(turns) == count

    def thread() -> None:
        for each in [eventlet.spawn(work) for _ in range(3)]:
            each.wait()

    threads = [threading.Thread(target=thread) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(LONG)
    assert len(turns) == 4 * 3 * 20
    assert not lock.locked()


def test_native_threads_of_the_pool_wait_and_hold_as_threads() -> None:
    lock = aiologic.Lock()
    ready, go_on = threading.Event(), threading.Event()
    owners: list[Any] = []

    def wait() -> object:
        with lock:
            owners.append(lock.owner)
        return hub_of_this_thread()

    def hold() -> None:
        with lock:
            owners.append(lock.owner)
            ready.set()
            assert go_on.wait(LONG)

    def play() -> None:
        pool = eventlet.tpool
        with lock:
            jobs = [eventlet.spawn(pool.execute, wait) for _ in range(3)]
            while lock.waiting != 3:
                eventlet.sleep(0.001)
        assert [job.wait() for job in jobs] == [None] * 3
        holder = eventlet.spawn(pool.execute, hold)
        while not ready.is_set():
            eventlet.sleep(0.001)
        waiters = [eventlet.spawn(lock.green_acquire, timeout=5) for _ in range(2)]
        eventlet.sleep(0)
        assert lock.waiting == 2
        waiters[0].kill()
        go_on.set()
        assert waiters[1].wait() is True
        holder.wait()
        pool.killall()

    in_new_thread(play)
    assert {owner[0] for owner in owners} == {"threading"}


def test_a_greenlet_of_this_thread_that_owns_it_is_waited_for() -> None:
    """The thread has a hub, which runs the owner meanwhile: no deadlock, and no error."""
    lock = aiologic.Lock()

    def play() -> None:
        def hold() -> None:
            with lock:
                eventlet.sleep(0.001)

        eventlet.spawn_n(hold)
        eventlet.sleep(0)
        assert lock.locked()
        with lock:
            pass

    in_new_thread(play)
