"""What would alert with other settings: judged again from the results of a run, which stay as they are.

A ring alerts when its q-value is at most `alert_q`, its harm and its strength (the mean of harm and coordination) are at least
`alert_harm`, and its coordination is at least `alert_coordination`. All of that stands in the results, so that these three
settings need no new run; every other one changes what is found, and does. Results are rounded to a hundredth of a nat: a ring
that lies nearer to a threshold than that may be judged otherwise by a new run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from ringfinder.report.contract import RingRow
from ringfinder.report.results import Results
from ringfinder.settings import DetectionSettings


@dataclass(frozen=True)
class Thresholds:
    """The settings of that name (see `settings`)."""

    alert_q: float
    alert_harm: float
    alert_coordination: float


@dataclass(frozen=True)
class Rejudged:
    """A ring with what it was and what it would be."""

    ring: RingRow
    alert_before: bool
    alert_after: bool


def thresholds_of(run_file: Mapping[str, Any]) -> Thresholds:
    """Those that a run was made with."""
    used = run_file.get("settings", {}).get("detection", {})
    usual = DetectionSettings()
    return Thresholds(*(float(used.get(one.name, getattr(usual, one.name))) for one in fields(Thresholds)))


def alerts(ring: RingRow, by: Thresholds) -> bool:
    """Whether a ring would alert."""
    return (
        ring.q_value <= by.alert_q
        and ring.harm >= by.alert_harm
        and (ring.harm + ring.coordination) / 2 >= by.alert_harm
        and ring.coordination >= by.alert_coordination
    )


def rescore(results: Results, used: Thresholds, wanted: Thresholds) -> tuple[Rejudged, ...]:
    """All rings in the order of the results. With the settings that were used, every ring is what it was."""
    same = used == wanted
    return tuple(Rejudged(ring, ring.alert, ring.alert if same else alerts(ring, wanted)) for ring in results.rings)
