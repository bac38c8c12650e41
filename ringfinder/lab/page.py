"""The one page of a lab run, as tables of texts; whoever shows it (the command line) draws them.

In the order in which one asks: are the goals reached and what moved; which kinds and levels are weak; may q be believed;
what was missed, and where; who was accused wrongly, and what were they; are the members and the roles right; what it cost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ringfinder.claims.city.parameters import LEVELS
from ringfinder.lab.accepted import Accepted, Change, changes
from ringfinder.lab.figures import COUNTS, GOALS, ROLES, Figures, Goal, calibration, value
from ringfinder.lab.results import LOST, Trial
from ringfinder.lab.version import detection
from ringfinder.model import KINDS
from ringfinder.report.figures import word
from ringfinder.words import Language, say

SHOWN_BY_GOAL = frozenset(goal.figure for goal in GOALS)
DETAILS = ("cell.", "q.")  # the finest figures, told last of what moved


@dataclass(frozen=True)
class Table:
    """A table of texts. `right`: columns set flush right."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: tuple[int, ...] = ()


def page(
    set_name: str,
    trials: Sequence[Trial],
    figures: Figures,
    accepted: Figures | None,
    lang: Language,
    kept: Accepted | None = None,
) -> list[Table | str]:
    """All of it. `accepted`: the figures of the accepted run on these worlds, None where there are none; `kept`: that run."""
    parts: list[Table | str] = [head(set_name, trials, lang), goals(figures, accepted, lang)]
    if accepted is not None and kept is not None and kept.day:
        same = say("lab.detection_same" if kept.detection == detection() else "lab.detection_other", lang)
        parts.append(say("lab.accepted_of", lang, day=kept.day, detection=kept.detection, same=same))
    if accepted is None:
        parts.append(say("lab.nothing_accepted", lang))
    elif moved := table_of_changes(changes(accepted, figures), lang):
        parts.append(moved)
    parts += [
        *by_kind_and_level(figures, lang),
        table_of_calibration(figures, lang),
        *misses(trials, figures, lang),
        *silent(trials, lang),
        *false_alerts(trials, lang),
        members(figures, lang),
        costs(trials, lang, kept.seconds if kept and accepted is not None else None),
    ]
    return parts


def label(figure: str, lang: Language) -> str:
    """A figure in words."""
    first, _, rest = figure.partition(".")
    if not rest:
        return say(f"lab.figure_{first}", lang)
    names = [word(name, lang, prefix="level_" if name in LEVELS else "") for name in rest.split(".")]
    if first == "fate":
        return say("lab.figure_fate", lang, fate=say(f"lab.fate_{rest}", lang))
    if first == "q":
        bar, _, which = rest.rpartition(".")
        return say(f"lab.figure_q_{which}", lang, bar=bar)
    return say(f"lab.figure_{rest.rpartition('.')[2]}_of", lang, what=" ".join(names[:-1]))


def number(figure: str, amount: float | None) -> str:
    """A figure's value: three decimals, a count whole, a dash for none."""
    if amount is None:
        return "-"
    return f"{amount:.0f}" if figure in COUNTS else f"{amount:.3f}"


def share(figures: Figures, name: str) -> str:
    """Hits of total; a dash where there was nothing to hit."""
    hits, of = figures.get(name, (0.0, 0.0))
    return f"{hits:.0f}/{of:.0f}" if of else "-"


def with_counts(figures: Figures, name: str) -> str:
    """The value, and what it is made of."""
    text = number(name, value(figures, name))
    return text if text == "-" or name in {"average_precision", *COUNTS} else f"{text} ({share(figures, name)})"


def head(set_name: str, trials: Sequence[Trial], lang: Language) -> str:
    """What was run."""
    return say(
        "lab.head",
        lang,
        set=say("lab.other_worlds", lang) if set_name == "claims" else set_name,
        worlds=len(trials),
        clean=sum(not t.planted and not t.failed for t in trials),
        claims=sum(t.claims for t in trials),
        rings=sum(len(t.planted) for t in trials),
        alerts=sum(row.alert for t in trials for row in t.listed),
    )


def goals(figures: Figures, accepted: Figures | None, lang: Language) -> Table:
    """Each goal, what was reached, and how it moved."""
    rows = []
    for goal in GOALS:
        now = value(figures, goal.figure)
        before = value(accepted, goal.figure) if accepted is not None else None
        rows.append(
            (
                label(goal.figure, lang),
                f"{goal.sense} {goal.value:g}",
                with_counts(figures, goal.figure),
                verdict(goal, now, lang),
                number(goal.figure, before),
                moved(goal.figure, before, now),
            )
        )
    heads = tuple(say(f"lab.col_{name}", lang) for name in ("figure", "goal", "now", "reached", "accepted", "change"))
    return Table(say("lab.goals", lang), heads, tuple(rows), (1, 2, 4, 5))


