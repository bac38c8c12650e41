"""What passes between rooms: claim sets, rings, members, reasons, runs. Frozen; no behaviour beyond naming."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Literal, NamedTuple, get_args

Kind = Literal[
    "paid_referral",
    "retained_cards",
    "lent_cards",
    "drug_resale",
    "sham_stay",
    "rotation",
    "fake_bills",
    "doctor_pharmacy",
    "insider",
    "after_death",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
EntityType = Literal["patient", "card", "doctor", "facility", "recruiter", "account", "operator", "terminal"]
ENTITY_TYPES: tuple[EntityType, ...] = get_args(EntityType)
Side = Literal["for", "harm", "against"]


@dataclass(frozen=True)
class SetAside:
    """A value that identifies nobody (default phone, unknown doctor): `people` carry it in `table`.`column`."""

    table: str
    column: str
    value: str
    people: int


@dataclass(frozen=True)
class ClaimSet:
    """Canonical tables on disk, checked.

    `folder` holds one Parquet file a table that exists (`claims.parquet`, ...), every canonical column present and typed
    as `tables.SQL_TYPES` says (NULL where unknown), rows sorted by key. `filled` names the columns that hold at least one
    value. `sources` is what was read: (file, rows, sha256). `hours_known` is False when every time is a bare day.
    `notes` are catalogue keys with values for people (unknown extra columns, collapsed duplicates, ...). `profile` is the
    source that the files followed, given or recognised.
    """

    folder: Path
    rows: Mapping[str, int]
    filled: Mapping[str, frozenset[str]]
    hours_known: bool
    set_aside: tuple[SetAside, ...] = ()
    rejected: int = 0
    rejects_file: Path | None = None
    sources: tuple[tuple[str, int, str], ...] = ()
    notes: tuple[tuple[str, Mapping[str, object]], ...] = ()
    profile: str = ""

    def path(self, table: str) -> Path:
        """The Parquet file of a canonical table (it may not exist: see `rows`)."""
        return self.folder / f"{table}.parquet"


@dataclass(frozen=True)
class Reason:
    """One sentence of evidence: a key of the catalogue with its values, a count and what was to be expected.

    `side`: "for" (coordination), "harm" (a mark beyond what honest care lets expect), "against" (a look-alike considered: what speaks
    against the ring, or why the look-alike does not explain it). `observed` and `expected` are in the unit the sentence names.
    """

    channel: str
    side: Side
    key: str
    values: Mapping[str, object] = field(default_factory=dict)
    observed: float | None = None
    expected: float | None = None
    claim_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Member:
    """An entity in a ring. `strength` 0 to 1: how sure the membership is; `claims`: its claims in the ring's evidence."""

    entity_type: str
    entity_id: str
    role: str
    strength: float
    claims: int


@dataclass(frozen=True)
class Ring:
    """A suspected ring. `coordination` and `harm` in nats; `score` 0 to 100 in the order of `q_value`.

    `reasons[0]` is the main one and gives the `reason_zh` and `reason_en` columns. `claim_ids` are the ring's claims.
    """

    ring_id: str
    kind: str
    score: float
    q_value: float
    coordination: float
    harm: float
    alert: bool
    patients: int
    claim_ids: tuple[str, ...]
    total_amount: Decimal
    fund_amount: Decimal
    first_time: datetime
    last_time: datetime
    districts: tuple[str, ...]
    members: tuple[Member, ...]
    reasons: tuple[Reason, ...]


class Tie(NamedTuple):
    """Two patients tied by one channel: `observed` meetings where `expected` would come by chance; `weight` in nats.

    A tuple, since large claim sets have half a million, and a store takes them as rows.
    """

    patient_a: str
    patient_b: str
    channel: str
    observed: int
    expected: float
    weight: float


@dataclass(frozen=True)
class Findings:
    """What detection returns: rings best first, ties for the graph, channels that ran or were off and why.

    `channels`: (channel, "on" or catalogue key of the reason it was off).
    """

    rings: tuple[Ring, ...]
    ties: tuple[Tie, ...]
    channels: tuple[tuple[str, str], ...]
