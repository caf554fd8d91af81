# SPDX-License-Identifier: ISC
"""``AIOLOGIC_BLOCKING``: who is warned of a wait that blocks an event loop, when, and how often."""

from __future__ import annotations

import pytest

from .blocking import run

# The tasks run on asyncio, which core knows through its backend.
pytest.importorskip("aiologic_asyncio", reason="tasks need a backend")


@pytest.mark.parametrize("off", [None, "", "0", "off"])
def test_turned_off_it_is_not_there(off: str | None) -> None:
    """It costs nothing: the method that parks is the original one."""
    run(
        """
        from aiologic._runtime.threads import ThreadWaiter
        from aiologic.lowlevel import create_green_waiter

        assert ThreadWaiter.park.__module__ == ThreadWaiter.__module__
        event = aiologic.Event()
        later(event.set)
        assert told(event.wait) == ([], True)
        waiter = create_green_waiter()
        later(waiter.wake)
        assert told(waiter.wait) == ([], True)
        """,
        off,
    )


def test_one_wait_is_told_of_once() -> None:
    """Even if the check is made before the wait begins."""
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
    """A task that leaves a barrier breaks it for all; one that leaves an event for one task has cancelled it."""
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


def test_near_misses_are_told_nothing() -> None:
    """Calls that need not wait; a single look; a thread beside the loop, or without one; a wait that is awaited."""
    run(
        """
        from aiologic.lowlevel import create_green_waiter

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
            waiter = create_green_waiter()
            waiter.wake()
            assert waiter.wait() is True

        asyncio.run(main())
        """,
        "error",
    )


def test_a_waiter_that_is_in_use_is_refused_for_that() -> None:
    """It would not have waited."""
    run(
        """
        from aiologic.lowlevel import create_green_waiter

        waiter = create_green_waiter()
        thread = threading.Thread(target=waiter.wait)
        thread.start()
        while not waiter._was_used:
            pass
        try:
            told(waiter.wait)
        except RuntimeError as error:
            assert "was waited for before" in str(error), error
        else:
            raise AssertionError("it was told to wait elsewhere")
        waiter.wake()
        thread.join()
        """,
        "error",
    )
