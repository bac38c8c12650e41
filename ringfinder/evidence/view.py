"""The view that every channel searches: claims and visits as coded arrays, people and places beside them.

Ids are coded by their sorted order, so that neither row order nor threads can matter; `BLANK` (-1) stands for "not known"
and for values that the claims room set aside. Amounts are whole cents, times whole seconds since 1970-01-01 (local).
A channel never changes a view: a null world is a new view with some arrays replaced.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ringfinder.settings import DetectionSettings

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ids = NDArray[np.object_]

BLANK = -1
NEVER = np.int64(np.iinfo(np.int64).max)
INPATIENT, OUTPATIENT, PHARMACY = 0, 1, 2
MINUTE, HOUR, DAY = 60, 3600, 86400


@dataclass(frozen=True)
class Claims:
    """Live claims (refunds and what they refund left out), sorted by (patient, start, claim_id); arrays of equal length.

    `row` is the claim's index in `Codes.claim` (claim ids in sorted order). `visit` is its visit's index in `Visits`.
    """

    row: Ints
    visit: Ints
    patient: Ints
    facility: Ints
    service: NDArray[np.int8]
    start: Longs
    end: Longs  # start where unknown
    settled: Longs  # NEVER where unknown
    amount: Longs
    fund: Longs
    card: Ints
    doctor: Ints
    recruiter: Ints
    account: Ints
    operator: Ints
    terminal: Ints
    diagnosis: Ints
    drug: Ints
    invoice: Ints

    @property
    def settled_later(self) -> Bools:
        """By claim: settled on a later day than its care ended; what is settled at the till, or nobody knows when, is not."""
        later: Bools = (self.settled != NEVER) & (self.settled // DAY > self.end // DAY)
        return later


@dataclass(frozen=True)
class Visits:
    """One decision each: stays settled monthly are one stay, tills at one place within 2 h one visit.

    Sorted by (patient, start). Columns as in `Claims`, from the visit's first claim that knows them; `amount` is the sum.
    `course`: repeats a regular course of treatment (dialysis, cycles; its first visit is the decision and is not flagged).
    `programme`: belongs to an organiser's day (check-up, vaccination): many households, one place, one day, one price.
    """

    patient: Ints
    facility: Ints
    service: NDArray[np.int8]
    start: Longs
    end: Longs
    amount: Longs
    doctor: Ints
    recruiter: Ints
    account: Ints
    operator: Ints
    terminal: Ints
    diagnosis: Ints
    drug: Ints
    course: Bools
    programme: Bools


@dataclass(frozen=True)
class People:
    """Indexed by patient code. `household` joins people of one address (or, without addresses, of one phone or account)."""

    household: Ints
    sex: NDArray[np.int8]  # 0 female, 1 male, BLANK
    birth: Longs  # days since 1970-01-01; NEVER where unknown
    death: Longs  # last second of the day of death; NEVER
    district: Ints
    address: Ints
    phone: Ints
    contact_phone: Ints
    account: Ints  # own bank account, same codes as payee accounts
    category: Ints


@dataclass(frozen=True)
class Places:
    """Indexed by facility code. Coordinates in degrees, NaN where unknown."""

    kind: NDArray[np.int8]  # 0 hospital, 1 clinic, 2 pharmacy, BLANK
    district: Ints
    latitude: Floats
    longitude: Floats


@dataclass(frozen=True)
class Agents:
    """Indexed by recruiter code: phone and account in the codes of people's."""

    phone: Ints
    account: Ints


@dataclass(frozen=True)
class Codes:
    """Sorted ids; an id's code is its index. Districts of people and places share one list.

    `claim` is an Arrow string array (ten million ids as Python strings would take a gigabyte), and so are those that hardly ever
    are told.
    """

    claim: Any
    patient: Ids
    facility: Ids
    doctor: Ids
    recruiter: Ids
    account: Ids
    operator: Ids
    terminal: Ids
    card: Any
    diagnosis: Ids
    drug: Ids
    invoice: Any
    phone: Any
    address: Any
    district: Ids
    category: Ids


@dataclass(frozen=True)
class View:
    """Everything detection sees. `hours_known`: times are more than bare days."""

    claims: Claims
    visits: Visits
    people: People
    places: Places
    agents: Agents
    codes: Codes
    card_holder: Ints  # by card code: the holder's patient code, BLANK where unknown
    doctor_place: Ints  # by doctor code: the facility of registration, else where most of the claims are
    hours_known: bool
    settings: DetectionSettings


HubType = Literal["card", "doctor", "facility", "recruiter", "account", "operator", "terminal"]


@dataclass(frozen=True)
class Finding:
    """One sentence of evidence in codes: a key of `words/reasons.toml` with its values; `claims` index `Claims`.

    `people` are the patients whom it counts, sorted; None as long as they are those of its candidate.
    """

    channel: str
    side: Literal["for", "harm", "against"]
    key: str
    values: dict[str, object]
    observed: float
    expected: float
    claims: Ints
    nats: float = 0.0
    people: Ints | None = None


@dataclass(frozen=True)
class Candidate:
    """A group that a channel proposes as a ring.

    `patients` are sorted codes, `strength` their certainty (0 to 1). `hubs` are what the channel itself rests on, with roles:
    other entities join later by concentration. `claims` (indices into `Claims`, sorted) are the evidence that the ring
    spends: a claim serves one ring only. `coordination` and `harm` in nats, prices of search already paid. `living`: kind and harm
    without the care after death that it bears; None where it bears none, or is known by it alone.
    """

    kind: str
    channel: str
    patients: Ints
    strength: Floats
    hubs: tuple[tuple[HubType, int, str], ...]
    claims: Ints
    coordination: float
    harm: float
    findings: tuple[Finding, ...]
    living: tuple[str, float] | None = None
