# SPDX-License-Identifier: ISC
"""`python -m aiologic` tells what serves which world, and why not."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING

import aiologic
import pytest

if TYPE_CHECKING:
    from .conftest import Site

REPORT = """
    import runpy
    import sys

    sys.stderr = sys.stdout
    try:
        runpy.run_module("aiologic", run_name="__main__", alter_sys=True)
    except SystemExit as done:
        print("exit", done.code)
"""


def report(site: Site, *scripts: str) -> tuple[list[str], int]:
    """What it prints, and its exit status, where nothing is installed but what ``site`` has."""
    said = site.run(*scripts, REPORT, AIOLOGIC_BACKENDS="toy,robot")
    *lines, end = said.splitlines()
    word, status = end.split()
    assert word == "exit"
    return lines, int(status)


def about(library: str, lines: list[str]) -> str:
    """The one line about a library."""
    (line,) = [line for line in lines if line.strip().startswith(library)]
    return line


def test_versions(site: Site) -> None:
    lines, status = report(site)

    assert f"aiologic-core {aiologic.__version__}" in lines
    assert any(platform.python_version() in line for line in lines)
    assert status == 0


def test_threads_are_always_served(site: Site) -> None:
    lines, _ = report(site)

    assert "active" in about("threading", lines)


def test_a_backend_that_works(site: Site) -> None:
    site.add_library("toy")
    site.add_distribution("aiologic-toy", "toy")

    lines, status = report(site)

    line = about("toy", lines)
    assert "aiologic-toy 1.0" in line
    assert "not active" not in line
    assert status == 0


@pytest.mark.parametrize("order", [("robot", "toy"), ("toy", "robot")])
def test_the_order_is_not_that_of_the_file_system(
    site: Site, order: tuple[str, str]
) -> None:
    for name in order:
        site.add_library(name)
        site.add_distribution(f"aiologic-{name}", name)

    lines, _ = report(site)

    assert lines.index(about("toy", lines)) < lines.index(about("robot", lines))


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("import toy_extras", "pip install toy_extras"),
        ("", "aiologic_backend()"),
    ],
)
def test_a_backend_that_is_broken(site: Site, source: str, reason: str) -> None:
    site.add_library("toy")
    site.add_distribution("aiologic-toy", "toy", source=source)
    site.add_library("robot")
    site.add_distribution("aiologic-robot", "robot")

    lines, status = report(site)

    assert "not active" in about("toy", lines)
    assert reason in about("toy", lines)
    assert "not active" not in about("robot", lines)
    assert status != 0


def test_a_backend_without_its_library(site: Site) -> None:
    site.add_distribution("aiologic-toy", "toy")

    lines, _ = report(site)

    assert "not active" in about("toy", lines)


def test_a_library_that_is_broken(site: Site) -> None:
    site.add_module("toy", "1 / 0")
    site.add_distribution("aiologic-toy", "toy")

    lines, _ = report(site)

    assert "not active" in about("toy", lines)
    assert "ZeroDivisionError" in about("toy", lines)


def test_two_distributions_that_claim_one_name(site: Site) -> None:
    site.add_library("toy")
    site.add_distribution("aiologic-toy", "toy")
    site.add_distribution("better-toy", "toy")

    lines, status = report(site)

    assert "aiologic-toy 1.0" in about("toy", lines)
    assert "better-toy 1.0" in about("toy", lines)
    assert status != 0


def test_discovery_that_is_narrowed_is_told(site: Site) -> None:
    lines, _ = report(site)

    assert any("AIOLOGIC_BACKENDS" in line and "toy" in line for line in lines)


def test_another_owner_of_the_import_name(site: Site) -> None:
    # Last on the path, so that it is ours that is imported.
    folder = site.folder / "another"
    info = folder / "aiologic-0.17.1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: aiologic\nVersion: 0.17.1\n", encoding="utf-8"
    )
    (info / "RECORD").write_text("aiologic/__init__.py,,\n", encoding="utf-8")
    (folder / "aiologic").mkdir()
    (folder / "aiologic" / "__init__.py").write_text("", encoding="utf-8")

    lines, status = report(site, f"import sys; sys.path.append({str(folder)!r})")

    (warning,) = [line for line in lines if "warning" in line.lower()]
    assert "aiologic 0.17.1" in warning
    assert "uninstall" in warning
    assert status != 0


def test_a_dependent_that_asks_for_what_was_left_out(site: Site) -> None:
    """It is told what the standard library has for it; contract 1.5."""
    site.add_module("dependent", "from aiologic.meta import resolve_name")
    info = site.folder / "dependent-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: dependent\nVersion: 1.0\n"
        "Requires-Dist: aiologic<0.18,>=0.17\n",
        encoding="utf-8",
    )
    (info / "RECORD").write_text("dependent.py,,\n", encoding="utf-8")

    lines, status = report(site)

    (warning,) = [line for line in lines if line.startswith("warning")]
    assert "dependent 1.0 (dependent.py:1) asks for aiologic.meta.resolve_n" in warning
    assert "`importlib.util.resolve_name(name, package)`" in warning
    assert status != 0
