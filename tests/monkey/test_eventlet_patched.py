# SPDX-License-Identifier: ISC
"""Programs that eventlet has patched, before and after they import aiologic; each in a process of its own."""

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
        find_spec("aiologic_eventlet") is None, reason="eventlet needs its backend"
    ),
]

BEFORE = """
import eventlet
eventlet.monkey_patch()
import aiologic
"""
AFTER = """
import aiologic
lock = aiologic.Lock()
with lock:  # it has been used
    pass
import eventlet
eventlet.monkey_patch()
"""
# eventlet loads its backend before it patches anything.
LATE = """
import eventlet, aiologic
eventlet.sleep(0)
with aiologic.Lock():
    pass
eventlet.monkey_patch()
"""
UNPATCHED = """
import eventlet, aiologic
"""
JUST_PATCHED = """
import eventlet
eventlet.monkey_patch()
"""
IMPORTED_FIRST = f"""
import aiologic, aiologic.lowlevel
{JUST_PATCHED}
"""
BEGINNINGS = {"before": BEFORE, "after": AFTER, "late": LATE, "unpatched": UNPATCHED}

COMMON = """
import os, sys, threading, time
import greenlet
native = eventlet.patcher.original("threading")
from eventlet import hubs
from aiologic._runtime.detect import current_green_task, worlds

def descriptors():
    folder = "/proc/self/fd"
    return len(os.listdir(folder)) if os.path.isdir(folder) else 0

def within(seconds, condition):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "stuck"
        eventlet.sleep(0.001)
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
kinds = [threading.Thread, native.Thread]
threads = [kind(target=work) for kind in kinds for _ in range(3)]
greenlets = [eventlet.spawn(work) for _ in range(3)]
for each in threads:
    each.start()
for each in greenlets:
    each.wait()
for each in threads:
    within(10, lambda: not each.is_alive())
    each.join()
assert len(turns) == 9 * 50
assert not lock.locked()
"""

NATIVE_THREADS_GET_NO_HUB = """
lock, event = aiologic.Lock(), aiologic.Event()
seen = []
def work():
    with lock:
        seen.append((hasattr(hubs._threadlocal, "hub"), lock.owner[0]))
    event.wait(0.001)
    event.wait()
    with lock:
        aiologic.BinarySemaphore().green_acquire(timeout=5)
    seen.append((hasattr(hubs._threadlocal, "hub"), "threading"))
eventlet.sleep(0)
before = descriptors()
with lock:
    threads = [native.Thread(target=work) for _ in range(10)]
    for each in threads:
        each.start()
    within(10, lambda: lock.waiting == 10)
    # The waiting greenlets' hub has an entrance now.
within(10, lambda: event.waiting == 10)
assert descriptors() == before, (descriptors(), before)
event.set()
for each in threads:
    within(10, lambda: not each.is_alive())
assert seen == [(False, "threading")] * 20, seen
assert descriptors() == before
"""

THREADS_WAKE_GREENLETS = """
event, lock = aiologic.Event(), aiologic.Lock()
delays = []
def wait():
    event.wait()
    delays.append(time.monotonic() - sent[0])
sent = []
greenlets = [eventlet.spawn(wait) for _ in range(10)]
within(10, lambda: event.waiting == 10)
def send():
    native_sleep(0.05)
    sent.append(time.monotonic())
    event.set()
native_sleep = eventlet.patcher.original("time").sleep
waker = native.Thread(target=send)
eventlet.spawn_after(20, int)  # the hub has something to sleep for
waker.start()
for each in greenlets:
    each.wait()
assert len(delays) == 10 and max(delays) < 5, delays
"""

THE_POOL = """
import eventlet.tpool
lock = aiologic.Lock()
owners = []
def work():
    with lock:
        owners.append(lock.owner[0])
    return hasattr(hubs._threadlocal, "hub")
with lock:
    jobs = [eventlet.spawn(eventlet.tpool.execute, work) for _ in range(5)]
    within(10, lambda: lock.waiting == 5)
assert [job.wait() for job in jobs] == [False] * 5
assert owners == ["threading"] * 5
"""

HUBS_IN_NATIVE_THREADS = """
lock, turns = aiologic.Lock(), []
def work():
    for _ in range(20):
        with lock:
            turns.append(None)
            seen = len(turns)
            eventlet.sleep(0)
            assert len(turns) == seen
def thread():
    for each in [eventlet.spawn(work) for _ in range(3)]:
        each.wait()
threads = [native.Thread(target=thread) for _ in range(3)]
for each in threads:
    each.start()
mine = [eventlet.spawn(work) for _ in range(3)]
for each in mine:
    each.wait()
for each in threads:
    within(10, lambda: not each.is_alive())
assert len(turns) == 12 * 20
"""

