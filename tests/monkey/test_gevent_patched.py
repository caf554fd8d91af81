# SPDX-License-Identifier: ISC
"""Programs that gevent has patched, before and after they import aiologic; each in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        find_spec("gevent") is None or find_spec("aiologic_gevent") is None,
        reason="gevent needs its backend",
    ),
]

BEFORE = """
from gevent import monkey
monkey.patch_all()
import gevent, aiologic
"""
AFTER = """
import aiologic
lock = aiologic.Lock()
with lock:  # it has been used
    pass
from gevent import monkey
monkey.patch_all()
import gevent
"""
# The backend is loaded, and a hub is there, before anything is patched.
LATE = """
import gevent, aiologic
from gevent import monkey
gevent.sleep(0)
assert aiologic.Event().wait(0.001) is False
monkey.patch_all()
"""
UNPATCHED = """
import gevent, aiologic
from gevent import monkey
"""
BEGINNINGS = {"before": BEFORE, "after": AFTER, "late": LATE, "unpatched": UNPATCHED}

# What is loaded at first use is there before the threads are: in a patched program Python's import locks are gevent's, and
# a native thread that has to wait for one gets a hub from gevent.
COMMON = """
with aiologic.Lock():
    pass
import os, sys, threading, time
import greenlet, gevent.event, gevent.exceptions
from gevent._hub_local import get_hub_if_exists as hub
from aiologic._runtime.detect import current_green_task, worlds
start_native_thread = monkey.get_original("_thread", "start_new_thread")
native_lock = monkey.get_original("_thread", "allocate_lock")
native_sleep = monkey.get_original("time", "sleep")

def within(seconds, condition):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "stuck"
        gevent.sleep(0.001)

class Native:
    # A thread that gevent knows nothing of.
    def __init__(self, function):
        self.function, self.error, self.is_done = function, None, False
    def run(self):
        try:
            self.function()
        except BaseException as error:
            self.error = error
        finally:
            self.is_done = True
    def start(self):
        start_native_thread(self.run, ())
    def join(self):
        within(10, lambda: self.is_done)
        if self.error is not None:
            raise self.error

def descriptors():
    folder = "/proc/self/fd"
    return len(os.listdir(folder)) if os.path.isdir(folder) else 0
"""

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

NATIVE_THREADS_GET_NO_HUB = """
lock, event = aiologic.Lock(), aiologic.Event()
seen = []
def work():
    with lock:
        seen.append((hub(), lock.owner[0]))
    event.wait(0.001)
    event.wait()
    with lock:
        aiologic.BinarySemaphore().green_acquire(timeout=5)
    seen.append((hub(), worlds.green_world()[0].library))
gevent.sleep(0)
before = descriptors()
with lock:
    threads = [Native(work) for _ in range(10)]
    for each in threads:
        each.start()
    within(10, lambda: lock.waiting == 10)
within(10, lambda: event.waiting == 10)
assert descriptors() == before, (descriptors(), before)
event.set()
for each in threads:
    each.join()
assert seen == [(None, "threading")] * 20, seen
assert descriptors() == before
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

WHO_IS_WHO = """
lock = aiologic.Lock()
first = current_green_task()
with lock:
    gevent.sleep(0)
    assert current_green_task() is first
    assert lock.green_owned()
    assert lock.owner[0] == "threading"
identities = set()
def look():
    identities.add(current_green_task())
    assert current_green_task() is greenlet.getcurrent()
    with lock:
        assert lock.owner == ("gevent", id(greenlet.getcurrent()))
gevent.joinall([gevent.spawn(look) for _ in range(5)], raise_error=True)
assert len(identities) == 5
from aiologic.lowlevel import current_thread, current_thread_ident
if monkey.is_module_patched("threading"):
    each = threading.Thread(target=look)
    each.start()
    each.join()
    assert len(identities) == 6
    # Contract 2.1, no. 36
    seen = []
    each = threading.Thread(target=lambda: seen.append(current_thread()))
    each.start()
    each.join()
    assert seen == [threading.main_thread()]
assert current_thread() is threading.main_thread()
assert current_thread_ident() == monkey.get_original("_thread", "get_ident")()
def look_natively():
    assert current_green_task() not in identities
    assert current_green_task() is not first
    assert worlds.green_world()[0].library == "threading"
    identities.add(current_green_task())
each = Native(look_natively)
each.start()
each.join()
assert any(type(one).__name__ == "ThreadTask" for one in identities)
"""

