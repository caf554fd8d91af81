# SPDX-License-Identifier: ISC
"""Hubs of each kind: how long they can sleep, and that all suites pass on them."""

from __future__ import annotations

import gc
import os
import subprocess
import sys

import eventlet
import eventlet.hubs
import eventlet.tpool
import pytest
from aiologic._runtime.detect import worlds

from .steps import ROOT, an_untidy_end, end_hub, in_new_thread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def backend() -> Any:
    return worlds.green_world()[0]


@pytest.mark.parametrize(
    ("name", "longest"),
    [
        ("epolls", (2**31 - 1) / 1000),
        ("poll", (2**31 - 1) / 1000),
        ("selects", 31 * 86_400),
        ("asyncio", sys.float_info.max),
    ],
)
@an_untidy_end  # eventlet creates the first hub on asyncio twice, on old Pythons
def test_how_long_each_hub_can_sleep(name: str, longest: float) -> None:
    """Contract 1.4.7; and it really can."""

    def look() -> float:
        eventlet.hubs.use_hub(name)
        seconds: float = backend_with_hub().longest_sleep()
        timer = eventlet.spawn_after(seconds, int)
        eventlet.sleep(0.001)
        timer.cancel()
        end_hub()
        return seconds

    def backend_with_hub() -> Any:
        eventlet.hubs.get_hub()
        return backend()

    try:
        assert in_new_thread(look) == longest
    except Exception as error:
        if "not available" not in str(error) and "No module named" not in str(error):
            raise
        pytest.skip(f"{name} is not available here")
    finally:
        gc.collect()


@pytest.mark.slow
@pytest.mark.timeout(300)  # a whole suite, in which each test has a time-out of its own
@pytest.mark.parametrize("hub", ["epolls", "poll", "selects", "asyncio"])
@pytest.mark.parametrize(
    "suite", ["behaviour", "conformance", "entrance", "what_is_left"]
)
def test_the_suites_pass_on_each_hub(hub: str, suite: str) -> None:
    script = f"tests/backends/eventlet/test_{suite}.py"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", script],
        env={**os.environ, "EVENTLET_HUB": hub},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=290,
        check=False,
    )
    assert done.returncode == 0, done.stdout
