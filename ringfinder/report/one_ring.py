"""One ring as a page of its own: the section that the report gives it, whether or not it alerts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ringfinder.report import html
from ringfinder.report.alert import Case, alert_section, case_of
from ringfinder.report.figures import word
from ringfinder.report.files import read_results
from ringfinder.report.html import element
from ringfinder.report.register import Register
from ringfinder.words import Language, say


def look_up(
    results: Path, tables: Path, ring_id: str, claim_ids: Sequence[str], unmask: bool = False
) -> tuple[Case, Register]:
    """The case of one ring of a run, and who knows the names in it; UsageError for an unknown ring."""
    found, register = read_results(results), Register(tables, unmask)
    members, evidence = found.members_of(ring_id), found.evidence_of(ring_id)
    return case_of(found.ring(ring_id), members, evidence, claim_ids, register), register


def page(case: Case, register: Register, lang: Language) -> str:
    """The whole file; it needs nothing from elsewhere. Of a ring that is no alert the page says so first."""
    return html.page(
        f"{word(case.ring.kind, lang)} {case.ring.ring_id}",
        None if case.ring.alert else element("p", say("report.not_an_alert", lang), class_="verdict none"),
        alert_section(case, 1, register, lang),
        element("p", say("report.unmasked" if register.unmask else "report.masked", lang), class_="quiet"),
        lang=lang,
    )
