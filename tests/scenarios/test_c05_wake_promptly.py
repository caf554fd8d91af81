# SPDX-License-Identifier: ISC
"""C5: a thread wakes a coroutine at once, although nothing else goes on in its loop."""

# A loop with a timer hides a late wake-up: it notices that when the timer fires. These have none, so a
# wake-up that does not interrupt the loop's sleep is never noticed.

from __future__ import annotations

import asyncio
import threading

import aiologic
import pytest
from aiologic.testing.harness import run, until, wait

from tests.worlds.catalogue import ASYNCIO_NAMES, NAMES

from .conftest import ASYNC, Two, between

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


@between(NAMES, ASYNC)
def test_a_loop_that_sleeps_is_woken(two: Two) -> None:
    done = aiologic.Event()
    call = two.second.actor().starts(wait(done))
    until(lambda: done.waiting == 1)

    two.first.actor().does(run(done.set))

    assert call.result() is True


@between(NAMES, ASYNCIO_NAMES)
def test_a_loop_in_debug_mode_does_not_complain(two: Two) -> None:
    loop: Any = two.second
    loop.inside(lambda: loop.loop.set_debug(True))
    done = aiologic.Event()
    call = two.second.actor().starts(wait(done))
    until(lambda: done.waiting == 1)

    two.first.actor().does(run(done.set))

    assert call.result() is True
    # It wraps what its tasks await, and should not report that when this is over.
    loop.inside(lambda: loop.loop.set_debug(False))


@between(NAMES, ASYNC)
def test_it_may_have_happened_before(two: Two) -> None:
    done = aiologic.Event()
    two.first.actor().does(run(done.set))

    assert two.second.actor().does(wait(done)) is True
    assert done.waiting == 0


@between(NAMES, ASYNC)
def test_a_loop_that_was_closed_meanwhile_is_no_ones_business(two: Two) -> None:
    done = aiologic.Event()
    call = two.second.actor().starts(wait(done))
    until(lambda: done.waiting == 1)
    two.second.close()

    two.first.actor().does(run(done.set))

    assert call.is_done
    assert done.is_set()


@pytest.mark.parametrize("is_debug", [False, True])
def test_as_it_is_written(is_debug: bool) -> None:
    """``threading.Timer(..., done.set).start(); await done``, with a timer that is not due before somebody waits."""
    pytest.importorskip("aiologic_asyncio", reason="loops of asyncio need the backend")
    done = aiologic.Event()

    def set_it() -> None:
        until(lambda: done.waiting == 1)
        done.set()

    async def main() -> bool:
        threading.Timer(0, set_it).start()
        return await done

    assert asyncio.run(main(), debug=is_debug) is True