WHAT_CORE_STANDS_ON = """
import types
from aiologic._runtime import unpatched
for name in ("allocate_lock", "get_ident", "sleep", "monotonic"):
    assert isinstance(getattr(unpatched, name), types.BuiltinFunctionType), name
assert unpatched.get_ident() == monkey.get_original("_thread", "get_ident")()
local = unpatched.local()
local.mark = True
assert gevent.spawn(lambda: local.mark).get()  # one for all greenlets of a thread
# Contract 2.1, no. 37
from aiologic.lowlevel import current_green_library_tlocal
current_green_library_tlocal.name = "threading"
assert gevent.spawn(lambda: worlds.green_world()[0].library).get() == "threading"
current_green_library_tlocal.name = None
assert gevent.spawn(lambda: worlds.green_world()[0].library).get() == "gevent"
# The backend's own thread-local, too.
import aiologic_gevent._entrance
assert gevent.spawn(aiologic.Event().wait, 0.001).get() is False
assert gevent.spawn(lambda: hasattr(aiologic_gevent._entrance.here, "thread")).get()
"""

CHECKPOINTS_OF_NATIVE_THREADS = """
# Contract 2.1, no. 35
from aiologic.lowlevel import enable_checkpoints
gevent.sleep(0)
before = descriptors()
seen = []
def work():
    lock = aiologic.Lock()
    with enable_checkpoints():
        for _ in range(3):
            with lock:
                pass
    seen.append(hub())
threads = [Native(work) for _ in range(20)]
for each in threads:
    each.start()
for each in threads:
    each.join()
assert seen == [None] * 20
assert descriptors() == before
"""

THE_FIRST_GREENLET_WITHOUT_A_HUB = """
# It blocks as the thread that it is, and no hub appears.
if hub() is None:
    lock = aiologic.Lock()
    mark = native_lock()
    mark.acquire()
    def hold():
        with lock:
            mark.release()
            while lock.waiting == 0:
                native_sleep(0.001)
    start_native_thread(hold, ())
    mark.acquire()
    assert lock.green_acquire() is True
    assert hub() is None
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
    "native threads get no hub": NATIVE_THREADS_GET_NO_HUB,
    "threads wake greenlets": THREADS_WAKE_GREENLETS,
    "nothing else to wait for": NOTHING_ELSE_TO_WAIT_FOR,
    "threads of the pool": THE_POOL,
    "hubs in native threads": HUBS_IN_NATIVE_THREADS,
    "who is who": WHO_IS_WHO,
    "what core stands on": WHAT_CORE_STANDS_ON,
    "checkpoints of native threads": CHECKPOINTS_OF_NATIVE_THREADS,
    "no hub yet": THE_FIRST_GREENLET_WITHOUT_A_HUB,
    "cancellation": CANCELLATION,
    "after a fork": AFTER_A_FORK,
}


@pytest.mark.parametrize("beginning", BEGINNINGS.values(), ids=BEGINNINGS)
@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_it_works_there(beginning: str, script: str) -> None:
    if "fork" in script and not hasattr(os, "fork"):
        pytest.skip("no fork on this system")
    run_script(beginning + COMMON + script)


@pytest.mark.parametrize("beginning", [BEFORE, AFTER], ids=["before", "after"])
@pytest.mark.parametrize(
    "script",
    [THREADS_TAKE_TURNS, THREADS_WAKE_GREENLETS, NOTHING_ELSE_TO_WAIT_FOR, THE_POOL],
    ids=["turns", "wake-ups", "nothing else", "pool"],
)
def test_it_works_on_libuv(beginning: str, script: str) -> None:
    if find_spec("_cffi_backend") is None:
        pytest.skip("gevent on libuv needs cffi")
    run_script(beginning + COMMON + script, GEVENT_LOOP="libuv-cffi")


def run_script(script: str, **environment: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        env={**os.environ, **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    # An error in a thread does not show in the exit code.
    assert (done.returncode, done.stderr) == (0, "")
