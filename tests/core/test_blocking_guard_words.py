# SPDX-License-Identifier: ISC
"""``AIOLOGIC_BLOCKING`` names the call that blocks an event loop, as it is written, and what to write instead."""

from __future__ import annotations

import pytest

from .blocking import BEGINNING, run

# The tasks run on asyncio, which core knows through its backend.
pytest.importorskip("aiologic_asyncio", reason="tasks need a backend")


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
    """Even if wrapt has no C extension: then there are frames of wrapt's between ours and the user's."""
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

        class Maker:  # has no name
            def __repr__(self):
                return "<maker>"

            def __call__(self):
                begun.set()
                go_on.wait()

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
        made = aiologic.once(Maker())
        begin(made)
        says(made, "<maker>()", advice)
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
    """Even if wrapt has no C extension: then there are frames of wrapt's between ours and the user's."""
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
