"""Every figure of the lab, as a pair (hits, total) that adds up over worlds: a share is hits over total.

    average_precision       sum over worlds with rings, their number: the mean world's
    found, alerted          planted rings matched by a listed ring, by an alert
    precision               alerts that match a planted ring
    honest_alerts           alerts of which at most half of the people are in any planted ring
    clean_alerts            alerts in worlds without rings, number of such worlds: a count, not a share
    kind_right              matched listed rings whose kind is named rightly
    strangers               people shown in alerts who are in no planted ring
    false_at_q, recall_at_q among alerts at q <= 0.05: those that match nothing; planted rings that they match
    stray, missing          of matched rings: people shown who are not in it, people of it who are not shown
    entity.T.precision/.recall   of matched rings: named members of that type that are true; true ones that are named
    kind.K.found/.alerted, level.L. ..., cell.K.L. ...
    fate.F                  planted rings with that fate
    q.B.false, q.B.honest   listed rings in the bin of q that ends at B: those that match nothing; those made of honest people

`false` counts a piece of a planted ring and a mixture of two as well, `honest` does not: pieces mislead nobody about who is honest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Literal

from ringfinder.lab.results import Trial
from ringfinder.model import ENTITY_TYPES

Pair = tuple[float, float]
Figures = Mapping[str, Pair]
Z95 = 1.96  # standard deviations that hold 95 % of a normal distribution
SURE_Q = 0.05  # the q at which false alerts and recall are promised
BARS = (0.001, 0.01, 0.05, 0.1, 0.2, 0.5, 1.0)  # upper ends of the bins of q
COUNTS = frozenset({"clean_alerts"})  # told as counts
ROLES = tuple(kind for kind in ENTITY_TYPES if kind != "patient")


@dataclass(frozen=True)
class Goal:
    """A figure and the value that it shall reach."""

    figure: str
    sense: Literal[">=", "<="]
    value: float

    def reached(self, value: float | None) -> bool | None:
        """Whether it is; None where nothing was measured."""
        if value is None:
            return None
        return value >= self.value if self.sense == ">=" else value <= self.value


GOALS = (
    Goal("average_precision", ">=", 0.95),
    Goal("honest_alerts", "<=", 0.02),
    Goal("clean_alerts", "<=", 0),
    Goal("kind_right", ">=", 0.95),
    Goal("strangers", "<=", 0.03),
    Goal("false_at_q", "<=", 0.05),
    Goal("recall_at_q", ">=", 0.85),
    *(Goal(f"entity.{kind}.{which}", ">=", 0.90) for kind in ROLES for which in ("precision", "recall")),
)


def value(figures: Figures, name: str) -> float | None:
    """A figure as a number: a share, or a count; None where it was not measured."""
    hits, total = figures.get(name, (0.0, 0.0))
    if not total:
        return None
    return hits if name in COUNTS else hits / total


def total(parts: Iterable[Figures]) -> dict[str, Pair]:
    """The figures of many worlds together, by name."""
    sums: dict[str, Pair] = {}
    for part in parts:
        for name, (hits, of) in part.items():
            before = sums.get(name, (0.0, 0.0))
            sums[name] = (before[0] + hits, before[1] + of)
    return dict(sorted(sums.items()))


def figures_of(trial: Trial) -> dict[str, Pair]:
    """The figures of one world; none of one that failed."""
    if trial.failed:
        return {}
    count: dict[str, list[float]] = {}

    def add(name: str, hits: float, of: float = 1) -> None:
        pair = count.setdefault(name, [0, 0])
        pair[0], pair[1] = pair[0] + hits, pair[1] + of

    if trial.average_precision is not None:
        add("average_precision", trial.average_precision)
    sure = {row.alert_planted_id for row in trial.listed if row.alert and row.q_value <= SURE_Q}
    for ring in trial.planted:
        add("recall_at_q", ring.planted_id in sure)
        add(f"fate.{ring.fate}", 1, 0)
        for group in ("", f"kind.{ring.kind}.", f"level.{ring.level}.", f"cell.{ring.kind}.{ring.level}."):
            add(f"{group}found", bool(ring.ring_id))
            add(f"{group}alerted", ring.alerted)
        if ring.ring_id:
            add("kind_right", ring.named == ring.kind)
        for kind, (right, named, true) in ring.entities.items():
            add(f"entity.{kind}.precision", right, named)
            add(f"entity.{kind}.recall", right, true)
            if kind == "patient":
                add("stray", named - right, named)
                add("missing", true - right, true)
    for row in trial.listed:
        bar = next(bar for bar in BARS if row.q_value <= bar)
        add(f"q.{bar:g}.false", not row.planted_id)
        add(f"q.{bar:g}.honest", not row.planted_id and row.honest)
        if row.alert:
            add("precision", bool(row.alert_planted_id))
            add("honest_alerts", not row.alert_planted_id and row.honest)
            add("strangers", row.patients - row.in_rings, row.patients)
            if row.q_value <= SURE_Q:
                add("false_at_q", not row.alert_planted_id)
    if not trial.planted:
        add("clean_alerts", sum(row.alert for row in trial.listed))
    fates = len(trial.planted)
    return {
        name: (float(hits), float(fates if name.startswith("fate.") else of))
        for name, (hits, of) in sorted(count.items())
    }


@dataclass(frozen=True)
class Calibration:
    """Listed rings with q at most `bar`: how many, how many of them match nothing, how many are made of honest people."""

    bar: float
    rings: int
    false: int
    honest: int

    @property
    def false_share(self) -> float | None:
        return self.false / self.rings if self.rings else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval of that share."""
        return wilson(self.false, self.rings)


def wilson(hits: float, of: float) -> tuple[float, float] | None:
    """The 95 % interval of a share (Wilson 1927), as if every one counted were drawn by itself; None where none was."""
    if not of:
        return None
    share, square = hits / of, Z95**2 / of
    centre, half = share + square / 2, Z95 * sqrt(share * (1 - share) / of + square / of / 4)
    return max(0.0, (centre - half) / (1 + square)), min(1.0, (centre + half) / (1 + square))


def calibration(figures: Figures) -> tuple[Calibration, ...]:
    """The claimed q against what was false among all listed at that q or below."""
    rings = false = honest = 0.0
    curve = []
    for bar in BARS:
        hits, of = figures.get(f"q.{bar:g}.false", (0.0, 0.0))
        rings, false, honest = rings + of, false + hits, honest + figures.get(f"q.{bar:g}.honest", (0.0, 0.0))[0]
        curve.append(Calibration(bar, int(rings), int(false), int(honest)))
    return tuple(curve)
