# SPDX-License-Identifier: ISC
"""How eventlet lets others run: every greenlet that is ready runs once."""

from __future__ import annotations

from eventlet import sleep


def checkpoint() -> None:
    """Let others run once."""
    sleep(0)
