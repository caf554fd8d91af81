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


def elsewhere(function, *args):
    "Call it in another thread, to its end."
    thread = threading.Thread(target=function, args=args, daemon=True)
    thread.start()
    thread.join()


def entering(block):
    def enter():
        with block:
            raise AssertionError("it was taken")
    return enter


def says(function, called, advice):
    text, _ = told(function)
    assert text.startswith(called + " blocks the event loop of <Task"), text
    assert text.endswith("while it waits. " + advice), text
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
        timeout=30,
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


def test_an_iteration_is_told_of_as_it_is_written() -> None:
    run(
        """
        for queue in aiologic.Queue(), aiologic.LifoQueue(), aiologic.PriorityQueue():
            what = type(queue).__name__.lower()
            says(
                lambda: [item for item in queue],
                f"for ... in {what}",
                f"Write 'async for ... in {what}' instead",
            )
        """,
        "error",
    )


def test_views_and_sides_are_called_as_users_get_at_them() -> None:
    run(
        """
        queue = aiologic.Queue([1], 1)
        view = queue.sync_q
        says(lambda: view.put(2), "queue.sync_q.put()", "Write 'await queue.async_q.put(...)' instead")
        says(view.join, "queue.sync_q.join()", "Write 'await queue.async_q.join(...)' instead")
        view.get()
        says(view.get, "queue.sync_q.get()", "Write 'await queue.async_q.get(...)' instead")

        lock = aiologic.RWLock()
        elsewhere(lock.green_acquire_exclusive)
        for way in "reading", "writing":
            side = getattr(lock, way)
            says(entering(side), f"with rwlock.{way}:", f"Write 'async with rwlock.{way}:' instead")
            says(
                side.green_acquire,
                f"rwlock.{way}.green_acquire()",
                f"Write 'await rwlock.{way}.async_acquire(...)' instead",
            )
        """,
        "error",
    )


