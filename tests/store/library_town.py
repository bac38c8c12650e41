"""A small town in which every query of the library has something to find, each scene with people of its own.

    W1 W2 W3   brought to H1 in two waves by the go-between G1, whose phone is their contact number (paid referral)
    B1 B2 B3   their cards pass till T2 one after the other on three days, at 195 (retained cards)
    L1         holds KL, with which L2 and L3 are treated at two places within ten minutes, men for a birth (lent cards)
    R1 R2      buy the medicine Z on three days, R1 each time at two pharmacies (drug resale)
    S1 .. S4   in bed at H7 on the same days, while S1 is also seen elsewhere (sham stay)
    V1 V2      between H8 and H9, in turn (rotation)
    E1 E2 E3   paid into one account, two of them on one invoice, all settled by O5 (fake bills, insider)
    Q1 Q2 Q3   the doctor DP sends them to F6 (doctor and pharmacy)
    X1 X2      dead before they are treated (after death)
    M1 .. M4   M1 and M2 share a phone, M3 and M4 a home and an account; 000 is nobody's phone
    C1         whose claims at F9 have odd clocks; D2 is a doctor in two places

2024-03-04 is a Monday. Of the 30 people B3, C1, Q3, S4 and V2 are in no register.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from ringfinder.model import Findings, Member, Reason, Ring, SetAside, Tie

from .claim_sets import claim

PEOPLE = 30


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _stay(claim_id: str, patient: str, place: str, since: str, until: str, bill: int, **more: Any) -> dict[str, Any]:
    money = {"total_amount": Decimal(bill), "fund_amount": Decimal(bill) * 8 / 10}
    return claim(claim_id, patient, place, since, service_type="inpatient", end_time=_at(until), **(money | more))


def _sale(claim_id: str, patient: str, place: str, at: str, drug: str, bill: int, **more: Any) -> dict[str, Any]:
    return claim(
        claim_id, patient, place, at, service_type="pharmacy", drug_code=drug, total_amount=Decimal(bill), **more
    )


WAVES = [
    _stay("W01", "W1", "H1", "2024-03-04 08:00", "2024-03-08 10:00", 3000, recruiter_id="G1", payee_account="AG",
          doctor_id="DW", operator_id="O1"),
    _stay("W02", "W2", "H1", "2024-03-05 08:00", "2024-03-09 10:00", 3010, recruiter_id="G1", payee_account="AG",
          doctor_id="DW", operator_id="O1"),
    _stay("W03", "W3", "H1", "2024-03-05 09:00", "2024-03-10 10:00", 3020, doctor_id="DW"),
    _stay("W04", "W1", "H1", "2024-04-08 08:00", "2024-04-11 10:00", 3100, recruiter_id="G1", doctor_id="DW"),
    _stay("W05", "W2", "H1", "2024-04-08 09:00", "2024-04-12 10:00", 3200, recruiter_id="G1", doctor_id="DW"),
    _stay("W06", "W3", "H1", "2024-04-10 08:00", "2024-04-14 10:00", 3300),
]  # fmt: skip
CARDS_IN_A_ROW = [
    _sale(f"B{day}{who}", f"B{who}", "F2", f"2024-05-{day:02} 10:{minute}", f"Y{who}", 195, card_id=f"KB{who}",
          terminal_id="T2", operator_id="O2")
    for day in (6, 13, 20)
    for who, minute in ((1, "05"), (2, "07"), (3, "50"))
]  # fmt: skip
LENT = [
    claim("L01", "L2", "F3", "2024-05-07 09:00", card_id="KL", operator_id="O9", terminal_id="T3",
          doctor_id="DL", diagnosis_code="O80"),
    claim("L02", "L3", "F4", "2024-05-07 09:10", card_id="KL", operator_id="O9", doctor_id="DL", diagnosis_code="O80"),
    claim("L03", "L1", "F4", "2024-05-07 15:00", card_id="KL"),
]  # fmt: skip
RESALE = [
    row
    for n, day in enumerate(("2024-06-03", "2024-06-10", "2024-06-17"))
    for row in (
        _sale(f"R{n}1", "R1", "F5", f"{day} 09:00", "Z", 150),
        _sale(f"R{n}2", "R1", "F6", f"{day} 11:00", "Z", 150),
        _sale(f"R{n}3", "R2", "F5", f"{day} 09:20", "Z", 150),
    )
]
BEDS = [
    _stay("S01", "S1", "H7", "2024-07-01 08:00", "2024-07-10 10:00", 5000, fund_amount=Decimal(4000),
          diagnosis_code="J18", doctor_id="DS"),
    _stay("S02", "S2", "H7", "2024-07-01 09:00", "2024-07-10 11:00", 5000, fund_amount=Decimal(4010),
          diagnosis_code="I10", doctor_id="DS"),
    _stay("S03", "S3", "H7", "2024-07-01 10:00", "2024-07-10 09:00", 5000, fund_amount=Decimal(4020),
          diagnosis_code="J18", doctor_id="DT"),
    _stay("S04", "S4", "H7", "2024-07-01 11:00", "2024-07-10 09:30", 5100, fund_amount=Decimal("4049.99")),
    _stay("S05", "S2", "H7", "2024-09-02 08:00", "2024-09-04 10:00", 900, fund_amount=Decimal(400)),
    _stay("S06", "S3", "H7", "2024-10-07 08:00", "2024-10-09 10:00", 950, fund_amount=Decimal(400)),
    claim("S07", "S1", "F3", "2024-07-05 10:00"),
    _sale("S08", "S1", "F5", "2024-07-06 10:00", "Y9", 50),
    claim("S09", "S1", "F3", "2024-07-10 09:30"),  # on the day of discharge: no contradiction
]  # fmt: skip
ROTATION = [
    row
    for who in ("V1", "V2")
    for row in (
        _stay(f"{who}a", who, "H8", "2024-01-01 08:00", "2024-01-05 08:00", 2000),
        _stay(f"{who}b", who, "H9", "2024-01-06 08:00", "2024-01-10 08:00", 2100),
        _stay(f"{who}c", who, "H8", "2024-01-11 08:00", "2024-01-15 08:00", 2200),
    )
]
BILLS = [
    claim(f"E0{n}", f"E{n}", "F4", f"2024-08-0{n} 10:00", payee_account="AE", operator_id="O5",
          invoice_number="777" if n < 3 else "778", diagnosis_code="O80")
    for n in (1, 2, 3)
]  # fmt: skip
PRESCRIPTIONS = [
    _sale("Q01", "Q1", "F6", "2024-02-01 10:00", "Q", 120, doctor_id="DP"),
    _sale("Q02", "Q2", "F6", "2024-02-02 10:00", "Q", 120, doctor_id="DP"),
    _sale("Q03", "Q3", "F6", "2024-02-03 10:00", "Q", 120, doctor_id="DP"),
    _sale("Q04", "Q1", "F6", "2024-02-05 10:00", "Q", 120, doctor_id="DP"),
    _sale("Q05", "Q2", "F5", "2024-02-06 10:00", "Q", 130, doctor_id="DP"),
    _sale("Q06", "Q3", "F5", "2024-02-07 10:00", "N", 20, doctor_id="DQ"),
    _sale("Q07", "Q3", "F5", "2024-02-08 10:00", "N", 20, doctor_id="DQ"),
    _sale("Q08", "Q3", "F6", "2024-02-09 10:00", "N", 20, doctor_id="DQ"),
]
DEAD = [
    claim("X01", "X1", "F3", "2024-02-01 20:00", operator_id="O9"),  # on the day of death: may have been before
    claim("X02", "X1", "F3", "2024-02-05 10:00", payee_account="AX", operator_id="O9"),
    claim("X03", "X2", "F3", "2024-02-20 10:00", payee_account="AX", operator_id="O9", recruiter_id="G2"),
]
CLOCKS = [
    claim("C01", "C1", "F9", "2024-08-05 10:05", doctor_id="D2", end_time=_at("2024-08-05 09:00")),
    claim("C02", "C1", "F3", "2024-08-05 10:40", doctor_id="D2"),
    claim("C03", "C1", "F9", "2024-08-06 10:05", doctor_id="D2", settled_at=_at("2024-08-06 08:00")),
    claim("C04", "C1", "F3", "2024-08-06 10:40", doctor_id="D2"),
    claim("C05", "C1", "F9", "2024-08-07 00:00", total_amount=Decimal(-5), refund_of="gone"),
]

TOWN: dict[str, list[dict[str, Any]]] = {
    "claims": [
        *(WAVES + CARDS_IN_A_ROW + LENT + RESALE + BEDS),
        *(ROTATION + BILLS + PRESCRIPTIONS + DEAD + CLOCKS),
    ],
    "patients": [
        {"patient_id": "W1", "district": "西", "contact_phone": "700"},
        {"patient_id": "W2", "district": "西", "contact_phone": "700"},
        {"patient_id": "W3", "district": "东", "contact_phone": "700"},
        *({"patient_id": name} for name in ("B1", "B2", "L1", "R1", "R2", "S2", "S3", "Q1", "Q2")),
        *({"patient_id": name, "sex": "M"} for name in ("L2", "L3")),
        {"patient_id": "S1", "category": "1501"},
        {"patient_id": "V1", "category": "1501"},
        {"patient_id": "E1", "sex": "F", "address": "e1"},
        {"patient_id": "E2", "sex": "F", "address": "e2"},
        {"patient_id": "E3", "sex": "F", "address": "e3"},
        {"patient_id": "X1", "death_date": _at("2024-02-01").date()},
        {"patient_id": "X2", "death_date": _at("2024-02-10").date()},
        {"patient_id": "M1", "phone": "555", "contact_phone": "000", "address": "m1"},
        {"patient_id": "M2", "phone": "555", "address": "m2"},
        {"patient_id": "M3", "contact_phone": "000", "address": "m", "bank_account": "AM"},
        {"patient_id": "M4", "address": "m", "bank_account": "AM"},
    ],
    "cards": [
        *({"card_id": f"KB{n}", "patient_id": f"B{n}"} for n in (1, 2, 3)),
        {"card_id": "KL", "patient_id": "L1"},
        {"card_id": "K0"},
    ],
    "doctors": [{"doctor_id": "DW", "facility_id": "H1"}, *({"doctor_id": d} for d in ("DP", "DQ", "DS", "D2"))],
    "facilities": [
        {"facility_id": "H1", "district": "东"},
        *({"facility_id": f} for f in ("H7", "H8", "H9", "F2", "F3", "F4", "F5", "F6", "F9")),
    ],
    "recruiters": [{"recruiter_id": "G1", "phone": "700", "bank_account": "AG"}],
}
SET_ASIDE = (SetAside("patients", "contact_phone", "000", 2),)


def _ring(ring_id: str, kind: str, score: float, districts: tuple[str, ...], members: tuple[Member, ...],
          claims: tuple[str, ...], money: int) -> Ring:  # fmt: skip
    return Ring(
        ring_id=ring_id,
        kind=kind,
        score=score,
        q_value=0.01,
        coordination=20.0,
        harm=9.0,
        alert=score > 50,
        patients=sum(m.entity_type == "patient" for m in members),
        claim_ids=claims,
        total_amount=Decimal(money),
        fund_amount=Decimal(money) * 8 / 10,
        first_time=_at("2024-01-01 08:00"),
        last_time=_at("2024-04-08 09:00"),
        districts=districts,
        members=members,
        reasons=(Reason("dead", "harm", "dead", {"visits": 3, "borne": 2}),),
    )


REFERRAL = _ring(
    "ring-w",
    "paid_referral",
    90.0,
    ("东", "西"),
    (
        Member("patient", "W1", "insured", 1.0, 2),
        Member("patient", "W2", "insured", 1.0, 2),
        Member("recruiter", "G1", "collector", 0.9, 4),
        Member("doctor", "DW", "attending", 0.5, 4),
    ),
    ("W01", "W02", "W04", "W05"),
    12310,
)
IN_TURN = _ring(
    "ring-v",
    "rotation",
    10.0,
    ("东",),
    (
        Member("patient", "V1", "insured", 1.0, 3),
        Member("patient", "W1", "insured", 0.5, 1),
        Member("doctor", "DW", "attending", 0.25, 1),
    ),
    ("V1a", "V1b", "V1c"),
    6300,
)
FINDINGS = Findings(
    (REFERRAL, IN_TURN),
    (
        Tie("V1", "W1", "transfers", 2, 0.5, 2.0),
        Tie("W1", "W2", "together", 2, 0.25, 6.0),
        Tie("W2", "W3", "together", 2, 0.25, 4.0),
    ),
    (("together", "on"),),
)