def verdict(goal: Goal, now: float | None, lang: Language) -> str:
    """Reached, or not; nothing where nothing was measured."""
    reached = goal.reached(now)
    return "" if reached is None else say("lab.yes" if reached else "lab.no", lang)


def moved(figure: str, before: float | None, now: float | None) -> str:
    """The change with its sign; "=" for none, nothing where there is nothing to compare."""
    if before is None or now is None:
        return ""
    if before == now:
        return "="
    return f"{now - before:+.0f}" if figure in COUNTS else f"{now - before:+.3f}"


def table_of_changes(moves: Sequence[Change], lang: Language) -> Table | None:
    """All figures that moved besides the goals, the finest last; None where none did."""
    rows = tuple(
        (
            label(c.figure, lang),
            number(c.figure, c.before),
            number(c.figure, c.after),
            moved(c.figure, c.before, c.after),
        )
        for c in sorted(moves, key=lambda c: c.figure.startswith(DETAILS))
        if c.figure not in SHOWN_BY_GOAL
    )
    if not rows:
        return None
    heads = tuple(say(f"lab.col_{name}", lang) for name in ("figure", "accepted", "now", "change"))
    return Table(say("lab.moved", lang), heads, rows, (1, 2, 3))


def by_kind_and_level(figures: Figures, lang: Language) -> list[Table]:
    """Found and alerted of planted: kinds down, levels across. Kinds and levels of other makers come after ours."""
    names = [name.split(".") for name in figures if name.startswith("cell.") and name.endswith(".found")]
    kinds = in_order({name[1] for name in names}, KINDS)
    levels = in_order({name[2] for name in names}, LEVELS)

    def cell(group: str) -> str:
        found, of = figures.get(f"{group}found", (0.0, 0.0))
        return f"{found:.0f} ({figures[f'{group}alerted'][0]:.0f}) / {of:.0f}" if of else "-"

    if not kinds:
        return []
    rows = [
        (word(kind, lang), cell(f"kind.{kind}."), *(cell(f"cell.{kind}.{level}.") for level in levels))
        for kind in kinds
    ]
    rows.append((say("lab.all", lang), cell(""), *(cell(f"level.{level}.") for level in levels)))
    heads = (say("report.kind", lang), say("lab.all", lang), *(word(level, lang, prefix="level_") for level in levels))
    return [Table(say("lab.by_kind", lang), heads, tuple(rows), tuple(range(1, len(heads))))]


def in_order(names: set[str], known: Sequence[str]) -> list[str]:
    """The known ones in their order, then the others by name."""
    return [name for name in known if name in names] + sorted(names - set(known))


def table_of_calibration(figures: Figures, lang: Language) -> Table:
    """The claimed q against the share of false rings."""
    rows = tuple(
        (
            f"<= {point.bar:g}",
            f"{point.rings}",
            f"{point.false}",
            "-" if point.false_share is None else f"{point.false_share:.3f}",
            interval(point.interval, lang),
            f"{point.honest}",
        )
        for point in calibration(figures)
    )
    heads = tuple(
        say(f"lab.col_{name}", lang) for name in ("claimed", "rings", "false", "false_share", "interval", "honest")
    )
    return Table(say("lab.calibration", lang), heads, rows, (0, 1, 2, 3, 4, 5))


def interval(ends: tuple[float, float] | None, lang: Language) -> str:
    """The two ends of an interval; a dash for none."""
    return "-" if ends is None else say("lab.from_to", lang, low=f"{ends[0]:.3f}", high=f"{ends[1]:.3f}")


def misses(trials: Sequence[Trial], figures: Figures, lang: Language) -> list[Table | str]:
    """Planted rings that no listed ring matches, by the stage that lost them, and how far each came."""
    rows = [
        (
            trial.world.name,
            ring.planted_id,
            word(ring.kind, lang),
            word(ring.level, lang, prefix="level_"),
            f"{ring.patients}",
            say(f"lab.fate_{ring.fate}", lang),
            f"{ring.reach_seed:.2f}",
            f"{ring.reach_group:.2f}",
            f"{ring.reach_kept:.2f}",
            f"{ring.reach_candidate:.2f}",
            f"{ring.reach_strength:.1f}",
        )
        for trial in trials
        for ring in trial.planted
        if not ring.ring_id and not ring.alerted
    ]
    if not rows:
        return [say("lab.no_miss", lang)]
    counts = [(fate, figures.get(f"fate.{fate}", (0.0, 0.0))[0]) for fate in LOST]
    told = say("report.comma", lang).join(f"{say(f'lab.fate_{fate}', lang)} {n:.0f}" for fate, n in counts if n)
    names = ("world", "planted", "kind", "level", "patients", "stage", "seed", "group", "kept", "candidate", "nats")
    heads = tuple(say(f"lab.col_{name}", lang) for name in names)
    return [Table(say("lab.misses", lang, counts=told), heads, tuple(rows), (4, 6, 7, 8, 9, 10))]


