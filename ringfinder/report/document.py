"""report.html: one page that carries everything it needs; no script, no font, no picture from elsewhere.

Head (what was read, how many alerts), each alert in full, then every other group of the results in one of three lists
(harm but not sure enough, coordination without harm, neither), how to read the numbers, what the tool cannot see. Alerts
beyond the first hundred stand in the table of alerts only, other groups beyond the first hundred of a list without their
reason: no group is left out. Every value goes through `html.element` and is escaped there; personal values are masked unless told
otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from ringfinder.model import ENTITY_TYPES
from ringfinder.report import html
from ringfinder.report.alert import alert_section, case_of, contents_line, drawn
from ringfinder.report.contract import RingRow
from ringfinder.report.figures import money, period, word
from ringfinder.report.html import Markup, element
from ringfinder.report.register import Register, Secrets, hide
from ringfinder.report.results import Results, harmless
from ringfinder.words import Language, catalogue, say

MOST_ALERTS = 100  # in full; a page beyond that is read by nobody
MOST_LISTED = 100  # of a list, with their reasons


@dataclass(frozen=True)
class Intake:
    """What a run read and how it was judged. `off`: (channel, catalogue key of the reason)."""

    sources: tuple[tuple[str, int, str], ...]
    rows: Mapping[str, int]
    patients: int
    facilities: int
    first: datetime | None
    last: datetime | None
    rejected: int
    set_aside: int
    off: tuple[tuple[str, str], ...]
    version: str
    alert_harm: float


def document(
    results: Results,
    claims_of: Mapping[str, Sequence[str]],
    intake: Intake,
    register: Register,
    lang: Language,
) -> str:
    """The whole page. `claims_of`: a ring's claims by ring_id."""
    alerts = [ring for ring in results.rings if ring.alert]
    unsure = [ring for ring in results.rings if not ring.alert and ring.harm >= intake.alert_harm]
    together = harmless(results.rings, intake.alert_harm)
    told = {ring.ring_id for ring in (*alerts, *unsure, *together)}
    lists = {"unsure": unsure, "harmless": together, "weak": [r for r in results.rings if r.ring_id not in told]}
    listed = [ring for rings in lists.values() for ring in rings[:MOST_LISTED]]
    _look_up(alerts[:MOST_ALERTS], listed, results, claims_of, register)
    return html.page(
        say("report.title", lang),
        _head(alerts, intake, register, lang),
        _contents(alerts, lang),
        *_alerts(alerts, results, claims_of, register, lang),
        *(
            _listed(key, rings, results, claims_of, register, lang)
            for key, rings in lists.items()
            if rings or key == "harmless"
        ),
        _reading(intake, lang),
        element("footer", say("report.made_by", lang, version=intake.version)),
        lang=lang,
    )


def _look_up(
    alerts: Sequence[RingRow],
    listed: Sequence[RingRow],
    results: Results,
    claims_of: Mapping[str, Sequence[str]],
    register: Register,
) -> None:
    """Ask the register once for everything that the page shows, instead of ring by ring."""
    members = [m for ring in alerts for m in results.members_of(ring.ring_id)]
    for kind in ENTITY_TYPES:
        register.names(kind, (m.entity_id for m in members if m.entity_type == kind))
    register.life(p for ring in alerts for p in drawn(results.members_of(ring.ring_id)))
    shown = [*alerts, *listed]
    claims = register.claims(claim for ring in shown for claim in claims_of.get(ring.ring_id, ()))
    register.names("facility", (line.facility_id for line in claims.values()))
    register.secrets(
        (m.entity_id for ring in shown for m in results.members_of(ring.ring_id) if m.entity_type == "patient"),
        claims.values(),
    )


def _head(alerts: Sequence[RingRow], intake: Intake, register: Register, lang: Language) -> Markup:
    facts: list[tuple[str, str]] = [
        ("read_claims", f"{intake.rows.get('claims', 0):,}"),
        ("read_patients", f"{intake.patients:,}"),
        ("read_facilities", f"{intake.facilities:,}"),
        ("read_period", period(intake.first, intake.last, lang) if intake.first and intake.last else ""),
        ("read_rejected", f"{intake.rejected:,}"),
    ]
    return element(
        "header",
        element("h1", say("report.title", lang)),
        element("p", say("report.subtitle", lang), class_="subtitle"),
        element("p", _verdict(alerts, lang), class_="verdict some" if alerts else "verdict none"),
        element("h2", say("report.read", lang)),
        element(
            "dl",
            *(element("div", element("dt", say(f"report.{key}", lang)), element("dd", v)) for key, v in facts if v),
            class_="facts",
        ),
        element(
            "p",
            say("report.read_files", lang), ": ",
            "; ".join(
                say("report.file_line", lang, name=name, rows=rows, digest=digest[:12])
                for name, rows, digest in intake.sources
            ),
            class_="quiet",
        ) if intake.sources else None,
        element("p", say("report.unmasked" if register.unmask else "report.masked", lang), class_="quiet"),
        class_="page-head",
    )  # fmt: skip


