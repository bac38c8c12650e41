"""One alert on the page: what it is, how sure, why, who, when, and what speaks against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ringfinder.model import ENTITY_TYPES
from ringfinder.report.contract import EvidenceRow, MemberRow, RingRow
from ringfinder.report.figures import claims_named, money, numbers_of, period, q_sentence, sureness, word
from ringfinder.report.html import Markup, element, join
from ringfinder.report.network import COLOURS, MOST_HUBS, MOST_PATIENTS, network
from ringfinder.report.register import ClaimLine, Register, Secrets, hide
from ringfinder.report.timeline import MOST_ROWS, OTHER_PLACE, place_colours, timeline
from ringfinder.words import Language, say

MOST_LISTED = 60  # members of one type; the rest stand in the result files
PLACES_DRAWN = 3  # the busiest places of the ring stand in the graph even where they are no members
LIFE = 40 * 200  # pale dots, so that a page stays light


@dataclass(frozen=True)
class Case:
    """Everything that one alert's section shows, looked up and masked."""

    ring: RingRow
    members: tuple[MemberRow, ...]
    evidence: tuple[EvidenceRow, ...]
    claims: tuple[ClaimLine, ...]
    life: tuple[ClaimLine, ...]
    labels: Mapping[tuple[str, str], str]
    secrets: Secrets | None


def drawn(members: Sequence[MemberRow]) -> list[str]:
    """The patients whose lives the timeline shows, the surest ones."""
    return [m.entity_id for m in members if m.entity_type == "patient"][:MOST_ROWS]


def case_of(
    ring: RingRow,
    members: Sequence[MemberRow],
    evidence: Sequence[EvidenceRow],
    claim_ids: Sequence[str],
    register: Register,
) -> Case:
    """The case of one ring; `claim_ids` are the ring's claims."""
    patients = [m.entity_id for m in members if m.entity_type == "patient"]
    claims = tuple(register.claims(claim_ids).values())
    life = tuple(register.life(drawn(members)))
    labels: dict[tuple[str, str], str] = {}
    places = {line.facility_id for line in claims}
    for kind in ENTITY_TYPES:
        ids = {m.entity_id for m in members if m.entity_type == kind} | (places if kind == "facility" else set())
        names = register.names(kind, ids)
        labels |= {(kind, entity): names.get(entity) or register.shown(kind, entity) for entity in sorted(ids)}
    accounts = [m.entity_id for m in members if m.entity_type == "account"]
    secrets = register.secrets(patients, claims, accounts)
    return Case(ring, tuple(members), tuple(evidence), claims, life[:LIFE], labels, secrets)


def alert_section(case: Case, rank: int, register: Register, lang: Language) -> Markup:
    """The section of one alert."""
    ring = case.ring
    patients = [m.entity_id for m in case.members if m.entity_type == "patient"]
    return element(
        "section",
        element(
            "header",
            element("div", element("span", str(rank), class_="rank"),
                    element("div",
                            element("h3", word(ring.kind, lang)),
                            element("p", ring.ring_id, class_="ring-id")), class_="name"),
            gauge(ring, lang),
        ),
        element("p", reason_of(case, lang), class_="lead"),
        element("p", q_sentence(ring.q_value, lang), class_="quiet"),
        facts(ring, lang),
        evidence(case, lang),
        time_figure(case, lang),
        element("div", _graph_figure(case, patients, lang), members(case, register, lang), class_="pair"),
        law(ring, lang),
        class_="alert", id=_anchor(ring.ring_id),
    )  # fmt: skip


def reason_of(case: Case, lang: Language) -> str:
    """The main reason, masked."""
    return hide(case.ring.reason_zh if lang == "zh" else case.ring.reason_en, case.secrets)


def law(ring: RingRow, lang: Language) -> Markup:
    """What a ring of this kind does, and the articles concerned."""
    return element(
        "p",
        word(ring.kind + "_meaning", lang), " ",
        element("span", say("report.rests_on", lang), ": ", word(ring.kind + "_law", lang)),
        class_="law",
    )  # fmt: skip


