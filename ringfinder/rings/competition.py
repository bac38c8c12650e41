"""Competition: a claim is evidence for one ring only, over all channels.

Candidates are taken strongest first; what a ring explains is spent. A weaker candidate about the same people adds its findings
to the ring (two witnesses of one crime); one that keeps too little unspent evidence is gone; otherwise its scores shrink with what
it lost.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace
from functools import reduce

import numpy as np

from ringfinder.evidence.view import Candidate, Finding

SAME_PEOPLE = 0.4  # Jaccard of two candidates' people from which they are one ring
PART = 0.75  # or this share of the weaker one's people are the stronger one's
DEAD = "reasons.dead"
FREE = -1  # a claim that serves no ring yet
SPENT = 0.5  # a candidate that lost this share of its claims is explained
GUESSED, TOLD = ("paid_referral", "retained_cards"), ("rotation", "doctor_pharmacy", "after_death")
SURE = 8.0  # nats
WAVE = 0.7  # of a group's people go back and forth: it is a wave of that rotation


def strength(candidate: Candidate) -> float:
    """What a candidate is ranked by, in nats: harm, or the mean of both scores where coordination is the weaker.

    Both speak for the ring beyond chance, so their sum is the joint evidence; but harm must carry its part alone: the most
    coordinated groups of all are honest.
    """
    return min(candidate.harm, (candidate.coordination + candidate.harm) / 2)


def order(candidates: list[Candidate]) -> list[Candidate]:
    """Strongest first; ties by coordination, kind and people."""
    return sorted(
        candidates, key=lambda c: (-round(strength(c), 9), -round(c.coordination, 9), c.kind, c.patients.tolist())
    )


def compete(candidates: list[Candidate], claims: int) -> list[Candidate]:
    """The candidates that stand, strongest first. `claims`: how many there are in the view."""
    serves = np.full(claims, FREE, np.int64)  # by claim: the standing ring whose evidence it is
    owner: dict[int, list[int]] = defaultdict(list)  # by patient: the standing rings that he is one of
    won: list[Candidate] = []
    for candidate in order(candidates):
        twin = same_people(candidate, won, owner)
        if twin >= 0:
            ours = candidate.claims[np.isin(serves[candidate.claims], (FREE, twin))]
            serves[ours] = twin
            won[twin] = join(won[twin], replace(candidate, claims=ours))
            for p in candidate.patients.tolist():
                owner[p].append(twin)
            continue
        one = without_the_dead(candidate, won, owner)
        ours = one.claims[serves[one.claims] == FREE]
        lost = 1.0 - len(ours) / len(one.claims) if len(one.claims) else 1.0
        if lost >= SPENT:
            continue
        serves[ours] = len(won)
        for p in one.patients.tolist():
            owner[p].append(len(won))
        kept = 1.0 - lost
        coordination = min(one.coordination, one.coordination * kept)
        won.append(replace(one, claims=ours, coordination=coordination, harm=one.harm * kept))
    return sorted(order(won), key=strength, reverse=True)  # `order` takes for equal what differs in its last bits


def same_people(one: Candidate, won: list[Candidate], owner: Mapping[int, list[int]]) -> int:
    """Index of the standing ring with most of the same people, or -1."""
    best = (-1.0, -1)
    for ring in sorted({ring for p in one.patients.tolist() for ring in owner.get(p, ())}):
        both = int(np.count_nonzero(np.isin(one.patients, won[ring].patients)))
        jaccard = both / (len(one.patients) + len(won[ring].patients) - both)
        if jaccard >= SAME_PEOPLE or both >= PART * len(one.patients):
            best = max(best, (jaccard, -ring))
    return -best[1] if best[0] >= 0 else -1


def without_the_dead(one: Candidate, won: list[Candidate], owner: Mapping[int, list[int]]) -> Candidate:
    """The candidate without its claims after death, where most of those dead belong to a standing ring of such claims.

    An agent's living clients are no ring because he also claims for dead ones: these are told once, by the ring that they are.
    """
    dead = next((f for f in one.findings if f.key == DEAD), None)
    if dead is None or one.living is None:
        return one
    told = sum(any(won[ring].kind == "after_death" for ring in owner.get(p, ())) for p in one.patients.tolist())
    if 2 * told < dead.observed:
        return one
    kind, harm = one.living
    return replace(one, kind=kind, harm=harm, findings=tuple(f for f in one.findings if f is not dead), living=None)


def join(ring: Candidate, witness: Candidate) -> Candidate:
    """The ring with another channel's findings; the one that shows more harm names the people, and mostly the kind.

    A witness whose people are no group beyond chance names nobody. Of empty beds some show in people who lie there together, others in
    people whose beds stand empty time after time (`empty_stays`): these are named by both.
    """
    better = witness.harm > ring.harm and witness.coordination > 0
    first, second = (witness, ring) if better else (ring, witness)
    if first.kind == second.kind == "sham_stay" and {first.channel, second.channel} == {"together", "transfers"}:
        first = with_people(first, second)
    return replace(
        first,
        kind=second.kind if names_better(second, first) else first.kind,
        hubs=first.hubs + tuple(h for h in second.hubs if h[:2] not in {x[:2] for x in first.hubs}),
        claims=np.union1d(ring.claims, witness.claims).astype(np.int32),
        coordination=max(ring.coordination, witness.coordination),
        harm=max(ring.harm, witness.harm),
        findings=counted(first) + counted(second),
    )


def with_people(ring: Candidate, other: Candidate) -> Candidate:
    """The ring with the other's people besides."""
    more = ~np.isin(other.patients, ring.patients)
    people = np.r_[ring.patients, other.patients[more]]
    order = np.argsort(people, kind="stable")
    return replace(
        ring,
        patients=people[order].astype(np.int32),
        strength=np.r_[ring.strength, other.strength[more]][order],
        findings=counted(ring),
    )


