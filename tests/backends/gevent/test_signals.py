# SPDX-License-Identifier: ISC
"""Signals that arrive while a hub sleeps, or while one of its greenlets works."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec

import pytest

from .steps import ROOT

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has no timers that signal"
)

# Each runs in a process of its own, in its main thread. The hub has something to sleep for that is far away.
BEGIN = """
import signal, time
import gevent, aiologic
lock, event = aiologic.Lock(), aiologic.Event()
gevent.sleep(0)
assert event.wait(0) is False  # what is loaded at first use is there
gevent.spawn_later(20, int)
start = time.monotonic()
"""
ON_A_SLEEPING_HUB = """
def handler(*_):
    if gevent.getcurrent() is gevent.get_hub():
        event.set()
    else:  # not yet
        signal.setitimer(signal.ITIMER_REAL, 0.01)
signal.signal(signal.SIGALRM, handler)
signal.setitimer(signal.ITIMER_REAL, 0.05)
assert event.wait(15)
"""
ON_A_GREENLET_AT_WORK = """
where = []
def handler(*_):
    where.append(gevent.getcurrent())
    event.set()
signal.signal(signal.SIGALRM, handler)
waiting = gevent.spawn(event.wait, 15)
gevent.sleep(0)
signal.raise_signal(signal.SIGALRM)
sum(range(1000))  # the handler runs somewhere here
assert where == [gevent.getcurrent()]
assert waiting.get()
"""
BY_GEVENTS_OWN_HANDLER = """
handler = gevent.signal_handler(signal.SIGALRM, event.set)
signal.setitimer(signal.ITIMER_REAL, 0.05)
assert event.wait(15)
handler.cancel()
"""
RELEASES = """
semaphore = aiologic.BinarySemaphore(0)
signal.signal(signal.SIGALRM, lambda *_: semaphore.release())
signal.setitimer(signal.ITIMER_REAL, 0.05)
waiting = [gevent.spawn(semaphore.green_acquire) for _ in range(2)]
assert waiting[0].get()
signal.setitimer(signal.ITIMER_REAL, 0.05)
assert waiting[1].get()
"""
INTERRUPTS = """
def interrupt(*_):
    raise KeyboardInterrupt
signal.signal(signal.SIGALRM, interrupt)
gevent.get_hub().exception_stream = None  # gevent prints it, too
with lock:
    waiting = gevent.spawn(lock.green_acquire)
    gevent.sleep(0)
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    try:
        event.wait()
    except KeyboardInterrupt:
        pass
    else:
        raise AssertionError("not interrupted")
    assert event.waiting == 0
    assert lock.waiting == 1
assert waiting.get()
"""
INTERRUPTS_A_SHIELDED_CALL = """
from aiologic._runtime.detect import worlds
def interrupt(*_):
    raise KeyboardInterrupt
signal.signal(signal.SIGALRM, interrupt)
gevent.get_hub().exception_stream = None
heard = []
def call():
    try:
        event.wait()
    except KeyboardInterrupt:
        heard.append("in the call")
        raise
signal.setitimer(signal.ITIMER_REAL, 0.05)
try:
    worlds.green_world()[0].shield(call)
except KeyboardInterrupt:
    heard.append("out of the shield")
assert heard == ["in the call", "out of the shield"], heard
assert event.waiting == 0
"""
END = """
assert time.monotonic() - start < 5, "not noticed before the next timer"
"""
SCRIPTS = {
    "a sleeping hub": ON_A_SLEEPING_HUB,
    "a greenlet at work": ON_A_GREENLET_AT_WORK,
    "gevent's own handler": BY_GEVENTS_OWN_HANDLER,
    "released": RELEASES,
    "interrupted": INTERRUPTS,
    "a shielded call interrupted": INTERRUPTS_A_SHIELDED_CALL,
}


@pytest.mark.slow
@pytest.mark.parametrize("loop", ["libev-cext", "libuv-cffi"])
@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_a_signal_is_heard_at_once(script: str, loop: str) -> None:
    if loop == "libuv-cffi" and find_spec("_cffi_backend") is None:
        pytest.skip("gevent on libuv needs cffi")
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", BEGIN + script + END],
        env={**os.environ, "GEVENT_LOOP": loop},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
