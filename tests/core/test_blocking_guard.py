# SPDX-License-Identifier: ISC
"""``AIOLOGIC_BLOCKING`` tells who blocks an event loop; it is read at import, so each case has a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap

import pytest

# The tasks run on asyncio; core is told of it by its backend.
pytest.importorskip("aiologic_asyncio", reason="tasks need a backend")

BEGINNING = """
import asyncio, threading, warnings
import aiologic
from aiologic import BlockingError, BlockingWarning


def told(function):
    "What a call in an async task is told, and what it came to."
    async def main():
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                outcome = function()
            except BlockingError as error:
                return str(error), None
        return [str(each.message) for each in caught], outcome

    return asyncio.run(main())


def later(function):
    threading.Timer(0.1, function).start()
"""


def run(script: str, blocking: str | None) -> str:
    environment = {k: v for k, v in os.environ.items() if k != "AIOLOGIC_BLOCKING"}
    if blocking is not None:
        environment["AIOLOGIC_BLOCKING"] = blocking
    done = subprocess.run(
        [sys.executable, "-c", BEGINNING + textwrap.dedent(script)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.mark.parametrize("off", [None, "", "0", "off"])
def test_turned_off_it_is_not_there(off: str | None) -> None:
    """It costs nothing: the method that parks is the one that it always was."""
    run(
        """
        from aiologic._runtime.threads import ThreadWaiter

        assert ThreadWaiter.park.__module__ == ThreadWaiter.__module__
        event = aiologic.Event()
        later(event.set)
        assert told(event.wait) == ([], True)
        """,
        off,
    )


def test_a_warning_says_what_to_write_instead() -> None:
    run(
        """
        event = aiologic.Event()
        later(event.set)
        (text,), outcome = told(event.wait)
        assert outcome is True
        assert text.startswith("event.wait() blocks the event loop of <Task"), text
        assert text.endswith("Write 'await event (or await event.with_(...))' instead"), text

        lock = aiologic.BinarySemaphore(0)
        (text,), outcome = told(lambda: lock.green_acquire(timeout=0.01))
        assert outcome is False
        assert "Write 'await binarysemaphore.async_acquire(...)' instead" in text, text

        def block():
            with lock:
                return "inside"

        later(lock.release)
        (text,), outcome = told(block)
        assert outcome == "inside"
        assert "Write 'async with binarysemaphore:' instead" in text, text
        """,
        "warn",
    )


def test_it_shows_the_line_that_blocks() -> None:
    script = """
        async def main():
            event = aiologic.Event()
            event.wait(0.01)

        asyncio.run(main())
        """
    number = (BEGINNING + script).split("event.wait(0.01)")[0].count("\n") + 1
    line = run(script, "warn").splitlines()[
        0
    ]  # newer Pythons show the line itself, too
    assert line.startswith(f"<string>:{number}: BlockingWarning: event.wait()"), line


def test_an_error_leaves_no_trace() -> None:
    run(
        """
        event, lock = aiologic.Event(), aiologic.Lock()
        text, _ = told(event.wait)
        assert "Write" in text and event.waiting == 0

        thread = threading.Thread(target=lock.green_acquire)
        thread.start()
        thread.join()
        text, _ = told(lock.green_acquire)
        assert "Write 'await lock.async_acquire(...)' instead" in text, text
        assert lock.waiting == 0
        """,
        "error",
    )


def test_near_misses_are_told_nothing() -> None:
    """What need not wait; one look; a thread beside the loop; a thread without one; a wait that awaits."""
    run(
        """
        event, lock = aiologic.Event(), aiologic.BinarySemaphore()
        assert told(lambda: lock.green_acquire(timeout=0)) == ([], True)
        assert told(lambda: lock.green_acquire(timeout=0)) == ([], False)
        assert told(lambda: lock.green_acquire(blocking=False)) == ([], False)
        assert event.wait(0.01) is False

        async def main():
            assert await asyncio.get_running_loop().run_in_executor(None, event.wait, 0.01) is False
            assert await event.with_(0.01) is False
            event.set()
            assert event.wait() is True

        asyncio.run(main())
        """,
        "error",
    )
