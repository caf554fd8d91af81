# SPDX-License-Identifier: ISC
"""The ``threading.Thread`` of the calling thread, if it has one."""

# threading.current_thread() is no help. In a thread that threading has not started it creates a dummy, which stays
# behind and whose number the next thread may get; and if threading was patched, it returns greenlets, and may start a
# hub to do so. So we look into its table ourselves, with the number of the real thread.
#
# The table of a patched threading also has rows for greenlets. Their numbers are addresses of greenlets, and those of
# threads are addresses of their stacks (or small, on Windows): no two that live at once are equal. Its row for the main
# thread has been moved to a greenlet's number; the main thread is recognised otherwise.
#
# PRIVATE-API CPython and PyPy: threading._active, threading._DummyThread, and _thread._get_main_thread_ident() since
# 3.13; guarded by tests/core/test_lowlevel_threads.py. threading.enumerate() would take a lock, which a signal handler
# may find held by the code that it has interrupted, and which may be one of greenlets.

from __future__ import annotations

import os
import sys

from .threads import ThreadTask
from .unpatched import get_ident, get_main_ident, get_native_id

TYPE_CHECKING = False
if TYPE_CHECKING:
    from threading import Thread
    from typing import Any


def is_main_thread(main: Thread) -> bool:
    """Whether the caller runs in the main thread, whose object is ``main``."""
    if get_main_ident is not None:
        return get_main_ident() == get_ident()
    if get_native_id is None:  # some PyPy; then only an unpatched main is found
        return main.ident == get_ident()
    # What Linux says is also right in the child of a fork().
    main_id = os.getpid() if sys.platform == "linux" else main.native_id
    return get_native_id() == main_id


def find_thread() -> Thread | None:
    """The object of the calling thread; ``None`` if threading has not started it."""
    import threading

    module: Any = threading
    thread: Thread | None = module._active.get(get_ident())
    if thread is not None and not is_dummy(thread):
        return thread
    main = threading.main_thread()
    return main if is_main_thread(main) else None


def is_dummy(thread: Thread) -> bool:
    """Whether it is a dummy, created for a thread that threading has not started."""
    # By name: a patch of threading may have replaced the class since this one was made.
    return any(cls.__name__ == "_DummyThread" for cls in type(thread).__mro__)


def current_thread() -> Thread:
    """The object of the calling thread.

    It is that of the real thread, also where ``threading`` was patched and the
    caller is a greenlet.

    Returns:
        What ``threading`` has started the thread with, or its main thread.

    Raises:
        RuntimeError: ``threading`` has not started this thread. No dummy is
            made up for it, and none that somebody else had made is returned.

    Threads:
        Callable from any thread, signal handler and greenlet.
    """
    thread = find_thread()
    if thread is None:
        raise RuntimeError("no current thread: threading has not started this one")
    return thread


def current_thread_ident() -> int:
    """The number of the calling thread, also where ``threading`` was patched.

    Another thread may get it once this one has ended.
    """
    return get_ident()


def seen_by_users(task: Any) -> Any:
    """A green task or token as its own library knows it.

    Core tells threads apart by objects of its own, which have nothing to do
    with what may get patched. Users know theirs by :class:`threading.Thread`;
    threads that have none keep ours, which is as good to compare.
    """
    if isinstance(task, ThreadTask):
        thread = find_thread()
        return task if thread is None else thread
    return task
