# SPDX-License-Identifier: ISC
"""The kinds of semaphores with several permits, and subclasses of them."""

from __future__ import annotations

import pytest
from aiologic import BoundedSemaphore, Semaphore

each_kind = pytest.mark.parametrize("cls", [Semaphore, BoundedSemaphore])


class SubSemaphore(Semaphore):
    pass


class SubBounded(BoundedSemaphore):
    pass
