# SPDX-License-Identifier: ISC
"""What ``import aiologic`` adds to the start of an interpreter."""

# The whole process is measured, from outside, since part of the cost of an import comes due when the interpreter ends.
# Four commands take turns: a bare interpreter and one that imports, in each of the two environments. It is CPU time:
# the files are in the system's cache, so an import only waits while others use the processor.

from __future__ import annotations

import resource
from dataclasses import dataclass
from statistics import median

from benchmarks.environments import OURS, PREDECESSOR, Environments
from benchmarks.processes import run
from benchmarks.ratios import Line, Plan, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

BARE = "pass"
IMPORT = "import aiologic"
MOST_SECONDS = 0.012


@dataclass(frozen=True)
class ImportRow:
    """The cost of the import, compared with a bare interpreter."""

    name: str
    title: str
    limit: float

    def measure(self, environments: Environments, plan: Plan) -> list[Line]:
        commands = {
            (name, code): [environments.python_of(name), "-I", "-c", code]
            for name in (OURS, PREDECESSOR)
            for code in (BARE, IMPORT)
        }
        for command in commands.values():
            run(command)  # so that the files are in the system's cache
        passes = [self._costs(commands, plan.rounds) for _ in range(plan.passes)]
        ours = median(costs[OURS] for costs in passes)
        theirs = median(costs[PREDECESSOR] for costs in passes)
        return [
            Line(
                self.title,
                show(ours, "time"),
                f"aiologic {PREDECESSOR}",
                show(theirs, "time"),
                [costs[OURS] / costs[PREDECESSOR] for costs in passes],
                self.limit,
            ),
            Line(
                self.title,
                show(ours, "time"),
                "a budget",
                show(MOST_SECONDS, "time"),
                [costs[OURS] / MOST_SECONDS for costs in passes],
                1.0,
            ),
        ]

    def _costs(
        self, commands: Mapping[tuple[str, str], list[str]], rounds: int
    ) -> dict[str, float]:
        times: dict[tuple[str, str], list[float]] = {key: [] for key in commands}
        for _ in range(rounds):
            for key, command in commands.items():
                start = _spent_by_children()
                run(command)
                times[key].append(_spent_by_children() - start)
        middle = {key: median(these) for key, these in times.items()}
        return {
            name: middle[name, IMPORT] - middle[name, BARE]
            for name in (OURS, PREDECESSOR)
        }


def _spent_by_children() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime
