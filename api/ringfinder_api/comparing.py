"""Two runs side by side, as somebody of some districts may see them; the work of a process of its own."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from ringfinder.report.comparison import compare
from ringfinder.report.files import read_results
from ringfinder.report.results import Results
from ringfinder.workspace import Workspace
from ringfinder_api.snapshot import Districts
from ringfinder_api.sources import districts_of


def compare_runs(folder: Path, before: str, after: str, districts: Districts) -> list[dict[str, Any]]:
    """What became of the rings; RingFinderError where a run cannot be read.

    Of each run only the rings count that the caller may see in it: one that moved to another district is gone, and what it is like there
    is not told.
    """
    place = Workspace(folder)
    was, now = (_seen(place, run_id, districts) for run_id in (before, after))
    return [asdict(one) for one in compare(was, now)]


def _seen(place: Workspace, run_id: str, districts: Collection[str] | None) -> Results:
    run = place.run(run_id)
    results = read_results(run.results)
    if districts is None:
        return results
    scope = districts_of(results, run.tables)
    return replace(
        results, rings=tuple(ring for ring in results.rings if not scope[ring.ring_id].isdisjoint(districts))
    )
