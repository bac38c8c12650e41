"""Small worlds for tests of detection, made of visits given by hand.

`view_of` goes the whole way: rows as dicts, canonical Parquet, claim set, view. `quick_view` makes the same view in
memory from bare visits (everybody a household, nothing known beyond who, where, when, how much), for tests that need
hundreds of worlds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
from store.claim_sets import Row, write

from ringfinder.evidence.view import (
    BLANK,
    INPATIENT,
    NEVER,
    OUTPATIENT,
    PHARMACY,
    Agents,
    Claims,
    Codes,
    People,
    Places,
    View,
)
from ringfinder.evidence.visits import merge, open_view
from ringfinder.model import ClaimSet, SetAside
from ringfinder.settings import DetectionSettings

SERVICES = {"inpatient": INPATIENT, "outpatient": OUTPATIENT, "pharmacy": PHARMACY}
START = datetime(2024, 1, 1)  # a Monday
SETTINGS = DetectionSettings(threads=1, memory_gb=0.5)


def at(day: float, hour: float = 0.0, minute: float = 0.0) -> datetime:
    """The moment so many days, hours and minutes after Monday 2024-01-01 00:00."""
    return START + timedelta(days=day, hours=hour, minutes=minute)


def seconds(when: datetime) -> int:
    """Seconds since 1970-01-01, as views hold times."""
    return int(when.replace(tzinfo=UTC).timestamp())


def visit(patient: str, facility: str, when: datetime, yuan: float | str = 100, **more: Any) -> dict[str, Any]:
    """An outpatient claim, unless `service_type` says otherwise; the id comes from its place among the rows."""
    return {
        "patient_id": patient,
        "facility_id": facility,
        "service_type": "outpatient",
        "start_time": when,
        "total_amount": Decimal(str(yuan)).quantize(Decimal("0.01")),
        **more,
    }


def purchase(patient: str, facility: str, when: datetime, yuan: float | str = 100, **more: Any) -> dict[str, Any]:
    """A claim of a pharmacy."""
    return visit(patient, facility, when, yuan, service_type="pharmacy", **more)


def stay(
    patient: str, facility: str, when: datetime, days: float, yuan: float | str = 5000, **more: Any
) -> dict[str, Any]:
    """A claim for so many days in bed."""
    return visit(patient, facility, when, yuan, service_type="inpatient", end_time=when + timedelta(days=days), **more)


def numbered(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Claims with ids C00000, C00001, ... in the order given, but for those that have one."""
    return [{"claim_id": f"C{i:05}", **row} for i, row in enumerate(rows)]


def claim_set_of(
    folder: Path,
    claims: Sequence[Row],
    set_aside: Sequence[SetAside] = (),
    **tables: Sequence[Row],
) -> ClaimSet:
    """The claim set of these rows; `tables` are the registers by name, rows as dicts."""
    given: Mapping[str, Sequence[Row]] = {"claims": numbered(claims), **tables}
    return write(folder, given, set_aside)


def view_of(
    folder: Path,
    claims: Sequence[Row],
    set_aside: Sequence[SetAside] = (),
    settings: DetectionSettings = SETTINGS,
    **tables: Sequence[Row],
) -> View:
    """The view of these rows."""
    return open_view(claim_set_of(folder, claims, set_aside, **tables), settings)


def homes(patients: Sequence[str], address: str | None = None) -> list[dict[str, Any]]:
    """Register rows: everybody at an address of his own, or all at one."""
    return [{"patient_id": p, "address": address or f"home of {p}"} for p in patients]


def who(view: View, codes: Any) -> list[str]:
    """Patient ids of codes."""
    return [str(view.codes.patient[c]) for c in np.asarray(codes).tolist()]


def code(view: View, kind: str, value: str) -> int:
    """The code of an id in a code list; BLANK where it has none."""
    found = np.flatnonzero(getattr(view.codes, kind) == value)
    return int(found[0]) if len(found) else BLANK


