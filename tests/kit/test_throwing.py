# SPDX-License-Identifier: ISC
"""The suites work with a library that cancels by throwing immediately, and with one that runs callbacks in a task."""

# Most libraries record a cancellation, and deliver it in a later turn of the loop. Then a task that was cancelled is
# still queued when the same step releases what it waits for. Here, it has already left.

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

pytest.importorskip("aiologic_toy", reason="it is the toy that throws")

pytestmark = pytest.mark.slow

TOY = Path(__file__).parents[2] / "examples/aiologic-toy/tests/conftest.py"
CONFTEST = """
    from importlib.util import module_from_spec, spec_from_file_location

    import pytest
    import toyloop

    spec = spec_from_file_location("toys_own_conftest", {toy!r})
    toy = module_from_spec(spec)
    spec.loader.exec_module(toy)

    pytest_plugins = ["aiologic.testing.plugin"]


    def cancel_at_once(task):
        task.is_cancelled = True
        if task.is_suspended and not task.masks:
            task.is_suspended = False
            interrupted = toyloop.current_task()
            task._step()
            toyloop._here.task = interrupted


    toyloop.Task.cancel = cancel_at_once


    class Stage(toy.ToyStage):
        def call_soon(self, function):
            async def call():
                function()

            super().call_soon(lambda: self._loop.spawn(call()))


    @pytest.fixture
    def world():
        return toy.TOY._replace(open=Stage, callbacks_are_tasks=True)
"""


@pytest.mark.timeout(300)  # a whole suite, in which each test has a time-out of its own
@pytest.mark.parametrize("suite", ["behaviour", "conformance"])
def test_a_suite_passes(tmp_path: Path, suite: str) -> None:
    conftest = dedent(CONFTEST).format(toy=str(TOY))
    (tmp_path / "conftest.py").write_text(conftest, encoding="utf-8")
    (tmp_path / f"test_{suite}.py").write_text(
        f"from aiologic.testing.{suite} import *\n", encoding="utf-8"
    )
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
            "--timeout=60",  # no configuration is found from there
        ],
        cwd=str(tmp_path),
        # If a wake-up is lost, it need not be waited for so long.
        env={**os.environ, "AIOLOGIC_TESTING_PATIENCE": "0.5"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=290,
        check=False,
    )
    assert done.returncode == 0, done.stdout
