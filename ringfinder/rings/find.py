"""Detection from end to end: view, channels, competition, certainty, roles, names. It reads like the method."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from itertools import repeat

import numpy as np

from ringfinder.evidence.arrays import distinct, expand
from ringfinder.evidence.once import forget
from ringfinder.evidence.ties import Ties, ties_of
from ringfinder.evidence.view import BLANK, Candidate, Finding, Ints, Longs, View
from ringfinder.evidence.visits import open_view
from ringfinder.model import ClaimSet, Findings, Member, Reason, Ring, Tie
from ringfinder.rings import certainty, kinds, lineage, null_worlds
from ringfinder.rings.competition import compete, strength, wholes
from ringfinder.rings.cores import Busy, side_by_side
from ringfinder.rings.registry import CHANNELS, Channel
from ringfinder.rings.roles import Cast
from ringfinder.settings import DetectionSettings

LISTED = -10.0  # nats: weaker candidates are not worth a line
CLAIM_IDS = 50  # a reason names at most this many claims; the ring's members name the rest
NO_ORGANISER = "reasons.no_hub"
Progress = Callable[[str, float], None]
# Who looks on sees the view, all that the channels proposed, and what stands of it, best first; they must change nothing.
Watch = Callable[[View, Sequence[Candidate], Sequence[Candidate]], None]


def find(
    claim_set: ClaimSet,
    settings: DetectionSettings,
    previous: Sequence[tuple[str, frozenset[str]]] = (),
    progress: Progress | None = None,
    watch: Watch | None = None,
    busy: Busy | None = None,
) -> Findings:
    """Rings of a claim set, best first. `previous`: (ring_id, patient ids) of the run before, for lineage.

    `watch` looks on: the lab learns there where a planted ring was lost. `busy` tells whether the graph is still being built.

    Deterministic: same claims, settings and previous run give the same findings.
    """
    tell = progress or (lambda stage, share: None)
    tell("view", 0.0)
    try:
        view = open_view(claim_set, settings)
        off = {name: channel.off(view) for name, channel in CHANNELS.items()}
        running = [channel for name, channel in CHANNELS.items() if off[name] is None]
        candidates = ranked(view, running, tell, watch, busy)
        between = ties_of(view)
        forget()
        tell("certainty", 0.5)
        # Rings are made of words, by Python alone; the null worlds leave it the time.
        with ThreadPoolExecutor(1) as beside:
            made = beside.submit(lambda: (rings(view, candidates, previous), ties(view, between, candidates)))
            rest = null_worlds.without(view, [c.claims for c in candidates if strength(c) > 0])
            worlds = null_worlds.samples(rest)
            del rest
            null = null_worlds.search(worlds, running)
            named, inside = made.result()
    finally:
        forget()
    strengths = np.array([strength(c) for c in candidates])
    chance = certainty.q_values(strengths, null.strengths[null.strengths > LISTED], null.worlds)
    q = np.maximum(chance, certainty.honest(strengths))
    judged = tuple(
        replace(one, q_value=float(f"{value:.4g}"), alert=alerts(c, float(value), settings))
        for one, c, value in zip(named, candidates, q, strict=True)
    )
    tell("done", 1.0)
    return Findings(judged, inside, tuple((name, why or "on") for name, why in off.items()))


def ranked(
    view: View, channels: Sequence[Channel], tell: Progress, watch: Watch | None = None, busy: Busy | None = None
) -> list[Candidate]:
    """Search and competition: what is worth a line, best first."""
    tell("search", 0.2)
    found = [
        c for some in side_by_side(lambda one: one.search(view), channels, view.settings.threads, busy) for c in some
    ]
    best_first = [c for c in compete(wholes(found), len(view.claims.row)) if strength(c) > LISTED]
    if watch is not None:
        watch(view, found, best_first)
    return best_first


def rings(view: View, candidates: Sequence[Candidate], previous: Sequence[tuple[str, frozenset[str]]]) -> list[Ring]:
    """The candidates as rings with their kinds, names and roles, in their order."""
    cast, operator = Cast(view), view.claims.operator
    sorted_out = [
        replace(
            c, kind=kinds.of_desk(operator[c.claims], partial(cast.usual, c.claims, "operator", known=True), c.kind)
        )
        for c in candidates
    ]
    people = [frozenset(str(view.codes.patient[p]) for p in c.patients) for c in sorted_out]
    names = lineage.name([(c.kind, who) for c, who in zip(sorted_out, people, strict=True)], previous)
    return [ring(view, cast, c, name) for c, name in zip(sorted_out, names, strict=True)]


def ring(view: View, cast: Cast, c: Candidate, ring_id: str) -> Ring:
    """A candidate as a ring, its certainty not judged yet."""
    claims = view.claims
    at = c.claims
    district = view.people.district[c.patients]
    names = view.codes.district
    members = cast.members(c)
    return Ring(
        ring_id=ring_id,
        kind=c.kind,
        score=round(float(certainty.score(np.array([strength(c)]))[0]), 2),
        q_value=1.0,
        coordination=round(c.coordination, 2),
        harm=round(c.harm, 2),
        alert=False,
        patients=len(c.patients),
        claim_ids=claim_ids(view, at),
        total_amount=money(claims.amount[at].sum()),
        fund_amount=money(claims.fund[at].sum()),
        first_time=clock(claims.start[at].min(initial=np.iinfo(np.int64).max)),
        last_time=clock(claims.end[at].max(initial=0)),
        districts=tuple(sorted({str(names[d]) for d in district[district != BLANK]})),
        members=members,
        reasons=tuple(reason(view, f, c.patients) for f in told(c.findings, members)),
    )


def alerts(c: Candidate, q: float, settings: DetectionSettings) -> bool:
    """Whether a ring alerts: surely no chance find, with harm enough, and a group beyond chance at all."""
    return (
        q <= settings.alert_q
        and c.harm >= settings.alert_harm
        and strength(c) >= settings.alert_harm
        and c.coordination >= settings.alert_coordination
    )


def told(findings: Sequence[Finding], members: Sequence[Member]) -> list[Finding]:
    """The findings without what the members contradict: that no organiser is known, where an agent or account is named."""
    organised = any(m.entity_type in ("recruiter", "account") for m in members)
    return [f for f in findings if not (organised and f.key == NO_ORGANISER)]


def reason(view: View, finding: Finding, patients: Ints) -> Reason:
    """A finding of a ring of these `patients` with claim ids for codes."""
    return Reason(
        finding.channel,
        finding.side,
        finding.key,
        finding.values | others_counted(finding, patients),
        round(float(finding.observed), 3),
        round(float(finding.expected), 3),
        claim_ids(view, finding.claims[:CLAIM_IDS]),
    )


def others_counted(finding: Finding, patients: Ints) -> dict[str, object]:
    """How many people a finding counts and how many of them are among the ring's `patients`; nothing where all are."""
    if finding.people is None:
        return {}
    members = int(np.count_nonzero(np.isin(finding.people, patients)))
    return {"counted": len(finding.people), "counted_members": members} if members < len(finding.people) else {}


