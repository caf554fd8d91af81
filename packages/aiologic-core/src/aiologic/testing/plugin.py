# SPDX-License-Identifier: ISC
"""The fixtures of the suites; opt in with ``pytest_plugins = ["aiologic.testing.plugin"]``.

You supply one fixture, ``world``; see :mod:`aiologic.testing.harness`.
"""

from __future__ import annotations

import sys

import pytest

import aiologic

from ._duties import WAKERS, backend_for
from ._threads import THREADS
from .catalogue import (
    BARRIERS,
    EVENTS,
    LOCKS,
    OWNED,
    PERMITS,
    QUEUES,
    SIZED_QUEUES,
    Kind,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from typing import Any

    import pluggy

    from .._runtime.interface import Backend
    from ._duties import Waker
    from ._stage import Stage, World
    from .operations import Exclusive

SUITES = ("aiologic.testing.behaviour", "aiologic.testing.conformance")

#: How the advice in a module's docstring begins.
ADVICE = "If one of these fails"

pytest.register_assert_rewrite(*SUITES)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: more than a quarter of a second")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Let ``-k conformance/identity`` select the tests of that module, as ``import *`` brings all into one file."""
    module: str = getattr(getattr(item, "obj", None), "__module__", "")
    if module.startswith(SUITES):
        written_in = module.partition(".testing.")[2].replace(".", "/")
        item.extra_keyword_matches.add(written_in)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    """Expect the tests to fail that are named in ``World.deviations``."""
    if not isinstance(item, pytest.Function):
        return
    world: Any = item.funcargs.get("world")
    module: str = item.obj.__module__
    if world is None or not module.startswith(SUITES):
        return
    for name, reason in world.deviations.items():
        test, _, case = name.rstrip("]").partition("[")
        cases = item.callspec.id if hasattr(item, "callspec") else ""
        if test == item.originalname and (not case or f"-{case}-" in f"-{cases}-"):
            item.add_marker(pytest.mark.xfail(strict=True, reason=reason))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pluggy.Result[pytest.TestReport], None]:
    """Show each failure with the advice of its module."""
    # In the conformance suite, each test has advice of its own in its docstring.
    report = (yield).get_result()
    module: str = getattr(getattr(item, "obj", None), "__module__", "")
    if report.failed and module.startswith(SUITES):
        _, opening, advice = (sys.modules[module].__doc__ or "").partition(ADVICE)
        if opening:
            report.sections.append((ADVICE, advice.strip(": \n")))


@pytest.fixture
def backend(world: World) -> Backend:
    """The backend that is tested, as core finds it."""
    return backend_for(world.library)


@pytest.fixture(params=list(WAKERS))
def wake_in(request: pytest.FixtureRequest) -> Waker:
    """Calls a function in each of the places where wake-ups come from: a task, a thread, a callback."""
    return WAKERS[request.param]


@pytest.fixture
def runtime_world(world: World) -> World:
    """The tested world, if its tasks share a runtime."""
    if not world.is_one_runtime:
        pytest.skip("about tasks that share a runtime")
    return world


@pytest.fixture
def runtime_stage(runtime_world: World) -> Iterator[Stage]:
    """That world, running."""
    with runtime_world.open() as stage:
        yield stage


@pytest.fixture
def stage(world: World) -> Iterator[Stage]:
    """The world that is tested, running."""
    with world.open() as stage:
        yield stage


@pytest.fixture
def cancelling_world(world: World) -> World:
    """The world that is tested, if its tasks can be cancelled."""
    if not world.cancels:
        pytest.skip("about tasks that can be cancelled")
    return world


@pytest.fixture
def cancelling_stage(cancelling_world: World) -> Iterator[Stage]:
    """That world, running."""
    with cancelling_world.open() as stage:
        yield stage


@pytest.fixture
def async_world(world: World) -> World:
    """The world that is tested, if its tasks await."""
    if not world.is_async:
        pytest.skip("about tasks that await")
    return world


@pytest.fixture
def async_stage(async_world: World) -> Iterator[Stage]:
    """That world, running."""
    with async_world.open() as stage:
        yield stage


@pytest.fixture
def threads() -> Iterator[Stage]:
    """Threads beside the world that is tested."""
    with THREADS.open() as stage:
        yield stage


@pytest.fixture(params=PERMITS, ids=str)
def exclusive(request: pytest.FixtureRequest) -> Exclusive:
    """Each kind of primitive that can be held, with one free permit: the only one, or the last of several."""
    made: Exclusive = request.param()
    return made


@pytest.fixture(params=LOCKS, ids=str)
def lock(request: pytest.FixtureRequest) -> aiologic.Lock:
    """Each kind of lock that knows its owner."""
    made: aiologic.Lock = request.param.make()
    return made


@pytest.fixture(params=PERMITS, ids=str)
def permits(request: pytest.FixtureRequest) -> Kind:
    """Each kind that tasks can hold, one or several at once."""
    kind: Kind = request.param
    return kind


@pytest.fixture(params=OWNED, ids=str)
def owners(request: pytest.FixtureRequest) -> Kind:
    """Each kind of those that know their owners."""
    kind: Kind = request.param
    return kind


@pytest.fixture(params=BARRIERS, ids=str)
def barriers(request: pytest.FixtureRequest) -> Kind:
    """Each kind of latch and barrier."""
    kind: Kind = request.param
    return kind


@pytest.fixture(params=QUEUES, ids=str)
def queues(request: pytest.FixtureRequest) -> Kind:
    """Each kind of queue."""
    kind: Kind = request.param
    return kind


@pytest.fixture(params=SIZED_QUEUES, ids=str)
def sized_queues(request: pytest.FixtureRequest) -> Kind:
    """Each kind of queue that can have a size limit, and can be shut down."""
    kind: Kind = request.param
    return kind


@pytest.fixture(params=EVENTS, ids=str)
def event(request: pytest.FixtureRequest) -> aiologic.Event:
    """Each kind of event, before it has happened."""
    made: aiologic.Event = request.param.make()
    return made


@pytest.fixture(params=["CapacityLimiter", "RCapacityLimiter"])
def limiter_class(request: pytest.FixtureRequest) -> type[aiologic.CapacityLimiter]:
    """Each kind of limiter."""
    found: type[aiologic.CapacityLimiter] = getattr(aiologic, request.param)
    return found
