# SPDX-License-Identifier: ISC
# mypy: disable-error-code="func-returns-value, no-untyped-call, arg-type"
"""What runs where: no hub is created by looking, and nobody's identity changes when one appears or goes."""

from __future__ import annotations

import threading

import aiologic
import gevent
import gevent.exceptions
import pytest
from aiologic._runtime.detect import worlds
from aiologic._runtime.threads import this_thread
from aiologic.lowlevel import (
    current_green_library_tlocal,
    current_green_task_ident,
    current_green_token,
    current_green_token_ident,
    enable_checkpoints,
    green_checkpoint,
)
from aiologic.testing.harness import acquire, release, run, until
from aiologic_gevent._backend import GeventBackend
from aiologic_gevent._hub import hub_of_this_thread
from greenlet import getcurrent, greenlet

from .steps import in_hub, in_new_thread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from aiologic.testing.harness import Actor, Stage

    MakeHub = Callable[[], Any]


def me() -> object:
    return worlds.green_world()[1]


def test_a_greenlet_and_its_hub_are_shown_by_their_numbers(make_hub: MakeHub) -> None:
    def look(hub: Any) -> None:
        def play() -> None:
            assert current_green_token() is hub
            assert current_green_task_ident() == ("gevent", id(getcurrent()))
            assert current_green_token_ident() == ("gevent", id(hub))

        gevent.spawn(play).get()

    in_hub(make_hub, look)


def test_to_use_a_lock_makes_no_hub() -> None:
    def use() -> object:
        lock = aiologic.Lock()
        with lock, enable_checkpoints():
            assert lock.green_owned()
            green_checkpoint()
        assert aiologic.Event().wait(0) is False
        return hub_of_this_thread()

    assert in_new_thread(use) is None


@pytest.mark.parametrize("end", ["stays", "is destroyed"])
def test_a_lock_outlives_the_appearance_and_the_end_of_a_hub(
    make_hub: MakeHub, end: str
) -> None:
    """Contract D15: the first greenlet of a thread is the same task before and after."""

    def hold() -> None:
        lock = aiologic.Lock()
        with lock:
            before = lock.owner
            hub = make_hub()
            gevent.sleep(0)
            assert worlds.green_world()[0].library == "gevent"
            assert lock.green_owned()
            assert lock.owner == before
            with pytest.raises(RuntimeError, match="already holding"):
                lock.green_acquire()
            if end == "is destroyed":
                hub.destroy(destroy_loop=True)
                assert hub_of_this_thread() is None
            assert lock.green_owned()
        assert not lock.locked()
        if end == "stays":
            hub.destroy(destroy_loop=True)

    in_new_thread(hold)


def test_the_first_greenlet_waits_through_the_hub_as_soon_as_there_is_one(
    make_hub: MakeHub,
) -> None:
    """Otherwise the greenlet that has to release it could not run."""

    def play(_: object) -> None:
        lock = aiologic.Lock()

        def hold() -> None:
            with lock:
                gevent.sleep(0.001)

        holder = gevent.spawn(hold)
        gevent.sleep(0)
        with lock:
            assert lock.green_owned()
            assert me() is this_thread()
        holder.join()

    in_hub(make_hub, play)


@pytest.mark.parametrize("kind", [aiologic.Lock, aiologic.RLock])
def test_the_lock_of_the_first_greenlet_lets_no_other_notify(
    make_hub: MakeHub, kind: Any
) -> None:
    """It has the identity of the thread, which all of them see."""

    def play(_: object) -> None:
        condition = aiologic.Condition(kind())

        def notify() -> None:
            with pytest.raises(RuntimeError, match="un-acquired"):
                condition.notify()

        with condition:
            gevent.spawn(notify).get()
            condition.notify()

    in_hub(make_hub, play)


