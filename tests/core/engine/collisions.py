# SPDX-License-Identifier: ISC
"""How often the steps of how many threads are to collide in the tests of atomic steps."""

from __future__ import annotations

THREADS = 4
ROUNDS = 1_500
