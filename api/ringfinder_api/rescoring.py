"""What would alert in a run with other settings; the work of a process of its own, which writes nothing."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from ringfinder.report.files import read_results
from ringfinder.report.rescoring import rescore, thresholds_of
from ringfinder.workspace import Workspace
from ringfinder_api.sources import districts_of

SHOWN = ("ring_id", "kind", "score", "q_value", "coordination", "harm", "patients", "claims", "fund_amount")
Judged = tuple[dict[str, Any], frozenset[str]]


def rescore_run(folder: Path, run_id: str, wanted: dict[str, float]) -> tuple[dict[str, float], list[Judged]]:
    """(the settings judged by, each ring before and after with its districts); RingFinderError where the run cannot be read."""
    run = Workspace(folder).run(run_id)
    results = read_results(run.results)
    used = thresholds_of(run.info)
    by = replace(used, **wanted)
    scope = districts_of(results, run.tables)
    nowhere: frozenset[str] = frozenset()
    judged = [
        (
            {name: getattr(one.ring, name) for name in SHOWN}
            | {"alert_before": one.alert_before, "alert_after": one.alert_after},
            scope.get(one.ring.ring_id, nowhere),
        )
        for one in rescore(results, used, by)
    ]
    return asdict(by), judged
