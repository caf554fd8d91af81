# SPDX-License-Identifier: ISC
"""Ratios between contestants that take turns."""

# How the noise of a busy machine is excluded
# ===========================================
#
# Whatever slows the machine down lasts longer than one measurement, so two measurements are comparable only if one comes
# directly after the other. Contestants that can live in one process (same environment, same imports, same variables)
# share it, and take turns there, forwards and backwards; each round gives one ratio, or one exponent of the growth from
# size to size. The others get processes that take turns: A B A B. A pass is one turn of all processes of a row, and its
# ratio is the median over its rounds. The table shows the median over the passes, with the smallest and the largest of
# them.
#
# What keeps one thread busy all the time is measured in the processor time of that thread, which other load does not
# affect; only what needs several threads is measured by the clock.

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from statistics import mean, median

from benchmarks.environments import OURS, Environments
from benchmarks.processes import WORKER, run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Dict, List, Tuple

    Figures = Dict["Contestant", List[float]]  # of one pass: one number for each round
    Process = Tuple[str, Tuple[str, ...], Tuple[Tuple[str, str], ...]]


@dataclass(frozen=True)
class Contestant:
    """An operation on an implementation, and the process in which it is measured."""

    operation: str  # "module.function" in benchmarks/operations
    implementation: str  # what the function creates and uses: "package.Name"
    count: int = 1
    size: int = 1
    environment: str = OURS
    imports: tuple[str, ...] = ()  # imported before anything else, in this order
    variables: tuple[tuple[str, str], ...] = ()  # environment variables
    label: str = ""

    @property
    def process(self) -> Process:
        """Contestants share a process if this is equal."""
        return self.environment, self.imports, self.variables

    def __str__(self) -> str:
        name = self.label or self.implementation.rpartition("operations.")[2]
        return f"{name} {self.environment}" if self.environment != OURS else name


@dataclass(frozen=True)
class Plan:
    """How often to measure."""

    passes: int
    rounds: int


@dataclass
class Line:
    """One line of the table."""

    title: str
    ours: str
    peer: str
    theirs: str
    ratios: list[float]
    limit: float | None

    @property
    def ratio(self) -> float:
        return median(self.ratios)

    @property
    def holds(self) -> bool:
        return self.limit is None or self.ratio <= self.limit

    def cells(self) -> list[str]:
        spread = f"{min(self.ratios):.2f} to {max(self.ratios):.2f}"
        limit = "-" if self.limit is None else f"{self.limit:g}"
        verdict = "-" if self.limit is None else ("yes" if self.holds else "NO")
        ratio = f"{self.ratio:.3f}"
        return [
            self.title, self.ours, self.peer, self.theirs, ratio, spread, limit, verdict,
        ]  # fmt: skip


HEAD = [
    "operation",
    "ours",
    "against",
    "theirs",
    "ratio",
    "from, to",
    "at most",
    "holds",
]


@dataclass(frozen=True)
class RatioRow:
    """One operation of ours, and peers that do the same."""

    name: str  # for --only
    title: str
    ours: Contestant
    peers: Sequence[tuple[Contestant, float | None]]
    unit: str = "time"
    rounds: int | None = None  # if the plan's are too many: for what is slow, or exact

    def measure(self, environments: Environments, plan: Plan) -> list[Line]:
        contestants = [self.ours, *(peer for peer, _ in self.peers)]
        rounds = self.rounds or plan.rounds
        passes = [
            one_pass(environments, contestants, rounds) for _ in range(plan.passes)
        ]
        ours = _middle(passes, self.ours)
        return [
            Line(
                self.title,
                show(ours, self.unit),
                str(peer),
                show(_middle(passes, peer), self.unit),
                [_ratio(figures, self.ours, peer) for figures in passes],
                limit,
            )
            for peer, limit in self.peers
        ]


@dataclass(frozen=True)
class GrowthRow:
    """How the time for one of N grows with N: the exponent, and not a ratio."""

    ROUNDS = 3

    name: str
    title: str
    ours: Contestant
    peer: Contestant
    sizes: Sequence[int]
    limit: float

    def measure(self, environments: Environments, plan: Plan) -> list[Line]:
        ours = [replace(self.ours, size=size) for size in self.sizes]
        peer = [replace(self.peer, size=size) for size in self.sizes]
        passes = [
            one_pass(environments, [*ours, *peer], self.ROUNDS)
            for _ in range(plan.passes)
        ]
        exponents = [_exponent(figures, ours) for figures in passes]
        theirs = median(_exponent(figures, peer) for figures in passes)
        return [
            Line(
                self.title,
                f"n^{median(exponents):.2f}",
                f"{self.peer} (for comparison)",
                f"n^{theirs:.2f}",
                exponents,
                self.limit,
            )
        ]


