# SPDX-License-Identifier: ISC
"""AnyIO on each of its backends, and on uvloop."""

from __future__ import annotations

import aiologic
import pytest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Union

    from .steps import Runner, Way

    Exclusive = Union[aiologic.Lock, aiologic.BinarySemaphore]

RUNNERS = ["asyncio", "uvloop", "trio"]


@pytest.fixture(params=RUNNERS)
def run(request: pytest.FixtureRequest) -> Runner:
    """AnyIO's ``run``, on each of its backends."""
    pytest.importorskip("anyio", reason="about AnyIO")
    backend = "asyncio" if request.param == "uvloop" else request.param
    pytest.importorskip(f"aiologic_{backend}", reason=f"{backend} needs its backend")
    pytest.importorskip(request.param, reason=f"AnyIO on {request.param} needs that")

    from .steps import Runner

    options = {"use_uvloop": True} if request.param == "uvloop" else {}
    return Runner(backend, options)


KINDS = ["Lock", "RLock", "BinarySemaphore", "BoundedBinarySemaphore", "Event"]


@pytest.fixture(
    params=[f"{a} {b}" for a in KINDS for b in ("block", "call", "limited")]
)
def way(request: pytest.FixtureRequest) -> Way:
    """Each primitive, closed, and each way to wait for it."""
    kind, how = request.param.split()
    from .steps import way_to

    return way_to(getattr(aiologic, kind)(), how)


@pytest.fixture(params=KINDS[:-1])
def exclusive(request: pytest.FixtureRequest) -> Exclusive:
    """Each primitive that one task at a time can have, and free."""
    made: Exclusive = getattr(aiologic, request.param)()
    return made
