# SPDX-License-Identifier: ISC
"""What was left out of a run, and why: a line for each reason, after the tests."""

# pytest's own `-rs` has a line for each place, and a library that is missing is missing in hundreds of them.

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Iterable

import pytest

if TYPE_CHECKING:
    from typing import Any

PREFIX = "Skipped: "


class LeftOut:
    """Names each reason, with how many tests were left out for it."""

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(
        self, terminalreporter: pytest.TerminalReporter
    ) -> None:
        reasons = count_reasons(terminalreporter.stats.get("skipped", ()))
        if reasons:
            terminalreporter.section("left out")
            for reason, count in reasons.most_common():
                terminalreporter.write_line(f"{count:>6} {reason}")


def count_reasons(reports: Iterable[Any]) -> Counter[str]:
    """How many tests were skipped for each reason."""
    reasons: Counter[str] = Counter()
    for report in reports:
        _, _, reason = report.longrepr
        reasons[reason[len(PREFIX) :] if reason.startswith(PREFIX) else reason] += 1
    return reasons
