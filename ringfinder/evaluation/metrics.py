"""Figures of right and wrong for a ranked list of rings.

    listed      every ring in the results, ranked by score (ties by ring_id)
    alerts      those of them that alert
    found       planted rings matched by a listed ring;  alerted: matched by an alert

Listed rings and alerts are matched apart, so that a ring below the bar cannot take a planted ring away from an alert.
Average precision is the mean over all planted rings of the precision at the rank where each was found, 0 for one
never found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ringfinder.evaluation.matching import Match, jaccard, match
from ringfinder.evaluation.truth import Planted, Scene


@dataclass(frozen=True)
class Found:
    """One ring of the results, as far as evaluation needs it."""

    ring_id: str
    kind: str
    score: float
    alert: bool
    members: Mapping[str, frozenset[str]]

    @property
    def patients(self) -> frozenset[str]:
        return self.members.get("patient", frozenset())


@dataclass(frozen=True)
class Share:
    """`hits` of `total`; `value` is None where there was nothing to hit."""

    hits: int
    total: int

    @property
    def value(self) -> float | None:
        return self.hits / self.total if self.total else None


@dataclass(frozen=True)
class FalseAlert:
    """An alert that matches no planted ring: what it comes nearest to, and the honest scene with most of its people."""

    ring_id: str
    kind: str
    score: float
    patients: int
    nearest_ring: str
    nearest_jaccard: float
    scene_id: str
    scene_kind: str
    scene_patients: int


@dataclass(frozen=True)
class Group:
    """Planted rings of one kind or level, and how many were found and alerted."""

    name: str
    planted: int
    found: int
    alerted: int


@dataclass(frozen=True)
class MemberFigures:
    """Members of one entity type over all matched rings: found ones that are true, true ones that were found."""

    entity_type: str
    precision: Share
    recall: Share


@dataclass(frozen=True)
class Evaluation:
    """All figures. `confusion` counts (planted kind, found kind) of matched rings."""

    planted: int
    listed: int
    alerts: int
    recall: Share
    precision: Share
    alert_recall: Share
    alert_precision: Share
    average_precision: float | None
    mean_jaccard: float | None
    false_alerts: tuple[FalseAlert, ...]
    missed: tuple[str, ...]
    kind_right: Share
    confusion: tuple[tuple[str, str, int], ...]
    by_kind: tuple[Group, ...]
    by_level: tuple[Group, ...]
    by_kind_and_level: tuple[Group, ...]
    members: tuple[MemberFigures, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain values for `--json`; shares become {hits, total, value}."""

        def plain(value: Any) -> Any:
            if isinstance(value, Share):
                return {"hits": value.hits, "total": value.total, "value": value.value}
            if hasattr(value, "__dataclass_fields__"):
                return {name: plain(getattr(value, name)) for name in value.__dataclass_fields__}
            if isinstance(value, tuple):
                return [plain(item) for item in value]
            return value

        content = {name: plain(getattr(self, name)) for name in self.__dataclass_fields__}
        content["confusion"] = [{"planted": p, "found": f, "rings": n} for p, f, n in self.confusion]
        return content


def average_precision(hits: Sequence[bool], planted: int) -> float | None:
    """Sum of the precision at each hit, over the number of planted rings; None when nothing was planted."""
    if not planted:
        return None
    total, right = 0.0, 0
    for rank, hit in enumerate(hits, start=1):
        if hit:
            right += 1
            total += right / rank
    return total / planted


def ranked(found: Sequence[Found]) -> list[Found]:
    """Best first: by score, ties by ring_id."""
    return sorted(found, key=lambda ring: (-ring.score, ring.ring_id))


def evaluate(found: Sequence[Found], planted: Sequence[Planted], scenes: Sequence[Scene] = ()) -> Evaluation:
    """Every figure for `found` against `planted`; `scenes` only name the false alerts."""
    listed = ranked(found)
    alerts = [ring for ring in listed if ring.alert]
    matches = match([ring.patients for ring in listed], [ring.patients for ring in planted])
    alert_matches = match([ring.patients for ring in alerts], [ring.patients for ring in planted])
    hit = {m.found for m in matches}
    alert_hit = {m.found for m in alert_matches}
    is_found = {m.planted for m in matches}
    is_alerted = {m.planted for m in alert_matches}
    kinds = [(planted[m.planted].kind, listed[m.found].kind) for m in matches]

    def groups(names: Sequence[str]) -> tuple[Group, ...]:
        return tuple(
            Group(
                name,
                names.count(name),
                sum(names[j] == name for j in is_found),
                sum(names[j] == name for j in is_alerted),
            )
            for name in sorted(set(names))
        )

    return Evaluation(
        planted=len(planted),
        listed=len(listed),
        alerts=len(alerts),
        recall=Share(len(matches), len(planted)),
        precision=Share(len(matches), len(listed)),
        alert_recall=Share(len(alert_matches), len(planted)),
        alert_precision=Share(len(alert_matches), len(alerts)),
        average_precision=average_precision([i in hit for i in range(len(listed))], len(planted)),
        mean_jaccard=sum(m.jaccard for m in matches) / len(matches) if matches else None,
        false_alerts=tuple(_false_alert(ring, planted, scenes) for i, ring in enumerate(alerts) if i not in alert_hit),
        missed=tuple(ring.ring_id for j, ring in enumerate(planted) if j not in is_found),
        kind_right=Share(sum(a == b for a, b in kinds), len(kinds)),
        confusion=tuple((a, b, kinds.count((a, b))) for a, b in sorted(set(kinds))),
        by_kind=groups([ring.kind for ring in planted]),
        by_level=groups([ring.level for ring in planted]),
        by_kind_and_level=groups([f"{ring.kind} {ring.level}" for ring in planted]),
        members=_members(matches, listed, planted),
    )


def _false_alert(ring: Found, planted: Sequence[Planted], scenes: Sequence[Scene]) -> FalseAlert:
    near = max(planted, key=lambda p: jaccard(ring.patients, p.patients), default=None)
    index = jaccard(ring.patients, near.patients) if near else 0.0
    scene = max(scenes, key=lambda s: len(ring.patients & s.patients), default=None)
    shared = len(ring.patients & scene.patients) if scene else 0
    return FalseAlert(
        ring.ring_id,
        ring.kind,
        ring.score,
        len(ring.patients),
        near.ring_id if near and index > 0 else "",
        index,
        scene.scene_id if scene and shared else "",
        scene.kind if scene and shared else "",
        shared,
    )


def _members(
    matches: Sequence[Match], listed: Sequence[Found], planted: Sequence[Planted]
) -> tuple[MemberFigures, ...]:
    types = sorted(
        {t for m in matches for members in (listed[m.found].members, planted[m.planted].members) for t in members}
    )
    figures = []
    for entity_type in types:
        right = named = true = 0
        for m in matches:
            ours = listed[m.found].members.get(entity_type, frozenset())
            theirs = planted[m.planted].members.get(entity_type, frozenset())
            right, named, true = right + len(ours & theirs), named + len(ours), true + len(theirs)
        figures.append(MemberFigures(entity_type, Share(right, named), Share(right, true)))
    return tuple(figures)
