# SPDX-License-Identifier: ISC
"""What the tests of the engine share: a loop that runs only when the test says so."""

from __future__ import annotations

import pytest

from .fake_loops import FakeLoop


@pytest.fixture
def loop() -> FakeLoop:
    return FakeLoop()
