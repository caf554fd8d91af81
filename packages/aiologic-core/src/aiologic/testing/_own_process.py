# SPDX-License-Identifier: ISC
"""Run a test again in a process of its own, because of what it does to the main thread."""

from __future__ import annotations

import os
import subprocess
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import pytest

#: An environment variable that is set in such a process.
MARK = "AIOLOGIC_TESTING_OWN_PROCESS"


def in_a_process_of_its_own(request: pytest.FixtureRequest) -> bool:
    """Whether the calling test runs in such a process. If not, run it in one, and fail if it fails there."""
    if MARK in os.environ:
        return True
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    for plugin in request.config.option.plugins:
        command += ["-p", plugin]
    done = subprocess.run(
        [*command, request.node.nodeid],
        cwd=str(request.config.rootpath),
        env={**os.environ, MARK: "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout, done.stdout
    return False
