# SPDX-License-Identifier: ISC
"""What to install for a library that no backend serves. The only file of core that knows libraries by name."""

from __future__ import annotations

import sys

# import name of the library -> distribution that serves it
DISTRIBUTIONS = {
    "asyncio": "aiologic-asyncio",
    "trio": "aiologic-trio",
    "curio": "aiologic-curio",
    "gevent": "aiologic-gevent",
    "eventlet": "aiologic-eventlet",
}

ASYNC_LIBRARIES = ("trio", "curio", "asyncio")
GREEN_LIBRARIES = ("gevent", "eventlet")


def unserved(libraries: tuple[str, ...], served: set[str]) -> list[str]:
    """Those of ``libraries`` that are imported in this process and have no backend."""
    # None in sys.modules means "must not be imported".
    return [n for n in libraries if sys.modules.get(n) is not None and n not in served]


def distribution_for(library: str) -> str:
    """The distribution that serves ``library``: a known one, or one named by convention."""
    return DISTRIBUTIONS.get(library, f"aiologic-{library}")


def install_line(libraries: list[str]) -> str:
    """The command that installs backends for ``libraries``."""
    distributions = [*map(distribution_for, libraries)]
    if getattr(sys, "frozen", False):
        # They may have been installed where the application was frozen; but no import statement mentions them, so
        # neither they nor their metadata were included.
        options = [
            f"--hidden-import {name.replace('-', '_')} --copy-metadata {name}"
            for name in distributions
        ]
        return (
            f"freeze {' and '.join(distributions)}, with metadata, too;"
            f" for PyInstaller: {' '.join(options)}"
        )
    return "pip install " + " ".join(distributions)
