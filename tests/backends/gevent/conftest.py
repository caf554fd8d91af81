# SPDX-License-Identifier: ISC
"""Hubs of gevent on both of its loops; nothing but core and this backend is needed."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from tests.worlds.catalogue import world_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from aiologic.testing.harness import Actor, Stage, World

# Without compiled greenlets there is no gevent.
collect_ignore_glob = ["test_*"] if find_spec("gevent") is None else []


@pytest.fixture(params=["libev", "libuv"])
def world(request: pytest.FixtureRequest) -> World:
    """What the suites test."""
    world = world_of("gevent")
    if request.param == "libuv":
        pytest.importorskip("_cffi_backend", reason="gevent on libuv needs cffi")
        from tests.worlds.gevent_hubs import GEVENT_LIBUV

        return GEVENT_LIBUV
    return world


@pytest.fixture
def make_hub(world: World) -> Callable[[], Any]:
    """Creates the hub of a thread that has none, on the loop that is tested."""
    made: Callable[[], Any] = world.open.make_hub  # type: ignore[attr-defined]
    return made


@pytest.fixture
def actor(stage: Stage) -> Actor:
    """A greenlet."""
    return stage.actor()
