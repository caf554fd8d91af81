# SPDX-License-Identifier: ISC
"""Settings for all tests: which ones run by default, and what is shown if one hangs."""

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

# pytest-timeout ends a test that hangs (see pyproject.toml). To see the stacks earlier, or those of a script that a
# test has started: `kill -USR1 <pid>`.
if hasattr(signal, "SIGUSR1"):
    faulthandler.register(signal.SIGUSR1, all_threads=True)

# The same examples in every run, so that no failure depends on luck; and no deadline, because machines that run CI
# stall.
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
    # A test that runs in a process of its own is selected by name there, and is in no other share.
    if config.getoption("share") and MARK not in os.environ:
        config.pluginmanager.register(Share(*config.getoption("share")))


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    # Skipped and not deselected, so that the summary shows what did not run.
    left_out = {}
    # If a slow test runs itself again in a process of its own, it must not be left out there.
    if not config.getoption("--run-slow") and MARK not in os.environ:
        left_out["slow"] = pytest.mark.skip(reason="slow: needs --run-slow")
    if "explorer_deep" not in config.getoption("-m"):
        left_out["explorer_deep"] = pytest.mark.skip(reason="needs -m explorer_deep")
    for item in items:
        for marker in item.iter_markers():
            # A deep search is sampled; see tests/explorer/conftest.py.
            is_sampled = "explored" in getattr(item, "fixturenames", ())
            if marker.name in left_out and not (
                is_sampled and marker.name == "explorer_deep"
            ):
                item.add_marker(left_out[marker.name])


def pytest_collection_finish() -> None:
    set_aside_what_pytest_keeps()


TESTS_BETWEEN = 200
finished = itertools.count(1)


def pytest_runtest_logfinish() -> None:
    if not next(finished) % TESTS_BETWEEN:
        set_aside_what_pytest_keeps()


def set_aside_what_pytest_keeps() -> None:
    """Exclude from garbage collection all objects that exist now."""
    # Many tests collect garbage, to check that nothing is left behind. Going through what pytest itself keeps, some
    # 28,000 tests and the reports of those that have run, would make each collection slow.
    gc.collect()
    if hasattr(gc, "freeze"):
        gc.freeze()


@pytest.fixture
def no_garbage_collection() -> Iterator[None]:
    """What is gone at the end of the test was freed by reference counts: no cycle kept it alive."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
