# SPDX-License-Identifier: ISC
"""The one hook that a plugin implements. Called once, never on the path of an operation."""

from __future__ import annotations

import pluggy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .interface import Backend

PROJECT = "aiologic"

hookspec = pluggy.HookspecMarker(PROJECT)


@hookspec
def aiologic_backend() -> Backend:  # type: ignore[empty-body]
    """Hand over this plugin's backend, when its library is first used."""
