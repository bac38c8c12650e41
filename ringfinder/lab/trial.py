"""One world: make it or take it, read its claims, find its rings, judge them. No graph store: it changes no finding.

Matching is that of `ringfinder evaluate`: listed rings and alerts are matched apart, each ring once.
"""

from __future__ import annotations

import pickle
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ringfinder import claims
from ringfinder.claims.city import CityParameters, make_city
from ringfinder.evaluation import Found, Planted, Scene, evaluate, jaccard, match, read_scenes, read_truth
from ringfinder.evaluation.metrics import ranked
from ringfinder.lab.fates import Reach, Watch, lost, why_silent
from ringfinder.lab.results import ListedRow, PlantedRow, Trial
from ringfinder.lab.worlds import World
from ringfinder.model import ClaimSet, Findings, Ring
from ringfinder.rings import find
from ringfinder.settings import ClaimsSettings, DetectionSettings

DIGITS = 6  # of the numbers handed back
PREPARED = "claim-set.pickle"  # a world that was read already, for runs that only alter the detection


def run(world: World, folder: Path, settings: DetectionSettings) -> Trial:
    """The trial of a world; `folder` holds what it needs on disk, and is used again if the world is there already."""
    seconds: dict[str, float] = {}
    source, claim_set = prepare(world, folder, settings, seconds)
    planted, scenes = read_truth(source / "truth.json"), read_scenes(source / "scenes.json")
    begun = time.perf_counter()
    watch = Watch(planted)
    findings = find(claim_set, settings, watch=watch)
    seconds["find"] = time.perf_counter() - begun - watch.seconds
    trial = judged(world, findings, planted, scenes, watch.reach, settings)
    rounded = {stage: round(value, 2) for stage, value in seconds.items()}
    return replace(trial, claims=claim_set.rows["claims"], seconds=rounded)


def prepare(
    world: World, folder: Path, settings: DetectionSettings, seconds: dict[str, float]
) -> tuple[Path, ClaimSet]:
    """The folder with the world's claims and truth, and its claims read."""
    source = Path(world.claims) if world.claims else folder / "city"
    prepared = folder / PREPARED
    if prepared.exists():
        return source, pickle.loads(prepared.read_bytes())
    begun = time.perf_counter()
    if not world.claims:
        make_city(source, world.people, world.seed, world.rings, parameters=CityParameters.draw(world.seed))
        seconds["make"] = time.perf_counter() - begun
        begun = time.perf_counter()
    claim_set = claims.read(source, folder / "tables", ClaimsSettings(), threads=settings.threads)
    seconds["read"] = time.perf_counter() - begun
    prepared.write_bytes(pickle.dumps(claim_set))
    return source, claim_set


def judged(
    world: World,
    findings: Findings,
    planted: Sequence[Planted],
    scenes: Sequence[Scene],
    reach: Mapping[str, Reach],
    settings: DetectionSettings,
) -> Trial:
    """The findings against the truth."""
    of_id = {ring.ring_id: ring for ring in findings.rings}
    listed = ranked([found(ring) for ring in findings.rings])
    alerts = [ring for ring in listed if ring.alert]
    truth = [ring.patients for ring in planted]
    matched = {m.planted: m for m in match([ring.patients for ring in listed], truth)}
    alerted = {m.planted: m for m in match([ring.patients for ring in alerts], truth)}
    rows = []
    for number, ring in enumerate(planted):
        row = came_to(ring, reach.get(ring.ring_id, Reach()))
        if number in matched:
            ours = listed[matched[number].found]
            row = matched_row(row, ring, of_id[ours.ring_id], ours, matched[number].jaccard, settings)
        rows.append(replace(row, alerted=True, fate="alerted", why=()) if number in alerted else row)
    names = {listed[m.found].ring_id: planted[number].ring_id for number, m in matched.items()}
    alert_names = {alerts[m.found].ring_id: planted[number].ring_id for number, m in alerted.items()}
    members: frozenset[str] = frozenset().union(*truth)
    near = Nearest(planted, scenes)
    shown = [listed_row(of_id[r.ring_id], len(r.patients & members), names, alert_names) for r in listed]
    precision = evaluate(listed, planted).average_precision
    return Trial(
        world,
        planted=tuple(rows),
        listed=tuple(near.told(row, ours.patients) for row, ours in zip(shown, listed, strict=True)),
        average_precision=None if precision is None else round(precision, DIGITS),
        off=tuple(name for name, state in findings.channels if state != "on"),
    )


