"""Every number a person may turn, in one place; a TOML file overrides them (`ringfinder run --settings FILE`).

The meaning and the reason of each stands beside it; docs/settings.md is made from here and tested.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from ringfinder.errors import UsageError
from ringfinder.words.sentences import Listed, Sentence, system_words

_PLACE = re.compile(r"at line (\d+), column (\d+)")


def setting(
    default: Any, meaning: str, choices: tuple[str, ...] = (), least: float = -math.inf, most: float = math.inf
) -> Any:
    """A dataclass field with its meaning kept for the docs; only `choices`, or finite numbers from `least` to `most`,
    are allowed."""
    return field(default=default, metadata={"meaning": meaning, "choices": choices, "least": least, "most": most})


@dataclass(frozen=True)
class ClaimsSettings:
    """Reading claims."""

    max_reject_share: float = setting(
        0.01, "more rejected rows than this share of all rows refuses the claim set", least=0, most=1
    )
    time_zone: str = setting(
        "Asia/Shanghai", "times with an offset or in UTC are converted to this zone before the offset is dropped"
    )
    shared_by_people: int = setting(
        400,
        "a phone, address, account or agent on more people than this (and than `shared_by_share` of all) identifies nobody",
        least=1,
    )
    shared_by_share: float = setting(0.002, "see `shared_by_people`", least=0, most=1)


@dataclass(frozen=True)
class DetectionSettings:
    """Finding rings."""

    seed: int = setting(
        1,
        "seed of communities and permutations; same claims and same seed give the same bytes",
        least=0,
        most=2**31 - 1,  # what igraph takes
    )
    shuffles: int = setting(
        1,
        "how many shuffled worlds the certainty is measured on; of large claim sets each takes some districts",
        least=1,
        most=1000,
    )
    alert_q: float = setting(
        0.05, "a ring alerts when its q-value is at most this and its harm is enough", least=0, most=1
    )
    alert_harm: float = setting(8.0, "nats of harm below which a group never alerts", least=0)
    alert_coordination: float = setting(
        -8.0, "nats of coordination below which a group never alerts, whatever its harm"
    )
    communities: str = setting("leiden", "community method for tie graphs: leiden or louvain", ("leiden", "louvain"))
    threads: int = setting(
        0,
        "threads for joins and counts; 0 takes all cores; results do not depend on it",
        least=0,
        most=256,  # the engines begin as many at once, whatever the machine has
    )
    memory_gb: float = setting(4.0, "memory that DuckDB may use before it spills to disk", least=0.1, most=100_000)


@dataclass(frozen=True)
class Settings:
    """All settings of a run; frozen, passed as one."""

    claims: ClaimsSettings = ClaimsSettings()
    detection: DetectionSettings = DetectionSettings()


def read(path: Path) -> Settings:
    """Settings from a TOML file with tables [claims] and [detection]; UsageError for an unknown name or a wrong type."""
    where = Sentence("faults.settings_file", name=path.name)
    return of_tables(read_toml(path, where), where)


def read_toml(path: Path, what: Sentence) -> dict[str, Any]:
    """A TOML file as tables by name; UsageError, which says `what` it was to be, where it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(Sentence("faults.toml_not_readable", what=what, why=system_words(error))) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        place = _PLACE.search(str(error))  # what a parser says besides is English, and may quote the file
        if place is None:
            raise UsageError(Sentence("faults.no_toml", what=what)) from error
        raise UsageError(Sentence("faults.no_toml_at", what=what, line=place[1], column=place[2])) from error


def of_tables(given: Mapping[str, Any], where: Sentence) -> Settings:
    """Settings from tables by name; UsageError, which says `where` they stood, for an unknown name or a wrong value."""
    settings = Settings()
    groups = {f.name for f in fields(Settings)}
    for group, values in given.items():
        if group not in groups or not isinstance(values, Mapping):
            raise UsageError(Sentence("faults.settings_table", where=where, table=group, known=Listed(sorted(groups))))
        current = getattr(settings, group)
        known = {f.name: f for f in fields(current)}
        for name, value in values.items():
            if name not in known:
                raise UsageError(
                    Sentence("faults.settings_name", where=where, table=group, name=name, known=Listed(known))
                )
            wanted = type(getattr(current, name))
            number = float(value) if wanted is float and type(value) is int else value
            if type(number) is not wanted:
                raise UsageError(
                    Sentence("faults.settings_type", where=where, table=group, name=name, type=wanted.__name__)
                )
            check(where, f"{group}.{name}", number, known[name].metadata)
            current = replace(current, **{name: number})
        settings = replace(settings, **{group: current})
    return settings


def check(where: Sentence, name: str, value: object, rule: Mapping[str, Any]) -> None:
    """UsageError where a value is none of its setting's choices, no finite number or not in its range."""
    if rule["choices"] and value not in rule["choices"]:
        raise UsageError(Sentence("faults.settings_choice", where=where, name=name, known=Listed(rule["choices"])))
    if isinstance(value, (int, float)) and not (
        math.isfinite(value) and rule["least"] <= value <= rule["most"]  # nothing compares with not-a-number
    ):
        raise UsageError(
            Sentence(
                "faults.setting_out_of_range",
                where=where,
                name=name,
                allowed=allowed(rule) or Sentence("faults.finite"),
            )
        )


def allowed(rule: Mapping[str, Any]) -> Sentence | None:
    """The range of a setting in words; None where it has none."""
    least, most = rule["least"], rule["most"]
    if math.isinf(most):
        return None if math.isinf(least) else Sentence("faults.at_least", least=least)
    return Sentence("faults.from_to", least=least, most=most)