WHO_IS_WHO = """
lock = aiologic.Lock()
first = current_green_task()
with lock:
    assert lock.owner == ("threading", lock.owner[1])
    eventlet.sleep(0)
    assert current_green_task() is first
    assert lock.green_owned()
identities = set()
def look():
    identities.add(current_green_task())
    assert current_green_task() is greenlet.getcurrent()
    with lock:
        assert lock.owner == ("eventlet", id(greenlet.getcurrent()))
for each in [eventlet.spawn(look) for _ in range(5)]:
    each.wait()
patched = threading.current_thread is not native.current_thread
assert len(identities) == 5
if eventlet.patcher.is_monkey_patched("thread"):
    each = threading.Thread(target=look)
    each.start()
    each.join()
    assert len(identities) == 6
    from aiologic.lowlevel import current_thread  # contract 2.1, no. 36
    assert current_thread() is threading.main_thread()
def look_natively():
    assert current_green_task() not in identities
    assert current_green_task() is not first
    assert worlds.green_world()[0].library == "threading"
    identities.add(current_green_task())
each = native.Thread(target=look_natively)
each.start()
within(10, lambda: not each.is_alive())
assert any(type(one).__name__ == "ThreadTask" for one in identities)
"""

WHAT_CORE_STANDS_ON = """
import types
from aiologic._runtime import unpatched
for name in ("allocate_lock", "get_ident", "sleep", "monotonic"):
    assert isinstance(getattr(unpatched, name), types.BuiltinFunctionType), name
assert unpatched.get_ident() == native.get_ident()
local = unpatched.local()
local.mark = True
assert eventlet.spawn(lambda: local.mark).wait()  # one for all greenlets of a thread
# Contract 2.1, no. 37
from aiologic.lowlevel import current_green_library_tlocal
current_green_library_tlocal.name = "threading"
assert eventlet.spawn(lambda: worlds.green_world()[0].library).wait() == "threading"
current_green_library_tlocal.name = None
assert eventlet.spawn(lambda: worlds.green_world()[0].library).wait() == "eventlet"
"""

CHECKPOINTS_OF_NATIVE_THREADS = """
# Contract 2.1, no. 35
from aiologic.lowlevel import enable_checkpoints
eventlet.sleep(0)
with aiologic.Lock():  # at its first use aiologic reads files, and before Python 3.10 that makes a hub by itself
    pass
before = descriptors()
seen = []
def work():
    lock = aiologic.Lock()
    with enable_checkpoints():
        for _ in range(3):
            with lock:
                pass
    seen.append(hasattr(hubs._threadlocal, "hub"))
threads = [native.Thread(target=work) for _ in range(20)]
for each in threads:
    each.start()
for each in threads:
    within(10, lambda: not each.is_alive())
assert seen == [False] * 20
assert descriptors() == before
"""

SCRIPTS = {
    "threads of both kinds and greenlets take turns": THREADS_TAKE_TURNS,
    "native threads get no hub": NATIVE_THREADS_GET_NO_HUB,
    "threads wake greenlets": THREADS_WAKE_GREENLETS,
    "threads of the pool": THE_POOL,
    "hubs in native threads": HUBS_IN_NATIVE_THREADS,
    "who is who": WHO_IS_WHO,
    "what core stands on": WHAT_CORE_STANDS_ON,
    "checkpoints of native threads": CHECKPOINTS_OF_NATIVE_THREADS,
}


@pytest.mark.parametrize("beginning", BEGINNINGS.values(), ids=BEGINNINGS)
@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_it_works_there(beginning: str, script: str) -> None:
    run(beginning + COMMON + script)


@pytest.mark.parametrize("hub", ["poll", "selects", "asyncio"])
@pytest.mark.parametrize("beginning", [BEFORE, AFTER], ids=["before", "after"])
@pytest.mark.parametrize(
    "script", [THREADS_TAKE_TURNS, THREADS_WAKE_GREENLETS], ids=["turns", "wake-ups"]
)
def test_it_works_on_other_hubs(hub: str, beginning: str, script: str) -> None:
    run(beginning + COMMON + script, EVENTLET_HUB=hub)


def test_eventlet_says_nothing_of_an_import_that_came_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It takes reentrant locks that are older than its patch, and not its own, for a mistake of the program."""
    monkeypatch.delenv("PYTEST_CURRENT_TEST")  # it does not look there
    # It prints something without us, too, since `warnings` has such a lock (Python 3.14).
    assert what_it_says(IMPORTED_FIRST) == what_it_says(JUST_PATCHED)


def what_it_says(script: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    return done.stderr


def run(script: str, **environment: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        env={**os.environ, **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    # An error in a thread does not show in the exit code. eventlet reports locks that it came too late for.
    said = [
        line
        for line in done.stderr.splitlines()
        if "RLock(s) were not greened" not in line
    ]
    assert not said, "\n".join(said)
    assert done.returncode == 0
