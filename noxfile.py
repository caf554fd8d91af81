# SPDX-License-Identifier: ISC
"""Every check, in the words that CI and a laptop share: `uv run nox -l`.

uv makes an environment for each command out of uv.lock, from its cache, so nox
has none of its own to look after.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nox

PYTHONS = ["3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14", "3.15"]
PYTHONS += ["3.13t", "3.14t", "3.15t", "pypy"]  # "t" means without the GIL
THOROUGH = "3.13"  # runs the slow tests, for which one interpreter is enough
EVERYTHING = "3.11"  # the newest on which all libraries can be imported
DEPENDENTS = "3.12"  # the expected results of the dependents' suites are from this one
SHARES = 2
# Show the tests that would come near their time-out on a slower machine.
SLOWEST = ("--durations=10", "--durations-min=10")
# These have a session of their own, which runs all of them.
LONG = ("tests/explorer", "tests/stress")
WORLDS = ["core", "asyncio", "trio", "gevent", "eventlet", "curio"]

nox.options.default_venv_backend = "none"


@nox.session
def explorer(session: nox.Session) -> None:
    """Search all schedules of two tasks with two preemptions, and of three with one; and stress all worlds for a minute."""
    path = find_python(THOROUGH) or sys.executable
    chosen = (*LONG, "--run-slow", *SLOWEST)
    uv_run(session, "pytest", *chosen, *session.posargs, python=path)


@nox.session
@nox.parametrize("python", [nox.param(name, id=name) for name in PYTHONS])
def tests(session: nox.Session, python: str) -> None:
    """Run a share of the tests on one interpreter."""
    path = find_python(python)
    if not path:
        session.skip(f"NOT TESTED: this machine has no Python {python}")
    # Decision 0033: each interpreter runs a share of the tests. The README's command runs all of them, on the
    # interpreter that CI leaves out here. To run all tests on each interpreter: nox -s tests -- --share=1/1
    number = PYTHONS.index(python) % SHARES + 1
    options = [f"--share={number}/{SHARES}", *SLOWEST]
    if python == THOROUGH:
        options += ["--run-slow", *(f"--deselect={folder}" for folder in LONG)]
    uv_run(session, "pytest", *options, *session.posargs, python=path)


@nox.session
@nox.parametrize("world", [nox.param(name, id=name) for name in WORLDS])
def isolated(session: nox.Session, world: str) -> None:
    """Run a package's tests beside its own requirements and nothing else.

    In the workspace all packages are there, so nobody notices a missing one.
    """
    folder = "tests/core" if world == "core" else f"tests/backends/{world}"
    only = ("--package", f"aiologic-{world}", "--group", "test")
    uv_run(session, *only, "pytest", folder, *session.posargs)


@nox.session
def pairs(session: nox.Session) -> None:
    """Check the documentation's table of the pairs of worlds that were tested together."""
    path = find_python(EVERYTHING)
    if not path:
        session.skip(f"NOT TESTED: this machine has no Python {EVERYTHING}")
    folders = ("tests/mixed", "tests/nested")
    uv_run(session, "pytest", "--check-pairs", *folders, *session.posargs, python=path)


@nox.session
def typing(session: nox.Session) -> None:
    """Check the types, by two checkers that see different things; they also read programs as users write them."""
    uv_run(session, "--group", "typing", "mypy")
    uv_run(session, "--group", "typing", "pyright")
    for world in WORLDS:  # all public names must have complete types
        package = "aiologic" if world == "core" else f"aiologic_{world}"
        complete = ("pyright", "--verifytypes", package, "--ignoreexternal")
        uv_run(session, "--group", "typing", *complete)


