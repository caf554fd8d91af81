# SPDX-License-Identifier: ISC
"""The table of pairs: how many tests passed for each holder's and each waiter's world."""

# A test counts for the pair that one of its parameters names: "asyncio to trio".
#
# `uv run pytest --write-pairs` writes the table into the documentation. CI says `--check-pairs` (`nox -s pairs`): then
# a table that is out of date is a failure.

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from tests.worlds.catalogue import PAIRED_NAMES

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "pairs.md"
BEGIN, END = "<!-- begin of the table -->\n", "<!-- end of the table -->\n"


class PairTable:
    """Counts passed tests by pair."""

    def __init__(self, mode: str | None) -> None:
        self._mode = mode  # "write", "check", or None: only show it
        self._complaint = ""
        self._pairs: dict[str, tuple[str, str]] = {}
        self.passed: Counter[tuple[str, str]] = Counter()

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            pair = pair_of(item)
            if pair is not None:
                self._pairs[item.nodeid] = pair

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        pair = self._pairs.get(report.nodeid)
        if pair is not None and report.when == "call" and report.passed:
            self.passed[pair] += 1

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self._mode is None or session.exitstatus != pytest.ExitCode.OK:
            return
        missing = [
            f"{a} to {b}"
            for a in PAIRED_NAMES
            for b in PAIRED_NAMES
            if not self.passed[a, b]
        ]
        if missing:
            self._complaint = f"no test passed for {', '.join(missing)}"
        elif self._mode == "write":
            PAGE.write_text(self.page(), "utf-8")
        elif PAGE.read_text("utf-8") != self.page():
            self._complaint = f"{PAGE.name} is out of date: uv run pytest --write-pairs"
        if self._complaint:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(
        self, terminalreporter: pytest.TerminalReporter
    ) -> None:
        if not self.passed:
            return
        terminalreporter.section("passed tests by pair: holder's world, waiter's world")
        terminalreporter.write_line(self.text())
        if self._complaint:
            terminalreporter.write_line(self._complaint, red=True)

    def page(self) -> str:
        """The page with the table that this run makes."""
        return re.sub(
            f"(?<={BEGIN}).*(?={END})",
            lambda _: f"\n{self.text()}\n",
            PAGE.read_text("utf-8"),
            flags=re.DOTALL,
        )

    def text(self) -> str:
        """The table, in Markdown."""
        head = ["holder \\ waiter", *PAIRED_NAMES]
        lines = [head, ["---"] * len(head)]
        lines += [
            [holder, *(str(self.passed[holder, waiter]) for waiter in PAIRED_NAMES)]
            for holder in PAIRED_NAMES
        ]
        return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def pair_of(item: pytest.Item) -> tuple[str, str] | None:
    """The pair of worlds that a test is about."""
    callspec = getattr(item, "callspec", None)
    for name in ("pair", "pair_with_tasks", "pair_of_tasks", "sides"):
        if callspec is not None and name in callspec.params:
            holder, waiter = callspec.params[name].split(" to ")
            return holder, waiter
    return None
