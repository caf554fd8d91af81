# SPDX-License-Identifier: ISC
"""Locks, thread-locals, sleeps and clocks of real threads, whatever was monkey-patched before."""

# What core stands on must block *threads*, and tell them apart. A library that patches the standard library may have
# replaced all of this by versions for greenlets before we were imported; and a patched lock or thread-local in a worker
# thread would start a hub there that nobody asked for.
#
# Built-in modules can be created anew: the interpreter keeps their original state. That names no library, and asks
# none. A patch that comes after this file is imported does not affect us: we hold the functions, not the modules.
#
# PRIVATE-API CPython and PyPy: a built-in module that is imported while its name is missing in sys.modules is created
# anew. Guarded by tests/monkey. Until the name is back, another thread that imports it gets the fresh module, too; this
# runs once.

from __future__ import annotations

import _thread
import os
import sys
import time
from types import BuiltinFunctionType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType
    from typing import Any


def _as_it_was(module: ModuleType, function: str) -> Any:
    """The module, or a fresh one if its function was replaced."""
    if isinstance(getattr(module, function), BuiltinFunctionType):
        return module
    name = module.__name__
    patched = sys.modules.pop(name)
    try:
        return __import__(name)
    finally:
        sys.modules[name] = patched


_threads = _as_it_was(_thread, "allocate_lock")
_times = _as_it_was(time, "sleep")

allocate_lock = _threads.allocate_lock
allocate_reentrant_lock = _threads.RLock
get_ident: Callable[[], int] = _threads.get_ident
sleep: Callable[[float], None] = _times.sleep

# Not every interpreter has these.
get_native_id: Callable[[], int] | None = getattr(_threads, "get_native_id", None)
get_main_ident: Callable[[], int] | None = getattr(
    _threads, "_get_main_thread_ident", None
)

#: The longest wait for a raw lock, in seconds.
TIMEOUT_MAX: float = _threads.TIMEOUT_MAX

# perf_counter() is as good, and before 3.13 it alone is fine enough on Windows (gh-88494).
_coarse = sys.platform == "win32" and sys.version_info < (3, 13)
monotonic: Callable[[], float] = _times.perf_counter if _coarse else _times.monotonic

if TYPE_CHECKING:
    from threading import local as local
else:
    local = _threads._local


def _yields_the_gil() -> bool:
    # sched_yield() before 3.10.8 and 3.11.1 kept the GIL, so that nobody else could run (gh-96078).
    fixed = sys.version_info >= (3, 11, 1) or (3, 10, 8) <= sys.version_info < (3, 11)
    return fixed and hasattr(os, "sched_yield")


# Not a partial(): nothing else needs functools to be imported.
def _sleep_not_at_all() -> None:
    sleep(0)


#: Lets other threads run.
let_others_run: Callable[[], object] = (
    os.sched_yield if _yields_the_gil() else _sleep_not_at_all
)
