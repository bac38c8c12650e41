"""A case as answers tell it: its own words, the names of states in the caller's language, what became of its rings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Request

from ringfinder.casebook.articles import article_name
from ringfinder.casebook.case_deadlines import term_of
from ringfinder.casebook.case_record import Record, closing, lacking, open_on
from ringfinder.casebook.case_states import CASE, DECISION
from ringfinder.casebook.cases import Case
from ringfinder.casebook.law import Judged, Rung, ladder
from ringfinder.casebook.linked_rings import LinkedRing, SeenRing, fate
from ringfinder.casebook.rules import Rules
from ringfinder.casebook.who import Who
from ringfinder.report.figures import word
from ringfinder.words import Language, say
from ringfinder_api.access.guard import caller_of
from ringfinder_api.snapshot import RingEntry, Snapshot

LISTED = ("case_id", "version", "state", "title", "origin", "origin_id", "priority", "assignee", "due_on", "campaign")
VIOLATED = ("number", "subject", "subject_id", "behaviour", "article", "intent", "amount", "established_on", "text")
HEARD = ("number", "subject", "subject_id", "form", "told_on", "held_on", "statement", "considered")
CHECKED = ("number", "district", "question", "asked_at", "asked_by", "agrees", "answer", "answered_at", "answered_by")
DECIDED = (
    *("number", "violation", "kind", "state", "basis", "amount", "received", "months", "provisional", "reason"),
    *("proposed_by", "decided_on", "decided_by", "begins_on", "free_on", "ended_on", "ended_reason"),
)
MOMENTS = ("created_at", "updated_at", "closed_at")


def who_of(request: Request) -> Who:
    """Who acts in the casebook, of a request that was admitted."""
    caller = caller_of(request)
    return Who(caller.actor, caller.caller_id, caller.roles, caller.districts)


def seen_ring(ring: RingEntry, run_id: str) -> SeenRing:
    """A ring of the run that is served, as the casebook takes it."""
    return SeenRing(ring.ring_id, run_id, ring.kind, ring.people, ring.harm, ring.fund_amount)


def summary_of(case: Case, lang: Language) -> dict[str, Any]:
    """A case in a list."""
    return {
        **{name: getattr(case, name) for name in LISTED},
        "state_name": say(f"cases.state_{case.state}", lang),
        "districts": list(case.districts),
        "resolution": case.resolution,
        "created_by": case.created_by,
        **{name: getattr(case, name) for name in MOMENTS},
        "erased_on": case.erased_on,
    }


def detail_of(record: Record, snapshot: Snapshot | None, who: Who, lang: Language, rules: Rules) -> dict[str, Any]:
    """A case in full. `snapshot` None: there is no run, and nobody knows what became of its rings."""
    case = record.case
    due = term_of(case.due_on, case.due_since, rules)
    return {
        **summary_of(case, lang),
        "summary": case.summary,
        "due_basis": None if due is None else due.term.basis(lang),
        "due_provisional": due is not None and due.provisional,
        "reason": case.reason,
        "duplicate_of": case.duplicate_of,
        "possible": list(CASE.possible(case.state)) if case.erased_on is None else [],
        "resolutions": list(closing(record)),
        "rings": [_ring(one, snapshot, who, lang) for one in record.rings],
        "violations": [_violation(one, record, lang) | _named(one, snapshot, who) for one in record.violations],
        "hearings": [{name: one[name] for name in HEARD} | _named(one, snapshot, who) for one in record.hearings],
        "checks": [{name: one[name] for name in CHECKED} for one in record.checks],
        "decisions": [_decision(one, record, lang) for one in record.decisions],
    }


def _violation(found: Mapping[str, Any], record: Record, lang: Language) -> dict[str, Any]:
    named = {
        "behaviour_name": say(f"cases.behaviour_{found['behaviour']}", lang),
        "article_name": article_name(found["article"], lang),
        "stands": found["removed_at"] is None,
        "ladder": [_rung(one, lang) for one in ladder(Judged(found["behaviour"], found["intent"], found["amount"]))],
        "open": [_rung(one, lang) for one in open_on(record, found)],
    }
    return {name: found[name] for name in VIOLATED} | named


def _named(part: Mapping[str, Any], snapshot: Snapshot | None, who: Who) -> dict[str, Any]:
    """What the subject is called, as far as the run that is served knows it: a facility by its name, a person masked."""
    subject_id = part["subject_id"]
    if snapshot is None:
        return {"subject_name": None}
    if part["subject"] == "facility":
        return {"subject_name": snapshot.names.get(subject_id)}
    return {"subject_name": snapshot.person(subject_id, who.districts)}


def _rung(rung: Rung, lang: Language) -> dict[str, Any]:
    told = {name: value for name, value in vars(rung).items() if name != "basis"}
    return told | {"kind_name": say(f"cases.kind_{rung.kind}", lang), "basis_name": article_name(rung.basis, lang)}


def _decision(found: Mapping[str, Any], record: Record, lang: Language) -> dict[str, Any]:
    return {name: found[name] for name in DECIDED} | {
        "kind_name": say(f"cases.kind_{found['kind']}", lang),
        "state_name": say(f"cases.decision_{found['state']}", lang),
        "basis_name": article_name(found["basis"], lang),
        "possible": list(DECISION.possible(found["state"])),
        "lacks": list(lacking(record, found)),
    }


def _ring(linked: LinkedRing, snapshot: Snapshot | None, who: Who, lang: Language) -> dict[str, Any]:
    ring = linked.ring
    became, now = None, []
    if snapshot is not None:
        holders = {one.ring_id for person in ring.people for one in snapshot.members.get(("patient", person), ())}
        found = fate(
            ring.ring_id, frozenset(ring.people), {one: frozenset(snapshot.rings[one].people) for one in holders}
        )
        became = found.became
        # A ring that went elsewhere is not told to who may not see it.
        now = [
            {"ring_id": ring_id, "shared": shared}
            for ring_id, shared in found.now
            if snapshot.rings[ring_id].seen_by(who.districts)
        ]
    return {
        "ring_id": ring.ring_id,
        "run_id": ring.run_id,
        "kind": ring.kind,
        "kind_name": word(ring.kind, lang),
        "patients": len(ring.people),
        "fund_amount": ring.fund_amount,
        "linked_at": linked.linked_at,
        "linked_by": linked.linked_by,
        "became": became,
        "became_name": None if became is None else say(f"cases.became_{became}", lang),
        "now": now,
    }
