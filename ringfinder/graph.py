"""The graph model: labels, relationship types, keys and properties; one source for stores, queries and docs.

A claim set becomes a graph so that each canonical column has exactly one place: it is the key or a property of a
node, or it says whom a relationship joins. Read that place back and the column is there again, NULL where it was NULL.

- A label's nodes are all ids found in its `sources` (columns of canonical tables). A person, doctor or facility that
  occurs only in claims gets a node too, with `registered` false: it is no row of its table.
- A phone or an account is one node however many people and columns name it. Which column said so is kept in the
  relationship: by the label it starts from, and by `use` where one label has two such columns.
- Money is a double here, DECIMAL in the canonical tables: both Cypher dialects sum, compare and hand out doubles
  alike, and a double holds each DECIMAL(14,2) apart, so that rounding to two digits gives it back exactly.

Results stand beside the claims: `Ring`, `TIED`, `HAS_MEMBER`, `RESTS_ON`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ringfinder.tables import BY_NAME, TABLES, Column

PropertyType = Literal["text", "number", "count", "time", "date", "flag", "texts"]
Group = Literal["claims", "results"]

# What a canonical column type becomes in the graph.
_FROM_COLUMN: dict[str, PropertyType] = {
    "id": "text",
    "text": "text",
    "money": "number",
    "number": "number",
    "time": "time",
    "date": "date",
}


@dataclass(frozen=True)
class Source:
    """A column of a canonical table."""

    table: str
    column: str

    @property
    def definition(self) -> Column:
        return BY_NAME[self.table].column(self.column)

    def __str__(self) -> str:
        return f"{self.table}.{self.column}"


@dataclass(frozen=True)
class Property:
    """A property of a node or relationship; `source` is the one column it holds, None for our own and shared ones."""

    name: str
    type: PropertyType
    meaning: str
    source: Source | None = None
    personal: bool = False


@dataclass(frozen=True)
class Label:
    """A node label. `table` is the canonical table whose rows are its registered nodes, if there is one."""

    name: str
    key: str
    meaning: str
    properties: tuple[Property, ...]
    table: str | None = None
    sources: tuple[Source, ...] = ()
    group: Group = "claims"

    @property
    def property_names(self) -> tuple[str, ...]:
        return tuple(p.name for p in self.properties)


@dataclass(frozen=True)
class End:
    """One pair of labels that a relationship type joins.

    `source` is the column that names the `target` node, in the table whose rows are `origin` nodes (`reverse`: the row
    is the target and the column names the origin); None for results. `fixed` are property values this column gives.
    """

    origin: str
    target: str
    source: Source | None = None
    fixed: tuple[tuple[str, str], ...] = ()
    reverse: bool = False


@dataclass(frozen=True)
class Relationship:
    """A relationship type and the pairs of labels it joins. `derived`: repeats a property, holds no column itself."""

    type: str
    meaning: str
    ends: tuple[End, ...]
    properties: tuple[Property, ...] = ()
    derived: bool = False
    group: Group = "claims"


def _columns(table: str, names: str) -> tuple[Property, ...]:
    found = (BY_NAME[table].column(name) for name in names.split())
    return tuple(Property(c.name, _FROM_COLUMN[c.type], c.meaning, Source(table, c.name), c.personal) for c in found)


def _source(name: str) -> Source:
    table, column = name.split(".")
    return Source(table, column)


def _sources(*names: str) -> tuple[Source, ...]:
    return tuple(_source(name) for name in names)


def _end(origin: str, target: str, source: str, *, reverse: bool = False, **fixed: str) -> End:
    return End(origin, target, _source(source), tuple(fixed.items()), reverse)


REGISTERED = Property(
    "registered", "flag", "true where the table of its own has a row for it, false where only others name it"
)
SET_ASIDE = Property(
    "set_aside", "flag", "true for a value that more people carry than can know it (hotline, unknown doctor)"
)


def _key(name: str, meaning: str, personal: bool = False) -> Property:
    return Property(name, "text", meaning, personal=personal)


LABELS: tuple[Label, ...] = (
    Label(
        "Claim",
        "claim_id",
        "one settled claim",
        _columns(
            "claims",
            "claim_id service_type start_time end_time settled_at total_amount fund_amount"
            " diagnosis_code drug_code invoice_number refund_of",
        ),
        table="claims",
        sources=_sources("claims.claim_id"),
    ),
    Label(
        "Patient",
        "patient_id",
        "an insured person",
        (
            *_columns("patients", "patient_id name birth_date sex id_number district category death_date"),
            REGISTERED,
            SET_ASIDE,
        ),
        table="patients",
        sources=_sources("patients.patient_id", "claims.patient_id", "cards.patient_id"),
    ),
    Label(
        "Card",
        "card_id",
        "a card or credential",
        (*_columns("cards", "card_id"), REGISTERED, SET_ASIDE),
        table="cards",
        sources=_sources("cards.card_id", "claims.card_id"),
    ),
    Label(
        "Doctor",
        "doctor_id",
        "who treats or prescribes",
        (*_columns("doctors", "doctor_id name"), REGISTERED, SET_ASIDE),
        table="doctors",
        sources=_sources("doctors.doctor_id", "claims.doctor_id"),
    ),
    Label(
        "Facility",
        "facility_id",
        "a hospital, clinic or pharmacy",
        (
            *_columns("facilities", "facility_id name kind level district latitude longitude"),
            REGISTERED,
            SET_ASIDE,
        ),
        table="facilities",
        sources=_sources("facilities.facility_id", "claims.facility_id", "doctors.facility_id"),
    ),
    Label(
        "Recruiter",
        "recruiter_id",
        "an agent, go-between or referrer; honest ones too",
        (*_columns("recruiters", "recruiter_id name"), REGISTERED, SET_ASIDE),
        table="recruiters",
        sources=_sources("recruiters.recruiter_id", "claims.recruiter_id"),
    ),
    Label(
        "Operator",
        "operator_id",
        "who settles claims at the agency or the till",
        (_key("operator_id", "who settled the claim"), SET_ASIDE),
        sources=_sources("claims.operator_id"),
    ),
    Label(
        "Terminal",
        "terminal_id",
        "a till or terminal",
        (_key("terminal_id", "the till or terminal"), SET_ASIDE),
        sources=_sources("claims.terminal_id"),
    ),
    Label(
        "Account",
        "account",
        "a bank account, whoever names it",
        (_key("account", "account number", personal=True), SET_ASIDE),
        sources=_sources("claims.payee_account", "patients.bank_account", "recruiters.bank_account"),
    ),
    Label(
        "Phone",
        "number",
        "a phone number, whoever names it",
        (_key("number", "phone number", personal=True), SET_ASIDE),
        sources=_sources("patients.phone", "patients.contact_phone", "recruiters.phone"),
    ),
    Label(
        "Address",
        "address",
        "a home address",
        (_key("address", "the address as written", personal=True), SET_ASIDE),
        sources=_sources("patients.address"),
    ),
    Label(
        "SetAside",
        "set_aside_id",
        "a value that the claims reader set aside as identifying nobody",
        (
            _key("set_aside_id", "table, column and value joined by dots", personal=True),
            Property("table_name", "text", "canonical table"),
            Property("column_name", "text", "its column"),
            Property("value", "text", "the value", personal=True),
            Property("people", "count", "how many people carry it"),
        ),
    ),
    Label(
        "ClaimSet",
        "claim_set_id",
        "what is known of the claims as a whole; one node",
        (
            _key("claim_set_id", "always `claims`"),
            Property("hours_known", "flag", "false where every time is a bare day: midnight then means unknown hour"),
        ),
    ),
    Label(
        "Ring",
        "ring_id",
        "a suspected ring of one run",
        (
            _key("ring_id", "stays the same from run to run while most members stay"),
            Property("run_id", "text", "the run that found it"),
            Property("kind", "text", "slug of the kind of ring"),
            Property("score", "number", "0 to 100, higher is surer"),
            Property("q_value", "number", "share of false rings to expect at this score or above"),
            Property("coordination", "number", "coordination beyond chance, nats"),
            Property("harm", "number", "marks of harm beyond what honest care lets expect, nats"),
            Property("alert", "flag", "sure enough and harmful enough to be looked at"),
            Property("patients", "count", "members that are patients"),
            Property("claims", "count", "claims that the ring rests on"),
            Property("total_amount", "number", "their bills"),
            Property("fund_amount", "number", "what the fund paid of them"),
            Property("first_time", "time", "start of the first of them"),
            Property("last_time", "time", "start of the last of them"),
            Property("districts", "texts", "districts of their facilities"),
            Property("reason_zh", "text", "main reason, Chinese"),
            Property("reason_en", "text", "main reason, English"),
        ),
        group="results",
    ),
)

RELATIONSHIPS: tuple[Relationship, ...] = (
    Relationship("FOR_PATIENT", "the claim is for", (_end("Claim", "Patient", "claims.patient_id"),)),
    Relationship("WITH_CARD", "the card used", (_end("Claim", "Card", "claims.card_id"),)),
    Relationship("AT_FACILITY", "where the care was given", (_end("Claim", "Facility", "claims.facility_id"),)),
    Relationship("BY_DOCTOR", "who treated or prescribed", (_end("Claim", "Doctor", "claims.doctor_id"),)),
    Relationship(
        "VIA_RECRUITER", "go-between named on the claim", (_end("Claim", "Recruiter", "claims.recruiter_id"),)
    ),
    Relationship("PAID_TO", "the account reimbursed", (_end("Claim", "Account", "claims.payee_account"),)),
    Relationship("SETTLED_BY", "who settled the claim", (_end("Claim", "Operator", "claims.operator_id"),)),
    Relationship("AT_TERMINAL", "the till used", (_end("Claim", "Terminal", "claims.terminal_id"),)),
    Relationship(
        "REFUNDS",
        "the claim that this one cancels, where it is in the set (`refund_of` names it in any case)",
        (_end("Claim", "Claim", "claims.refund_of"),),
        derived=True,
    ),
    Relationship("HOLDS", "the card's holder", (_end("Patient", "Card", "cards.patient_id", reverse=True),)),
    Relationship(
        "HAS_PHONE",
        "a phone and whose it is",
        (
            _end("Patient", "Phone", "patients.phone", use="own"),
            _end("Patient", "Phone", "patients.contact_phone", use="contact"),
            _end("Recruiter", "Phone", "recruiters.phone", use="own"),
        ),
        (Property("use", "text", "own, or contact for the contact person's"),),
    ),
    Relationship("LIVES_AT", "home address", (_end("Patient", "Address", "patients.address"),)),
    Relationship(
        "OWNS",
        "the person's own account",
        (
            _end("Patient", "Account", "patients.bank_account"),
            _end("Recruiter", "Account", "recruiters.bank_account"),
        ),
    ),
    Relationship("WORKS_AT", "where the doctor is registered", (_end("Doctor", "Facility", "doctors.facility_id"),)),
    Relationship(
        "TIED",
        "two patients who meet more often than chance explains; from the smaller id to the larger",
        (End("Patient", "Patient"),),
        (
            Property("channel", "text", "which channel saw it"),
            Property("observed", "count", "meetings"),
            Property("expected", "number", "meetings to be expected by chance"),
            Property("weight", "number", "evidence, nats"),
        ),
        group="results",
    ),
    Relationship(
        "HAS_MEMBER",
        "an entity that belongs to a ring",
        tuple(
            End("Ring", label)
            for label in ("Patient", "Card", "Doctor", "Facility", "Recruiter", "Account", "Operator", "Terminal")
        ),
        (
            Property("entity_type", "text", "patient, card, doctor, ..."),
            Property("entity_id", "text", "its id, whatever the label calls it"),
            Property("role", "text", "its role in the ring"),
            Property("strength", "number", "0 to 1: how sure the membership is"),
            Property("claims", "count", "its claims among those the ring rests on"),
        ),
        group="results",
    ),
    Relationship("RESTS_ON", "a claim that is evidence for the ring", (End("Ring", "Claim"),), group="results"),
)


def label(name: str) -> Label:
    """The label of that name; KeyError if there is none."""
    return {found.name: found for found in LABELS}[name]


def relationship(name: str) -> Relationship:
    """The relationship type of that name; KeyError if there is none."""
    return {found.type: found for found in RELATIONSHIPS}[name]


ENTITY_LABELS: dict[str, str] = {end.target.lower(): end.target for end in relationship("HAS_MEMBER").ends}
"""Entity type of a `model.Member` -> its label."""

ENTITIES = (*ENTITY_LABELS, "claim", "ring", "phone", "address")
"""What a column of an answer may name by its id."""


def labels_of(group: Group) -> tuple[Label, ...]:
    """The labels that come from the claims, or those that hold results."""
    return tuple(found for found in LABELS if found.group == group)


def relationships_of(group: Group) -> tuple[Relationship, ...]:
    """The relationship types that come from the claims, or those that hold results."""
    return tuple(found for found in RELATIONSHIPS if found.group == group)


def places() -> dict[str, str]:
    """Where each canonical column lives: "claims.card_id" -> "(:Claim)-[:WITH_CARD]->(:Card)", in the tables' order."""
    found: dict[str, str] = {}
    for one in LABELS:
        found |= {str(p.source): f"(:{one.name}).{p.name}" for p in one.properties if p.source}
    for kind in RELATIONSHIPS:
        for end in kind.ends:
            if end.source is not None and not kind.derived:
                found[str(end.source)] = arrow(kind, end)
    order = [str(Source(table.name, column)) for table in TABLES for column in table.column_names]
    return {column: found[column] for column in order}


def arrow(kind: Relationship, end: End) -> str:
    """The Cypher pattern of one pair of labels, with the property values that its column gives."""
    fixed = "".join(f" {{{name}: '{value}'}}" for name, value in end.fixed)
    return f"(:{end.origin})-[:{kind.type}{fixed}]->(:{end.target})"