def silent(trials: Sequence[Trial], lang: Language) -> list[Table]:
    """Planted rings that are listed and do not alert, and the bars they missed."""
    rows = [
        (
            trial.world.name,
            ring.planted_id,
            word(ring.kind, lang),
            word(ring.level, lang, prefix="level_"),
            f"{ring.patients}",
            f"{ring.jaccard:.2f}",
            f"{ring.q_value:.2g}",
            f"{ring.coordination:.1f}",
            f"{ring.harm:.1f}",
            say("report.comma", lang).join(say(f"lab.bar_{bar}", lang) for bar in ring.why),
        )
        for trial in trials
        for ring in trial.planted
        if ring.ring_id and not ring.alerted
    ]
    if not rows:
        return []
    names = ("world", "planted", "kind", "level", "patients", "jaccard", "q", "coordination", "harm", "bars")
    heads = tuple(say(f"lab.col_{name}", lang) for name in names)
    return [Table(say("lab.silent", lang, count=len(rows)), heads, tuple(rows), (4, 5, 6, 7, 8))]


def false_alerts(trials: Sequence[Trial], lang: Language) -> list[Table | str]:
    """Alerts that match no planted ring: pieces and mixtures of rings, and honest groups with the scene they were made of."""
    rows = [
        (
            trial.world.name,
            row.ring_id,
            word(row.kind, lang),
            f"{row.patients}",
            f"{row.q_value:.2g}",
            f"{row.coordination:.1f}",
            f"{row.harm:.1f}",
            say("lab.honest" if row.honest else "lab.piece", lang),
            f"{row.in_rings}",
            f"{row.nearest} ({row.nearest_jaccard:.2f})" if row.nearest else "-",
            f"{row.scene} {row.scene_kind} ({row.scene_patients})" if row.scene else "-",
        )
        for trial in trials
        for row in trial.listed
        if row.alert and not row.alert_planted_id
    ]
    if not rows:
        return [say("lab.no_false_alert", lang)]
    names = (
        "world", "ring", "kind", "patients", "q", "coordination", "harm", "what", "in_rings", "nearest", "scene",
    )  # fmt: skip
    heads = tuple(say(f"lab.col_{name}", lang) for name in names)
    return [Table(say("lab.false_alerts", lang, count=len(rows)), heads, tuple(rows), (3, 4, 5, 6, 8))]


def members(figures: Figures, lang: Language) -> Table:
    """Precision and recall of each entity type over matched rings; for patients what is wrong: stray and missing."""
    rows = [
        (
            word(kind, lang),
            with_counts(figures, f"entity.{kind}.precision"),
            with_counts(figures, f"entity.{kind}.recall"),
        )
        for kind in ("patient", *ROLES)
    ]
    stray, missing = (with_counts(figures, name) for name in ("stray", "missing"))
    rows.append((say("lab.wrong_patients", lang), stray, missing))
    heads = ("", say("lab.col_precision", lang), say("lab.col_recall", lang))
    return Table(say("lab.members", lang), heads, tuple(rows), (1, 2))


def costs(trials: Sequence[Trial], lang: Language, before: Mapping[str, float] | None = None) -> Table:
    """Worlds with their size, figures and seconds, the total last. `before`: seconds of finding in the accepted run."""
    stages = ("make", "read", "find")

    def row(name: str, some: Sequence[Trial]) -> tuple[str, ...]:
        planted = [ring for t in some for ring in t.planted]
        alerts = [r for t in some for r in t.listed if r.alert]
        precision = some[0].average_precision if len(some) == 1 else None
        return (
            name,
            f"{sum(t.world.people for t in some)}",
            f"{sum(t.claims for t in some)}",
            f"{sum(bool(ring.ring_id) for ring in planted)} ({sum(r.alerted for r in planted)}) / {len(planted)}",
            f"{sum(not r.alert_planted_id for r in alerts)}",
            number("average_precision", precision),
            *(f"{sum(t.seconds.get(stage, 0.0) for t in some):.1f}" for stage in stages),
            *(() if before is None else (f"{sum(before.get(t.world.name, 0.0) for t in some):.1f}",)),
            some[0].failed if len(some) == 1 else "",
        )

    rows = [row(trial.world.name, [trial]) for trial in trials]
    if len(trials) > 1:
        rows.append(row(say("lab.all", lang), trials))
    then = () if before is None else ("find_before",)
    names = ("world", "people", "claims", "found", "false", "ap", *stages, *then, "failed")
    heads = tuple(say(f"lab.col_{name}", lang) for name in names)
    return Table(say("lab.worlds", lang), heads, tuple(rows), tuple(range(1, len(names) - 1)))
