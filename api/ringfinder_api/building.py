"""Makes a snapshot of a run: reads it, masks it, writes every answer. Runs in a process of its own, since it takes
seconds of one core and a few hundred megabytes that the serving process should not keep."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ringfinder.model import ENTITY_TYPES
from ringfinder.report.contract import MemberRow, RingRow
from ringfinder.report.figures import sureness, word
from ringfinder.report.likeness import Profile, profiles
from ringfinder.report.register import ClaimLine, Secrets, hide
from ringfinder.words import LANGUAGES, Language
from ringfinder.workspace import Workspace
from ringfinder_api import drawing, mapping, sources
from ringfinder_api.answers import as_json
from ringfinder_api.snapshot import SORTS, Membership, RingEntry, Snapshot, Sort, Texts, assembled

Node = tuple[str, str]
NAMED_PEOPLE = frozenset({"patient", "doctor", "recruiter"})
WORD = re.compile(r"[A-Za-z0-9_-]+")


def build(folder: Path, run_id: str) -> Snapshot:
    """The snapshot of one run of a workspace; RingFinderError where it cannot be read."""
    place = Workspace(folder)
    source = sources.read(place, place.run(run_id))
    _look_up(source)
    parts = {row.ring_id: _ring(row, source) for row in source.results.rings}
    compared = profiles(source.results, source.lines)
    rings = {ring_id: _entry(ring, source, compared[ring_id]) for ring_id, ring in parts.items()}
    members = _memberships(parts)
    whole: dict[Node, Texts] = {}
    for (kind, entity), found in members.items():
        among = [rings[one.ring_id] for one in found]
        whole[kind, entity] = {lang: assembled(run_id, kind, entity, among, found, lang) for lang in LANGUAGES}
    places: dict[tuple[str, str], list[tuple[str, str]]] = {}
    invoices: dict[str, list[tuple[str, str]]] = {}
    for ring_id, entry in rings.items():
        for claim_id in entry.claim_ids:
            line = source.lines[claim_id]
            places.setdefault((line.facility_id, f"{line.start:%Y-%m-%d}"), []).append((ring_id, claim_id))
            if claim_id in source.invoices:
                invoices.setdefault(source.invoices[claim_id], []).append((ring_id, claim_id))
    facilities = sources.facilities(source.stored.tables)
    return Snapshot(
        run_id,
        rings,
        sources.known(source.stored.tables),
        members,
        whole,
        {at: tuple(found) for at, found in places.items()},
        {number: tuple(found) for number, found in invoices.items()},
        facilities,
        source.register.names("facility", facilities),
        sources.spots(source.stored.tables),
        {node: name for ring in parts.values() for node, name in ring.names.items() if node[0] in NAMED_PEOPLE},
        {sort: _ordered(rings, sort) for sort in SORTS},
    )


def _ordered(rings: Mapping[str, RingEntry], sort: Sort) -> tuple[str, ...]:
    return tuple(ring.ring_id for ring in sorted(rings.values(), key=lambda ring: ring.place(sort)))


def _look_up(source: sources.Source) -> None:
    """Ask the register once for everything, instead of ring by ring."""
    members = source.results.members
    for kind in ENTITY_TYPES:
        source.register.names(kind, {m.entity_id for m in members if m.entity_type == kind})
    source.register.names("facility", {line.facility_id for line in source.lines.values()})
    source.register.secrets({m.entity_id for m in members if m.entity_type == "patient"}, source.lines.values())


@dataclass(frozen=True)
class _Ring:
    """What the answers about one ring are made of."""

    row: RingRow
    members: Sequence[MemberRow]
    lines: Sequence[ClaimLine]
    names: Mapping[Node, str]
    places: Mapping[str, str]
    secrets: Secrets | None

    def reason(self, lang: Language) -> str:
        """The main reason, masked."""
        return hide(self.row.reason_zh if lang == "zh" else self.row.reason_en, self.secrets)


def _ring(row: RingRow, source: sources.Source) -> _Ring:
    members = source.results.members_of(row.ring_id)
    claims = {*source.claims.get(row.ring_id, ()), *_named(row.ring_id, source)}
    lines = [source.lines[claim] for claim in sorted(claims) if claim in source.lines]
    names: dict[Node, str] = {}
    for kind in {m.entity_type for m in members}:
        found = source.register.names(kind, (m.entity_id for m in members if m.entity_type == kind))
        names |= {(kind, entity): name for entity, name in found.items()}
    secrets = source.register.secrets(
        (m.entity_id for m in members if m.entity_type == "patient"),
        lines,
        (m.entity_id for m in members if m.entity_type == "account"),
    )
    places = source.register.names("facility", {line.facility_id for line in lines})
    own = [source.lines[claim] for claim in source.claims.get(row.ring_id, ())]
    return _Ring(row, members, own, names, places, secrets)


def _named(ring_id: str, source: sources.Source) -> set[str]:
    return {claim for row in source.results.evidence_of(ring_id) for claim in row.claim_ids}


def _entry(ring: _Ring, source: sources.Source, profile: Profile) -> RingEntry:
    row = ring.row
    run_id, who = source.stored.run_id, source.register
    about = {"ring_id": row.ring_id, "run_id": run_id}
    summaries = {lang: _summary(ring, source, lang) for lang in LANGUAGES}
    picture = drawing.graph(ring.members, ring.lines, source.ties.get(row.ring_id, ()), _drawn(ring), who)
    return RingEntry(
        row.ring_id,
        row.kind,
        row.score,
        row.q_value,
        row.alert,
        row.patients,
        row.patients - (_patients_before(ring, source) or 0) if source.older else 0,
        row.fund_amount,
        row.first_time,
        row.last_time,
        source.districts[row.ring_id],
        row.districts,
        frozenset(m.entity_id for m in ring.members if m.entity_type == "facility")
        | frozenset(line.facility_id for line in ring.lines),
        tuple(line.claim_id for line in ring.lines),
        row.harm,
        tuple(sorted({m.entity_id for m in ring.members if m.entity_type == "patient"})),
        tuple(drawing.called(ring.members, ring.lines)),
        profile,
        {lang: summaries[lang]["kind_name"] for lang in LANGUAGES},
        mapping.meetings(ring.lines),
        _by_language(lambda lang: as_json(summaries[lang])),
        _by_language(lambda lang: as_json(_head(summaries[lang])).removesuffix(b"}")),
        _by_language(lambda lang: as_json(summaries[lang] | _detail(ring, source, lang))),
        _by_language(lambda lang: as_json(about | {"evidence": _evidence(ring, source, lang)})),
        as_json(about | picture),
        as_json(about | drawing.timeline(ring.members, ring.lines, ring.places, source.money, who)),
        as_json(about | {"history": [_once(run.run_id, run.info, was) for run, was in source.history[row.ring_id]]}),
    )


def _by_language(made: Callable[[Language], bytes]) -> Texts:
    return {lang: made(lang) for lang in LANGUAGES}


def _drawn(ring: _Ring) -> dict[Node, str]:
    """Names of all that may stand in the picture."""
    return dict(ring.names) | {("facility", place): name for place, name in ring.places.items()}


def _patients_before(ring: _Ring, source: sources.Source) -> int | None:
    """How many patients the ring had when it was found last; None where it is new."""
    return next(
        (was.patients for run, was in source.history[ring.row.ring_id] if run.run_id != source.stored.run_id), None
    )


def _change(now: int, before: int | None, older: bool) -> str | None:
    if not older:
        return None
    return "new" if before is None else "grown" if now > before else "shrunk" if now < before else "same"


def _summary(ring: _Ring, source: sources.Source, lang: Language) -> dict[str, Any]:
    row, before = ring.row, _patients_before(ring, source)
    return {
        "ring_id": row.ring_id,
        "kind": row.kind,
        "kind_name": word(row.kind, lang),
        "score": row.score,
        "q_value": row.q_value,
        "sureness": sureness(row.q_value, lang),
        "coordination": row.coordination,
        "harm": row.harm,
        "alert": row.alert,
        "patients": row.patients,
        "patients_before": before,
        "change": _change(row.patients, before, source.older),
        "claims": row.claims,
        "total_amount": row.total_amount,
        "fund_amount": row.fund_amount,
        "first_time": row.first_time,
        "last_time": row.last_time,
        "districts": list(row.districts),
        "reason": ring.reason(lang),
        "places": _named_in(ring.reason(lang), ring),
    }


def _named_in(sentence: str, ring: _Ring) -> dict[str, str]:
    """Names of the places whose ids stand in a sentence."""
    said = set(WORD.findall(sentence))
    return {place: name for place, name in sorted(ring.places.items()) if place in said}


def _head(summary: Mapping[str, Any]) -> dict[str, Any]:
    return {name: summary[name] for name in ("ring_id", "kind", "kind_name", "score", "q_value", "alert", "reason")}


def _detail(ring: _Ring, source: sources.Source, lang: Language) -> dict[str, Any]:
    called = drawing.called(ring.members)
    members = [
        {
            "member": called[m.entity_type, m.entity_id],
            "entity_type": m.entity_type,
            "entity_id": source.register.shown(m.entity_type, m.entity_id),
            "name": ring.names.get((m.entity_type, m.entity_id)),
            "role": m.role,
            "role_name": word(m.role, lang, prefix="role_"),
            "strength": m.strength,
            "claims": m.claims,
        }
        for m in ring.members
    ]
    return {"run_id": source.stored.run_id, "members": members}


def _evidence(ring: _Ring, source: sources.Source, lang: Language) -> list[dict[str, Any]]:
    return [
        {
            "channel": row.channel,
            "channel_name": word(row.channel, lang, room="channels"),
            "side": row.side,
            "sentence": hide(row.sentence_zh if lang == "zh" else row.sentence_en, ring.secrets),
            "observed": row.observed,
            "expected": row.expected,
            "claim_ids": list(row.claim_ids),
        }
        for row in source.results.evidence_of(ring.row.ring_id)
    ]


def _once(run_id: str, info: Mapping[str, Any], row: RingRow) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "started": info.get("started"),
        "kind": row.kind,
        "score": row.score,
        "q_value": row.q_value,
        "alert": row.alert,
        "patients": row.patients,
        "claims": row.claims,
        "fund_amount": row.fund_amount,
    }


def _memberships(rings: Mapping[str, _Ring]) -> dict[Node, tuple[Membership, ...]]:
    """Who is in which rings, surest first; who has two roles in one ring is told with the one that the files name first."""
    found: dict[Node, dict[str, Membership]] = {}
    for ring_id, ring in rings.items():
        reasons = {lang: ring.reason(lang) for lang in LANGUAGES}
        for m in ring.members:
            part = {lang: as_json(_part(m, ring.row, reason, lang)) for lang, reason in reasons.items()}
            found.setdefault((m.entity_type, m.entity_id), {}).setdefault(ring_id, Membership(ring_id, m.role, part))
    return {node: tuple(by_ring.values()) for node, by_ring in found.items()}


def _part(member: MemberRow, row: RingRow, reason: str, lang: Language) -> dict[str, Any]:
    return {
        "ring_id": row.ring_id,
        "kind": row.kind,
        "kind_name": word(row.kind, lang),
        "role": member.role,
        "role_name": word(member.role, lang, prefix="role_"),
        "strength": member.strength,
        "score": row.score,
        "q_value": row.q_value,
        "alert": row.alert,
        "reason": reason,
    }
