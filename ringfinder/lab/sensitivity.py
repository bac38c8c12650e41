"""How much each constant matters: the same worlds with one constant left out, halved, doubled.

Each world is made and read once; reading does not depend on the constants of the detection. What breaks with an altered
constant is told as such: a constant that cannot be 0 is no choice of degree there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ringfinder.lab.altering import HOWS, Alteration, How, altered
from ringfinder.lab.constants import Constant
from ringfinder.lab.figures import Figures, figures_of, total, value
from ringfinder.lab.page import Table, moved, number
from ringfinder.lab.results import Trial
from ringfinder.lab.running import kept, run_all, threads_for
from ringfinder.lab.worlds import World
from ringfinder.words import Language, say

WATCHED = ("average_precision", "recall_at_q", "false_at_q", "honest_alerts", "clean_alerts", "kind_right", "strangers")


@dataclass(frozen=True)
class Variation:
    """The worlds with one constant altered. `value`: the altered one; `failed`: what broke, "" for nothing."""

    constant: Constant
    how: How
    value: Any
    figures: Figures
    failed: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "constant": self.constant.name,
            "how": self.how,
            "from": self.constant.value,
            "to": self.value,
            "figures": self.figures,
            "failed": self.failed,
        }


def variants(constants: Sequence[Constant]) -> list[tuple[Constant, How, Any]]:
    """What to try: each constant in each way that makes it another; a channel can only be left out."""
    tried: list[tuple[Constant, How, Any]] = []
    for constant in constants:
        if constant.value is None:
            tried.append((constant, "out", None))
            continue
        seen = [constant.value]
        for how in HOWS:
            name = constant.name.split(".")[2] if constant.name.count(".") > 1 else ""
            changed = altered(constant.value, how, name)
            if changed not in seen:
                tried.append((constant, how, changed))
                seen.append(changed)
    return tried


def vary(
    worlds: Sequence[World], constants: Sequence[Constant], jobs: int = 1, tell: Callable[[Trial], None] | None = None
) -> tuple[Mapping[str, tuple[float, float]], tuple[Variation, ...]]:
    """The figures of the worlds as they are, and of each variation. `tell` gets each trial when it is done."""
    tried = variants(constants)
    base: list[Figures] = []
    parts: list[list[Trial]] = [[] for _ in tried]
    for world in worlds:
        with kept(world) as order:
            order = replace(order, threads=threads_for(jobs))  # noqa: PLW2901 - the same order, with its threads
            base += [figures_of(trial) for trial in run_all([order], 1, tell)]
            orders = [replace(order, alteration=Alteration(constant.name, how)) for constant, how, _ in tried]
            for part, trial in zip(parts, run_all(orders, jobs, tell), strict=True):
                part.append(trial)
    return total(base), tuple(
        Variation(
            constant,
            how,
            changed,
            total(figures_of(trial) for trial in part),
            next((trial.failed for trial in part if trial.failed), ""),
        )
        for (constant, how, changed), part in zip(tried, parts, strict=True)
    )


def weight(base: Figures, one: Variation) -> float:
    """How much a variation moves the watched figures, in all; what broke comes first."""
    if one.failed:
        return float("inf")
    return sum(abs((value(one.figures, name) or 0.0) - (value(base, name) or 0.0)) for name in WATCHED)


def moves(base: Figures, one: Variation) -> bool:
    """Whether a variation moves any figure at all, or breaks."""
    return bool(one.failed) or dict(one.figures) != dict(base)


def page(base: Figures, variations: Sequence[Variation], lang: Language) -> list[Table | str]:
    """What moves most first; what moves nothing in one sentence."""
    heads = (
        *(say(f"lab.col_{name}", lang) for name in ("constant", "value", "altered")),
        *(say(f"lab.short_{name}", lang) for name in WATCHED),
        say("lab.col_failed", lang),
    )
    first = (say("lab.as_it_is", lang), "", "", *(number(name, value(base, name)) for name in WATCHED), "")
    rows = [first]
    by_weight = sorted(variations, key=lambda one: (-weight(base, one), one.constant.name, one.how))
    for one in by_weight:
        if moves(base, one):
            changes = (moved(name, value(base, name), value(one.figures, name)) for name in WATCHED)
            rows.append(
                (
                    one.constant.name,
                    shown(one.constant.value),
                    f"{say(f'lab.how_{one.how}', lang)} {shown(one.value)}".rstrip(),
                    *(("" for _ in WATCHED) if one.failed else changes),
                    one.failed,
                )
            )
    title = say("lab.sensitivity", lang, count=len(variations))
    parts: list[Table | str] = [Table(title, heads, tuple(rows), tuple(range(3, 3 + len(WATCHED))))]
    still = [f"{one.constant.name} ({say(f'lab.how_{one.how}', lang)})" for one in by_weight if not moves(base, one)]
    if still:
        parts.append(say("lab.no_effect", lang, names=say("report.comma", lang).join(still)))
    return parts


def shown(amount: Any) -> str:
    """A constant's value in few signs."""
    if amount is None:
        return ""
    return ", ".join(f"{one:g}" for one in amount) if isinstance(amount, tuple) else f"{amount:g}"
