# SPDX-License-Identifier: ISC
"""The next release can tell what has changed."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


def test_the_fragments_make_a_changelog(root: Path) -> None:
    pytest.importorskip("towncrier", reason="towncrier is of Python 3.11 and newer")
    command = [sys.executable, "-m", "towncrier", "build", "--draft", "--version", "1"]
    done = subprocess.run(
        command,
        cwd=str(root),
        capture_output=True,
        encoding="utf-8",
        timeout=30,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    # Wherever they lie, and whatever they are called: towncrier takes no notice of some that are in the wrong place.
    files = [path for path in root.glob("changelog.d/**/*") if path.is_file()]
    readme = root / "changelog.d" / "README.md"
    assert readme in files  # all else was taken away, right after a release
    told = " ".join(done.stdout.split())
    fragments = [
        " ".join(path.read_text("utf-8").split()) for path in files if path != readme
    ]
    assert [text for text in fragments if text not in told] == []