@pytest.mark.parametrize("extensions", ["", "true"])
def test_what_was_decorated_is_told_of_by_its_own_name(
    extensions: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where wrapt has no extension; then there are frames of wrapt's between ours and the user's."""
    monkeypatch.setenv("WRAPT_DISABLE_EXTENSIONS", extensions)
    run(
        """
        begun, go_on = threading.Event(), threading.Event()

        @aiologic.once
        def config():
            begun.set()
            go_on.wait()

        lock = aiologic.Lock()

        @aiologic.synchronized(lock)
        def under_a_lock():
            pass

        class Account:
            @aiologic.synchronized
            def deposit(self, hold=False):
                if hold:
                    begun.set()
                    go_on.wait()

        def begin(function, *args):
            begun.clear()
            threading.Thread(target=function, args=args, daemon=True).start()
            begun.wait()

        account = Account()
        elsewhere(lock.green_acquire)
        advice = "Make it a coroutine function, and await it"
        begin(config)
        says(config, "config()", advice)
        begin(account.deposit, True)
        says(account.deposit, "Account.deposit()", advice)
        says(under_a_lock, "under_a_lock()", advice)
        for block in aiologic.synchronized(account), aiologic.synchronized(lock):
            says(entering(block), "with synchronized(...):", "Write 'async with synchronized(...):' instead")
        go_on.set()
        """,
        "error",
    )


def test_what_has_no_twin_is_not_to_be_awaited() -> None:
    run(
        """
        from aiologic import lowlevel

        event = lowlevel.create_green_event()
        says(event.wait, "create_green_event().wait()", "Use create_async_event() instead")
        waiter = lowlevel.create_green_waiter()
        says(waiter.wait, "create_green_waiter().wait()", "Use create_async_waiter() instead")

        lock = lowlevel.ThreadOnceLock()
        elsewhere(lock.acquire)
        says(lock.acquire, "threadoncelock.acquire()", "Call it in another thread")
        says(entering(lock), "with threadoncelock:", "Call it in another thread")
        """,
        "error",
    )


def test_a_shielded_call_is_told_of_as_if_it_was_not() -> None:
    run(
        """
        from aiologic.lowlevel import shield

        lock = aiologic.Lock()
        elsewhere(lock.green_acquire)
        says(
            shield(lock.green_acquire),
            "lock.green_acquire()",
            "Write 'await lock.async_acquire(...)' instead",
        )
        """,
        "error",
    )


def test_sleeps_are_told_of() -> None:
    run(
        """
        from aiologic.lowlevel import (
            green_clock, green_sleep, green_sleep_forever, green_sleep_until
        )

        says(lambda: green_sleep(0.01), "green_sleep()", "Write 'await async_sleep(...)' instead")
        says(
            lambda: green_sleep_until(green_clock() + 0.01),
            "green_sleep_until()",
            "Write 'await async_sleep_until(...)' instead",
        )
        says(green_sleep_forever, "green_sleep_forever()", "Write 'await async_sleep_forever(...)' instead")
        # These only let others run; and no task calls.
        assert told(lambda: green_sleep(0)) == ([], None)
        assert told(lambda: green_sleep_until(green_clock() - 1)) == ([], None)
        green_sleep(0.001)
        """,
        "error",
    )


@pytest.mark.parametrize("extensions", ["", "true"])
@pytest.mark.parametrize(
    ("line", "called"),
    [
        ("event.wait(0.01)", "event.wait()"),
        ("decorated(lock)", "decorated()"),
        ("lowlevel.green_sleep(0.01)", "green_sleep()"),
        ("aiologic.Barrier(2).wait(0.01)", "barrier.wait()"),
    ],
)
def test_it_shows_the_line_that_blocks(
    line: str, called: str, extensions: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where wrapt has no extension; then there are frames of wrapt's between ours and the user's."""
    monkeypatch.setenv("WRAPT_DISABLE_EXTENSIONS", extensions)
    script = f"""
        from aiologic import lowlevel

        event = aiologic.Event()
        lock = aiologic.BinarySemaphore(0)

        def release():
            while not lock.waiting:
                pass
            lock.release()

        @aiologic.synchronized(lock)
        def decorated(lock):
            pass

        threading.Thread(target=release, daemon=True).start()

        async def main():
            {line}

        try:
            asyncio.run(main())
        except aiologic.BrokenBarrierError:
            pass
        """
    number = (BEGINNING + script).split(f"    {line}\n")[0].count("\n") + 1
    # Newer Pythons show the line itself, too.
    said = run(script, "warn").splitlines()[0]
    assert said.startswith(f"<string>:{number}: BlockingWarning: {called}"), said


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


def test_whose_leaving_is_a_trace_is_refused_before_it_comes() -> None:
    """Who leaves a barrier breaks it for all; who leaves an event for one task has cancelled it."""
    run(
        """
        from aiologic import lowlevel

        for kind in aiologic.Barrier, aiologic.RBarrier, aiologic.Latch:
            for parties in 0, 3:
                meeting = kind(parties)
                what = kind.__name__.lower()
                said = f"Write 'await {what} (or await {what}.with_(...))' instead"
                says(lambda: meeting.wait(0.01), f"{what}.wait()", said)
                says(meeting.wait, f"{what}.wait()", said)
                assert not meeting.broken and not meeting.waiting

            meeting = kind(2)
            thread = threading.Thread(target=meeting.wait, daemon=True)
            thread.start()
            while not meeting.waiting:
                pass
            # The last to come need not wait.
            assert told(meeting.wait)[0] == []
            thread.join()
            assert not meeting.broken

        says(entering(aiologic.Barrier(2)), "with barrier:", "Write 'async with barrier:' instead")

        for shield in False, True:
            event = lowlevel.create_green_event(shield=shield)
            text, _ = told(event.wait)
            assert "blocks" in text and not event.cancelled() and not event.is_set()
            event.set()
            assert event.wait() is True

            waiter = lowlevel.create_green_waiter(shield=shield)
            text, _ = told(waiter.wait)
            assert "blocks" in text
            waiter.wake()
            assert waiter.wait() is True
        """,
        "error",
    )


def test_one_wait_is_told_of_once() -> None:
    """Also where it is looked at before it begins."""
    run(
        """
        from aiologic import lowlevel

        def ends(wait):
            try:
                return wait(0.001)
            except aiologic.BrokenBarrierError:
                return False

        barrier = aiologic.RBarrier(2)
        for wait in (
            barrier.wait,
            barrier.wait,  # once more
            aiologic.Latch(2).wait,
            lowlevel.create_green_event().wait,
            lowlevel.create_green_waiter().wait,
            aiologic.Event().wait,
        ):
            texts, outcome = told(lambda: ends(wait))
            assert len(texts) == 1, (wait, texts)
            assert outcome is False
            barrier.reset()
        """,
        "warn",
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
