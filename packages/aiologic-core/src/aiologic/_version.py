# SPDX-License-Identifier: ISC
"""The version, as the installed distribution states it."""

from __future__ import annotations

from importlib.metadata import version

__version__: str = version("aiologic-core")
__version_tuple__: tuple[int | str, ...] = tuple(
    int(part) if part.isdigit() else part for part in __version__.split(".")
)