def _anchor(ring_id: str) -> str:
    """Ring ids as anchors: whatever they hold, attributes are escaped and a link needs no spaces."""
    return "ring-" + "".join(c if c.isalnum() else "-" for c in ring_id)


def contents_line(ring: RingRow, rank: int, lang: Language, in_full: bool = True) -> Markup:
    """The alert's row in the list at the head of the report; a link where its section follows (`in_full`)."""
    kind = word(ring.kind, lang)
    return element(
        "tr",
        element("td", str(rank), class_="number"),
        element("td", element("a", kind, href="#" + _anchor(ring.ring_id)) if in_full else kind),
        element("td", ring.ring_id, class_="id"),
        element("td", f"{ring.score:.0f}", class_="number"),
        element("td", sureness(ring.q_value, lang)),
        element("td", f"{ring.patients:,}", class_="number"),
        element("td", money(ring.fund_amount), class_="number"),
        element("td", period(ring.first_time, ring.last_time, lang)),
    )


def gauge(ring: RingRow, lang: Language) -> Markup:
    """The score, and how sure it is in words."""
    return element(
        "div",
        element("div", element("b", f"{ring.score:.0f}"), element("span", " / 100"), class_="value"),
        element("div", element("i", style=f"width:{min(max(ring.score, 0), 100):.0f}%"), class_="bar"),
        element("div", sureness(ring.q_value, lang), class_="sure"),
        class_="gauge",
    )


def facts(ring: RingRow, lang: Language) -> Markup:
    """The ring in numbers."""
    numbers = (
        ("patients", f"{ring.patients:,}"),
        ("claims", f"{ring.claims:,}"),
        ("total", money(ring.total_amount)),
        ("fund", money(ring.fund_amount)),
        ("period", period(ring.first_time, ring.last_time, lang)),
        ("districts", say("report.comma", lang).join(ring.districts)),
        ("q", f"{ring.q_value:.2g}"),
        ("coordination", say("report.nats", lang, value=f"{ring.coordination:.1f}")),
        ("harm", say("report.nats", lang, value=f"{ring.harm:.1f}")),
    )
    return element(
        "dl",
        *(
            element("div", element("dt", say(f"report.{key}", lang)), element("dd", value))
            for key, value in numbers
            if value
        ),
        class_="facts",
    )


def evidence(case: Case, lang: Language) -> Markup:
    """What speaks for the ring, its marks of harm, and what was considered against it."""
    bodies = []
    for side in ("for", "harm", "against"):
        rows = [row for row in case.evidence if row.side == side]
        if not rows:
            continue
        head = element("tr", element("th", say(f"kinds.side_{side}", lang)),
                       element("th", say("report.observed", lang), class_="number"),
                       element("th", say("report.expected", lang), class_="number"))  # fmt: skip
        lines = (
            element(
                "tr",
                element("td",
                        hide(row.sentence_zh if lang == "zh" else row.sentence_en, case.secrets),
                        _claim_note(row, lang)),
                *(element("td", number, class_="number") for number in numbers_of(row, lang)),
            )
            for row in rows
        )  # fmt: skip
        bodies.append(element("tbody", head, *lines, class_=side))
    return join(element("h4", say("report.evidence", lang)), element("table", *bodies, class_="evidence"))


def _claim_note(row: EvidenceRow, lang: Language) -> Markup | None:
    return element("small", claims_named(row.claim_ids, lang)) if row.claim_ids else None


def time_figure(case: Case, lang: Language) -> Markup | None:
    """When the members came where; None for a ring without claims."""
    patients = [m.entity_id for m in case.members if m.entity_type == "patient"]
    labels = {patient: case.labels["patient", patient] for patient in patients}
    order = sorted(patients[:MOST_ROWS], key=lambda p: (_first_claim(case, p), p))
    title = say("report.timeline", lang)
    picture = timeline(order, labels, case.claims, case.life, title)
    note = _note("timeline_note", MOST_ROWS, len(patients), lang)
    return picture and _figure(title, picture, _places(case, lang), note)


