# SPDX-License-Identifier: ISC
"""Programs that gevent has patched, before and after they import aiologic: identities, and which threads get no hub."""

from __future__ import annotations

import pytest

from .gevent_programs import NEEDS_GEVENT, each_beginning, run_script

pytestmark = NEEDS_GEVENT

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

SCRIPTS = {
    "native threads get no hub": NATIVE_THREADS_GET_NO_HUB,
    "who is who": WHO_IS_WHO,
    "what core stands on": WHAT_CORE_STANDS_ON,
    "checkpoints of native threads": CHECKPOINTS_OF_NATIVE_THREADS,
    "no hub yet": THE_FIRST_GREENLET_WITHOUT_A_HUB,
}


@each_beginning
@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_it_works_there(beginning: str, script: str) -> None:
    run_script(beginning, script)
