# SPDX-License-Identifier: ISC
"""Kernels of curio, driven by the test itself; nothing but core and this backend is needed."""

from __future__ import annotations

import pytest

from tests.worlds.catalogue import world_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiologic.testing.harness import Stage, World


@pytest.fixture
def stage() -> Iterator[Stage]:
    """A kernel in another thread."""
    with world_of("curio").open() as stage:
        yield stage


@pytest.fixture
def world() -> World:
    """What the suites test."""
    return world_of("curio")
