from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from worlds import SETTINGS, at, claim_set_of, code, purchase, seconds, stay, view_of, visit

from ringfinder.evidence.view import BLANK, INPATIENT, NEVER, OUTPATIENT, PHARMACY, View
from ringfinder.evidence.visits import open_view
from ringfinder.model import SetAside
from ringfinder.settings import DetectionSettings


def claim_ids(view: View) -> list[str]:
    return [str(view.codes.claim[int(i)]) for i in view.claims.row]


def test_a_refund_and_what_it_refunds_never_happened(tmp_path: Path) -> None:
    view = view_of(
        tmp_path,
        [
            visit("p", "f", at(0, 9), claim_id="bought"),
            visit("p", "f", at(1, 9), -100, claim_id="given back", refund_of="bought"),
            visit("p", "f", at(2, 9), -30, claim_id="negative without a name"),
            visit("p", "f", at(3, 9), 50, claim_id="refund of a stranger", refund_of="elsewhere"),
            visit("p", "f", at(4, 9), 0, claim_id="free"),
            visit("p", "f", at(5, 9), claim_id="kept"),
        ],
    )
    assert claim_ids(view) == ["free", "kept"]
    assert view.visits.amount.tolist() == [0, 10_000]


def test_codes_are_ranks_among_all_ids_of_claims_and_registers(tmp_path: Path) -> None:
    view = view_of(
        tmp_path,
        [visit("p2", "f9", at(0), payee_account="b"), visit("p10", "f9", at(0))],
        patients=[{"patient_id": "p1", "bank_account": "c"}, {"patient_id": "乙"}],
        recruiters=[{"recruiter_id": "r", "bank_account": "a"}],
        doctors=[{"doctor_id": "d", "facility_id": "f10"}],
        cards=[{"card_id": "k", "patient_id": "p3"}],
    )
    assert view.codes.patient.tolist() == ["p1", "p10", "p2", "p3", "乙"]
    assert view.codes.facility.tolist() == ["f10", "f9"]
    assert view.codes.account.tolist() == ["a", "b", "c"]
    assert view.people.account.tolist() == [2, BLANK, BLANK, BLANK, BLANK]
    assert view.agents.account.tolist() == [0]
    assert view.card_holder.tolist() == [3]


def test_a_value_set_aside_has_no_code_in_any_column_of_its_list(tmp_path: Path) -> None:
    view = view_of(
        tmp_path,
        [visit("p", "f", at(0), doctor_id="unknown"), visit("p", "f", at(1), doctor_id="d")],
        set_aside=[SetAside("claims", "doctor_id", "unknown", 5000), SetAside("patients", "phone", "000", 5000)],
        patients=[{"patient_id": "p", "phone": "000", "contact_phone": "111"}],
        recruiters=[{"recruiter_id": "r", "phone": "000"}],
        doctors=[{"doctor_id": "d", "facility_id": "f"}, {"doctor_id": "unknown", "facility_id": "f"}],
    )
    assert view.codes.doctor.tolist() == ["d"]
    assert view.claims.doctor.tolist() == [BLANK, 0]
    assert view.codes.phone.tolist() == ["111"]
    assert view.people.phone.tolist() == [BLANK]
    assert view.people.contact_phone.tolist() == [0]
    assert view.agents.phone.tolist() == [BLANK]


def test_a_value_set_aside_in_one_list_keeps_its_code_in_another(tmp_path: Path) -> None:
    view = view_of(
        tmp_path,
        [visit("p", "f", at(0), doctor_id="0", terminal_id="0")],
        set_aside=[SetAside("claims", "doctor_id", "0", 5000)],
    )
    assert view.codes.doctor.tolist() == []
    assert view.codes.terminal.tolist() == ["0"]


def test_claims_come_in_cents_seconds_and_codes_sorted_by_patient_and_time(tmp_path: Path) -> None:
    first = datetime(2024, 2, 29, 23, 59, 59)
    view = view_of(
        tmp_path,
        [
            purchase("q", "f2", first, "0.29", fund_amount=Decimal("0.07"), settled_at=datetime(2024, 3, 1)),
            visit("p", "f1", at(70), "999999999999.99"),
            stay("p", "f2", first, 3, diagnosis_code="J18", drug_code="a", invoice_number="007", terminal_id="t"),
        ],
    )
    claims = view.claims
    assert claim_ids(view) == ["C00002", "C00001", "C00000"]
    assert claims.patient.tolist() == [0, 0, 1]
    assert claims.facility.tolist() == [1, 0, 1]
    assert claims.service.tolist() == [INPATIENT, OUTPATIENT, PHARMACY]
    assert claims.start.tolist() == [1709251199, seconds(at(70)), 1709251199]
    assert claims.end.tolist() == [1709251199 + 3 * 86400, seconds(at(70)), 1709251199]
    assert claims.amount.tolist() == [500_000, 99_999_999_999_999, 29]
    assert claims.fund.tolist() == [0, 0, 7]
    assert claims.settled.tolist() == [NEVER, NEVER, 1709251200]
    for column in ("diagnosis", "drug", "invoice", "terminal"):
        assert getattr(claims, column).tolist() == [0, BLANK, BLANK]
    for column in ("card", "doctor", "recruiter", "account", "operator"):
        assert getattr(claims, column).tolist() == [BLANK] * 3


