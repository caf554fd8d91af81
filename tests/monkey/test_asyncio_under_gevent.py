# SPDX-License-Identifier: ISC
"""Loops of asyncio in a process that gevent has patched; the tests themselves are in asyncio_under_greenlets.py."""

from __future__ import annotations

import pytest

from .scripts import BEGINNINGS, names_in, run

SCRIPT = "asyncio_under_greenlets.py"

pytest.importorskip("aiologic_asyncio", reason="loops of asyncio need the backend")


@pytest.mark.slow
@pytest.mark.parametrize("beginning", BEGINNINGS)
@pytest.mark.parametrize("name", names_in(SCRIPT))
def test_under_gevent(name: str, beginning: str) -> None:
    run(SCRIPT, "gevent", beginning, name)
