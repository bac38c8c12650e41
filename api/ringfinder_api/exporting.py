"""A ring as one HTML file or as a workbook, masked; the work of a process of its own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ringfinder.report import one_ring, workbook
from ringfinder.report.alert import Case
from ringfinder.report.figures import word
from ringfinder.report.register import Register, hide
from ringfinder.words import Language, say
from ringfinder.workspace import Workspace

Rows = Sequence[Sequence[Any]]


def ring_page(folder: Path, run_id: str, ring_id: str, claim_ids: Sequence[str], lang: Language) -> bytes:
    """The ring's section of the report, as a page of its own."""
    case, register = _case(folder, run_id, ring_id, claim_ids)
    return one_ring.page(case, register, lang).encode()


def ring_workbook(folder: Path, run_id: str, ring_id: str, claim_ids: Sequence[str], lang: Language) -> bytes:
    """Sheets of members, evidence and claims, and one that says what this is."""
    case, register = _case(folder, run_id, ring_id, claim_ids)
    sheets = {
        say("api.sheet_members", lang): _members(case, register, lang),
        say("api.sheet_evidence", lang): _evidence(case, lang),
        say("api.sheet_claims", lang): _claims(case, register, lang),
        say("api.sheet_about", lang): _about(case, run_id, lang),
    }
    return workbook.of_sheets(sheets)


def _case(folder: Path, run_id: str, ring_id: str, claim_ids: Sequence[str]) -> tuple[Case, Register]:
    stored = Workspace(folder).run(run_id)
    return one_ring.look_up(stored.results, stored.tables, ring_id, claim_ids)


def _members(case: Case, register: Register, lang: Language) -> Rows:
    heads = [say(f"api.head_{name}", lang) for name in ("entity_type", "entity_id", "name")]
    heads += [say(f"report.{name}", lang) for name in ("role", "strength", "claims")]
    rows = [
        [
            word(m.entity_type, lang),
            register.shown(m.entity_type, m.entity_id),
            register.names(m.entity_type, [m.entity_id]).get(m.entity_id),
            word(m.role, lang, prefix="role_"),
            m.strength,
            m.claims,
        ]
        for m in case.members
    ]
    return [heads, *rows]


def _evidence(case: Case, lang: Language) -> Rows:
    heads = [say("report.evidence", lang), say("api.head_side", lang), say("report.observed", lang)]
    heads += [say("report.expected", lang), say("api.head_claim_ids", lang)]
    rows = [
        [
            hide(row.sentence_zh if lang == "zh" else row.sentence_en, case.secrets),
            say(f"kinds.side_{row.side}", lang),
            row.observed,
            row.expected,
            say("report.comma", lang).join(row.claim_ids),
        ]
        for row in case.evidence
    ]
    return [heads, *rows]


def _claims(case: Case, register: Register, lang: Language) -> Rows:
    heads = [say(f"cases.col_{name}", lang) for name in ("claim_id", "patient", "facility")]
    heads.append(say("api.head_facility_name", lang))
    heads += [say(f"cases.col_{name}", lang) for name in ("service_type", "claim_begins", "claim_ends")]
    rows = [
        [
            line.claim_id,
            register.shown("patient", line.patient_id),
            register.shown("facility", line.facility_id),
            register.names("facility", [line.facility_id]).get(line.facility_id),
            word(line.service_type, lang),
            line.start,
            line.end,
        ]
        for line in sorted(case.claims, key=lambda one: (one.start, one.claim_id))
    ]
    return [heads, *rows]


def _about(case: Case, run_id: str, lang: Language) -> Rows:
    ring = case.ring
    return [
        [say("report.ring", lang), ring.ring_id],
        [say("report.kind", lang), word(ring.kind, lang)],
        [say("report.reason", lang), hide(ring.reason_zh if lang == "zh" else ring.reason_en, case.secrets)],
        [say("report.score", lang), ring.score],
        [say("report.q", lang), ring.q_value],
        [say("cli.col_alert", lang), say("cli.yes" if ring.alert else "cli.no", lang)],
        [say("cli.col_run", lang), run_id],
        *([] if ring.alert else [["", say("report.not_an_alert", lang)]]),
    ]
