# SPDX-License-Identifier: ISC
# mypy: disable-error-code="func-returns-value, no-untyped-call"
"""A once-lock belongs to a thread with all its greenlets, and blocks another thread with all of those."""

from __future__ import annotations

import threading

import gevent
from aiologic.lowlevel import create_thread_oncelock
from aiologic.testing.harness import until

from .steps import in_new_thread


def test_greenlets_of_a_thread_have_it_together() -> None:
    lock = create_thread_oncelock()
    counts: list[int] = []

    def take() -> None:
        with lock:
            counts.append(lock._count)
            gevent.sleep(0)

    def both() -> None:
        gevent.joinall([gevent.spawn(take), gevent.spawn(take)], raise_error=True)

        gevent.get_hub().destroy(destroy_loop=True)

    in_new_thread(both)
    assert counts == [1, 2]
    assert not lock.locked()


def test_it_blocks_a_hub_with_its_thread() -> None:
    lock = create_thread_oncelock()
    lock.acquire()
    other_greenlets: list[bool] = []

    def wait_in_a_greenlet() -> None:
        # The other greenlet is ready, and runs when the lock is open.
        other = gevent.spawn(lambda: other_greenlets.append(lock.locked()))
        assert lock.acquire()
        other.join()

    def wait() -> None:
        gevent.spawn(wait_in_a_greenlet).get()
        gevent.get_hub().destroy(destroy_loop=True)

    def somebody_waits() -> bool:
        gate = lock._once_gate
        return gate is not None and gate.waiting == 1

    thread = threading.Thread(target=wait)
    thread.start()
    until(somebody_waits)
    assert other_greenlets == []
    lock.release()
    thread.join()
    assert other_greenlets == [False]
