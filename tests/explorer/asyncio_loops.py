# SPDX-License-Identifier: ISC
"""A loop of asyncio's that has nothing but its sleep played for the explorer; and what other threads do to its tasks."""

from __future__ import annotations

import asyncio
from _thread import get_ident
from contextlib import suppress
from typing import Any, Coroutine

from aiologic.testing import switch, task
from aiologic_asyncio import _waiter

from . import wakes
from .sleepers import Bell


class Loop(asyncio.BaseEventLoop):
    """asyncio's own, without a selector."""

    _selector: Any
    thread: int | None = None

    def __init__(self) -> None:
        super().__init__()
        self.bell = Bell()
        self.now = 0.0
        self._selector = self

    def __del__(self) -> None:
        """It does not complain if a search leaves it half-way."""

    def select(self, timeout: float | None) -> list[Any]:
        if timeout is None or timeout > 0:
            self.bell.wait()
        return []

    def _process_events(self, _events: list[Any]) -> None:
        """There are none."""

    def _write_to_self(self) -> None:
        self.bell.ring()

    def _check_closed(self) -> None:
        super()._check_closed()  # type: ignore[misc]  # not in typeshed
        if get_ident() != self.thread:
            switch()  # and so it may be closed when the call is taken

    def time(self) -> float:
        return self.now

    def pass_time(self) -> None:
        """All timers are due from now on, says another thread."""
        self.now = 100.0
        self.bell.ring()


class Wake(wakes.Wake):
    """A task sleeps."""

    def setup(self) -> None:
        self.loop = Loop()
        self.begun = 0  # so many of those who sleep
        self.sleepers: list[asyncio.Task[None]] = []
        super().setup()

    def create_waiter(self) -> Any:
        asyncio._set_running_loop(self.loop)
        waiter = _waiter.create_waiter()
        asyncio._set_running_loop(None)
        return waiter

    def pass_time(self) -> None:
        self.loop.pass_time()

    @task
    def runner(self) -> None:
        self.loop.thread = get_ident()
        self.loop.run_until_complete(self.main())

    async def main(self) -> None:
        self.start(self.turn.await_async(self.time_out))
        await self.all_ended()

    def start(self, coroutine: Coroutine[Any, Any, None]) -> None:
        sleeper = self.loop.create_task(self.begin(coroutine))
        sleeper._log_destroy_pending = False  # type: ignore[attr-defined]
        self.sleepers.append(sleeper)

    async def begin(self, coroutine: Coroutine[Any, Any, None]) -> None:
        self.begun += 1
        await coroutine

    async def all_ended(self) -> None:
        for sleeper in self.sleepers:
            with suppress(asyncio.CancelledError):
                await sleeper

    def check(self) -> None:
        if not self.loop.is_closed():
            self.loop.close()
        super().check()


class WakeAndTime(wakes.WakeAndTime, Wake): ...


class TimeAndWake(wakes.TimeAndWake, Wake): ...


class WakeAgainstTime(wakes.WakeAgainstTime, Wake): ...


class WakeAndCancel(Wake):
    """It is woken, and then cancelled; the loop may hear of both at once."""

    def wake(self) -> None:
        self.turn.grant()
        self.cancel()

    def cancel(self) -> None:
        self.loop.call_soon_threadsafe(self.cancel_all)

    def cancel_all(self) -> None:
        if self.begun < len(self.turns):  # else it would not even look
            self.loop.call_soon(self.cancel_all)
            return
        for sleeper in self.sleepers:
            sleeper.cancel()


class CancelAndWake(WakeAndCancel):
    """It is cancelled, and then woken."""

    def wake(self) -> None:
        self.cancel()
        self.turn.grant()


class WakeWhileCancelled(WakeAndCancel):
    """A task of the loop cancels it meanwhile."""

    async def main(self) -> None:
        self.start(self.turn.await_async(self.time_out))
        await asyncio.sleep(0)
        self.cancel_all()
        await self.all_ended()

    def wake(self) -> None:
        self.turn.grant()


class SleepBeside(Wake):
    """Another one sleeps beside it."""

    def setup(self) -> None:
        super().setup()
        self.second = self.new_turn()

    async def main(self) -> None:
        self.start(self.second.await_async())
        await super().main()


class WakeTwo(SleepBeside):
    """Two sleep, and two threads wake one each."""

    @task
    def another(self) -> None:
        self.second.grant()


class WakeFromBothSides(SleepBeside):
    """Two sleep; one is woken by a thread, and wakes the other."""

    async def main(self) -> None:
        self.start(self.hand_over())
        await Wake.main(self)

    async def hand_over(self) -> None:
        await self.second.await_async()
        self.turn.grant()

    def wake(self) -> None:
        self.second.grant()


class WakeAll(wakes.WakeAll, SleepBeside): ...


class StirAgainstWake(SleepBeside):
    """A task of the loop makes both ready, as they are to be woken one after the other; a thread wakes them."""

    async def main(self) -> None:
        self.start(self.turn.await_stirred())
        self.start(self.second.await_stirred())
        await asyncio.sleep(0)
        _waiter.AsyncioWaiter.stir_all([self.turn.waiter, self.second.waiter])
        await self.all_ended()

    def wake(self) -> None:
        self.turn.grant()
        self.second.grant()


class StirAgainstWakeAndCancel(StirAgainstWake, WakeAndCancel):
    """The same, and then they are cancelled."""

    def wake(self) -> None:
        super().wake()
        self.cancel()


class WakeAgainstClose(Wake):
    """The loop is closed meanwhile. Its task is collected when nobody can wake it any more."""

    async def main(self) -> None:
        self.start(self.turn.await_async())
        await asyncio.sleep(0)

    @task
    def runner(self) -> None:
        super().runner()
        switch()
        self.loop.close()
        self.forget()

    def forget(self) -> None:
        self.waker_ends.wait()
        self.sleepers[0].get_coro().close()


class WakeAgainstCloseOfAll(WakeAgainstClose):
    """The same, but its coroutine is closed at once."""

    def forget(self) -> None:
        self.sleepers[0].get_coro().close()


class WakesAgainstClose(WakeAgainstClose):
    """Two sleep, and two threads wake one each; meanwhile, the loop is closed."""

    def setup(self) -> None:
        super().setup()
        self.second = self.new_turn()

    async def main(self) -> None:
        self.start(self.second.await_async())
        await super().main()

    @task
    def another(self) -> None:
        self.second.grant()

    def forget(self) -> None:
        """The tasks live on, for ever."""
