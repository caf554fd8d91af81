# SPDX-License-Identifier: ISC
"""Which ``threading.Thread`` is the caller: found without creating a dummy, whatever was patched."""

from __future__ import annotations

import _thread
import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import aiologic
import pytest
from aiologic._runtime import thread_objects, unpatched
from aiologic._runtime.threads import this_thread
from aiologic._runtime.unpatched import get_ident
from aiologic.lowlevel import (
    current_green_task,
    current_green_task_ident,
    current_green_token,
    current_green_token_ident,
    current_thread,
    current_thread_ident,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .crew import Crew


def in_a_foreign_thread(function: Callable[[], Any]) -> Any:
    """Run it in a thread that threading does not know."""
    outcome: list[Any] = []
    error: list[BaseException] = []
    ended = _thread.allocate_lock()
    ended.acquire()

    def run() -> None:
        try:
            outcome.append(function())
        except BaseException as raised:
            error.append(raised)
        finally:
            ended.release()

    _thread.start_new_thread(run, ())
    assert ended.acquire(True, 20)
    if error:
        raise error[0]
    return outcome[0]


def test_the_main_thread() -> None:
    assert current_thread() is threading.main_thread()
    assert current_thread_ident() == threading.get_ident()


def test_another_thread(crew: Crew) -> None:
    member = crew.start(lambda: (current_thread(), current_thread_ident()))
    assert member.result() == (member.thread, member.thread.ident)


def test_a_foreign_thread_has_none_and_gets_no_dummy() -> None:
    before = set(threading.enumerate())
    with pytest.raises(RuntimeError, match="no current thread"):
        in_a_foreign_thread(current_thread)
    assert set(threading.enumerate()) <= before
    assert in_a_foreign_thread(lambda: current_thread_ident() == get_ident())


def test_a_dummy_that_somebody_made_is_not_taken() -> None:
    def look() -> None:
        assert "Dummy" in repr(threading.current_thread())
        current_thread()

    with pytest.raises(RuntimeError, match="no current thread"):
        in_a_foreign_thread(look)


def test_a_dummy_of_another_make_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A library that patches threading may have replaced the class since the dummy was created."""

    def look() -> None:
        dummy = threading.current_thread()
        monkeypatch.setattr(threading, "_DummyThread", type("Other", (), {}))
        assert isinstance(dummy, threading.Thread)
        current_thread()

    with pytest.raises(RuntimeError, match="no current thread"):
        in_a_foreign_thread(look)
    monkeypatch.undo()


def test_a_foreign_thread_is_stood_for_by_our_own_object() -> None:
    """Tokens and tasks exist in any thread, and never change while it lives."""

    def look() -> None:
        task = current_green_task()
        assert task is this_thread()
        assert current_green_token() is task
        threading.current_thread()  # a dummy appears
        assert current_green_task() is task
        expected = ("threading", get_ident())
        assert current_green_task_ident() == current_green_token_ident() == expected
        with aiologic.Lock() as lock:
            assert lock is None or lock.owner == expected

    in_a_foreign_thread(look)


def test_a_thread_is_shown_by_the_name_that_threading_knows(crew: Crew) -> None:
    number = f"{get_ident():#x}"
    assert repr(this_thread()) == f"<thread 'MainThread' {number}>"

    task, thread = crew.start(
        lambda: (this_thread(), threading.current_thread())
    ).result()
    shown = f"<thread {thread.name!r} {task.ident:#x}>"
    assert repr(task) == shown
    # It has ended, and the next thread is given its number.
    with pytest.MonkeyPatch.context() as patch:
        table: Any = threading._active  # type: ignore[attr-defined]
        patch.setitem(table, task.ident, threading.Thread(name="the next one"))
        assert repr(task) == shown


def test_a_foreign_thread_is_not_shown_by_the_name_of_who_looks() -> None:
    task = in_a_foreign_thread(this_thread)
    assert repr(task) == f"<thread {task.ident:#x}>"


def test_a_foreign_thread_is_shown_by_its_number_and_gets_no_dummy() -> None:
    before = set(threading.enumerate())

    def look() -> None:
        assert repr(this_thread()) == f"<thread {get_ident():#x}>"
        assert set(threading.enumerate()) <= before

    def look_where_there_is_one() -> None:
        threading.current_thread()
        assert repr(this_thread()) == f"<thread {get_ident():#x}>"

    in_a_foreign_thread(look)
    in_a_foreign_thread(look_where_there_is_one)


def test_a_thread_that_came_here_before_threading_did_is_shown_by_its_name() -> None:
    script = """
import sys
assert "threading" not in sys.modules
from aiologic._runtime.threads import this_thread
task = this_thread()
assert "threading" not in sys.modules
print(task)
import threading
assert repr(task) == f"<thread 'MainThread' {threading.get_ident():#x}>"
"""
    done = subprocess.run(
        [sys.executable, "-S", "-c", script],
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        encoding="utf-8",
        timeout=50,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_a_thread_is_its_own_task_and_token(crew: Crew) -> None:
    lock = aiologic.Lock()

    def look() -> list[object]:
        with lock:
            return [
                current_green_task(),
                current_green_token(),
                current_green_task_ident() == current_green_token_ident() == lock.owner,
            ]

    member = crew.start(look)
    assert member.result() == [member.thread, member.thread, True]
    assert look() == [threading.main_thread(), threading.main_thread(), True]


# -- patched ---------------------------------------------------------------------------------------------------------


@pytest.fixture(params=["3.13", "Linux", "elsewhere", "bare"])
def main_thread_known_by(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> str:
    """Each way of recognising the main thread, as far as this machine has it."""
    way: str = request.param
    if way == "3.13":
        if unpatched.get_main_ident is None:
            pytest.skip("this interpreter does not tell the number of its main thread")
        return way
    monkeypatch.setattr(thread_objects, "get_main_ident", None)
    if way == "Linux" and sys.platform != "linux":
        pytest.skip("only Linux numbers main threads as their processes")
    if way == "elsewhere":
        if unpatched.get_native_id is None:
            pytest.skip(
                "this interpreter does not tell the system's number of a thread"
            )
        monkeypatch.setattr(sys, "platform", "an island")
    if way == "bare":
        monkeypatch.setattr(thread_objects, "get_native_id", None)
    return way


def test_the_main_thread_of_a_patched_threading(
    main_thread_known_by: str, monkeypatch: pytest.MonkeyPatch, crew: Crew
) -> None:
    """Its entry is now under a greenlet's number, and so is the number that it reports."""
    main = threading.main_thread()
    is_patched, has_looked = threading.Event(), threading.Event()

    def look() -> threading.Thread:
        assert is_patched.wait(20)
        try:
            return current_thread()
        finally:
            has_looked.set()

    member = crew.start(look)
    # As short as possible, because threading itself creates a dummy if the main thread starts or joins another.
    with monkeypatch.context() as patch:
        table: Any = threading._active  # type: ignore[attr-defined]
        patch.delitem(table, main.ident)
        patch.setitem(table, -1, main)
        if main_thread_known_by != "bare":
            patch.setattr(main, "_ident", -1)
        is_patched.set()
        assert has_looked.wait(20)
        found = current_thread()
        with pytest.raises(RuntimeError, match="no current thread"):
            in_a_foreign_thread(current_thread)

    assert found is main
    assert member.result() is member.thread


@pytest.mark.skipif(not hasattr(os, "fork"), reason="about forks")
@pytest.mark.parametrize("row", ["kept", "moved"])
def test_the_main_thread_of_a_forked_process(row: str) -> None:
    """The thread that forked is the main thread of the child."""
    script = f"""
import os, threading
from aiologic.lowlevel import current_thread, current_green_task

def fork():
    pid = os.fork()
    if pid:
        statuses.append(os.waitpid(pid, 0)[1])
        return
    main = threading.main_thread()
    if {row!r} == "moved":
        del threading._active[main.ident]
    os._exit(0 if current_thread() is main is current_green_task() else 1)

statuses = []
thread = threading.Thread(target=fork)
thread.start()
thread.join()
fork()
assert statuses == [0, 0], statuses
"""
    run(script)


PATCHES = {
    "gevent": "import gevent.monkey; gevent.monkey.patch_all()",
    "eventlet": "import eventlet; eventlet.monkey_patch()",
}

PATCHED = """
import _thread, sys
{before}
import threading
from aiologic._runtime.unpatched import get_ident, local
{after}
from aiologic.lowlevel import current_thread, current_thread_ident

main = threading.main_thread()
assert current_thread() is main, current_thread()

# A greenlet that takes itself for a thread runs in the main one.
seen = []
green = threading.Thread(target=lambda: seen.append((current_thread(), current_thread_ident())))
green.start()
green.join()
assert seen == [(main, get_ident())], seen
threading.current_thread()
assert current_thread() is main

# A real thread that threading has not started, and none of its greenlets has.
{real}
"""

REAL = {
    "gevent": """
import gevent
from gevent._hub_local import get_hub_if_exists
found = []
def look():
    found.append(get_hub_if_exists())
    try:
        found.append(current_thread())
    except RuntimeError as error:
        found.append(str(error)[:17])
    found.append(current_thread_ident() == get_ident())
    found.append(get_hub_if_exists())
pool = gevent.get_hub().threadpool
pool.spawn(look).get()
assert found == [None, "no current thread", True, None], found
""",
    "eventlet": """
from eventlet import tpool
def look():
    try:
        return current_thread()
    except RuntimeError as error:
        return str(error)[:17]
found = tpool.execute(look)
assert found is not main
assert found == "no current thread" or type(found).__name__ == "Thread", found
""",
}


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("library", PATCHES)
def test_threading_is_patched(library: str, when: str) -> None:
    pytest.importorskip(library, reason=f"only {library} patches as {library} does")
    parts = {"before": "", "after": "", when: PATCHES[library]}
    run(PATCHED.format(**parts, real=REAL[library]))


def run(script: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", script],
        stderr=subprocess.PIPE,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0, done.stderr
