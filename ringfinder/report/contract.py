r"""The results as tables: what each column is called, holds and means. Other systems read these files.

A row of `rings`, `members`, `evidence` or `rejects` is a frozen dataclass; its fields, in order, are the file's
columns. The meaning beside each field is what docs/results.md is made from. How a column type is written:

    text    as it is, UTF-8                       list    joined with `;` (a `;` or `\` inside a value as `\;`, `\\`)
    count   a whole number                        money   two decimals, no thousands separator
    flag    true or false                         time    ISO 8601 without offset, to the second
    number  the stated number of decimals, or six significant digits; empty where there is none

In Parquet the same values are typed: string, list<string>, int64, decimal(18,2), bool, timestamp[s], double.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, get_type_hints

ColumnType = Literal["text", "list", "count", "money", "flag", "time", "number"]


@dataclass(frozen=True)
class Column:
    """One column of a result file; `decimals` only for numbers with fixed places."""

    type: ColumnType
    meaning: str
    decimals: int | None = None


@dataclass(frozen=True)
class RingRow:
    """One suspected ring; best first: by score, ties by q_value, then ring_id."""

    ring_id: Annotated[str, Column("text", "the ring's name; it stays from run to run while its patients mostly do")]
    kind: Annotated[
        str, Column("text", "what the ring is consistent with: one of the ten slugs of ringfinder.model.KINDS")
    ]
    score: Annotated[float, Column("number", "0 to 100, higher is surer; never in another order than q_value", 2)]
    q_value: Annotated[
        float,
        Column("number", "share of groups that are no ring to expect among those with this score or a higher one"),
    ]
    coordination: Annotated[float, Column("number", "nats by which the members act together beyond chance", 2)]
    harm: Annotated[float, Column("number", "nats of marks of harm, beyond what honest care lets expect", 2)]
    alert: Annotated[
        bool,
        Column(
            "flag",
            "q_value at most `alert_q`; harm, and its mean with coordination, at least `alert_harm`; "
            "coordination at least `alert_coordination`",
        ),
    ]
    patients: Annotated[int, Column("count", "patients among the members")]
    claims: Annotated[int, Column("count", "claims that are evidence for the ring")]
    total_amount: Annotated[Decimal, Column("money", "bills of those claims, summed")]
    fund_amount: Annotated[Decimal, Column("money", "what the fund paid of them, summed")]
    first_time: Annotated[datetime, Column("time", "start of the first of those claims")]
    last_time: Annotated[datetime, Column("time", "end of the last of those claims (its start where no end is known)")]
    districts: Annotated[tuple[str, ...], Column("list", "districts of the patients, sorted")]
    reason_zh: Annotated[str, Column("text", "the main reason as one Chinese sentence")]
    reason_en: Annotated[str, Column("text", "the main reason as one English sentence")]


@dataclass(frozen=True)
class MemberRow:
    """One member; rings as in `rings`, within a ring by entity_type, strength (falling), entity_id."""

    ring_id: Annotated[str, Column("text", "the ring")]
    entity_type: Annotated[
        str, Column("text", "patient, card, doctor, facility, recruiter, account, operator or terminal")
    ]
    entity_id: Annotated[str, Column("text", "the entity's id in the claims")]
    role: Annotated[str, Column("text", "its role in the ring, a slug; a role is no statement of guilt")]
    strength: Annotated[float, Column("number", "0 to 1: how sure the membership is", 3)]
    claims: Annotated[int, Column("count", "its claims among the ring's claims")]


@dataclass(frozen=True)
class EvidenceRow:
    """One sentence of evidence; rings as in `rings`, the main reason first. One that counts people who are not members says how many."""

    ring_id: Annotated[str, Column("text", "the ring")]
    channel: Annotated[str, Column("text", "the channel that found it")]
    side: Annotated[
        str,
        Column(
            "text",
            "for (coordination), harm (a mark beyond what honest care lets expect) or against (a look-alike weighed)",
        ),
    ]
    sentence_zh: Annotated[str, Column("text", "the sentence in Chinese")]
    sentence_en: Annotated[str, Column("text", "the sentence in English")]
    observed: Annotated[float | None, Column("number", "what was seen, in the unit that the sentence names")]
    expected: Annotated[float | None, Column("number", "what chance would give, in the same unit")]
    claim_ids: Annotated[
        tuple[str, ...], Column("list", "claims that the sentence rests on, sorted; some of them where they are many")
    ]


@dataclass(frozen=True)
class RejectRow:
    """One reason why a row of the input was not loaded."""

    file: Annotated[str, Column("text", "the input file")]
    row: Annotated[
        str,
        Column(
            "text",
            "its row as a spreadsheet counts: the header is row 1 unless blank lines stand above it, blank lines count, "
            "and a line break inside quotes begins no new row",
        ),
    ]
    column: Annotated[str, Column("text", "the column at fault; empty where the whole row is")]
    value: Annotated[
        str,
        Column("text", "the value as it stood there, cut after 200 characters; of a personal column its shape only"),
    ]
    reason: Annotated[str, Column("text", "what is wrong with it: a slug, and after `: ` its sentence, zh / en")]


Row = RingRow | MemberRow | EvidenceRow | RejectRow
ROWS: dict[str, type[Row]] = {
    "rings": RingRow,
    "members": MemberRow,
    "evidence": EvidenceRow,
    "rejects": RejectRow,
}


def columns(row_type: type[Row]) -> dict[str, Column]:
    """The columns of a result file in order, by name."""
    hints = get_type_hints(row_type, include_extras=True)
    return {field.name: hints[field.name].__metadata__[0] for field in fields(row_type)}


def json_value(value: Any) -> str:
    """What JSON has no type for: money as text with two decimals, times as ISO 8601 without fractions."""
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return str(value)


def number(value: float, decimals: int | None) -> str:
    """How a number is written: fixed decimals, or six significant digits."""
    return f"{value:.6g}" if decimals is None else f"{value:.{decimals}f}"
