# SPDX-License-Identifier: ISC
"""Fifteen things that users want to do, between each pair of worlds for which they want it."""

# A test here is a user's program in small: what each party does is written once for tasks that await and once for the
# others, and is done by actors of real runtimes (tests/worlds). A scenario states between which worlds it holds:
#
#     @between(ASYNC, ASYNC)
#     def test_...(two): ...
#
# No test sleeps before an assertion: it waits for what has to happen (``until``, ``Call.result``).

from __future__ import annotations

from contextlib import ExitStack
from typing import NamedTuple

import pytest
from aiologic.testing.harness import Operation, World

from tests.worlds.catalogue import PAIRED_NAMES, world_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from typing import Any

    from aiologic.testing.harness import Stage

GREEN = ["thread", "gevent", "eventlet"]
ASYNC = [name for name in PAIRED_NAMES if name not in GREEN]


def between(first: list[str], second: list[str]) -> pytest.MarkDecorator:
    """Run the test for each pair of them; in one order only, if the other is the same."""
    names = [
        f"{a} and {b}"
        for a in first
        for b in second
        if first != second or first.index(a) <= second.index(b)
    ]
    return pytest.mark.parametrize("two", names, indirect=True)


class Two(NamedTuple):
    """Two worlds, with a stage for each."""

    worlds: tuple[World, World]
    first: Stage
    second: Stage
    more: ExitStack

    def another(self, number: int) -> Stage:
        """Another stage of the first (0) or the second (1) world: another loop, in a thread of its own."""
        return self.more.enter_context(self.worlds[number].open())

    def of(self, name: str) -> Stage:
        """A stage of a third world."""
        return self.more.enter_context(world_of(name).open())


@pytest.fixture
def two(request: pytest.FixtureRequest) -> Iterator[Two]:
    first, second = map(world_of, request.param.split(" and "))
    with ExitStack() as more:
        yield Two(
            (first, second),
            more.enter_context(first.open()),
            more.enter_context(second.open()),
            more,
        )


@pytest.fixture
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    """One runtime; the parameter names its world."""
    with world_of(request.param).open() as opened:
        yield opened


def inside(names: list[str]) -> pytest.MarkDecorator:
    """Run the test inside each of these worlds."""
    return pytest.mark.parametrize("stage", names, indirect=True)


def awaits(function: Callable[..., Awaitable[Any]], *arguments: Any) -> Operation:
    """Marks what only tasks do."""
    return Operation(function.__name__, _refuse, lambda: function(*arguments))


def blocks(function: Callable[..., Any], *arguments: Any) -> Operation:
    """Marks what only threads and greenlets do."""

    async def refuse() -> None:
        _refuse()

    return Operation(function.__name__, lambda: function(*arguments), refuse)


def _refuse() -> None:
    raise AssertionError("this world does not do it")