def test_a_bare_greenlet_under_no_hub_is_its_thread(make_hub: MakeHub) -> None:
    """The workers of gevent's thread pool are such: a hub may appear while they hold a lock."""
    lock = aiologic.Lock()

    def hold() -> None:
        with lock:
            assert me() is this_thread()
            hub = make_hub()
            gevent.sleep(0)
            assert me() is this_thread()
            assert lock.green_owned()
            hub.destroy(destroy_loop=True)

    in_new_thread(lambda: greenlet(hold).switch())
    assert not lock.locked()


@pytest.mark.parametrize("spawn", [gevent.spawn, gevent.spawn_raw])
def test_a_greenlet_of_a_hub_is_itself(make_hub: MakeHub, spawn: Any) -> None:
    def play(_: object) -> None:
        lock = aiologic.Lock()
        seen: list[object] = []

        def look() -> None:
            seen.extend((me(), getcurrent()))
            with lock:
                assert lock.owner == ("gevent", id(getcurrent()))
                assert worlds.backend_of(me()) is worlds.green_world()[0]
                # A greenlet under it has an identity of its own.
                greenlet(lambda: seen.append(me())).switch()

        spawn(look)
        while len(seen) < 3:
            gevent.sleep(0)
        assert seen[0] is seen[1] is not seen[2]

    in_hub(make_hub, play)


def test_a_greenlet_stays_itself_when_its_hub_is_destroyed(make_hub: MakeHub) -> None:
    lock = aiologic.Lock()
    heard: list[bool] = []

    def destroy(first: greenlet) -> None:
        hub = gevent.get_hub()
        with lock:
            hub.destroy(destroy_loop=True)
            assert hub_of_this_thread() is None
            assert GeventBackend().is_running()
            heard.append(lock.green_owned())
        getcurrent().parent = first  # the hub can't go on

    def play(_: object) -> None:
        destroyer = gevent.spawn_raw(destroy, getcurrent())
        with pytest.raises(gevent.exceptions.LoopExit):
            gevent.get_hub().switch()
        # The hub returned to us as it ended, in the middle of destroy().
        assert lock.locked()
        destroyer.switch()

    in_hub(make_hub, play)
    assert heard == [True]
    assert not lock.locked()


@pytest.mark.parametrize("use", ["wait", "token"])
def test_where_somebody_says_so_a_thread_gets_a_hub(use: str) -> None:
    def play() -> bool:
        current_green_library_tlocal.name = "gevent"
        try:
            assert me() is this_thread()
            assert hub_of_this_thread() is None
            if use == "wait":
                assert aiologic.Event().wait(0.001) is False
            else:
                worlds.green_world()[0].current_token()
            hub: Any = hub_of_this_thread()
            token = worlds.green_world()[0].current_token()
            hub.destroy(destroy_loop=True)
        finally:
            current_green_library_tlocal.name = None
        return token is hub

    assert in_new_thread(play) is True


def test_a_plain_thread_does_not_block_for_what_its_own_greenlet_holds(
    make_hub: MakeHub,
) -> None:
    def play(_: object) -> None:
        lock = aiologic.Lock()
        holder = gevent.spawn(lock.green_acquire)
        holder_2 = gevent.spawn(gevent.sleep, 10)
        gevent.sleep(0)
        assert holder.dead
        backend = worlds.backend_of(holder)
        assert backend is not None
        assert not backend.runs_here(holder)  # it has ended, and will not go on
        assert backend.runs_here(holder_2)
        assert in_new_thread(lambda: backend.runs_here(holder_2)) is False
        assert not backend.runs_here(object())
        holder_2.kill()

    in_hub(make_hub, play)


