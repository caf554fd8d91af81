# SPDX-License-Identifier: ISC
"""All worlds; tests of those whose library is missing are skipped, and named."""

from __future__ import annotations

import importlib
import importlib.util
from typing import NamedTuple

import pytest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aiologic.testing.harness import World


class Place(NamedTuple):
    """Where a world is described, and what it needs besides the standard library and core."""

    module: str
    constant: str
    needs: tuple[str, ...] = ()
    note: str = ""


#: In the order of the documentation's table of pairs.
PLACES = {
    "thread": Place("aiologic.testing.harness", "THREADS"),
    "asyncio": Place(".asyncio_loops", "ASYNCIO", ("aiologic_asyncio",)),
    "uvloop": Place(".asyncio_loops", "UVLOOP", ("aiologic_asyncio", "uvloop")),
    "anyio-asyncio": Place(".asyncio_loops", "ANYIO", ("aiologic_asyncio", "anyio")),
    "trio": Place(".trio_runs", "TRIO", ("aiologic_trio", "trio")),
    "anyio-trio": Place(".trio_runs", "ANYIO", ("aiologic_trio", "anyio", "trio")),
    "curio": Place(
        ".curio_kernels",
        "CURIO",
        ("aiologic_curio", "curio"),
        ", which can't be imported on Python 3.12 and newer",
    ),
    "gevent": Place(".gevent_hubs", "GEVENT", ("gevent", "aiologic_gevent")),
    # aiologic_eventlet requires eventlet, and that file imports trio before eventlet.
    "eventlet": Place(".eventlet_hubs", "EVENTLET", ("aiologic_eventlet",)),
}
NAMES = list(PLACES)
#: The rows and columns of that table.
PAIRED_NAMES = [name for name in NAMES if name != "anyio-trio"]
ASYNCIO_NAMES = ["asyncio", "uvloop", "anyio-asyncio"]
TRIO_NAMES = ["trio", "anyio-trio"]
#: Those whose waiting tasks can be cancelled.
CANCELLING_NAMES = [name for name in NAMES if name != "thread"]


def installed(names: list[str]) -> list[str]:
    """Those whose libraries are installed; for tests of all worlds at once."""
    return [
        name
        for name in names
        if all(importlib.util.find_spec(module) for module in PLACES[name].needs)
    ]


def world_of(name: str) -> World:
    """The world of that name; skips the test if its library is not installed."""
    place = PLACES[name]
    for module in place.needs:
        pytest.importorskip(module, reason=f"{name} needs {module}{place.note}")
    described = importlib.import_module(place.module, __package__)
    world: World = getattr(described, place.constant)
    return world
