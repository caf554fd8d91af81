# SPDX-License-Identifier: ISC
"""A kernel of curio's that has nothing but its sleep played for the explorer; and what other threads do to its tasks."""

from __future__ import annotations

from contextlib import suppress
from selectors import EVENT_READ, SelectorKey
from types import SimpleNamespace
from typing import Any

import curio
from aiologic.testing import switch, task
from aiologic_curio import _waiter
from aiologic_curio._kernel import drop_errands
from curio.meta import running
from curio.traps import _read_wait

from . import wakes
from .sleepers import Bell, GoneError


class Selector:
    """It knows of no descriptors but of the kernel's own."""

    def __init__(self) -> None:
        self.bell = Bell()
        self.keys: dict[Any, SelectorKey] = {}

    def register(self, end: Any, events: int, data: Any) -> None:
        if not isinstance(end, End):
            raise GoneError
        self.keys[end] = SelectorKey(end, 0, events, data)

    modify = register

    def unregister(self, end: Any) -> None:
        del self.keys[end]

    def get_key(self, end: Any) -> SelectorKey:
        return self.keys[end]

    def select(self, timeout: float | None) -> list[tuple[SelectorKey, int]]:
        if timeout is None or timeout > 0:
            self.bell.wait()
        return [(key, EVENT_READ) for end, key in self.keys.items() if end.is_readable]

    def close(self) -> None:
        """There is nothing to close."""


class End:
    """One end of the kernel's pair of sockets; one object will do for both."""

    is_readable = False
    is_closed = False

    def __init__(self, bell: Bell) -> None:
        self._bell = bell

    def setblocking(self, _flag: bool) -> None:
        """It never blocks."""

    def fileno(self) -> int:
        return 0

    def send(self, _byte: bytes) -> None:
        if self.is_closed:
            raise OSError("it is closed")
        self.is_readable = True
        self._bell.ring()

    def recv(self, _most: int) -> bytes:
        self.is_readable = False
        return b"\0"

    def close(self) -> None:
        self.is_closed = True


class Surroundings:
    """What the kernel has of the modules ``socket`` and ``time``."""

    def __init__(self) -> None:
        self.selector = Selector()
        self.now = 0.0

    def socketpair(self) -> tuple[End, End]:
        end = End(self.selector.bell)
        return end, end

    def pass_time(self) -> None:
        """All sleeps are over from now on, says another thread."""
        self.now += 100.0
        self.selector.bell.ring()


class Kernel(curio.Kernel):  # type: ignore[misc]  # which is not typed
    """It does not complain if it crashes, or if a search leaves it half-way."""

    def __del__(self) -> None: ...


class Task(curio.Task):  # type: ignore[misc]  # which is not typed
    """It does not, either."""

    def __del__(self) -> None: ...


surroundings: list[Surroundings] = []  # those of this run


def socketpair() -> tuple[End, End]:
    """In place of ``socket.socketpair``."""
    return surroundings[0].socketpair()


def monotonic() -> float:
    """In place of ``time.monotonic``."""
    return surroundings[0].now


modules = SimpleNamespace(socketpair=socketpair, monotonic=monotonic)


class Wake(wakes.Wake):
    """A task sleeps. When it has ended, the kernel is shut down at once."""

    def setup(self) -> None:
        self.around = Surroundings()
        surroundings[:] = [self.around]
        self.kernel: Any = Kernel(selector=self.around.selector, taskcls=Task)
        with running(self.kernel):
            self.kernel._runner = self.kernel._make_kernel_runtime()
        super().setup()

    def create_waiter(self) -> Any:
        with running(self.kernel):
            return _waiter.create_waiter()

    def pass_time(self) -> None:
        self.around.pass_time()

    @task
    def runner(self) -> None:
        self.kernel.run(self.main, shutdown=True)

    async def main(self) -> None:
        await self.turn.await_async(self.time_out)


class WakeAndTime(wakes.WakeAndTime, Wake): ...


class TimeAndWake(wakes.TimeAndWake, Wake): ...


class WakeAgainstTime(wakes.WakeAgainstTime, Wake): ...


class SleepsAgain(WakeAndTime):
    """It gives up, and sleeps once more, until it is woken: late wake-ups must not disturb that."""

    def setup(self) -> None:
        super().setup()
        self.second = self.new_turn()

    async def main(self) -> None:
        await super().main()
        await self.second.await_async()

    def wake(self) -> None:
        super().wake()
        self.second.grant()


class WakeTwo(Wake):
    """Two sleep, and two threads wake one each."""

    def setup(self) -> None:
        super().setup()
        self.second = self.new_turn()

    async def main(self) -> None:
        other = await curio.spawn(self.sleep_beside)
        await super().main()
        await other.join()

    async def sleep_beside(self) -> None:
        await self.second.await_async()

    @task
    def another(self) -> None:
        self.second.grant()


class WakeFromBothSides(WakeTwo):
    """Two sleep; one is woken by a thread, and wakes the other."""

    async def sleep_beside(self) -> None:
        await super().sleep_beside()
        self.turn.grant()

    def wake(self) -> None:
        self.second.grant()

    def another(self) -> None:
        """There is no other thread."""


class WakeAll(wakes.WakeAll, WakeTwo):
    def another(self) -> None:
        """There is no other thread."""


class WakeAgainstShutdown(Wake):
    """The kernel is shut down meanwhile, which cancels who sleeps."""

    async def main(self) -> None:
        await curio.spawn(self.sleep_beside, daemon=True)
        await curio.sleep(0)

    async def sleep_beside(self) -> None:
        await self.turn.await_async()


class WakeAgainstCrash(WakeAgainstShutdown):
    """The kernel crashes meanwhile, and who sleeps never goes on."""

    async def main(self) -> None:
        await super().main()
        switch()
        await _read_wait("what makes the selector raise")

    @task
    def runner(self) -> None:
        with suppress(GoneError):
            super().runner()

    def check(self) -> None:
        drop_errands(self.kernel)  # as the collector does
        super().check()