def test_the_hub_itself_may_look_and_not_wait(stage: Stage, threads: Stage) -> None:
    """Contract 2.1, no. 26: it raises before anything is queued."""
    lock, event, held = aiologic.Lock(), aiologic.Event(), aiologic.Lock()
    threads.actor().does(acquire(held))

    def callback() -> None:
        with lock:
            assert lock.green_owned()
            assert me() is hub_of_this_thread()
        assert held.green_acquire(blocking=False) is False
        for wait in (
            event.wait,
            lambda: event.wait(0),
            held.green_acquire,
            held.__enter__,
            lambda: worlds.green_world()[0].sleep(1),
            lambda: worlds.green_world()[0].shield(int),
        ):
            with pytest.raises(RuntimeError, match="from the mainloop"):
                wait()
        assert event.waiting == held.waiting == 0
        event.set()

    with stage.frozen(as_callback=True) as inside:
        inside(callback)
    assert event.is_set()


def test_native_threads_of_a_pool_wait_and_hold_as_threads(make_hub: MakeHub) -> None:
    """Contract 2.1, no. 34, 38; and we create no hub for them."""
    lock = aiologic.Lock()
    seen: list[Any] = []

    def work() -> object:
        with lock:
            seen.append(lock.owner)
        return hub_of_this_thread()

    def play(hub: Any) -> None:
        taken, go_on = threading.Event(), aiologic.Event()

        def hold() -> bool:
            with lock:
                taken.set()
                return go_on.wait()

        with lock:
            jobs = [hub.threadpool.spawn(work) for _ in range(3)]
            while lock.waiting != 3:
                gevent.sleep(0.001)
        assert [job.get() for job in jobs] == [None] * 3

        holding = hub.threadpool.spawn(hold)
        while not taken.is_set():
            gevent.sleep(0.001)
        waiting = gevent.spawn(lock.green_acquire)
        gevent.sleep(0)
        assert lock.waiting == 1
        go_on.set()
        assert waiting.get() is True
        assert holding.get() is True
        assert hub.threadpool.apply(lambda: worlds.green_world()[0].library) == (
            "threading"
        )

    in_hub(make_hub, play)
    assert {owner[0] for owner in seen} == {"threading"}


def test_several_hubs_take_turns(make_hub: MakeHub, stage: Stage) -> None:
    lock = aiologic.Lock()
    turns: list[None] = []

    def work() -> None:
        for _ in range(30):
            with lock:
                turns.append(None)
                seen = len(turns)
                gevent.sleep(0)
                assert len(turns) == seen

    def play(_: object) -> None:
        gevent.joinall([gevent.spawn(work) for _ in range(3)], raise_error=True)

    threads = [threading.Thread(target=in_hub, args=[make_hub, play]) for _ in range(3)]
    for thread in threads:
        thread.start()
    calls = [stage.actor().starts(run(work)) for _ in range(3)]
    for call in calls:
        call.result()
    for thread in threads:
        thread.join()
    assert len(turns) == 12 * 30


def test_a_greenlet_that_has_ended_with_the_lock_is_not_taken_for_another(
    actor: Actor, threads: Stage
) -> None:
    """Contract D16."""
    lock = aiologic.Lock()

    def play() -> None:
        gevent.spawn(lock.green_acquire).join()
        for _ in range(50):
            assert gevent.spawn(lock.green_owned).get() is False

    actor.does(run(play))
    assert lock.locked()
    assert lock.owner is not None
    assert lock.owner[0] == "gevent"
    call = threads.actor().starts(acquire(lock, timeout=0.01))
    until(lambda: call.is_done)
    assert call.result() is False
    with pytest.raises(RuntimeError, match="not holding"):
        threads.actor().does(release(lock))


def test_a_greenlet_that_no_hub_looks_after_is_none_of_gevents(
    make_hub: MakeHub,
) -> None:
    """It may be another library's, or a thread's own. A thread without a hub looks after no greenlet."""
    backend = GeventBackend()

    def in_hub_or_without() -> tuple[bool, bool, bool]:
        bare = greenlet(int)
        return backend.knows(bare), backend.runs_here(bare), backend.knows(object())

    def play(_: object) -> None:
        assert in_hub_or_without() == (False, False, False)
        assert backend.knows(gevent.spawn(int))

    in_hub(make_hub, play)
    assert in_new_thread(in_hub_or_without) == (False, False, False)
