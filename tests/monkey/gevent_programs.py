# SPDX-License-Identifier: ISC
"""Programs that gevent patches: how they begin, what they share, and how tests run them."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

NEEDS_GEVENT = [
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
each_beginning = pytest.mark.parametrize(
    "beginning", BEGINNINGS.values(), ids=BEGINNINGS
)

# What is loaded at first use is loaded before the threads start: in a patched program Python's import locks are
# gevent's, and a native thread that has to wait for one gets a hub from gevent.
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


def run_script(beginning: str, script: str, **environment: str) -> None:
    """Run it in a process that begins in this way; it must succeed, and print nothing on stderr."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", beginning + COMMON + script],
        env={**os.environ, **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    # An error in a thread does not show in the exit code.
    assert (done.returncode, done.stderr) == (0, "")