def test_an_end_before_the_start_is_the_start(tmp_path: Path) -> None:
    view = view_of(tmp_path, [visit("p", "f", at(3), end_time=at(2))])
    assert view.claims.end.tolist() == [seconds(at(3))]


def test_equal_moments_of_one_person_are_ordered_by_claim_id(tmp_path: Path) -> None:
    view = view_of(tmp_path, [visit("p", "f", at(0), claim_id=i) for i in ("b", "c", "a")])
    assert claim_ids(view) == ["a", "b", "c"]


@pytest.mark.parametrize("threads", [1, 3])
def test_neither_row_order_nor_threads_change_a_view(tmp_path: Path, threads: int) -> None:
    rng = np.random.default_rng(5)
    patients = [f"p{i}" for i in rng.integers(0, 30, 400)]
    rows = [
        visit(p, f"f{i % 7}", at(float(rng.integers(0, 300)), 9), int(i % 90), doctor_id=f"d{i % 5}")
        for i, p in enumerate(patients)
    ]
    registers = {"patients": [{"patient_id": f"p{i}", "phone": f"{i % 4}"} for i in range(30)]}
    one = view_of(tmp_path / "one", rows, **registers)
    claim_set = claim_set_of(tmp_path / "two", rows, **registers)
    for table in ("claims", "patients"):
        sheet = pq.read_table(claim_set.path(table))
        pq.write_table(sheet.take(rng.permutation(sheet.num_rows)), claim_set.path(table), row_group_size=50)
    other = open_view(claim_set, DetectionSettings(threads=threads, memory_gb=SETTINGS.memory_gb))
    for part in ("claims", "visits", "people"):
        mine, theirs = getattr(one, part), getattr(other, part)
        for name in mine.__dataclass_fields__:
            np.testing.assert_array_equal(getattr(mine, name), getattr(theirs, name), err_msg=f"{part}.{name}")
    assert one.codes.claim.to_pylist() == other.codes.claim.to_pylist()
    np.testing.assert_array_equal(one.doctor_place, other.doctor_place)


def test_claims_alone_make_a_view_whose_registers_are_blank(tmp_path: Path) -> None:
    view = view_of(tmp_path, [visit("p", "f", at(0, 8), card_id="k", doctor_id="d")])
    people, places = view.people, view.places
    blank = (people.address, people.phone, people.contact_phone, people.account, people.district, people.category)
    assert [a.tolist() for a in blank] == [[BLANK]] * 6
    assert people.sex.tolist() == [BLANK]
    assert people.birth.tolist() == people.death.tolist() == [NEVER]
    assert places.kind.tolist() == places.district.tolist() == [BLANK]
    assert np.isnan(places.latitude).all()
    assert np.isnan(places.longitude).all()


def test_registers_are_read_into_codes(tmp_path: Path) -> None:
    day = datetime(1970, 1, 3).date()
    view = view_of(
        tmp_path,
        [visit("b", "h", at(0, 8))],
        patients=[
            {"patient_id": "a", "sex": "F", "birth_date": day, "district": "west", "category": "low income"},
            {"patient_id": "b", "sex": "M", "death_date": day, "address": "road 1", "contact_phone": "5"},
        ],
        facilities=[
            {"facility_id": "c", "kind": "clinic", "district": "east", "latitude": 39.5, "longitude": -0.25},
            {"facility_id": "h", "kind": "hospital"},
            {"facility_id": "s", "kind": "pharmacy", "district": "west"},
        ],
    )
    people, places = view.people, view.places
    assert people.sex.tolist() == [0, 1]
    assert people.birth.tolist() == [2, NEVER]
    assert people.death.tolist() == [NEVER, 3 * 86400 - 1]  # the last second of the third day
    assert people.category.tolist() == [0, BLANK]
    assert people.district.tolist() == [code(view, "district", "west"), BLANK] == [1, BLANK]
    assert people.address.tolist() == people.contact_phone.tolist() == [BLANK, 0]
    assert places.kind.tolist() == [1, 0, 2]
    assert places.district.tolist() == [0, BLANK, 1]
    assert places.latitude.tolist()[0] == 39.5
    assert places.longitude.tolist()[0] == -0.25
    assert np.isnan(places.latitude[1:]).all()
