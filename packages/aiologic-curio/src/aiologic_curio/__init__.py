# SPDX-License-Identifier: ISC
"""aiologic's backend for curio. Importing it does not import curio."""

from __future__ import annotations

import sys

from aiologic.backends import hookimpl

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aiologic.backends import Backend

__all__ = ("aiologic_backend",)


@hookimpl
def aiologic_backend() -> Backend:
    """Hand over the backend; called when curio is first used."""
    try:
        from ._backend import CurioBackend
    except ModuleNotFoundError as error:
        if error.name == "curio" and sys.version_info >= (3, 12):
            # Telling its user to install curio would not help.
            raise ImportError(
                "curio 1.6 can't be imported on Python 3.12 and newer, so it is not"
                " installed there; use an older Python, or a curio that can be imported"
            ) from error
        raise

    return CurioBackend()