def _verdict(alerts: Sequence[RingRow], lang: Language) -> str:
    if not alerts:
        return say("report.alerts_none", lang)
    return say(
        "report.alerts_some",
        lang,
        alerts=len(alerts),
        patients=sum(ring.patients for ring in alerts),
        claims=sum(ring.claims for ring in alerts),
        fund=money(sum((ring.fund_amount for ring in alerts), Decimal(0))),
    )


def _contents(alerts: Sequence[RingRow], lang: Language) -> Markup | None:
    if not alerts:
        return None
    heads = (("", ""), ("kind", ""), ("ring", ""), ("score", "number"), ("", ""), ("patients", "number"),
             ("fund", "number"), ("period", ""))  # fmt: skip
    return element(
        "nav",
        element("h2", say("report.alerts_heading", lang)),
        element(
            "table",
            element("tr", *(element("th", say(f"report.{h}", lang) if h else "", class_=c or None) for h, c in heads)),
            *(contents_line(ring, i, lang, in_full=i <= MOST_ALERTS) for i, ring in enumerate(alerts, start=1)),
            class_="contents",
        ),
        element("p", say("report.alerts_cut", lang, shown=MOST_ALERTS)) if len(alerts) > MOST_ALERTS else None,
    )


def _alerts(
    alerts: Sequence[RingRow],
    results: Results,
    claims_of: Mapping[str, Sequence[str]],
    register: Register,
    lang: Language,
) -> list[Markup]:
    return [
        alert_section(
            case_of(
                ring,
                results.members_of(ring.ring_id),
                results.evidence_of(ring.ring_id),
                claims_of.get(ring.ring_id, ()),
                register,
            ),
            rank,
            register,
            lang,
        )
        for rank, ring in enumerate(alerts[:MOST_ALERTS], start=1)
    ]


def _listed(
    key: str,
    rings: Sequence[RingRow],
    results: Results,
    claims_of: Mapping[str, Sequence[str]],
    register: Register,
    lang: Language,
) -> Markup:
    shown_ids = {ring.ring_id for ring in rings[:MOST_LISTED]}
    people = {m.entity_id for m in results.members if m.ring_id in shown_ids and m.entity_type == "patient"}
    claims = register.claims(claim for ring_id in sorted(shown_ids) for claim in claims_of.get(ring_id, ()))
    secrets = register.secrets(
        people, claims.values(), {m.entity_id for m in results.members if m.entity_type == "account"}
    )
    heads = (("ring", ""), ("reason", ""), *((name, "number") for name in _NUMBERS))
    table = element(
        "table",
        element("tr", *(element("th", say(f"report.{key}", lang), class_=style or None) for key, style in heads)),
        *(_line(ring, ring.ring_id in shown_ids, secrets, lang) for ring in rings),
        class_="harmless",
    )
    return element(
        "section",
        element("h2", say(f"report.{key}", lang)),
        element("p", say(f"report.{key}_note", lang), class_="quiet"),
        table if rings else element("p", say("report.harmless_none", lang)),
        element("p", say("report.harmless_cut", lang, shown=MOST_LISTED, count=len(rings)), class_="quiet")
        if len(rings) > MOST_LISTED
        else None,
    )


_NUMBERS = ("patients", "score", "q", "coordination", "harm")


def _line(ring: RingRow, with_reason: bool, secrets: Secrets | None, lang: Language) -> Markup:
    """A group in a list: its reason and the numbers of `_NUMBERS`. Not its kind: the word for a crime does not belong
    beside people who bear no marks of it."""
    reason = hide(ring.reason_zh if lang == "zh" else ring.reason_en, secrets) if with_reason else None
    numbers = (
        f"{ring.patients:,}",
        f"{ring.score:.0f}",
        f"{ring.q_value:.2g}",
        f"{ring.coordination:.1f}",
        f"{ring.harm:.1f}",
    )
    return element(
        "tr",
        element("td", ring.ring_id, class_="id"),
        element("td", reason),
        *(element("td", number, class_="number") for number in numbers),
    )


def _reading(intake: Intake, lang: Language) -> Markup:
    off = [
        say("report.off_line", lang, channel=word(channel, lang, room="channels"), why=why(key, lang))
        for channel, key in intake.off
    ]
    return element(
        "section",
        element("h2", say("report.reading", lang)),
        _points(say(f"report.reading_{key}", lang)
                for key in ("score", "q", "coordination", "harm", "observed", "strength", "listed")),
        element("h2", say("report.blind", lang)),
        _points(say(f"report.blind_{key}", lang) for key in ("one", "few", "paper", "why")),
        element("h2", say("report.off", lang)),
        _points(off) if off else element("p", say("report.off_none", lang)),
        element("p", say("report.set_aside", lang, count=intake.set_aside)) if intake.set_aside else None,
        class_="reading",
    )  # fmt: skip


def why(key: str, lang: Language) -> str:
    """Why a channel is off: the text of a catalogue key, or the key itself where the catalogue has none."""
    return say(key, lang) if key in catalogue() else key


def _points(lines: Iterable[str]) -> Markup:
    return element("ul", *(element("li", line) for line in lines))
