# SPDX-License-Identifier: ISC
"""Workers: processes that measure, one at a time, and whose failure ends the run."""

from __future__ import annotations

import os
import subprocess

from benchmarks.environments import ROOT

WORKER = ["-m", "benchmarks.operations.run"]
TIMEOUT_SECONDS = 600


class WorkerError(Exception):
    """A worker failed, or could not be started; the text contains all its output."""


def run(command: list[str], variables: dict[str, str] | None = None) -> str:
    """Run a worker to its end.

    Returns:
        What it printed.

    Raises:
        WorkerError: It failed, or took too long.
    """
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={**clean_environment(), **(variables or {})},
            capture_output=True,
            text=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise WorkerError(f"{error}\n{error.stderr!r}") from None
    if done.returncode:
        raise WorkerError(
            f"exit status {done.returncode} of {' '.join(command)}\n{done.stderr}"
        )
    return done.stdout


def clean_environment() -> dict[str, str]:
    """The environment without variables that affect how Python, or what is measured, behaves."""
    switches = ("PYTHON", "AIOLOGIC_", "VIRTUAL_ENV")
    return {k: v for k, v in os.environ.items() if not k.startswith(switches)}