def hubs_of(case: Case) -> list[tuple[str, str]]:
    """What members share, heaviest first: members that are no patients or cards, and the ring's busiest places."""
    named = {(m.entity_type, m.entity_id) for m in case.members if m.entity_type not in {"patient", "card"}}
    places = {("facility", place) for place in list(place_colours(case.claims))[:PLACES_DRAWN]}
    return sorted(named | places, key=lambda hub: (-_weight(case, hub), hub))


def _graph_figure(case: Case, patients: Sequence[str], lang: Language) -> Markup | None:
    hubs = hubs_of(case)
    title = say("report.network", lang)
    picture = network(patients, hubs, case.labels, case.claims, title)
    drawn = {"patient"} | {kind for kind, _ in hubs[:MOST_HUBS]}
    legend = [(colour, word(kind, lang)) for kind, colour in COLOURS.items() if kind in drawn]
    note = _note("network_note", MOST_PATIENTS, len(patients), lang)
    return picture and _figure(title, picture, legend, note)


def _figure(title: str, picture: Markup, legend: Sequence[tuple[str, str]], note: str) -> Markup:
    return element("figure", element("h4", title), picture, _legend(legend), element("figcaption", note))


def _note(key: str, most: int, patients: int, lang: Language) -> str:
    """A picture's caption, and how many of the members it shows where not all."""
    note = say(f"report.{key}", lang)
    return note if patients <= most else f"{note} {say('report.timeline_cut', lang, shown=most, patients=patients)}"


def _first_claim(case: Case, patient: str) -> str:
    return min((line.start.isoformat() for line in case.claims if line.patient_id == patient), default="~")


def _weight(case: Case, hub: tuple[str, str]) -> int:
    return sum(line.entities.get(hub[0]) == hub[1] for line in case.claims)


def _places(case: Case, lang: Language) -> list[tuple[str, str]]:
    colours = place_colours(case.claims)
    named = [(colour, _place(case, place)) for place, colour in colours.items() if colour != OTHER_PLACE]
    return named + ([(OTHER_PLACE, say("report.other_places", lang))] if OTHER_PLACE in colours.values() else [])


def _legend(entries: Sequence[tuple[str, str]]) -> Markup:
    return element(
        "ul", *(element("li", element("i", style=f"background:{colour}"), label) for colour, label in entries),
        class_="legend",
    )  # fmt: skip


def _place(case: Case, place: str) -> str:
    """A place by name and by the id that sentences call it."""
    label = case.labels["facility", place]
    return label if label == place else f"{label} {place}"


def members(case: Case, register: Register, lang: Language) -> Markup:
    """The members by type, the surest first."""
    groups = []
    for kind in ENTITY_TYPES:
        found = [m for m in case.members if m.entity_type == kind]
        if not found:
            continue
        rows = [
            element(
                "tr",
                element("td", case.labels[kind, m.entity_id]),
                element("td", register.shown(kind, m.entity_id), class_="id"),
                element("td", word(m.role, lang, prefix="role_")),
                element("td", f"{m.strength:.2f}", class_="number"),
                element("td", f"{m.claims:,}", class_="number"),
            )
            for m in found[:MOST_LISTED]
        ]
        if len(found) > MOST_LISTED:
            more = say("report.more_members", lang, count=len(found) - MOST_LISTED)
            rows.append(element("tr", element("td", more, colspan=5, class_="quiet")))
        head = element("tr", element("th", word(kind, lang), f" ({len(found)})", colspan=2),
                       element("th", say("report.role", lang)),
                       element("th", say("report.strength", lang), class_="number"),
                       element("th", say("report.claims", lang), class_="number"))  # fmt: skip
        groups.append(element("tbody", head, *rows))
    return element(
        "div", element("h4", say("report.members", lang)), element("table", *groups, class_="members"), class_="who"
    )