def where(view: View, patient: str, facility: str | None = None) -> list[int]:
    """Indices of a person's visits in time order, at one place if given."""
    rows = view.visits.patient == code(view, "patient", patient)
    if facility is not None:
        rows &= view.visits.facility == code(view, "facility", facility)
    return [int(i) for i in np.flatnonzero(rows)]


def quick_view(
    patient: Any,
    facility: Any,
    start: Any,
    *,
    service: Any = OUTPATIENT,
    end: Any = None,
    cents: Any = 10_000,
    household: Any = None,
    hours_known: bool = True,
    settings: DetectionSettings = SETTINGS,
    **claim_columns: Any,
) -> View:
    """A view of bare claims, arrays or scalars of one length: codes, seconds, cents. `household`: by patient code.

    `claim_columns`: more columns of `Claims` (doctor, recruiter, account, drug, ...), as codes.
    """
    start = np.asarray(start, np.int64)
    n = len(start)

    def column(value: Any, kind: Any = np.int32) -> Any:
        return np.broadcast_to(np.asarray(value, kind), n).copy()

    patient, facility = column(patient), column(facility)
    end = start if end is None else column(end, np.int64)
    order = np.lexsort((np.arange(n), start, patient))
    blank = column(BLANK)
    names = ("card", "doctor", "recruiter", "account", "operator", "terminal", "diagnosis", "drug", "invoice")
    coded = {name: column(claim_columns.get(name, BLANK)) for name in names}
    claims = Claims(
        row=np.arange(n, dtype=np.int32)[order],
        visit=blank,
        patient=patient[order],
        facility=facility[order],
        service=column(service, np.int8)[order],
        start=start[order],
        end=end[order],
        settled=column(NEVER, np.int64),
        amount=column(cents, np.int64)[order],
        fund=column(0, np.int64),
        **{name: values[order] for name, values in coded.items()},
    )
    size = int(patient.max(initial=-1)) + 1
    size = max(size, 0 if household is None else len(household))
    nobody = np.full(size, BLANK, np.int32)
    never = np.full(size, NEVER, np.int64)
    home = np.arange(size) if household is None else np.asarray(household)
    people = People(
        household=home.astype(np.int32),
        sex=nobody.astype(np.int8),
        birth=never,
        death=never,
        district=nobody,
        address=nobody,
        phone=nobody,
        contact_phone=nobody,
        account=nobody,
        category=nobody,
    )
    claims, visits = merge(claims, people)
    places = int(facility.max(initial=-1)) + 1
    unknown = np.full(places, np.nan)
    ids = {name: names_of(name, values) for name, values in coded.items()}
    none = np.zeros(0, object)
    return View(
        claims=claims,
        visits=visits,
        people=people,
        places=Places(np.full(places, BLANK, np.int8), np.full(places, BLANK, np.int32), unknown, unknown),
        agents=Agents(np.full(len(ids["recruiter"]), BLANK, np.int32), np.full(len(ids["recruiter"]), BLANK, np.int32)),
        codes=Codes(
            claim=np.array([f"c{i:06}" for i in range(n)], object),
            patient=np.array([f"p{i:05}" for i in range(size)], object),
            facility=np.array([f"f{i:03}" for i in range(places)], object),
            phone=none,
            address=none,
            district=none,
            category=none,
            **ids,
        ),
        card_holder=np.full(len(ids["card"]), BLANK, np.int32),
        doctor_place=np.full(len(ids["doctor"]), BLANK, np.int32),
        hours_known=hours_known,
        settings=settings,
    )


def names_of(kind: str, values: Any) -> Any:
    """Ids for the codes seen."""
    return np.array([f"{kind} {i:04}" for i in range(int(values.max(initial=-1)) + 1)], object)


def with_people(view: View, **columns: Any) -> View:
    """The view with columns of people replaced."""
    return replace(view, people=replace(view.people, **{k: np.asarray(v) for k, v in columns.items()}))
