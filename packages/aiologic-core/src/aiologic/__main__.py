# SPDX-License-Identifier: ISC
"""``python -m aiologic``: which libraries are served here, and why others are not."""

# Another distribution with our import name overwrites our files, and removes them when it is uninstalled. The package
# may then be a namespace that lacks most of its modules, in which this file still runs. So it first checks that all
# files are there, and imports the rest of the package only after that.

from __future__ import annotations

import csv
import platform
import sys
import warnings
from importlib import import_module
from importlib.metadata import Distribution, distributions, version

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._runtime.entries import Entry
    from ._runtime.registry import Registry

OURS = "aiologic-core"
PACKAGE = "aiologic/"

SHOWN = 3  # how many missing files are named


def missing_files() -> list[str]:
    """The files of our package that were installed and are no longer there.

    Nothing is known to be missing if the list of installed files is gone. The list
    of an editable installation does not contain the package.
    """
    ours = Distribution.from_name(OURS)
    # Not ``files``, which has left out missing files since Python 3.12.
    record = ours.read_text("RECORD") or ""
    names = [row[0] for row in csv.reader(record.splitlines()) if row]
    missing: list[str] = []
    for name in names:
        if name.startswith(PACKAGE) and not name.endswith(".pyc"):
            place: Any = ours.locate_file(name)  # in a folder, or in a zip
            if not place.exists():
                missing.append(name)
    return sorted(missing)


def other_owners() -> list[str]:
    """Distributions that have installed files under our import name."""
    owners: set[str] = set()
    for distribution in distributions():
        name = distribution.metadata["Name"]
        if name != OURS:
            files = map(str, distribution.files or ())
            if f"{PACKAGE}__init__.py" in files:
                owners.add(f"{name} {distribution.version}")
    return sorted(owners)


def missed_names() -> list[str]:
    """A line for each name that a dependent asks for, and that we left out."""
    from ._left_out import INSTEAD, asked_for

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
            with warnings.catch_warnings():
                # A library may warn its importer, for example of its own age. Here nobody but us imports it.
                warnings.simplefilter("ignore")
                import_module(entry.name)
                registry.load(entry)
        except Exception as error:
            # Whatever somebody else's library raises, the report continues.
            return (
                f"{entry.name}: {origin}: not active: {entry.name} can't be imported:"
                f" {type(error).__name__}: {error}"
            )
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

    missing = missing_files()
    if missing:
        more = f" and {len(missing) - SHOWN} more" if len(missing) > SHOWN else ""
        warn(
            f"files of {OURS} are missing ({', '.join(missing[:SHOWN])}{more}): another"
            " distribution of that import name was removed; run: pip install"
            f" --force-reinstall --no-deps {OURS}"
        )
        return 1

    has_broken = report_backends()

    missed = missed_names()
    for line in missed:
        warn(line)

    owners = other_owners()
    for owner in owners:
        warn(
            f"{owner} also owns the import name aiologic, and the files of"
            f" one have overwritten the other's: uninstall both, then install {OURS}"
            " again"
        )
    return 1 if owners or missed or has_broken else 0


def report_backends() -> bool:
    """Print a line for each backend; return whether any is broken."""
    from ._runtime.environment import TRACED_BY
    from ._runtime.registry import NARROWED_BY, Registry

    registry = Registry()
    registry.discover()
    print("\nbackends, in the order in which they are asked:")
    for entry in registry.entries.values():
        print(f"  {describe(registry, entry)}")
    print("  threading: built in: always active, asked last")
    if registry.narrowed_to is not None:
        print(f"  (narrowed by {NARROWED_BY} to {', '.join(registry.narrowed_to)})")
    for name in registry.unmatched:
        warn(f"{NARROWED_BY} names {name!r}, for which no backend is installed")

    print(f"  ({TRACED_BY}=1 tells on stderr how they are found, as it happens)")
    return any(entry.error is not None for entry in registry.entries.values())


def warn(text: str) -> None:
    """Print a warning about something that needs mending."""
    print(f"\nwarning: {text}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
