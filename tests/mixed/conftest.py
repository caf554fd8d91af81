# SPDX-License-Identifier: ISC
"""Every test here runs for each ordered pair of worlds, each of them in a thread of its own."""

from __future__ import annotations

from typing import NamedTuple, Union

import aiologic
import pytest

from tests.worlds.catalogue import CANCELLING_NAMES, NAMES, world_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiologic.testing.harness import Stage

Exclusive = Union[aiologic.Lock, aiologic.BinarySemaphore]


class Pair(NamedTuple):
    """The world of the task that has it, and the world of the one that wants it."""

    holders: Stage
    waiters: Stage


@pytest.fixture(params=[f"{a} to {b}" for a in NAMES for b in NAMES])
def pair(request: pytest.FixtureRequest) -> Iterator[Pair]:
    """Each ordered pair of worlds."""
    yield from _open(request.param)


@pytest.fixture(params=[f"{a} to {b}" for a in NAMES for b in CANCELLING_NAMES])
def pair_with_tasks(request: pytest.FixtureRequest) -> Iterator[Pair]:
    """Each pair in which the waiters of the second world can be cancelled."""
    yield from _open(request.param)


@pytest.fixture(params=[f"{a} to {b}" for a in CANCELLING_NAMES for b in NAMES])
def pair_of_tasks(request: pytest.FixtureRequest) -> Iterator[Pair]:
    """Each pair of worlds whose tasks can be cancelled."""
    yield from _open(request.param)


def _open(names: str) -> Iterator[Pair]:
    holders, waiters = map(world_of, names.split(" to "))
    with holders.open() as one, waiters.open() as other:
        yield Pair(one, other)


@pytest.fixture(params=["Lock", "BinarySemaphore"])
def exclusive(request: pytest.FixtureRequest) -> Exclusive:
    """What one task at a time can have, with and without an owner."""
    made: Exclusive = getattr(aiologic, request.param)()
    return made
