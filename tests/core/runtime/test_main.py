# SPDX-License-Identifier: ISC
"""`python -m aiologic` tells which libraries are served, and why others are not."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import aiologic
import pytest

if TYPE_CHECKING:
    from .conftest import Site

OURS = Path(aiologic.__file__).parent

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
    """Its output and its exit status, if nothing is installed except what ``site`` has."""
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
    assert any("AIOLOGIC_TRACE=1" in line for line in lines)


def test_a_backend_that_works(site: Site) -> None:
    site.add_library("toy")
    site.add_distribution("aiologic-toy", "toy")

    lines, status = report(site)

    line = about("toy", lines)
    assert "aiologic-toy 1.0 (aiologic_toy)" in line
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

    title = lines.index("backends, in the order in which they are asked:")
    toy, robot = about("toy", lines), about("robot", lines)
    assert title < lines.index(toy) < lines.index(robot)


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


def test_what_a_library_says_at_its_import_is_no_part_of_the_report(
    site: Site,
) -> None:
    """Warnings are errors here."""
    site.add_module("toy", "import warnings; warnings.warn('toy is old'); task = None")
    site.add_distribution("aiologic-toy", "toy")

    lines, status = report(site)

    assert "not active" not in about("toy", lines)
    assert status == 0


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

    assert "  (narrowed by AIOLOGIC_BACKENDS to toy, robot)" in lines


def test_a_name_to_which_nothing_belongs_is_told(site: Site) -> None:
    site.add_library("toy")
    site.add_distribution("aiologic-toy", "toy")

    lines, _ = report(site)

    assert [line for line in lines if "no backend is installed" in line] == [
        "warning: AIOLOGIC_BACKENDS names 'robot', for which no backend is installed"
    ]


def test_another_owner_of_the_import_name(site: Site) -> None:
    # Last on the path, so that ours is imported.
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

    (warning,) = [line for line in lines if "overwritten" in line]
    assert "aiologic 0.17.1" in warning
    assert "uninstall" in warning
    assert status != 0


def test_a_dependent_that_asks_for_what_was_left_out(site: Site) -> None:
    """It is told what the standard library has instead; contract 1.5."""
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

    (warning,) = [line for line in lines if "asks for" in line]
    assert warning.startswith("warning")
    assert "dependent 1.0 (dependent.py:1) asks for aiologic.meta.resolve_n" in warning
    assert "`importlib.util.resolve_name(name, package)`" in warning
    assert status != 0


class Installed:
    """A copy of our package, as an installer leaves it; a process finds nothing else."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.package = folder / "aiologic"
        shutil.copytree(
            str(OURS), str(self.package), ignore=shutil.ignore_patterns("__pycache__")
        )
        info = folder / f"aiologic_core-{aiologic.__version__}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(
            "Metadata-Version: 2.1\nName: aiologic-core\n"
            f"Version: {aiologic.__version__}\n",
            encoding="utf-8",
        )
        files = [each.relative_to(folder).as_posix() for each in folder.rglob("*.*")]
        # Compiled files may be removed at any time.
        files.append("aiologic/__pycache__/__init__.cpython-999.pyc")
        self.record = info / "RECORD"
        self.record.write_text(
            "".join(f'"{name}",sha256=AbC,1\n' for name in sorted(files)),
            encoding="utf-8",
        )

    def report(self, is_zipped: bool) -> tuple[int, str, list[str]]:
        """The exit status, the output, and the warnings."""
        place = str(self.folder)
        if is_zipped:
            place = shutil.make_archive(f"{place}-zipped", "zip", place)
        done = subprocess.run(
            [sys.executable, "-S", "-W", "error", "-m", "aiologic"],
            cwd=os.sep,
            env={**os.environ, "PYTHONPATH": place, "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            encoding="utf-8",
            timeout=50,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, done.stdout, done.stderr.strip().splitlines()


@pytest.fixture
def installed(tmp_path: Path) -> Installed:
    return Installed(tmp_path / "installed")


zipped_or_not = pytest.mark.parametrize("is_zipped", [False, True])


@zipped_or_not
def test_an_installation_that_is_whole(installed: Installed, is_zipped: bool) -> None:
    status, said, warnings = installed.report(is_zipped)
    assert (status, warnings) == (0, [])
    assert "threading" in said


@zipped_or_not
def test_an_installation_that_tells_no_files(
    installed: Installed, is_zipped: bool
) -> None:
    """Some repackaged ones have none; then nobody can know."""
    installed.record.unlink()
    assert installed.report(is_zipped)[::2] == (0, [])


@zipped_or_not
def test_the_files_that_another_distribution_has_taken_along(
    installed: Installed, is_zipped: bool
) -> None:
    """It had overwritten our files with its own, and was uninstalled; a namespace is left."""
    (installed.package / "__init__.py").unlink()
    (installed.package / "exceptions.py").unlink()
    shutil.rmtree(str(installed.package / "_runtime"))

    status, said, (warning,) = installed.report(is_zipped)

    assert status == 1
    assert f"aiologic-core {aiologic.__version__}" in said
    listed = [row.split('"')[1] for row in installed.record.read_text().splitlines()]
    missing = [name for name in listed if not (installed.folder / name).exists()]
    shown = ["aiologic/__init__.py", "aiologic/_runtime/__init__.py"]
    assert f"({', '.join(shown)}, " in warning
    # One more is named, and what was compiled does not count.
    assert f" and {len(missing) - 4} more)" in warning
    assert ".pyc" not in warning
    assert (
        "another distribution of that import name was removed; run:"
        " pip install --force-reinstall --no-deps aiologic-core" in warning
    )


def test_a_few_missing_files_are_all_named(installed: Installed) -> None:
    names = ["backends.py", "lowlevel.py", "meta.py"]
    for name in names:
        (installed.package / name).unlink()

    status, _, (warning,) = installed.report(False)

    assert status == 1
    assert "(" + ", ".join(f"aiologic/{name}" for name in names) + ")" in warning