@nox.session
def layering(session: nox.Session) -> None:
    """Check which module imports which, and the style."""
    uv_run(session, "lint-imports")
    uv_run(session, "ruff", "check")
    uv_run(session, "ruff", "format", "--check")


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation; a warning is an error."""
    target = "docs/_build/html"
    uv_run(session, "--group", "docs", "sphinx-build", "-nWq", "docs", target)


@nox.session
def build(session: nox.Session) -> None:
    """Build all wheels, and try them outside the workspace."""
    folder = Path(session.create_tmp()).resolve()
    wheels = folder / "wheels"
    shutil.rmtree(wheels, ignore_errors=True)
    uv = ("uv", "build", "--quiet", "--all-packages", "--no-sources")
    session.run(*uv, "--out-dir", str(wheels))
    for world in WORLDS:
        environment = folder / world
        session.run("uv", "venv", "--quiet", "--clear", str(environment))
        python = python_of(environment)
        chosen = [wheel(wheels, name) for name in dict.fromkeys(["core", world])]
        session.run("uv", "pip", "install", "--python", python, *chosen)
        # -I: Python must find the wheels, and not the working directory.
        session.run(python, "-I", f"tests/wheels/{world}_alone.py")
        # The suite is in core's wheel; the file that runs it is in the repository.
        session.run("uv", "pip", "install", "--python", python, "--group", "test")
        place = "threading" if world == "core" else world
        suite = f"tests/backends/{place}/test_conformance.py"
        session.run(python, "-I", "-m", "pytest", "-q", suite)


@nox.session
def dependents(session: nox.Session) -> None:
    """Run the test suites of packages that depend on aiologic, against ours; `-- upstream` runs them against 0.17.1."""
    python = find_python(DEPENDENTS)
    if not python:
        session.skip(f"NOT TESTED: this machine has no Python {DEPENDENTS}")
    here = Path("tests/dependents")
    upstream = str(here / "upstream.txt")
    alone = ("uv", "run", "--isolated", "--no-project", "--python", python)
    for script in ("names.py", "moving.py"):
        there = ("--with-requirements", upstream, "python", str(here / script))
        session.run(*alone, *there)

    folder = Path(session.create_tmp()).resolve()
    (which,) = session.posargs or ["ours"]
    environment = folder / which
    session.run("uv", "venv", "--quiet", "--clear", "-p", python, str(environment))
    interpreter = python_of(environment)
    install = ["uv", "pip", "install", "--quiet", "--python", interpreter]
    install += ["-r", str(here / "requirements.txt")]
    if which == "upstream":
        session.run(*install, "-r", upstream)
    else:
        ours = [f"packages/aiologic-{world}" for world in ("core", "asyncio", "trio")]
        session.run(*install, "--override", str(here / "overrides.txt"), *ours)
        # This fails if both are installed, or if a dependent needs what we left out.
        session.run(interpreter, "-m", "aiologic")
    session.run(interpreter, str(here / "run_suites.py"), str(folder / "suites"))


@nox.session(default=False)
def explorer_deep(session: nox.Session) -> None:
    """Search all schedules of three tasks with two preemptions. A file takes minutes to hours; conditions take about eight."""
    # The searches take longer than the time after which a test counts as hanging.
    patient = ("-o", "faulthandler_timeout=0")
    which = ("-m", "explorer_deep", "--run-slow")
    # This Python has sys.monitoring, which is twice as fast as a trace function.
    path = find_python(THOROUGH) or sys.executable
    uv_run(session, "pytest", *which, *patient, *session.posargs, python=path)


def uv_run(session: nox.Session, *command: str, python: str = sys.executable) -> None:
    session.run("uv", "run", "--isolated", "--locked", "--python", python, *command)


def python_of(environment: Path) -> str:
    return str(environment / ("Scripts" if os.name == "nt" else "bin") / "python")


def wheel(folder: Path, name: str) -> str:
    (path,) = folder.glob(f"aiologic_{name}-*.whl")
    return str(path)


def find_python(name: str) -> str:
    """Find an interpreter, even one that pyenv has built but not activated."""
    path = [os.environ["PATH"]]
    if shutil.which("pyenv"):
        root = subprocess.check_output(["pyenv", "root"], text=True).strip()
        path += map(str, sorted(Path(root).glob("versions/*/bin")))
    return subprocess.run(
        ["uv", "python", "find", "--system", "--no-python-downloads", name],
        env={**os.environ, "PATH": os.pathsep.join(path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # warnings about each interpreter that it can't use
        text=True,
        check=False,
    ).stdout.strip()
