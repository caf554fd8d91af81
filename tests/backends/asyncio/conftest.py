# SPDX-License-Identifier: ISC
"""Loops of both kinds, driven by the test itself; nothing but core and this backend is needed."""

from __future__ import annotations

import asyncio
import gc

import pytest

from tests.worlds.catalogue import ASYNCIO_NAMES, world_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiologic.testing.harness import World


@pytest.fixture(params=["asyncio", "uvloop"])
def loop(request: pytest.FixtureRequest) -> Iterator[asyncio.AbstractEventLoop]:
    """A loop that does not run yet."""
    if request.param == "uvloop":
        uvloop = pytest.importorskip("uvloop", reason="loops of uvloop need uvloop")
        loop = uvloop.new_event_loop()
    else:
        loop = asyncio.new_event_loop()
    yield loop
    loop.close()
    # Tasks that a test left behind in a closed loop go with that test, and not with the next.
    gc.collect()


@pytest.fixture(params=ASYNCIO_NAMES)
def world(request: pytest.FixtureRequest) -> World:
    """What the suites test."""
    return world_of(request.param)
