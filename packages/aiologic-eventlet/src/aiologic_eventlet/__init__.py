# SPDX-License-Identifier: ISC
"""aiologic's backend for eventlet. Importing it does not import eventlet."""

from __future__ import annotations

from aiologic.backends import hookimpl

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aiologic.backends import Backend

__all__ = ("aiologic_backend",)


@hookimpl
def aiologic_backend() -> Backend:
    """Hand over the backend; called when eventlet is first used."""
    from ._backend import EventletBackend

    return EventletBackend()
