# SPDX-License-Identifier: ISC
"""aiologic's backend for gevent. Importing it does not import gevent."""

from __future__ import annotations

from aiologic.backends import hookimpl

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aiologic.backends import Backend

__all__ = ("aiologic_backend",)


@hookimpl
def aiologic_backend() -> Backend:
    """Hand over the backend; called when gevent is first used."""
    from ._backend import GeventBackend

    return GeventBackend()
