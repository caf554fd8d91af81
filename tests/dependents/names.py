# SPDX-License-Identifier: ISC
"""The public names of the aiologic that is installed, 0.17.1 or ours, with the public attributes of its classes.

`uv run nox -s dependents` compares those of 0.17.1 with the record beside this file. After `--write` it is written anew.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

RECORD = Path(__file__).with_name("names_of_0.17.1.txt")
MODULES = ["aiologic", "aiologic.lowlevel", "aiologic.meta"]


def public_names() -> set[str]:
    """All of them, each with its module and, if it is one, its class."""
    names: set[str] = set()
    for place in MODULES:
        module = importlib.import_module(place)
        for name in module.__all__:
            names.add(f"{place}.{name}")
            value = getattr(module, name)
            if isinstance(value, type):
                names |= {f"{place}.{name}.{member}" for member in members(value)}
    return names


def members(cls: type) -> set[str]:
    """What a class has that aiologic has given it, and not Python."""
    return {
        name
        for base in cls.__mro__
        if base.__module__.startswith("aiologic")
        # A protocol tells its attributes by annotations alone.
        for name in (*vars(base), *getattr(base, "__annotations__", ()))
        if not name.startswith("_")
    }


def recorded() -> set[str]:
    """Those of 0.17.1."""
    return set(RECORD.read_text("utf-8").split())


def main() -> int:
    """Compare what is installed with the record.

    Returns:
        1 if they differ, else 0.
    """
    found = public_names()
    if sys.argv[1:] == ["--write"]:
        RECORD.write_text("\n".join(sorted(found)) + "\n", "utf-8")
    more, less = found - recorded(), recorded() - found
    print(f"names that 0.17.1 has not: {sorted(more) or 'none'}")
    print(f"names of 0.17.1 that are missing: {sorted(less) or 'none'}")
    return 1 if more or less else 0  # not their number: a status of 256 is one of 0


if __name__ == "__main__":
    sys.exit(main())
