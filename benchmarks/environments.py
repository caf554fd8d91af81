# SPDX-License-Identifier: ISC
"""Environments for what can't be imported side by side: ours, aiologic 0.17.1, and culsans, which needs the latter."""

# Both versions have the import name ``aiologic``, so each gets an environment of its own, with the same peers. culsans
# needs 0.17.1, and gets a third, so that its presence does not affect the others. They are kept between runs under
# benchmarks/.environments (uv makes Git ignore them). Ours is created again whenever a source has changed, beside the
# older one, which a run may still be using; and from wheels, as users get them, since editable packages would lengthen
# sys.path, and thereby the import that we measure.

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

OURS = "ours"
PREDECESSOR = "0.17.1"
CULSANS = "culsans-0.11.0"

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "benchmarks" / ".environments"
PACKAGES = ["aiologic-core", "aiologic-asyncio", "aiologic-trio"]
KEPT = 3  # how many environments of ours are kept for one interpreter
PEERS = ["anyio", "eventlet", "gevent", "trio", "uvloop"]
PEERS_OF_OURS = ["janus==2.0.0"]  # not measured with 0.17.1
REQUIRED = {
    PREDECESSOR: ["aiologic==0.17.1"],
    CULSANS: ["aiologic==0.17.1", "culsans==0.11.0"],
}

DESCRIBE = (
    "import platform as p;"
    "print(p.python_implementation().lower() + '-' + p.python_version())"
)


class Environments:
    """The environments of one run, each created on first use."""

    def __init__(self, python: str) -> None:
        self.python = python
        self.version = _output([python, "-c", DESCRIBE])
        self._ready: dict[str, str] = {}

    def python_of(self, name: str) -> str:
        """The path of an environment's interpreter."""
        python = self._ready.get(name)
        if python is None:
            python = self._ready[name] = self._prepare(name)
        return python

    def describe(self) -> str:
        """What is installed where, in a line for each environment."""
        lines = []
        for name in (OURS, PREDECESSOR):
            frozen = _output(["uv", "pip", "freeze", "-q", "-p", self.python_of(name)])
            wanted = ("aiologic", "janus", *PEERS)
            packages = [
                line.replace("==", " ").split(" @ ")[0]
                for line in frozen.splitlines()
                if line.startswith(wanted)
            ]
            lines.append(f"{name}: {self.version}, {', '.join(packages)}")
        return "\n".join(lines)

    def _prepare(self, name: str) -> str:
        stem = f"{name}-{self.version}"
        folder = FOLDER / (f"{stem}-{_digest()}" if name == OURS else stem)
        python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
        complete = folder / "complete"  # missing if a run was interrupted
        if not complete.exists():
            _run(["uv", "venv", "--quiet", "--clear", "-p", self.python, str(folder)])
            _install(python, _required(name))
            complete.touch()
            if name == OURS:
                _forget_old(stem)
        return str(python)


def find_python(name: str) -> str:
    """Find an interpreter, even one that pyenv has built but not activated."""
    path = [os.environ["PATH"]]
    if shutil.which("pyenv"):
        root = Path(_output(["pyenv", "root"]))
        path += map(str, sorted(root.glob("versions/*/bin")))
    found = subprocess.run(
        ["uv", "python", "find", "--system", "--no-python-downloads", name],
        env={**os.environ, "PATH": os.pathsep.join(path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # warnings about each interpreter that it can't use
        text=True,
        check=False,
    ).stdout.strip()
    if not found:
        raise SystemExit(f"this machine has no Python {name}; see --python")
    return found


def _required(name: str) -> list[str]:
    return [*_ours(), *PEERS_OF_OURS] if name == OURS else REQUIRED[name]


def _ours() -> list[str]:
    return [str(ROOT / "packages" / package) for package in PACKAGES]


def _digest() -> str:
    """A hash of the current sources."""
    digest = hashlib.sha256(repr(PEERS_OF_OURS).encode())
    for folder in _ours():
        for path in sorted(Path(folder).rglob("*")):
            if path.suffix in {".py", ".toml"}:
                digest.update(str(path).encode() + path.read_bytes())
    return digest.hexdigest()[:8]


def _forget_old(stem: str) -> None:
    """Remove all but the newest environments, which another run may be using."""
    folders = sorted(FOLDER.glob(f"{stem}-*"), key=lambda path: path.stat().st_mtime)
    for folder in folders[:-KEPT]:
        shutil.rmtree(folder)


def _install(python: Path, what: list[str]) -> None:
    command = ["uv", "pip", "install", "--quiet", "--no-sources", "--compile-bytecode"]
    for package in PACKAGES:  # otherwise uv would use a wheel built from older sources
        command += ["--refresh-package", package]
    _run([*command, "-p", str(python), *what, *PEERS])


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True)


def _output(command: list[str]) -> str:
    return subprocess.check_output(command, text=True).strip()
