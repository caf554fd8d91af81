# SPDX-License-Identifier: ISC
"""A built-in module is created anew if it is missing in ``sys.modules``; core relies on that without a promise."""

from __future__ import annotations

import subprocess
import sys

import pytest

FRESH = """
import sys
name, function = sys.argv[1:]
module = __import__(name)
original = getattr(module, function)
patched = lambda *arguments: original(*arguments)  # it works, for the interpreter itself needs it to import
setattr(module, function, patched)
del sys.modules[name]
fresh = __import__(name)
sys.modules[name] = module
assert fresh is not module
assert type(getattr(fresh, function)) is type(len)
assert getattr(module, function) is patched
print("passed")
"""


@pytest.mark.parametrize(
    ("module", "function"), [("_thread", "allocate_lock"), ("time", "sleep")]
)
def test_a_built_in_module_comes_fresh(module: str, function: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FRESH, module, function],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("passed\n", "")


LOCKS = """
import _thread
class Patched:  # it works, for the interpreter itself needs it to import
    def __init__(self, allocate=_thread.allocate_lock):
        lock = allocate()
        self.acquire, self.release, self.locked = lock.acquire, lock.release, lock.locked
    def __enter__(self):
        return self.acquire()
    def __exit__(self, *_):
        self.release()
_thread.allocate_lock = _thread.LockType = Patched
from aiologic import lowlevel
lock, rlock = lowlevel.create_thread_lock(), lowlevel.create_thread_rlock()
assert isinstance(lock, lowlevel.ThreadLock) and not isinstance(lock, Patched)
assert isinstance(rlock, lowlevel.ThreadRLock) and lowlevel.ThreadRLock.__module__ == "_thread"
with lock, rlock:
    assert not lock.acquire(False) and rlock.acquire(False)
with lowlevel.create_thread_oncelock():
    pass
print("passed")
"""


def test_locks_of_threads_are_the_interpreters_own() -> None:
    """Contract 1.4.4: even if locks were patched before aiologic was imported."""
    done = subprocess.run(
        [sys.executable, "-c", LOCKS],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("passed\n", "")
