# SPDX-License-Identifier: ISC
"""A script: close a host with its guest inside, and then give to the guest's tasks; run by test_abandoned_guests.py.

Usage: abandoned_guest.py <primitive> <number of tasks>
"""

# trio neither ends such a run nor lets its token refuse: the run is collected at some later time, with its descriptors,
# and with warnings. Hence a process of its own.

from __future__ import annotations

import asyncio
import gc
import os
import sys
import threading
import warnings

import aiologic
import trio
import trio.lowlevel
from aiologic.testing.harness import THREADS, acquire, release, run, until, wait

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from aiologic.testing.harness import Operation

FAR = 10


class Abandoned:
    """Tasks of a guest, all of them in the same wait, whose host is gone."""

    def __init__(self, primitive: Any, wait: Callable[[], Any], count: int) -> None:
        self._primitive = primitive
        self._wait = wait
        self._count = count
        # In another thread, because trio never forgets that it runs in this one.
        thread = threading.Thread(target=self._host)
        thread.start()
        thread.join(FAR)

    def _host(self) -> None:
        loop = asyncio.new_event_loop()
        loop.run_until_complete(self._until_they_wait())
        loop.close()

    async def _until_they_wait(self) -> None:
        loop = asyncio.get_running_loop()
        trio.lowlevel.start_guest_run(
            self._guest,
            run_sync_soon_threadsafe=loop.call_soon_threadsafe,
            run_sync_soon_not_threadsafe=loop.call_soon,
            done_callback=print,
        )
        while self._primitive.waiting != self._count:  # noqa: ASYNC110  # no event tells of that
            await asyncio.sleep(0.0005)

    async def _guest(self) -> None:
        self._token = trio.lowlevel.current_trio_token()
        async with trio.open_nursery() as nursery:
            for _ in range(self._count):
                nursery.start_soon(self._wait)

    def are_dead(self) -> bool:
        """Make trio notice it; return whether it has."""
        try:
            self._token.run_sync_soon(int)
        except OSError:
            return True
        gc.collect()
        return False


def try_it(
    primitive: Any,
    wait: Callable[[], Any],
    count: int,
    give: Operation,
    take: Operation,
) -> None:
    with THREADS.open() as threads:
        giver, behind = threads.actor(), threads.actor()
        if not isinstance(primitive, aiologic.Event):
            giver.does(acquire(primitive))
        guests = Abandoned(primitive, wait, count)
        call = behind.starts(take)
        until(lambda: primitive.waiting == count + 1)
        until(guests.are_dead)

        giver.does(give)

        assert call.result() is True
        assert primitive.waiting == 0


def main(kind: str, count: int) -> None:
    primitive = getattr(aiologic, kind)()
    if isinstance(primitive, aiologic.Event):
        give, take = run(primitive.set), wait(primitive)
        try_it(primitive, primitive.with_, count, give, take)
    else:
        give, take = release(primitive), acquire(primitive)
        try_it(primitive, primitive.async_acquire, count, give, take)


warnings.simplefilter("ignore")
main(sys.argv[1], int(sys.argv[2]))
print("passed on", flush=True)
os._exit(0)
