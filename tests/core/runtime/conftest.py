# SPDX-License-Identifier: ISC
"""Registries with nothing installed; and processes with distributions of their own, for what can't be undone."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from textwrap import dedent
from types import ModuleType
from typing import TYPE_CHECKING

import pytest
from aiologic._runtime import activation
from aiologic._runtime.detect import Worlds

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

BACKEND = """
from aiologic.backends import API_VERSION, PENDING, AsyncBackend, AsyncWaiter, hookimpl


class Waiter(AsyncWaiter):
    __slots__ = ()

    async def park(self, timeout):
        raise NotImplementedError

    def unpark(self):
        pass


class Backend(AsyncBackend):
    library = "{library}"
    api_version = {api_version}
    checkpoints_by_default = {checkpoints}

    def current_task(self):
        import {library}
        return {library}.task

    def is_running(self):
        return self.current_task() is not None

    def knows(self, task):
        import {library}
        return task is {library}.task

    def runs_here(self, task):
        return False

    def create_waiter(self):
        return Waiter(PENDING)

    async def checkpoint(self):
        import {library}
        {library}.checkpoints += 1

    async def checkpoint_if_cancelled(self):
        pass

    def current_token(self):
        return self

    async def shield(self, awaitable):
        return await awaitable

    def root_frame(self, task):
        return None


@hookimpl
def aiologic_backend():
    return Backend()
"""

LIBRARY = """
# The task that "runs" whenever this is set.
task = None
checkpoints = 0
"""

# A task of the library `toy` acquires an aiologic.Lock.
COME_WITH_TOY = """
    import toy
    toy.task = object()
    import aiologic

    lock = aiologic.Lock()

    def come():
        try:
            lock.async_acquire().send(None)
        except StopIteration as stop:
            print("acquired", stop.value, lock.owner[0])
        except aiologic.BackendError as error:
            print("BackendError:", error)
        except aiologic.AsyncLibraryNotFoundError as error:
            print("AsyncLibraryNotFoundError:", error)

    come()
"""


class Site:
    """A folder on ``sys.path`` with libraries and distributions, for scripts to find."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add_module(self, name: str, source: str) -> None:
        (self.folder / f"{name}.py").write_text(dedent(source), encoding="utf-8")

    def add_library(self, name: str) -> None:
        """Add a library with one task for the whole process: ``<name>.task``."""
        self.add_module(name, LIBRARY)

    def add_distribution(
        self,
        distribution: str,
        library: str,
        *,
        source: str | None = None,
        api_version: object = "API_VERSION",
        checkpoints: bool = False,
        metadata: str | None = None,
    ) -> None:
        """Add an installed plugin with an entry point, which works unless ``source`` is something else."""
        module = distribution.replace("-", "_").lower()
        if source is None:
            source = BACKEND.format(
                library=library, api_version=api_version, checkpoints=checkpoints
            )
        self.add_module(module, source)
        info = self.folder / f"{module}-1.0.dist-info"
        info.mkdir()
        if metadata is None:
            metadata = f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n"
        (info / "METADATA").write_text(metadata, encoding="utf-8")
        (info / "entry_points.txt").write_text(
            f"[aiologic.backends]\n{library} = {module}\n", encoding="utf-8"
        )

    def run(self, *scripts: str, **environment: str) -> str:
        """Run scripts as one in a new interpreter; return its output. It must succeed, and print nothing on stderr."""
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", "\n".join(map(dedent, scripts))],
            env=self._environment(environment),
            capture_output=True,
            encoding="utf-8",
            timeout=50,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert not done.stderr
        return done.stdout.strip()

    def _environment(self, ours: dict[str, str]) -> dict[str, str]:
        # Variables that a developer has set must not affect the scripts.
        theirs = {k: v for k, v in os.environ.items() if not k.startswith("AIOLOGIC_")}
        path = filter(None, [str(self.folder), theirs.get("PYTHONPATH")])
        return {**theirs, "PYTHONPATH": os.pathsep.join(path), **ours}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


@pytest.fixture
def toy(site: Site) -> Site:
    """A site with a library for which no backend is installed yet."""
    site.add_library("toy")
    return site


class Announcements(threading.local):
    """sniffio's thread-local, with the default that it has there."""

    name: str | None = None


@pytest.fixture
def worlds(monkeypatch: pytest.MonkeyPatch) -> Worlds:
    # There is one watch for the whole process, and these worlds are short-lived.
    monkeypatch.setattr(activation, "watch", lambda *_: None)
    for library in "sniffio", "greenlet", "gevent", "eventlet":
        monkeypatch.delitem(sys.modules, library, raising=False)
    worlds = Worlds()
    monkeypatch.setattr(worlds.registry, "_found", {True: {}})  # nothing is installed
    worlds.are_checkpoints = lambda *_: False
    return worlds


@pytest.fixture
def sniffio(worlds: Worlds, monkeypatch: pytest.MonkeyPatch) -> Any:
    stub: Any = ModuleType("sniffio")
    stub.thread_local = Announcements()
    monkeypatch.setitem(sys.modules, "sniffio", stub)
    worlds.look_again()
    return stub
