# SPDX-License-Identifier: ISC
"""Signals that arrive while a hub sleeps, or while one of its greenlets works."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from .steps import ROOT

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has no timers that signal"
)

# Each runs in a process of its own, in its main thread. The hub has something to sleep for that is far away.
BEGIN = """
import signal, time
import eventlet, aiologic
from eventlet import hubs
lock, event = aiologic.Lock(), aiologic.Event()
eventlet.sleep(0)
assert event.wait(0) is False  # what is loaded at first use is there
eventlet.spawn_after(20, int)
start = time.monotonic()
"""
ON_A_SLEEPING_HUB = """
def handler(*_):
    if eventlet.getcurrent() is hubs.get_hub().greenlet:
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
    where.append(eventlet.getcurrent())
    event.set()
signal.signal(signal.SIGALRM, handler)
waiting = eventlet.spawn(event.wait, 15)
eventlet.sleep(0)
signal.raise_signal(signal.SIGALRM)
sum(range(1000))  # the handler runs somewhere here
assert where == [eventlet.getcurrent()]
assert waiting.wait()
"""
RELEASES_A_LOCK = """
semaphore = aiologic.BinarySemaphore(0)
signal.signal(signal.SIGALRM, lambda *_: semaphore.release())
signal.setitimer(signal.ITIMER_REAL, 0.05)
waiting = [eventlet.spawn(semaphore.green_acquire) for _ in range(2)]
assert waiting[0].wait()
signal.setitimer(signal.ITIMER_REAL, 0.05)
assert waiting[1].wait()
"""
INTERRUPTS = """
def interrupt(*_):
    raise KeyboardInterrupt
signal.signal(signal.SIGALRM, interrupt)
with lock:
    waiting = eventlet.spawn(lock.green_acquire)
    eventlet.sleep(0)
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    try:
        event.wait()
    except KeyboardInterrupt:
        pass
    else:
        raise AssertionError("not interrupted")
    assert event.waiting == 0
    assert lock.waiting == 1
assert waiting.wait()
"""
INTERRUPTS_A_SHIELDED_CALL = """
from aiologic_eventlet._cancellation import shield
def interrupt(*_):
    raise KeyboardInterrupt
signal.signal(signal.SIGALRM, interrupt)
heard = []
def call():
    try:
        event.wait()
    except KeyboardInterrupt:
        heard.append("in the call")
        raise
signal.setitimer(signal.ITIMER_REAL, 0.05)
try:
    shield(call)
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
    "released": RELEASES_A_LOCK,
    "interrupted": INTERRUPTS,
    "a shielded call interrupted": INTERRUPTS_A_SHIELDED_CALL,
}


@pytest.mark.slow
@pytest.mark.parametrize("hub", ["epolls", "poll", "selects", "asyncio"])
@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_a_signal_is_heard_at_once(script: str, hub: str) -> None:
    if hub == "asyncio" and "KeyboardInterrupt" in script:
        pytest.skip("eventlet can't run this hub again once it was interrupted")
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", BEGIN + script + END],
        env={**os.environ, "EVENTLET_HUB": hub},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
