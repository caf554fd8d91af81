# SPDX-License-Identifier: ISC
"""The examples that this project began with do what their documents say.

They run in this process, for there are many; the one about aiologic runs faster, too. The documents of aiodrive show a
package of its own, and can't run here: what they want a lock for is done with ours.
"""

from __future__ import annotations

import asyncio
import importlib
import sys
import textwrap
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Iterator

import aiologic
import pytest

from . import seeds

if TYPE_CHECKING:
    from pathlib import Path


def run(text: str, **names: Any) -> dict[str, Any]:
    """Run an example, and wait for the threads that it has started."""
    namespace = {"__name__": "__main__", **names}
    before = set(threading.enumerate())
    exec(compile(text, "<example>", "exec", dont_inherit=True), namespace)
    for thread in set(threading.enumerate()) - before:
        if thread.name.startswith("Thread-"):
            thread.join()
    return namespace


def test_two_loops_share_a_lock(capsys: pytest.CaptureFixture[str]) -> None:
    run(seeds.README.replace("asyncio.sleep(1)", "asyncio.sleep(0.01)"))

    lines = capsys.readouterr().out.splitlines()
    assert sorted(lines) == sorted(seeds.README_PRINTS.split("\n")[1:-1])
    for task in ("thread=0 task=0", "thread=0 task=1", "thread=1 task=1"):
        assert lines.index(f"{task} start") < lines.index(f"{task} end")


@pytest.mark.skipif(sys.version_info < (3, 11), reason="asyncio.TaskGroup is of 3.11")
def test_tasks_switch_where_they_await(capsys: pytest.CaptureFixture[str]) -> None:
    body = textwrap.indent(seeds.WHY_COOPERATIVE, "    ")
    asyncio.run(run(f"async def main():{body}", asyncio=asyncio)["main"]())

    said = capsys.readouterr().out.splitlines()
    assert said == ["foo (in)", "bar (in)", "foo (out)", "bar (out)"]


def test_threads_switch_anywhere(capsys: pytest.CaptureFixture[str]) -> None:
    run(seeds.WHY_PREEMPTIVE, ThreadPoolExecutor=ThreadPoolExecutor, time=time)

    said = capsys.readouterr().out.splitlines()
    assert sorted(said) == ["bar (in)", "bar (out)", "foo (in)", "foo (out)"]


def test_an_executor_leaks_threads() -> None:
    namespace = run(seeds.WHY_LEAK)
    # Not the counts that it prints: a thread of another test may come to its end meanwhile.
    leaked = len(namespace["executor"]._threads)
    # What the document leaves to Control-C.
    for _ in range(8):
        namespace["semaphore"].release()
    namespace["executor"].shutdown()

    # A call that is cancelled before its thread has begun with it needs none: it may be fewer than the eight.
    assert 1 <= leaked <= 8


def test_ours_leaks_none(capsys: pytest.CaptureFixture[str]) -> None:
    text = seeds.WHY_LEAK.replace("threading.Semaphore(0)", "aiologic.Semaphore(0)")
    text = text.replace(
        "loop.run_in_executor(executor, semaphore.acquire)", "semaphore.async_acquire()"
    )
    others = set(threading.enumerate())
    namespace = run(text, aiologic=aiologic)
    before, after = counts(capsys)

    # A thread of another test may come to its end meanwhile; none may have begun.
    assert after <= before
    assert set(threading.enumerate()) <= others
    assert namespace["semaphore"].waiting == 0


def counts(capsys: pytest.CaptureFixture[str]) -> list[int]:
    return [int(line.split(": ")[1]) for line in capsys.readouterr().out.splitlines()]


@contextmanager
def twisted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have a library of that name, of which nothing is imported yet."""
    for name in ("__init__", "internet", "python/__init__", "python/threadable"):
        path = folder / "twisted" / f"{name}.py"
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text("def isInIOThread(): return 'asked'\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(folder))
    try:
        yield
    finally:
        for name in [name for name in sys.modules if name.startswith("twisted")]:
            del sys.modules[name]


def test_global_rebinding_needs_the_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    namespace = run(seeds.LIBRARIES_REBINDING)

    with pytest.raises(ImportError):
        namespace["_twisted_running"]()
    with twisted(tmp_path, monkeypatch):
        check_rebinding(namespace)


def test_a_library_is_found_by_importing_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    namespace = run(seeds.LIBRARIES_NAIVE)

    assert namespace["_twisted_running"]() is False
    with twisted(tmp_path, monkeypatch):
        check_rebinding(namespace)


@pytest.mark.parametrize("text", [seeds.LIBRARIES_MODULES, seeds.LIBRARIES_HOOKS])
def test_a_library_is_found_when_it_is_in_use(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    namespace = run(text, sys=sys)

    with twisted(tmp_path, monkeypatch):
        assert namespace["_twisted_running"]() is False
        importlib.import_module("twisted.internet")
        check_rebinding(namespace)


def check_rebinding(namespace: dict[str, Any]) -> None:
    assert namespace["_twisted_running"]() == "asked"
    # From now on it is the library's own function that is called.
    assert namespace["_twisted_running"].__module__ == "twisted.python.threadable"


# The SmartLock of aiodrive's document. Its `weak_exclusive()` has no counterpart: a lock of ours cancels nobody.
def test_what_a_smart_lock_is_for() -> None:
    lock = aiologic.RWLock()

    async def main() -> list[bool]:
        with ThreadPoolExecutor(1) as executor:
            async with lock.writing:
                alone = [
                    executor.submit(read).result(),
                    executor.submit(write).result(),
                ]
            async with lock.reading:
                shared = [
                    executor.submit(read).result(),
                    executor.submit(write).result(),
                ]
        return alone + shared

    def read() -> bool:
        if lock.reading.green_acquire(blocking=False):
            lock.reading.green_release()
            return True
        return False

    def write() -> bool:
        return lock.writing.green_acquire(blocking=False)

    assert asyncio.run(main()) == [False, False, True, False]
    assert not lock
