# SPDX-License-Identifier: ISC
"""The built-in backend."""

from __future__ import annotations

import pytest

from tests.worlds.catalogue import world_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aiologic.testing.harness import World


@pytest.fixture(params=["thread"])
def world(request: pytest.FixtureRequest) -> World:
    """What the suites test."""
    return world_of(request.param)
