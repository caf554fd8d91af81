# SPDX-License-Identifier: ISC
"""The numbers of threads and of rounds for tests that let atomic steps collide."""

from __future__ import annotations

THREADS = 4
ROUNDS = 1_500
