"""The accepted run of a set: a small file of figures, kept with the code, that later runs are held against.

`docs/lab/SET.json` holds the pairs of each world, one world a line, so that any part of a set can be compared with the same
part of the accepted run: figures add up over worlds (`figures`). `quick` is a part of `tune`. Beside them stand the day on which
it was made and the digest of the detection that made it (`version`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from ringfinder.errors import InputError
from ringfinder.lab.figures import Figures, figures_of, total, value
from ringfinder.lab.results import Trial
from ringfinder.lab.version import detection

FOLDER = Path("docs/lab")
MADE = "made"  # the line of the file that says when and by which detection
KEPT_IN = {"quick": "tune"}  # a set whose worlds are a part of another's


@dataclass(frozen=True)
class Accepted:
    """Figures by world, with claims and seconds of each for the reader. `day`, `detection`: "" where the file does not say."""

    worlds: Mapping[str, Figures]
    claims: Mapping[str, int]
    seconds: Mapping[str, float]
    day: str = ""
    detection: str = ""

    def part(self, names: Sequence[str]) -> dict[str, tuple[float, float]] | None:
        """The figures of these worlds together; None where one of them is not there."""
        if not names or any(name not in self.worlds for name in names):
            return None
        return total(self.worlds[name] for name in names)


@dataclass(frozen=True)
class Change:
    """A figure that moved."""

    figure: str
    before: float | None
    after: float | None

    @property
    def difference(self) -> float:
        return (self.after or 0.0) - (self.before or 0.0)


def of_trials(trials: Sequence[Trial]) -> Accepted:
    """What is kept of a run."""
    return Accepted(
        {t.world.name: figures_of(t) for t in trials},
        {t.world.name: t.claims for t in trials},
        {t.world.name: t.seconds.get("find", 0.0) for t in trials},
    )


def dated(accepted: Accepted, day: date) -> Accepted:
    """The same, made on this day by the detection that is installed."""
    return replace(accepted, day=day.isoformat(), detection=detection())


def changes(before: Figures, after: Figures) -> tuple[Change, ...]:
    """Every figure that moved, by name."""
    pairs = ((name, value(before, name), value(after, name)) for name in sorted({*before, *after}))
    return tuple(Change(name, was, now) for name, was, now in pairs if was != now)


def path(folder: Path, name: str) -> Path:
    """The file of a set."""
    return folder / f"{KEPT_IN.get(name, name)}.json"


def write(accepted: Accepted, file: Path) -> None:
    """One world a line; whole numbers as such."""

    def plain(number: float) -> float | int:
        return int(number) if number == int(number) else number

    lines = []
    if accepted.day:
        lines.append(f" {json.dumps(MADE)}: {json.dumps({'day': accepted.day, 'detection': accepted.detection})}")
    for name, figures in accepted.worlds.items():
        content = {
            "claims": accepted.claims[name],
            "seconds": accepted.seconds[name],
            "figures": {figure: [plain(hits), plain(of)] for figure, (hits, of) in figures.items()},
        }
        lines.append(f" {json.dumps(name)}: {json.dumps(content, separators=(',', ':'))}")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def read(file: Path) -> Accepted | None:
    """The accepted run of a file; None where there is none. InputError for another file."""
    if not file.exists():
        return None
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        made = content.pop(MADE, {})
        return Accepted(
            {
                name: {figure: (float(hits), float(of)) for figure, (hits, of) in world["figures"].items()}
                for name, world in content.items()
            },
            {name: int(world["claims"]) for name, world in content.items()},
            {name: float(world["seconds"]) for name, world in content.items()},
            str(made.get("day", "")),
            str(made.get("detection", "")),
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise InputError(f"{file.name} holds no accepted run of the lab; remove it or run with --accept") from error
