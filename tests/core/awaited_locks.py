# SPDX-License-Identifier: ISC
"""Imitations of the locks of async libraries, for the tests of ``synchronized``."""

from __future__ import annotations


class SimpleAsyncLock:
    """What locks of async libraries have in common."""

    def __init__(self) -> None:
        self.is_held = False

    async def acquire(self) -> None:
        assert not self.is_held
        self.is_held = True

    def release(self) -> None:
        self.is_held = False


class AllAsyncLock(SimpleAsyncLock):
    async def release(self) -> None:  # type: ignore[override]  # another kind of lock
        self.is_held = False
