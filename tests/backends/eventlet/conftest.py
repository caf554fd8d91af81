# SPDX-License-Identifier: ISC
"""Hubs of eventlet; nothing but core and this backend is needed."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from tests.worlds.catalogue import world_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiologic.testing.harness import Actor, Stage, World

# Without compiled greenlets there is no eventlet.
collect_ignore_glob = ["test_*"] if find_spec("eventlet") is None else []

if not collect_ignore_glob:
    from tests.worlds import eventlet_hubs  # before eventlet: see there


@pytest.fixture(
    params=["eventlet", pytest.param("eventlet-kill", marks=pytest.mark.slow)]
)
def world(request: pytest.FixtureRequest) -> World:
    """What the suites test."""
    world = world_of("eventlet")
    return world if request.param == world.name else eventlet_hubs.EVENTLET_KILL


@pytest.fixture
def stage() -> Iterator[Stage]:
    """A hub in another thread."""
    with world_of("eventlet").open() as stage:
        yield stage


@pytest.fixture
def actor(stage: Stage) -> Actor:
    """A greenlet of that hub."""
    return stage.actor()
