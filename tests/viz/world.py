"""A ring of three patients by hand, with all that a picture shows: cards, a doctor, a place that is a member and one that is
none, ties between people, and names that would be markup."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import tiny

from ringfinder.model import Findings, Member, Reason, Ring, Tie

RING, FRIENDS = "RAB12", "R0"
EVIL_DOCTOR = '<img src=x onerror="document.title=1">'
EVIL_PLACE = '</script><a href="http://example.org/">$x^2$</a>'
PAYEE = tiny.PAYEE
NAMES = ("王小明", "李四光", EVIL_DOCTOR, "诸葛孔明")
NUMBERS = ("13812345678", "13987654321", "110101195001011234", PAYEE)


def _claim(claim_id: str, patient: str, place: str, day: int, **more: Any) -> dict[str, Any]:
    return tiny.claim(claim_id, patient, place, datetime(2024, 3, day, 9), doctor_id="D1", **more)


TABLES: dict[str, list[dict[str, Any]]] = {
    "claims": [
        _claim("C1", "P1", "F1", 1, card_id="K1", payee_account=PAYEE),
        _claim("C2", "P2", "F1", 1, card_id="K2", payee_account=PAYEE),
        _claim("C3", "P3", "F1", 1),
        _claim("C4", "P1", "F1", 8, card_id="K1"),
        _claim("C5", "P2", "F2", 8, card_id="K2"),
        _claim("C6", "P4", "F2", 9),
    ],
    "patients": [
        {"patient_id": "P1", "name": "王小明", "id_number": "110101195001011234", "phone": "13812345678"},
        {"patient_id": "P2", "name": "李四光", "contact_phone": "13987654321", "bank_account": PAYEE},
        {"patient_id": "P3", "name": "诸葛孔明"},
    ],
    "doctors": [{"doctor_id": "D1", "name": EVIL_DOCTOR, "facility_id": "F1"}],
    "facilities": [
        {"facility_id": "F1", "name": EVIL_PLACE, "kind": "pharmacy"},
        {"facility_id": "F2", "name": "第二药店", "kind": "pharmacy"},
    ],
}
CROWDED = Ring(
    RING,
    "lent_cards",
    97.1,
    0.003,
    45.6,
    33.1,
    True,
    3,
    ("C1", "C2", "C3", "C4", "C5"),
    Decimal("500"),
    Decimal("300"),
    datetime(2024, 3, 1, 9),
    datetime(2024, 3, 8, 9),
    ("西城",),
    (
        Member("patient", "P1", "holder", 0.9, 2),
        Member("patient", "P2", "holder", 0.8, 2),
        Member("patient", "P3", "holder", 0.5, 1),
        Member("card", "K1", "card", 0.9, 2),
        Member("card", "K2", "card", 0.8, 2),
        Member("doctor", "D1", "attending", 1.0, 5),
        Member("facility", "F1", "host", 1.0, 4),
        Member("account", PAYEE, "payee", 0.25, 2),
    ),
    (
        Reason("marks", "harm", "dead", {"visits": 3, "borne": 2}, 2.0, 0.0123, ("C3", "C1")),
        Reason("crowd", "against", "dead", {"visits": 1, "borne": 0}, None, None),
    ),
)
HARMLESS = replace(tiny.HARMLESS, ring_id=FRIENDS, claim_ids=("C4",))
TIES = (
    Tie("P1", "P2", "together", 2, 0.125, 6.0),
    Tie("P1", "P2", "transfers", 1, 0.5, 1.5),
    Tie("P2", "P3", "together", 1, 0.25, 2.5),
    Tie("P3", "P4", "together", 9, 0.25, 9.5),
)


def publish(folder: Path) -> str:
    """A run of this world in the workspace `folder`; its id."""
    return tiny.publish_run(folder, Findings((CROWDED, HARMLESS), TIES, ()), graph=True, tables=TABLES)
