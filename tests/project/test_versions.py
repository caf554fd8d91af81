# SPDX-License-Identifier: ISC
"""The distributions move in lockstep."""

from __future__ import annotations

import re
from importlib import metadata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def test_all_distributions_have_one_version(packages: list[Path]) -> None:
    versions = {package.name: metadata.version(package.name) for package in packages}

    assert len(set(versions.values())) == 1, versions


def test_siblings_are_required_in_exactly_this_version(packages: list[Path]) -> None:
    # A release that mixes two of our versions was never tested by anybody.
    for package in packages:
        pin = "==" + metadata.version(package.name)
        for requirement in metadata.requires(package.name) or ():
            if requirement.startswith("aiologic-"):
                assert re.sub(r"^[\w-]+(\[.*\])?|;.*", "", requirement) == pin


def test_all_distributions_run_on_the_same_pythons(packages: list[Path]) -> None:
    # One member with a narrower range narrows the lock of the whole workspace.
    pythons = {
        package.name: metadata.metadata(package.name)["Requires-Python"]
        for package in packages
    }

    assert set(pythons.values()) == {">=3.8"}, pythons


def test_an_entry_point_is_named_after_the_library_that_it_serves(
    packages: list[Path],
) -> None:
    found = {
        (package.name, entry_point.name, entry_point.value)
        for package in packages
        for entry_point in metadata.distribution(package.name).entry_points
        if entry_point.group == "aiologic.backends"
    }

    libraries = {
        package.name[len("aiologic-") :]
        for package in packages
        if package.name != "aiologic-core"
    }
    assert found == {
        ("aiologic-" + library, library, "aiologic_" + library) for library in libraries
    }
