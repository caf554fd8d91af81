# SPDX-License-Identifier: ISC
"""Worlds within worlds."""

from __future__ import annotations

import pytest

from .nests import NESTS, nest_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .nests import Nest


@pytest.fixture(params=NESTS)
def nest(request: pytest.FixtureRequest) -> Nest:
    """Each runtime, inside a task of each other one."""
    return nest_of(request.param)
