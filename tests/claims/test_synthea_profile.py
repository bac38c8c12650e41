"""Synthea's export: a few people's encounters as the simulator wrote them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from claim_files import folder, rows

from ringfinder.claims import read
from ringfinder.model import ClaimSet
from ringfinder.settings import ClaimsSettings

SOURCE = Path(__file__).parent / "data" / "synthea"


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> ClaimSet:
    return read(SOURCE, tmp_path_factory.mktemp("read"), ClaimsSettings())


def test_every_encounter_person_and_place_is_there(found: ClaimSet) -> None:
    assert dict(found.rows) == {"claims": 127, "patients": 8, "doctors": 22, "facilities": 22}
    assert (found.rejected, found.hours_known, found.set_aside) == (0, True, ())


def test_classes_of_encounters_are_kinds_of_care(found: ClaimSet) -> None:
    counted = rows(found, "SELECT service_type, count(*) FROM claims GROUP BY 1 ORDER BY 1")
    assert counted == [("inpatient", 7), ("outpatient", 120)]


def test_encounter_becomes_a_claim_in_local_time(found: ClaimSet) -> None:
    columns = "patient_id, facility_id, doctor_id, service_type, start_time, end_time, total_amount, fund_amount"
    claim = rows(found, f"SELECT {columns} FROM claims WHERE claim_id = 'f818df1a-890f-5e52-2343-84e57d52c599'")
    assert claim == [
        (
            "0023c64f-a7f3-ca6d-594f-3b5256103934",
            "a6964d47-8af0-3df2-b99d-d8414eb1cfa3",
            "73151837-b842-3346-882a-2b79f2678a21",
            "outpatient",
            datetime(2021, 3, 7, 16, 44, 44),  # winter time, five hours behind
            datetime(2021, 3, 7, 16, 59, 44),
            Decimal("1250.85"),
            Decimal("0.00"),
        )
    ]


def test_encounter_over_the_end_of_summer_time_does_not_end_before_it_starts(found: ClaimSet) -> None:
    stay = rows(
        found,
        "SELECT start_time, end_time FROM claims WHERE claim_id = 'e798920e-7c95-357a-a0ec-7958c9125102'",
    )
    assert stay == [(datetime(2021, 11, 7, 1, 14, 5), datetime(2021, 11, 7, 1, 14, 5))]


def test_person_has_name_address_with_town_and_days_of_birth_and_death(found: ClaimSet) -> None:
    person = rows(
        found,
        "SELECT name, birth_date, death_date, sex, address, district FROM patients "
        "WHERE patient_id = '01bac23f-f6f3-69ae-0e2d-6a3b3e896251'",
    )
    assert person == [
        ("Mitsuko474 Stark857", date(1949, 2, 12), date(2023, 8, 17), "F", "537 Macejkovic Rue Unit 76, Boston",
         "Suffolk County"),
    ]  # fmt: skip


def test_zone_of_the_settings_goes_before_the_profile_s_own(tmp_path: Path) -> None:
    other = read(SOURCE, tmp_path, ClaimsSettings(time_zone="UTC"))
    assert rows(other, "SELECT min(start_time) FROM claims WHERE claim_id LIKE 'f818df1a%'") == [
        (datetime(2021, 3, 7, 21, 44, 44),)
    ]
    assert ("claims.note_time_zone", {"zone": "UTC"}) in other.notes


def test_synthea_s_own_claims_file_is_not_taken_for_the_canonical_one(tmp_path: Path) -> None:
    files = {p.name: p.read_bytes() for p in SOURCE.iterdir() if p.name.endswith(".gz")}
    files["claims.csv"] = b"Id,PATIENTID,PROVIDERID,STATUS1\n1,2,3,CLOSED\n"
    found = read(folder(tmp_path / "source", files), tmp_path / "read", ClaimsSettings())
    assert found.rows["claims"] == 127
    assert ("claims.note_left_out", {"files": "claims.csv"}) in found.notes
