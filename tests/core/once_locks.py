# SPDX-License-Identifier: ISC
"""The state of a once-lock, seen from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aiologic.lowlevel import ThreadOnceLock


def blocked(lock: Any) -> int:
    """How many threads wait for a once-lock."""
    gate = lock._once_gate
    return 0 if gate is None else gate.waiting


def is_open(lock: ThreadOnceLock) -> bool:
    return lock.acquire(False) and not lock.locked()
