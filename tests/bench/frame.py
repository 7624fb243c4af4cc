"""What every row of the benchmark is: this project and its peers, measured in turn, and what is made of the figures."""

import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

# One measurement, in the unit of its row.
Measure = Callable[[], float]
HERE = "here"


@dataclass(frozen=True)
class Line:
    """A line of a row. `peers` are measured in turn with `here`; without one, `here` itself is held to the goal.

    `goal` is the ratio here / peer (or the figure itself) that is wanted; a row says whether more or less is better.
    `is_exact` where nothing varies, so that one measurement is enough.
    """

    title: str
    here: Measure
    peers: Mapping[str, Measure] = field(default_factory=dict)
    goals: Mapping[str, float] = field(default_factory=dict)
    is_exact: bool = False


@dataclass(frozen=True)
class Plan:
    """How thoroughly to measure: rounds of here and peers, and the length of a measurement that has one."""

    pairs: int
    seconds: float


# Opens what a row needs, for as long as the stack is open, and gives the lines, each measured before the next is made.
Lines = Callable[[ExitStack, Plan], Iterator[Line]]


@dataclass(frozen=True)
class Row:
    """A row of the benchmark: `about` says in a paragraph what is compared, for the page."""

    name: str
    about: str
    unit: str
    more_is_better: bool
    lines: Lines


@dataclass(frozen=True)
class Finding:
    """The figures of a line: by who was measured, in the order of the rounds."""

    row: str
    title: str
    unit: str
    more_is_better: bool
    figures: dict[str, list[float]]
    goals: dict[str, float]

    def median(self, who: str) -> float:
        """The median of the rounds."""
        return statistics.median(self.figures[who])

    def ratios(self, peer: str) -> list[float]:
        """Here / peer, round by round: what disturbs the machine disturbs both of a round."""
        if peer == HERE:
            return self.figures[HERE]
        return [here / other for here, other in zip(self.figures[HERE], self.figures[peer], strict=True)]

    def ratio(self, peer: str) -> float:
        """The median of the ratios."""
        return statistics.median(self.ratios(peer))

    def is_met(self, peer: str) -> bool:
        """Whether the goal against a peer is reached."""
        found, goal = self.ratio(peer), self.goals[peer]
        return found >= goal if self.more_is_better else found <= goal

    def to_json(self) -> dict[str, Any]:
        """All figures, and what follows from them."""
        held = {
            peer: {"goal": goal, "ratio": self.ratio(peer), "met": self.is_met(peer)}
            for peer, goal in self.goals.items()
        }
        return {**vars(self), "against": held}


def measure_row(row: Row, plan: Plan) -> Iterator[Finding]:
    """The findings of a row, each as soon as it is measured."""
    with ExitStack() as stack:
        for line in row.lines(stack, plan):
            yield measure_line(row, line, plan)


def measure_line(row: Row, line: Line, plan: Plan) -> Finding:
    """Measure in rounds; every other round goes the other way about, so that nobody is always first."""
    measures = {HERE: line.here, **line.peers}
    figures: dict[str, list[float]] = {who: [] for who in measures}
    for number in range(1 if line.is_exact else plan.pairs):
        order = list(measures) if number % 2 == 0 else list(reversed(measures))
        for who in order:
            figures[who].append(measures[who]())
    return Finding(row.name, line.title, row.unit, row.more_is_better, figures, dict(line.goals))


def table_lines(findings: Sequence[Finding]) -> Iterator[str]:
    """A line of the table for each peer of a finding."""
    for one in findings:
        for peer in one.goals:
            yield f"| {' | '.join(_cells(one, peer))} |"


TABLE_HEAD = "| row | what | unit | here | against | ratio (from-to) | goal |\n|---|---|---|---|---|---|---|"


def _cells(one: Finding, peer: str) -> tuple[str, ...]:
    ratios = one.ratios(peer)
    sign = "≥" if one.more_is_better else "≤"
    against = "-" if peer == HERE else f"{peer}: {figure(one.median(peer))}"
    spread = f" ({figure(min(ratios))}-{figure(max(ratios))})" if len(ratios) > 1 else ""
    return (
        one.row,
        one.title,
        one.unit,
        figure(one.median(HERE)),
        against,
        f"{figure(one.ratio(peer))}{spread}",
        f"{sign} {one.goals[peer]:g} {'met' if one.is_met(peer) else '**missed**'}",
    )


def figure(value: float) -> str:
    """A number with three digits that say something."""
    if value >= 100:
        return f"{value:.0f}"
    return f"{value:.3g}"
