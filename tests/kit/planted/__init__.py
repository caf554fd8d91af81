# SPDX-License-Identifier: ISC
"""Bugs for the toy backend.

Run ``pytest -p tests.kit.planted examples/aiologic-toy`` with a bug's name in the
environment. Each is what an author might write who has not read the duty; and each has
to be caught by the tests of the conformance suite that are named with it.
"""

from __future__ import annotations

import os

from . import clocks, ends, identities, shields, sleeps, wake_ups  # noqa: F401  # each registers its bugs
from .planting import BUGS as BUGS, VARIATIONS as VARIATIONS

PLANTED = "AIOLOGIC_TESTING_PLANTED"


def pytest_configure() -> None:
    name = os.environ.get(PLANTED)
    if name:
        (BUGS[name].plant if name in BUGS else VARIATIONS[name])()
