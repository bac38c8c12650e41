"""Two runs side by side: rings keep their ids from run to run, so that a difference is a difference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ringfinder.report.results import Results

Change = Literal["new", "gone", "grown", "shrunk", "changed", "score"]
ORDER: tuple[Change, ...] = ("new", "gone", "grown", "shrunk", "changed", "score")


@dataclass(frozen=True)
class Difference:
    """What became of one ring. Patients and scores before and after; None on the side where it is not there.

    `grown` and `shrunk`: more or fewer patients; `changed`: as many, but not the same; `score`: only the score differs.
    """

    change: Change
    ring_id: str
    kind: str
    patients_before: int | None
    patients_after: int | None
    score_before: float | None
    score_after: float | None


def compare(before: Results, after: Results) -> tuple[Difference, ...]:
    """Rings that differ, by change (new, gone, grown, shrunk, changed, score) and ring_id."""
    old = {ring.ring_id: ring for ring in before.rings}
    new = {ring.ring_id: ring for ring in after.rings}
    differences = []
    for ring_id in sorted(old.keys() | new.keys()):
        was, now = old.get(ring_id), new.get(ring_id)
        change = _change(before, after, ring_id, was is not None, now is not None)
        if was and now and change is None and was.score != now.score:
            change = "score"
        if change is None:
            continue
        kind = now.kind if now else was.kind if was else ""
        differences.append(
            Difference(
                change,
                ring_id,
                kind,
                was.patients if was else None,
                now.patients if now else None,
                was.score if was else None,
                now.score if now else None,
            )
        )
    return tuple(sorted(differences, key=lambda d: (ORDER.index(d.change), d.ring_id)))


def _change(before: Results, after: Results, ring_id: str, was: bool, now: bool) -> Change | None:
    if not was:
        return "new"
    if not now:
        return "gone"
    old, new = before.patients_of(ring_id), after.patients_of(ring_id)
    if len(new) != len(old):
        return "grown" if len(new) > len(old) else "shrunk"
    return "changed" if old != new else None
