# SPDX-License-Identifier: ISC
"""The licence travels with everything that we ship."""

from __future__ import annotations

from importlib import metadata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def test_every_distribution_carries_the_licence(
    root: Path, packages: list[Path]
) -> None:
    # A copy each, since a distribution can't include what lies outside its folder.
    text = (root / "LICENSE").read_text("utf-8")

    assert "ISC License" in text
    assert "The aiologic authors" in text
    for package in packages:
        assert (package / "LICENSE").read_text("utf-8") == text
        about = metadata.metadata(package.name)
        assert about["License-Expression"] == "ISC"
        assert about["Author"] == "The aiologic authors"


def test_every_file_names_its_licence(sources: list[Path]) -> None:
    bare = [
        path
        for path in sources
        if not path.read_text("utf-8").startswith("# SPDX-License-Identifier: ISC\n")
    ]

    assert not bare
