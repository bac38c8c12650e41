"""What became of a planted ring, and the stage that lost it.

    alerted            matched by an alert
    not_alerted        matched by a listed ring that does not alert; `why` says which bar it missed
    no_tie             no seed or candidate holds three of its people and a quarter of them
    no_group           some seed did, and after membership nothing has a Jaccard index of 0.2 with it
    trimmed            a group came near and fell short of 0.5, with less than half of its people left
    swollen            a group came near and fell short of 0.5, though half of its people are in it: too many others
    scored_low         a group of its people existed, and scored below the floor of groups or of listed rings
    lost_competition   a candidate of its people stood high enough and lost its claims to another, or was joined to it

`Watch` looks into a run through the seam of `rings.find.find` (`watch`): it gets the view, all that the channels proposed and
what stood after the competition. For rings that nothing standing matches it runs the first steps of co-presence again
(seeds, membership, judging), which the run has in its short memory anyway. The other channels grow their groups from
counts of their own that leave no seeds; their candidates count as seed and group alike.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ringfinder.evaluation.matching import SAME_RING
from ringfinder.evaluation.truth import Planted
from ringfinder.evidence import hubs as hubbing
from ringfinder.evidence.arrays import tally
from ringfinder.evidence.marks import mark
from ringfinder.evidence.presence import observe
from ringfinder.evidence.ties import ties_of
from ringfinder.evidence.view import Candidate, Floats, Ints, Longs, View
from ringfinder.lab.results import Fate
from ringfinder.model import Ring
from ringfinder.rings import together
from ringfinder.rings.bases import rates
from ringfinder.rings.competition import strength
from ringfinder.rings.find import LISTED
from ringfinder.rings.groups import Groups
from ringfinder.rings.membership import assemble
from ringfinder.rings.seeds import sow
from ringfinder.settings import DetectionSettings

SEED_PEOPLE, SEED_SHARE = 3, 0.25  # a seed holds a ring from so many of its people, and from this share of them on
NEAR = 0.2  # Jaccard from which a group is one of this ring at all


@dataclass(frozen=True)
class Reach:
    """How far a planted ring came. `seed`: largest share of its people in one seed; `group`: largest Jaccard of a group after
    membership, `kept`: share of its people there; `scored`: the same Jaccard among groups above the floor; `candidate`:
    among candidates before the competition, `strength`: the strongest of those that match, else of the nearest, in nats."""

    seed: float = 0.0
    group: float = 0.0
    kept: float = 0.0
    scored: float = 0.0
    candidate: float = 0.0
    strength: float = 0.0


def lost(reach: Reach) -> Fate:
    """The stage that lost a ring which no listed ring matches."""
    if reach.seed < SEED_SHARE:
        return "no_tie"
    if reach.group < NEAR:
        return "no_group"
    if reach.group < SAME_RING:
        return "swollen" if reach.kept >= SAME_RING else "trimmed"
    if reach.scored < SAME_RING or (reach.candidate >= SAME_RING and reach.strength <= LISTED):
        return "scored_low"
    return "lost_competition"


def why_silent(ring: Ring, settings: DetectionSettings) -> tuple[str, ...]:
    """The bars of an alert that a listed ring missed."""
    nats = min(ring.harm, (ring.coordination + ring.harm) / 2)
    missed = (
        ("q", ring.q_value > settings.alert_q),
        ("harm", ring.harm < settings.alert_harm),
        ("strength", nats < settings.alert_harm),
        ("coordination", ring.coordination < settings.alert_coordination),
    )
    return tuple(name for name, is_so in missed if is_so)


class Watch:
    """Looks on while rings are found; afterwards `reach` says of rings that nothing matched how far they came.

    `seconds` is what the looking cost: no part of the detection.
    """

    def __init__(self, planted: Sequence[Planted]) -> None:
        self.planted = planted
        self.reach: Mapping[str, Reach] = {}
        self.seconds = 0.0

    def __call__(self, view: View, proposed: Sequence[Candidate], standing: Sequence[Candidate]) -> None:
        begun = time.perf_counter()
        number = {str(patient): code for code, patient in enumerate(view.codes.patient)}
        people = {
            ring.ring_id: np.array(sorted(number[p] for p in ring.patients if p in number), np.int32)
            for ring in self.planted
        }
        stood, there = Overlaps.of_candidates(standing), Overlaps.of_candidates(proposed)
        unmatched = {ring: who for ring, who in people.items() if stood.jaccard(who).max(initial=0.0) < SAME_RING}
        known = {ring: candidates_reach(there, proposed, who) for ring, who in people.items()}
        if unmatched:
            seeds, groups, above = co_presence(view)
            for ring, who in unmatched.items():
                known[ring] = joined(known[ring], seeds, groups, above, who)
        self.reach = known
        self.seconds = time.perf_counter() - begun


@dataclass(frozen=True)
class Overlaps:
    """Groups held flat, to be held against a set of people."""

    group: Longs
    patient: Ints
    count: int

    @staticmethod
    def of_groups(groups: Groups) -> Overlaps:
        return Overlaps(groups.group, groups.patient, groups.count)

    @staticmethod
    def of_candidates(candidates: Sequence[Candidate]) -> Overlaps:
        sizes = [len(c.patients) for c in candidates]
        everybody = np.concatenate([c.patients for c in candidates]) if candidates else np.zeros(0, np.int32)
        return Overlaps(np.repeat(np.arange(len(sizes)), sizes).astype(np.int64), everybody, len(sizes))

    def shared(self, people: Ints) -> Longs:
        """By group, how many of these people are in it."""
        return np.asarray(tally(self.group, np.isin(self.patient, people), self.count)).astype(np.int64)

    def jaccard(self, people: Ints) -> Floats:
        """By group, the Jaccard index with these people."""
        both = self.shared(people)
        sizes = np.bincount(self.group, minlength=self.count)
        return both / np.maximum(1, sizes + len(people) - both)

    def largest_share(self, people: Ints) -> float:
        """The largest share of these people in one group; 0 where that is fewer than three of them."""
        most = int(self.shared(people).max(initial=0))
        return most / len(people) if most >= SEED_PEOPLE else 0.0


def candidates_reach(there: Overlaps, proposed: Sequence[Candidate], people: Ints) -> Reach:
    """How far a ring came by the candidates alone."""
    likeness = there.jaccard(people)
    if not likeness.any():
        return Reach()
    nearest = int(likeness.argmax())
    matching = [strength(proposed[i]) for i in np.flatnonzero(likeness >= SAME_RING).tolist()]
    top = float(likeness[nearest])
    kept = int(there.shared(people)[nearest]) / len(people)
    return Reach(there.largest_share(people), top, kept, top, top, max(matching, default=strength(proposed[nearest])))


def joined(reach: Reach, seeds: Overlaps, groups: Overlaps, above: Overlaps, people: Ints) -> Reach:
    """The reach by candidates, and by the groups of co-presence before they contested."""
    likeness = groups.jaccard(people)
    group, kept = reach.group, reach.kept
    if likeness.max(initial=0.0) > group:
        nearest = int(likeness.argmax())
        group, kept = float(likeness[nearest]), int(groups.shared(people)[nearest]) / len(people)
    return Reach(
        max(reach.seed, seeds.largest_share(people)) if len(people) else 0.0,
        group,
        kept,
        max(reach.scored, float(above.jaccard(people).max(initial=0.0))),
        reach.candidate,
        reach.strength,
    )


def co_presence(view: View) -> tuple[Overlaps, Overlaps, Overlaps]:
    """Seeds of co-presence, its groups after membership, and those of them above the floor: as `together.rings` begins."""
    presence, hubs = observe(view), hubbing.find(view)
    seeds = sow(presence, ties_of(view, presence), hubs, mark(view).flags["in_bed"])
    groups, meetings = assemble(presence, seeds, hubs.sole(len(view.codes.patient), "recruiter"))
    state = together.judge(presence, rates(presence, mark(view)), groups, meetings)
    above = state.groups.pick(state.together.score > together.FLOOR)
    return Overlaps.of_groups(seeds), Overlaps.of_groups(groups), Overlaps.of_groups(above)
