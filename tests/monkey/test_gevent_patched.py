# SPDX-License-Identifier: ISC
"""Programs that gevent has patched, before and after they import aiologic: waits between threads and greenlets."""

from __future__ import annotations

import os
from importlib.util import find_spec

import pytest

from .gevent_programs import AFTER, BEFORE, NEEDS_GEVENT, each_beginning, run_script

pytestmark = NEEDS_GEVENT

THREADS_TAKE_TURNS = """
lock, turns = aiologic.Lock(), []
def work():
    for _ in range(50):
        with lock:
            turns.append(None)
            seen = len(turns)
            time.sleep(0)
            assert len(turns) == seen
def patched(function):
    return threading.Thread(target=function)
threads = [kind(work) for kind in (patched, Native) for _ in range(3)]
greenlets = [gevent.spawn(work) for _ in range(3)]
for each in threads:
    each.start()
gevent.joinall(greenlets, raise_error=True)
for each in threads:
    each.join()
assert len(turns) == 9 * 50
assert not lock.locked()
"""

THREADS_WAKE_GREENLETS = """
event = aiologic.Event()
delays, sent = [], []
def wait():
    event.wait()
    delays.append(time.monotonic() - sent[0])
greenlets = [gevent.spawn(wait) for _ in range(10)]
within(10, lambda: event.waiting == 10)
def send():
    native_sleep(0.05)
    sent.append(time.monotonic())
    event.set()
gevent.spawn_later(20, int)  # the hub has something to sleep for
waker = Native(send)
waker.start()
gevent.joinall(greenlets)
assert len(delays) == 10 and max(delays) < 5, delays
"""

NOTHING_ELSE_TO_WAIT_FOR = """
# No LoopExit, though gevent sees nobody who could wake them.
event = aiologic.Event()
def send():
    while event.waiting < 3:
        native_sleep(0.001)
    native_sleep(0.02)
    event.set()
greenlets = [gevent.spawn(event.wait) for _ in range(2)]
start_native_thread(send, ())
assert event.wait()
gevent.joinall(greenlets)
assert all(each.value for each in greenlets)
# And where nobody waits for us, gevent still says so.
try:
    gevent.event.Event().wait()
except gevent.exceptions.LoopExit:
    pass
else:
    raise AssertionError("no LoopExit")
"""

THE_POOL = """
lock, owners = aiologic.Lock(), []
def work():
    with lock:
        owners.append(lock.owner[0])
    return hub()
pool = gevent.get_hub().threadpool
with lock:
    jobs = [pool.spawn(work) for _ in range(5)]
    within(10, lambda: lock.waiting == 5)
assert [job.get() for job in jobs] == [None] * 5
assert owners == ["threading"] * 5
# A worker holds, a greenlet waits.
taken, go_on = [], aiologic.Event()
def hold():
    with lock:
        taken.append(None)
        go_on.wait()
holding = pool.spawn(hold)
within(10, lambda: taken)
waiting = gevent.spawn(lock.green_acquire)
within(10, lambda: lock.waiting == 1)
go_on.set()
assert waiting.get() is True
holding.get()
assert pool.apply(lambda: (worlds.green_world()[0].library, hub())) == ("threading", None)
"""

HUBS_IN_NATIVE_THREADS = """
lock, turns = aiologic.Lock(), []
def work():
    for _ in range(20):
        with lock:
            turns.append(None)
            seen = len(turns)
            gevent.sleep(0)
            assert len(turns) == seen
def thread():
    gevent.joinall([gevent.spawn(work) for _ in range(3)], raise_error=True)
    gevent.get_hub().destroy()
gevent.get_hub()  # gevent imports its loop for the first one, and that is not for several threads at once
threads = [Native(thread) for _ in range(3)]
for each in threads:
    each.start()
gevent.joinall([gevent.spawn(work) for _ in range(3)], raise_error=True)
for each in threads:
    each.join()
assert len(turns) == 12 * 20
"""

CANCELLATION = """
lock, event = aiologic.Lock(), aiologic.Event()
with lock:
    each = gevent.spawn(lock.green_acquire)
    gevent.sleep(0)
    each.kill()
    with gevent.Timeout(0.005, False):
        event.wait()
    assert (lock.waiting, event.waiting) == (0, 0)
assert not lock.locked()
"""

AFTER_A_FORK = """
lock, event = aiologic.Lock(), aiologic.Event()
assert gevent.spawn(event.wait, 0.001).get() is False
with lock:
    pid = os.fork()
    if pid == 0:
        def play():
            waiting = [gevent.spawn(event.wait) for _ in range(2)]
            gevent.sleep(0)
            start_native_thread(event.set, ())
            gevent.joinall(waiting)
            return all(each.value for each in waiting)
        gevent.reinit()
        os._exit(0 if lock.green_owned() and play() else 1)
assert os.waitpid(pid, 0)[1] == 0
assert not lock.locked()
"""

SCRIPTS = {
    "threads of both kinds and greenlets take turns": THREADS_TAKE_TURNS,
    "threads wake greenlets": THREADS_WAKE_GREENLETS,
    "nothing else to wait for": NOTHING_ELSE_TO_WAIT_FOR,
    "threads of the pool": THE_POOL,
    "hubs in native threads": HUBS_IN_NATIVE_THREADS,
    "cancellation": CANCELLATION,
    "after a fork": AFTER_A_FORK,
}


@each_beginning
@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_it_works_there(beginning: str, script: str) -> None:
    if "fork" in script and not hasattr(os, "fork"):
        pytest.skip("no fork on this system")
    run_script(beginning, script)


@pytest.mark.parametrize("beginning", [BEFORE, AFTER], ids=["before", "after"])
@pytest.mark.parametrize(
    "script",
    [THREADS_TAKE_TURNS, THREADS_WAKE_GREENLETS, NOTHING_ELSE_TO_WAIT_FOR, THE_POOL],
    ids=["turns", "wake-ups", "nothing else", "pool"],
)
def test_it_works_on_libuv(beginning: str, script: str) -> None:
    if find_spec("_cffi_backend") is None:
        pytest.skip("gevent on libuv needs cffi")
    run_script(beginning, script, GEVENT_LOOP="libuv-cffi")
