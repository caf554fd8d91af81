# SPDX-License-Identifier: ISC
"""What holds for every test: which ones run by default, and what a hang shows."""

from __future__ import annotations

import faulthandler
import gc
import itertools
import os
import signal

import hypothesis
import pytest
from aiologic.testing._own_process import MARK

from tests.left_out import LeftOut
from tests.pairs import PairTable
from tests.shares import Share, share

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

pytest_plugins = ["aiologic.testing.plugin"]

# A hang inside the suite is cut off by pytest-timeout (see pyproject.toml). To
# look at one earlier, or at a script that a test has started: `kill -USR1 <pid>`.
if hasattr(signal, "SIGUSR1"):
    faulthandler.register(signal.SIGUSR1, all_threads=True)

# The same examples in every run, so that a failure is never a matter of luck;
# and no deadline, because machines that run CI stall.
hypothesis.settings.register_profile("steady", derandomize=True, deadline=None)
hypothesis.settings.load_profile("steady")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--run-slow", action="store_true", help="also run slow tests")
    parser.addoption("--stress-seconds", type=float, help="of stress, in all")
    parser.addoption("--stress-seed", type=int, help="to stress as another run did")
    parser.addoption("--share", type=share, help="of each test's parameters: 2/5")
    for mode in ("write", "check"):
        parser.addoption(
            f"--{mode}-pairs",
            action="store_const",
            const=mode,
            dest="pairs",
            help=f"{mode} the documentation's table of pairs of worlds",
        )


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(PairTable(config.getoption("pairs")))
    config.pluginmanager.register(LeftOut())
    # A test that runs in a process of its own is named there: it is nobody else's.
    if config.getoption("share") and MARK not in os.environ:
        config.pluginmanager.register(Share(*config.getoption("share")))


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    # Skipped, and not deselected: what did not run stays visible in the summary.
    left_out = {}
    # What a test of the suites runs in a process of its own is not left out twice.
    if not config.getoption("--run-slow") and MARK not in os.environ:
        left_out["slow"] = pytest.mark.skip(reason="slow: needs --run-slow")
    if "explorer_deep" not in config.getoption("-m"):
        left_out["explorer_deep"] = pytest.mark.skip(reason="needs -m explorer_deep")
    for item in items:
        for marker in item.iter_markers():
            if marker.name in left_out:
                item.add_marker(left_out[marker.name])


def pytest_collection_finish() -> None:
    set_aside_what_pytest_keeps()


TESTS_BETWEEN = 200
finished = itertools.count(1)


def pytest_runtest_logfinish() -> None:
    if not next(finished) % TESTS_BETWEEN:
        set_aside_what_pytest_keeps()


def set_aside_what_pytest_keeps() -> None:
    """Let the garbage collector not look at it any more."""
    # Many tests collect garbage, to see that nothing is left behind. What pytest itself keeps, some 28,000 tests and the
    # reports of those that have run, is not theirs to walk through each time.
    gc.collect()
    if hasattr(gc, "freeze"):
        gc.freeze()


@pytest.fixture
def no_garbage_collection() -> Iterator[None]:
    """What is gone at the end of the test went by itself: no cycle kept it."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