def claim_ids(view: View, claims: np.ndarray[tuple[int], np.dtype[np.int32]]) -> tuple[str, ...]:
    """Claim ids, sorted, of indices into `Claims`."""
    named = view.codes.claim.take(np.sort(view.claims.row[claims]))
    return tuple(named.to_numpy(zero_copy_only=False).tolist())  # a fifth of the time of `to_pylist`


def money(cents: np.int64) -> Decimal:
    return Decimal(int(cents)) / 100


def clock(second: np.int64) -> datetime:
    return datetime.fromtimestamp(int(second), UTC).replace(tzinfo=None)


def ties(view: View, between: Ties, candidates: Sequence[Candidate]) -> tuple[Tie, ...]:
    """Ties inside listed rings, for the graph."""
    ids = view.codes.patient
    first = np.searchsorted(between.a, np.arange(len(ids) + 1))
    of_rings: list[Longs] = [np.zeros(0, np.int64)]
    for c in candidates:
        near, _ = expand(first[c.patients], first[c.patients + np.int64(1)])
        of_rings.append(near[np.isin(between.b[near], c.patients)])
    inside = distinct(np.concatenate(of_rings))  # ties are sorted by (a, b)
    observed, expected, weight = (
        getattr(between, name)[inside].tolist() for name in ("observed", "expected", "weight")
    )
    rounded = ([round(value, 4) for value in expected], [round(value, 3) for value in weight])
    pairs = (ids[between.a[inside]].tolist(), ids[between.b[inside]].tolist())
    return tuple(map(Tie._make, zip(*pairs, repeat("together"), observed, *rounded, strict=False)))