def counted(one: Candidate) -> tuple[Finding, ...]:
    """The candidate's findings with the people whom they count: they will stand beside another's."""
    return tuple(f if f.people is not None else replace(f, people=one.patients) for f in one.findings)


def names_better(one: Candidate, other: Candidate) -> bool:
    """Whether the witness of less harm knows better what the ring does.

    Back and forth between hospitals, a doctor's pharmacy and dead people's claims are told apart by their own channels, co-presence only
    guesses from the shape of the visits. Who comes together to be treated has no fake bills, whoever is paid.
    """
    if other.kind in GUESSED and one.kind in TOLD:
        return one.harm >= SURE
    return (
        other.kind == "fake_bills" and one.channel == "together" and one.harm >= SURE / 2 and one.coordination >= SURE
    )


def wholes(candidates: list[Candidate]) -> list[Candidate]:
    """Candidates with the waves of each rotation joined to it: groups of co-presence most of whose people go back and forth.

    People who are passed on in turn are seen as one wave a place; no wave holds them all, and each may look stronger than the whole.
    Where a whole is nothing beyond chance, since honest patients are passed on over the same road, its waves alone are the ring.
    """
    rotations = [c for c in order(candidates) if c.kind == "rotation" and c.channel == "transfers"]
    if not rotations:
        return candidates
    rest = order([c for c in candidates if not (c.kind == "rotation" and c.channel == "transfers")])
    goes: dict[int, list[int]] = {}  # by patient: the rotations whose people he is one of
    for i, rotation in enumerate(rotations):
        for p in rotation.patients.tolist():
            goes.setdefault(p, []).append(i)
    kept: list[Candidate] = []
    waves: list[list[Candidate]] = [[] for _ in rotations]
    for one in rest:
        inside = Counter(i for p in one.patients.tolist() for i in goes.get(p, ())) if one.channel == "together" else {}
        whole = min((i for i, n in inside.items() if n >= WAVE * len(one.patients)), default=None)
        if whole is None:
            kept.append(one)
        else:
            waves[whole].append(one)
    for rotation, its in zip(rotations, waves, strict=True):
        kept.append(reduce(united, its, rotation if not its or rotation.coordination > 0 else of_waves(rotation, its)))
    return kept


def of_waves(rotation: Candidate, waves: list[Candidate]) -> Candidate:
    """The rotation with the people of its waves alone, to be `united` with them: what it shows itself tells of honest patients too."""
    people = np.concatenate([wave.patients for wave in waves])
    surest = np.lexsort((-np.concatenate([wave.strength for wave in waves]), people))
    patients, first = np.unique(people[surest], return_index=True)
    strengths = np.concatenate([wave.strength for wave in waves])[surest][first]
    return replace(
        rotation,
        patients=patients.astype(np.int32),
        strength=strengths,
        claims=rotation.claims[:0],
        coordination=-np.inf,
        harm=-np.inf,
        findings=(),
    )


def united(rotation: Candidate, wave: Candidate) -> Candidate:
    """The rotation with what its wave shows; the people are the rotation's."""
    return replace(
        rotation,
        hubs=rotation.hubs + tuple(h for h in wave.hubs if h[:2] not in {x[:2] for x in rotation.hubs}),
        claims=np.union1d(rotation.claims, wave.claims).astype(np.int32),
        coordination=max(rotation.coordination, wave.coordination),
        harm=max(rotation.harm, wave.harm),
        findings=counted(rotation) + counted(wave),
    )
