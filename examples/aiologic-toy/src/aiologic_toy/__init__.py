# SPDX-License-Identifier: ISC
"""aiologic's backend for toyloop. Importing it does not import toyloop."""

from __future__ import annotations

from aiologic.backends import hookimpl

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aiologic.backends import Backend

__all__ = ("aiologic_backend",)


@hookimpl
def aiologic_backend() -> Backend:
    """Return the backend; called when toyloop is first used."""
    from ._backend import ToyBackend

    return ToyBackend()
