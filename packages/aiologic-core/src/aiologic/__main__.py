# SPDX-License-Identifier: ISC
"""``python -m aiologic``: which worlds are served here, and why not the others."""

from __future__ import annotations

import platform
import sys
from importlib import import_module
from importlib.metadata import distributions, version

from ._left_out import INSTEAD, asked_for
from ._runtime.environment import TRACED_BY
from ._runtime.registry import NARROWED_BY, Entry, Registry

OURS = "aiologic-core"


def other_owners() -> list[str]:
    """Distributions that have installed files under our import name."""
    owners: set[str] = set()
    for distribution in distributions():
        name = distribution.metadata["Name"]
        if name != OURS:
            files = map(str, distribution.files or ())
            if "aiologic/__init__.py" in files:
                owners.add(f"{name} {distribution.version}")
    return sorted(owners)


def missed_names() -> list[str]:
    """A line for each name that a dependent asks for, and that we left out."""
    return [
        f"{distribution.metadata['Name']} {distribution.version} ({place}) asks for"
        f" aiologic.meta.{name}, which is not here; instead: {INSTEAD[name]}"
        for distribution in distributions()
        for place, name in asked_for(distribution)
    ]


def describe(registry: Registry, entry: Entry) -> str:
    """One line about a backend: its library, where it comes from, its state."""
    origin = f"{', '.join(entry.distributions)} ({entry.target})"
    if entry.error is None:
        try:
            import_module(entry.name)
        except (
            Exception
        ) as error:  # whatever a stranger's library raises, the report goes on
            return (
                f"{entry.name}: {origin}: not active: {entry.name} can't be imported:"
                f" {type(error).__name__}: {error}"
            )
        registry.load(entry)
    if entry.error is not None:
        return f"{entry.name}: {origin}: not active: {entry.error}"
    return f"{entry.name}: {origin}: active once {entry.name} is imported"


def main() -> int:
    """Print the report.

    Returns:
        1 if something needs mending, else 0.
    """
    print(f"{OURS} {version(OURS)}")
    print(f"{platform.python_implementation()} {platform.python_version()}")

    registry = Registry()
    registry.discover()
    print("\nbackends, in the order in which they are asked:")
    for entry in registry.entries.values():
        print(f"  {describe(registry, entry)}")
    print("  threading: built in: always active, asked last")
    if registry.narrowed_to is not None:
        print(f"  (narrowed by {NARROWED_BY} to {', '.join(registry.narrowed_to)})")

    print(f"  ({TRACED_BY}=1 tells on stderr how they are found, as it happens)")

    missed = missed_names()
    for line in missed:
        print(f"\nwarning: {line}", file=sys.stderr)

    owners = other_owners()
    for owner in owners:
        print(
            f"\nwarning: {owner} also owns the import name aiologic, and the files of"
            f" one have overwritten the other's: uninstall both, then install {OURS}"
            " again",
            file=sys.stderr,
        )
    is_broken = any(entry.error is not None for entry in registry.entries.values())
    return 1 if owners or missed or is_broken else 0


if __name__ == "__main__":
    sys.exit(main())
