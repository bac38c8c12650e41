"""Two runs side by side, with the districts whose keys may see each change; the work of a process of its own."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from ringfinder.report.comparison import compare
from ringfinder.report.files import read_results
from ringfinder.workspace import Workspace
from ringfinder_api.sources import districts_of


def compare_runs(folder: Path, before: str, after: str) -> list[tuple[dict[str, Any], frozenset[str]]]:
    """(change, districts of its ring in either run); RingFinderError where a run cannot be read."""
    place = Workspace(folder)
    old, new = place.run(before), place.run(after)
    was, now = read_results(old.results), read_results(new.results)
    earlier, later = districts_of(was, old.tables), districts_of(now, new.tables)
    nowhere: frozenset[str] = frozenset()
    return [
        (asdict(one), earlier.get(one.ring_id, nowhere) | later.get(one.ring_id, nowhere)) for one in compare(was, now)
    ]
