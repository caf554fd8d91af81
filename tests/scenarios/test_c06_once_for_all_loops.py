# SPDX-License-Identifier: ISC
"""C6: what a process needs one of is created by the first task that asks, in whatever loop that runs."""

from __future__ import annotations

import threading
from inspect import getclosurevars

import aiologic
import pytest
from aiologic._runtime import blocking
from aiologic._runtime.threads import ThreadWaiter
from aiologic.testing.harness import CANCELLED, Stage, run, until, wait_for

from tests.worlds.catalogue import NAMES

from .conftest import ASYNC, Two, awaits, between, inside

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Config:
    """What is loaded."""


class Loader:
    """Loads when the test says so, or fails."""

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.calls = 0
        self.gates: list[aiologic.Event] = []

    async def load(self) -> Config:
        self.calls += 1
        gate = aiologic.Event()
        self.gates.append(gate)
        number = self.calls
        await gate
        if number <= self.failures:
            raise LookupError("it could not be loaded")
        return Config()


class ByHand:
    """What users write today."""

    def __init__(self, loader: Loader) -> None:
        self._loader = loader
        self._config: Config | None = None
        self.lock = aiologic.Lock()

    async def __call__(self) -> Config:
        if self._config is None:
            async with self.lock:
                if self._config is None:
                    self._config = await self._loader.load()
        return self._config

    def waiting(self) -> int:
        return self.lock.waiting


class WithOnce:
    """What they can write instead."""

    def __init__(self, loader: Loader) -> None:
        self._config = aiologic.once(loader.load)
        self._state = getclosurevars(self._config).nonlocals["state"]

    async def __call__(self) -> Config:
        return await self._config()

    def waiting(self) -> int:
        attempt = self._state._attempts.get(None)
        return 0 if attempt is None else attempt.over.waiting


WAYS = pytest.mark.parametrize("way", [ByHand, WithOnce])


@WAYS
@between(ASYNC, ASYNC)
def test_six_loops_have_one_result(two: Two, way: Any) -> None:
    loader = Loader()
    config = way(loader)
    stages = [two.first, two.second, *(two.another(n % 2) for n in range(4))]
    calls = [stage.actor().starts(awaits(config.__call__)) for stage in stages]
    until(lambda: config.waiting() == 5)
    loader.gates[0].set()

    results = {id(call.result()) for call in calls}
    assert len(results) == loader.calls == 1
    assert id(two.first.actor().does(awaits(config.__call__))) in results


@WAYS
@between(ASYNC, ASYNC)
def test_one_that_fails_lets_the_next_load(two: Two, way: Any) -> None:
    loader = Loader(failures=1)
    config = way(loader)
    failing = two.first.actor().starts(awaits(config.__call__))
    until(lambda: loader.gates)
    others = [
        stage.actor().starts(awaits(config.__call__))
        for stage in (two.second, two.first)
    ]
    until(lambda: config.waiting() == 2)
    loader.gates[0].set()

    with pytest.raises(LookupError):
        failing.result()
    until(lambda: len(loader.gates) == 2)
    loader.gates[1].set()
    assert others[0].result() is others[1].result()
    assert loader.calls == 2


@WAYS
@between(ASYNC, ASYNC)
def test_one_that_is_cancelled_lets_the_next_load(two: Two, way: Any) -> None:
    loader = Loader()
    config = way(loader)
    cancelled = two.first.actor().starts(awaits(config.__call__))
    until(lambda: loader.gates and loader.gates[0].waiting)
    other = two.second.actor().starts(awaits(config.__call__))
    until(lambda: config.waiting() == 1)

    two.first.inside(cancelled.cancel)

    assert cancelled.result() == CANCELLED
    until(lambda: len(loader.gates) == 2)
    loader.gates[1].set()
    assert isinstance(other.result(), Config)


@between(ASYNC, ASYNC)
def test_a_loop_that_ends_in_the_midst_of_it_lets_the_next_load(two: Two) -> None:
    loader = Loader()
    config = WithOnce(loader)
    left = two.first.actor().starts(awaits(config.__call__))
    until(lambda: loader.gates and loader.gates[0].waiting)
    other = two.second.actor().starts(awaits(config.__call__))
    until(lambda: config.waiting() == 1)

    two.first.close()

    assert left.result() == CANCELLED
    until(lambda: len(loader.gates) == 2)
    loader.gates[1].set()
    assert isinstance(other.result(), Config)


# -- plain functions -------------------------------------------------------------------------------------------------


@between(NAMES, NAMES)
def test_a_plain_function_runs_once_and_others_block_their_threads(two: Two) -> None:
    """Whatever runs in these threads: the function is called where nothing can be suspended, too."""
    begun, go_on = threading.Event(), threading.Event()
    calls: list[None] = []

    @aiologic.once
    def load() -> Config:
        calls.append(None)
        begun.set()
        wait_for(go_on)
        return Config()

    state = getclosurevars(load).nonlocals["state"]
    running = two.first.actor().starts(run(load))
    wait_for(begun)
    waiting = two.second.actor().starts(run(load))
    until(lambda: state._attempts[None].over.waiting == 1)
    go_on.set()

    assert waiting.result() is running.result()
    assert len(calls) == 1


@inside(NAMES)
def test_a_plain_function_that_fails_lets_the_next_load(stage: Stage) -> None:
    results: list[LookupError | Config] = [LookupError("it failed"), Config()]

    @aiologic.once
    def load() -> Config:
        result = results.pop(0)
        if isinstance(result, LookupError):
            raise result
        return result

    with pytest.raises(LookupError):
        stage.actor().does(run(load))
    assert stage.actor().does(run(load)) is load()


@inside(["gevent", "eventlet"])
def test_another_greenlet_of_the_thread_that_runs_it_is_refused(stage: Stage) -> None:
    """The thread would wait for itself, with both of them."""
    gate = aiologic.Event()

    @aiologic.once
    def load() -> Config:
        gate.wait()
        return Config()

    running = stage.actor().starts(run(load))
    until(lambda: gate.waiting == 1)
    with pytest.raises(RuntimeError, match="this function is already executing"):
        stage.actor().does(run(load))
    gate.set()
    assert stage.actor().does(run(load)) is running.result()


@inside(ASYNC)
def test_a_task_that_blocks_its_loop_is_told_on_demand(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """AIOLOGIC_BLOCKING=error, which is read at import; see test_c03_fail_fast.py."""
    monkeypatch.setattr(blocking, "_wanted", "error")
    monkeypatch.setattr(ThreadWaiter, "park", blocking.guarded(ThreadWaiter.park))
    begun, go_on = threading.Event(), threading.Event()

    @aiologic.once
    def load() -> Config:
        begun.set()
        wait_for(go_on)
        return Config()

    thread = threading.Thread(target=load)
    thread.start()
    wait_for(begun)
    with pytest.raises(aiologic.BlockingError, match=r"load\(\) blocks the event loop"):
        stage.actor().does(run(load))
    go_on.set()
    thread.join()
    assert isinstance(stage.actor().does(run(load)), Config)
