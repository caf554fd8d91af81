# SPDX-License-Identifier: ISC
"""A thread with a hub of gevent's and one of eventlet's: each greenlet is served by its own library."""

from __future__ import annotations

import threading

import aiologic
import pytest
from aiologic.lowlevel import current_green_library, current_green_task, current_thread
from aiologic.testing.harness import LONG

pytest.importorskip("aiologic_gevent", reason="about both libraries")
pytest.importorskip("aiologic_eventlet", reason="about both libraries")
gevent = pytest.importorskip("gevent", reason="about both libraries")
greenlet = pytest.importorskip("greenlet", reason="about both libraries")
# It imports eventlet, and makes sure that trio is imported before.
eventlet_hubs = pytest.importorskip("tests.worlds.eventlet_hubs")

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

eventlet = eventlet_hubs.eventlet


def make_gevents() -> None:
    gevent.get_hub()


def make_eventlets() -> None:
    eventlet.hubs.get_hub()


def close_both() -> None:
    gevent.get_hub().destroy(destroy_loop=True)
    eventlet.sleep(0)  # a hub that does not run can't be aborted
    eventlet.hubs.get_hub().abort(wait=True)


def in_a_thread(function: Callable[[], None]) -> None:
    errors: list[BaseException] = []

    def call() -> None:
        try:
            try:
                function()
            finally:
                close_both()
        except BaseException as error:
            errors.append(error)

    # Not an executor's thread, which may be started by a second copy of threading, if eventlet was first to import it.
    thread = threading.Thread(target=call, daemon=True)
    thread.start()
    thread.join(LONG)
    assert not thread.is_alive()
    for error in errors:
        raise error


def hold(sleep: Callable[[float], object]) -> str:
    """Have a lock while the other hub appears."""
    lock, event = aiologic.Lock(), aiologic.Event()
    with lock:
        sleep(0)
        assert lock.green_owned()
        assert current_green_task() is greenlet.getcurrent()
        assert event.wait(0.001) is False
    return current_green_library()


def test_a_greenlet_of_gevents_is_served_by_gevents() -> None:
    """D15: what it holds, it still holds after the other hub has appeared; and it waits in its own."""
    seen: list[str] = []

    def begin() -> None:
        greenlet = gevent.spawn(hold, gevent.sleep)
        gevent.sleep(0)
        make_eventlets()
        seen.append(greenlet.get())

    in_a_thread(begin)
    assert seen == ["gevent"]


def test_a_greenlet_of_eventlets_is_served_by_eventlets() -> None:
    """D15, the other way round."""
    seen: list[str] = []

    def begin() -> None:
        greenlet = eventlet.spawn(hold, eventlet.sleep)
        eventlet.sleep(0)
        make_gevents()
        seen.append(greenlet.wait())

    in_a_thread(begin)
    assert seen == ["eventlet"]


def test_the_greenlet_that_the_thread_began_with_is_gevents() -> None:
    """As in 0.17.1 (contract 1.6); it does not depend on which of them was installed first."""

    def look() -> None:
        lock = aiologic.Lock()
        with lock:
            make_eventlets()
            assert current_green_library() == "eventlet"
            make_gevents()
            assert current_green_library() == "gevent"
            assert current_green_task() is current_thread()

    in_a_thread(look)