def found(ring: Ring) -> Found:
    """A ring as evaluation sees it."""
    members: dict[str, set[str]] = {}
    for member in ring.members:
        members.setdefault(member.entity_type, set()).add(member.entity_id)
    by_type = {kind: frozenset(ids) for kind, ids in sorted(members.items())}
    return Found(ring.ring_id, ring.kind, ring.score, ring.alert, by_type)


def came_to(ring: Planted, reach: Reach) -> PlantedRow:
    """The row of a planted ring as long as nothing matches it."""
    return PlantedRow(
        ring.ring_id,
        ring.kind,
        ring.level,
        len(ring.patients),
        lost(reach),
        reach_seed=round(reach.seed, DIGITS),
        reach_group=round(reach.group, DIGITS),
        reach_kept=round(reach.kept, DIGITS),
        reach_candidate=round(reach.candidate, DIGITS),
        reach_strength=round(reach.strength, DIGITS),
    )


def matched_row(
    row: PlantedRow, truth: Planted, ring: Ring, ours: Found, likeness: float, settings: DetectionSettings
) -> PlantedRow:
    """The row of a planted ring with the listed ring that matches it."""
    none: frozenset[str] = frozenset()
    entities = {}
    for kind in sorted(set(truth.members) | set(ours.members)):
        named, true = ours.members.get(kind, none), truth.members.get(kind, none)
        entities[kind] = (len(named & true), len(named), len(true))
    return replace(
        row,
        fate="not_alerted",
        ring_id=ring.ring_id,
        named=ring.kind,
        jaccard=round(likeness, DIGITS),
        q_value=ring.q_value,
        score=ring.score,
        coordination=ring.coordination,
        harm=ring.harm,
        why=why_silent(ring, settings),
        entities=entities,
    )


def listed_row(ring: Ring, in_rings: int, names: Mapping[str, str], alert_names: Mapping[str, str]) -> ListedRow:
    """The row of a listed ring; what it comes nearest to is not told yet."""
    return ListedRow(
        ring.ring_id,
        ring.kind,
        ring.score,
        ring.q_value,
        ring.coordination,
        ring.harm,
        ring.alert,
        ring.patients,
        in_rings,
        names.get(ring.ring_id, ""),
        alert_names.get(ring.ring_id, ""),
    )


class Nearest:
    """What a group comes nearest to: the planted ring, and the honest scene with most of its people; ties by id."""

    def __init__(self, planted: Sequence[Planted], scenes: Sequence[Scene]) -> None:
        self.planted = planted
        self.scenes = scenes
        self.scenes_of: dict[str, list[int]] = {}
        for number, scene in enumerate(scenes):
            for person in scene.patients:
                self.scenes_of.setdefault(person, []).append(number)

    def told(self, row: ListedRow, people: frozenset[str]) -> ListedRow:
        """The row with it."""
        near = max(self.planted, key=lambda ring: jaccard(people, ring.patients), default=None)
        likeness = jaccard(people, near.patients) if near else 0.0
        counts: dict[int, int] = {}
        for person in people:
            for number in self.scenes_of.get(person, ()):
                counts[number] = counts.get(number, 0) + 1
        if near and likeness:
            row = replace(row, nearest=near.ring_id, nearest_jaccard=round(likeness, DIGITS))
        if counts:
            best = min(counts, key=lambda number: (-counts[number], number))
            scene = self.scenes[best]
            row = replace(row, scene=scene.scene_id, scene_kind=scene.kind, scene_patients=counts[best])
        return row
