# SPDX-License-Identifier: ISC
"""Runs of trio, driven by the test itself; nothing but core and this backend is needed."""

from __future__ import annotations

import pytest

from tests.worlds.catalogue import TRIO_NAMES, world_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiologic.testing.harness import Stage, World


@pytest.fixture
def stage() -> Iterator[Stage]:
    """A run in another thread."""
    with world_of("trio").open() as stage:
        yield stage


@pytest.fixture(params=TRIO_NAMES)
def world(request: pytest.FixtureRequest) -> World:
    """What the suites test."""
    return world_of(request.param)