@dataclass(frozen=True)
class ScalingRow:
    """One operation at several sizes, and how its time for each of N grows with N: the exponent.

    The ratio is the middle one of those at each size, and *from, to* are the
    smallest and the largest of them.
    """

    ROUNDS = 3
    PASSES = 2

    name: str
    title: str
    ours: Contestant
    peers: Sequence[Contestant]
    sizes: Sequence[int]
    turns: int = 4  # for each of N, if the operation takes a count

    # (Without the plan's number of passes, which would be too many, as each pass has all sizes.)
    def measure(self, environments: Environments, plan: Plan) -> list[Line]:
        mine = self._at_each_size(self.ours)
        others = [self._at_each_size(peer) for peer in self.peers]
        everybody = [one for these in (mine, *others) for one in these]
        passes = [
            one_pass(environments, everybody, self.ROUNDS) for _ in range(self.PASSES)
        ]
        sizes = "/".join(f"{size:,}" for size in self.sizes)
        return [
            Line(
                f"{self.title}, N = {sizes}",
                _show_scaling(passes, mine),
                str(peer),
                _show_scaling(passes, theirs),
                [
                    median(_ratio(figures, one, other) for figures in passes)
                    for one, other in zip(mine, theirs)
                ],
                None,
            )
            for peer, theirs in zip(self.peers, others)
        ]

    def _at_each_size(self, one: Contestant) -> list[Contestant]:
        return [
            replace(one, size=size, count=max(2_000, self.turns * size))
            for size in self.sizes
        ]


def _show_scaling(passes: Sequence[Figures], sizes: Sequence[Contestant]) -> str:
    times = " / ".join(f"{_middle(passes, one) * 1e6:.2f}" for one in sizes)
    exponent = median(_exponent(figures, sizes) for figures in passes)
    return f"{times} µs, n^{exponent:.2f}"


def one_pass(
    environments: Environments, contestants: Sequence[Contestant], rounds: int
) -> Figures:
    """Run the rounds of all contestants, in as few processes as possible."""
    processes: dict[Process, list[Contestant]] = {}
    for contestant in contestants:
        processes.setdefault(contestant.process, []).append(contestant)
    figures: Figures = {}
    for (environment, imports, variables), members in processes.items():
        python = environments.python_of(environment)
        order = json.dumps(describe(members, rounds, imports))
        printed = run([python, *WORKER, order], dict(variables))
        figures.update(zip(members, json.loads(printed)))
    return figures


def describe(
    contestants: Sequence[Contestant],
    rounds: int,
    imports: Sequence[str],
    *,
    is_timed: bool = True,
) -> dict[str, object]:
    """The order for a worker."""
    return {
        "is_timed": is_timed,
        "imports": imports,
        "rounds": rounds,
        "contestants": [
            {
                "operation": f"benchmarks.operations.{one.operation}",
                "implementation": one.implementation,
                "size": one.size,
                "count": one.count,
            }
            for one in contestants
        ],
    }


def _ratio(figures: Figures, ours: Contestant, peer: Contestant) -> float:
    if ours.process == peer.process:
        pairs = zip(figures[ours], figures[peer])
        return median(mine / theirs for mine, theirs in pairs)
    return median(figures[ours]) / median(figures[peer])


def _exponent(figures: Figures, sizes: Sequence[Contestant]) -> float:
    # One for each round. Of the middle times at each size, some could be from before the machine slowed down, and some
    # from after it.
    rounds = zip(*(figures[one] for one in sizes))
    return median(exponent([one.size for one in sizes], times) for times in rounds)


def exponent(sizes: Sequence[float], figures: Sequence[float]) -> float:
    """The exponent of the growth: the slope of the line through the logarithms."""
    xs = [math.log(size) for size in sizes]
    ys = [math.log(figure) for figure in figures]
    x, y = mean(xs), mean(ys)
    above = sum((a - x) * (b - y) for a, b in zip(xs, ys))
    return above / sum((a - x) ** 2 for a in xs)


def _middle(passes: Sequence[Figures], contestant: Contestant) -> float:
    return median(median(figures[contestant]) for figures in passes)


def show(figure: float, unit: str) -> str:
    """A number, formatted for humans."""
    if unit == "bytes":
        return f"{figure:,.0f} B"
    for factor, name in ((1, "s"), (1e3, "ms"), (1e6, "µs")):
        if figure * factor >= 1:
            return f"{figure * factor:.2f} {name}"
    return f"{figure * 1e9:.0f} ns"


def print_cells(cells: Sequence[str]) -> None:
    """Print a line of a Markdown table."""
    print(f"| {' | '.join(cells)} |", flush=True)
