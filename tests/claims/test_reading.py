"""Claim sets as a whole: the same tables whatever came in which order, and everything noteworthy told."""

from __future__ import annotations

import gzip
import io
import os
import random
import re
import stat
import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from claim_files import EVERYTHING_LOADS, HEADER, folder, load, rejects, rows, sound, sound_row, table
from hypothesis import given, settings
from hypothesis import strategies as st

from ringfinder import claims as claims_room
from ringfinder.claims import contract, read
from ringfinder.errors import RingFinderError
from ringfinder.settings import ClaimsSettings
from ringfinder.tables import BY_NAME, CLAIMS, SQL_TYPES, TABLES
from ringfinder.words import catalogue

PEOPLE = table(
    [
        {"patient_id": "P001", "name": "甲", "birth_date": "1950/5/6", "sex": "女", "phone": "013800138000"},
        {"patient_id": "P002", "name": "乙", "birth_date": "18294", "sex": "1", "phone": ""},
        {"patient_id": "P003", "name": "丙", "birth_date": "", "sex": "未知", "phone": "13900139000"},
    ]
)


def test_canonical_set_loads_every_table_with_every_column_typed(tmp_path: Path) -> None:
    found = load(
        tmp_path,
        {
            "claims.csv": sound(3),
            "patients.csv": PEOPLE,
            "cards.csv": "card_id,patient_id\nK1,P001\n",
            "doctors.csv": "doctor_id,facility_id,name\nD1,F1,丁\n",
            "facilities.csv": "facility_id,kind,latitude,longitude\nF1,医院,30.5,117.0\nF2,pharmacy,,\n",
            "recruiters.csv": "recruiter_id,phone\nR1,13700137000\n",
        },
    )
    assert dict(found.rows) == {
        "claims": 3, "patients": 3, "cards": 1, "doctors": 1, "facilities": 2, "recruiters": 1,
    }  # fmt: skip
    for t in TABLES:
        described = rows(found, f"SELECT column_name, column_type FROM (DESCRIBE {t.name})")
        assert described == [(c.name, SQL_TYPES[c.type]) for c in t.columns]
    assert rows(found, "SELECT patient_id, name, birth_date, sex, phone FROM patients") == [
        ("P001", "甲", date(1950, 5, 6), "F", "013800138000"),
        ("P002", "乙", date(1950, 1, 31), "M", None),
        ("P003", "丙", None, None, "13900139000"),
    ]
    assert rows(found, "SELECT * FROM facilities") == [
        ("F1", None, "hospital", None, None, 30.5, 117.0),
        ("F2", None, "pharmacy", None, None, None, None),
    ]
    assert rows(found, "SELECT claim_id, start_time, total_amount FROM claims LIMIT 1") == [
        ("C0000", datetime(2024, 3, 1, 8), Decimal("0.50"))
    ]
    assert found.filled["claims"] == frozenset(HEADER)
    assert found.filled["facilities"] == {"facility_id", "kind", "latitude", "longitude"}


def test_missing_optional_tables_are_not_invented(tmp_path: Path) -> None:
    found = load(tmp_path, {"claims.csv": sound(3)})
    assert dict(found.rows) == {"claims": 3}
    assert sorted(p.name for p in found.folder.iterdir()) == ["claims.parquet", "rejects.csv"]


def test_ids_keep_leading_zeros_and_eighteen_digits(tmp_path: Path) -> None:
    row = {**sound_row(1), "claim_id": "000123", "patient_id": "110101199001011234", "card_id": "00000000000000000012"}
    found = load(tmp_path, {"claims.csv": table([row])})
    assert rows(found, "SELECT claim_id, patient_id, card_id FROM claims") == [
        ("000123", "110101199001011234", "00000000000000000012")
    ]


MANY = [
    {
        **sound_row(n),
        "card_id": f"K{n % 70}",
        "payee_account": f"62{n % 9}" if n % 3 else "",
        "drug_code": f"降压药{n % 4}",
    }
    for n in range(3000)
]
BAD = [{**MANY[n], "claim_id": f"B{n}", "total_amount": "?"} for n in range(3)]
TWINS = [MANY[5], MANY[6], {**MANY[7], "total_amount": "1.00"}]


@pytest.fixture(scope="module")
def in_order(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    at = tmp_path_factory.mktemp("order")
    found = load(at, {"claims.csv": table(MANY + BAD + TWINS)}, ClaimsSettings())
    assert (found.rows["claims"], found.rejected) == (2999, 5)
    return found.path("claims").read_bytes()


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_parquet_has_the_same_bytes_whatever_row_order_and_threads(
    tmp_path: Path, threads: int, in_order: bytes
) -> None:
    shuffled = MANY + BAD + TWINS
    random.Random(threads).shuffle(shuffled)
    source = folder(tmp_path / "source", {"claims.csv": table(shuffled)})
    found = read(source, tmp_path / "read", ClaimsSettings(), threads=threads)
    assert found.path("claims").read_bytes() == in_order


def test_parquet_has_the_same_bytes_whatever_form_the_source_has(tmp_path: Path, in_order: bytes) -> None:
    half = len(MANY) // 2
    parts = {
        "Claims_2023.CSV.gz": gzip.compress(table(MANY[half:]).encode()),
        "claims_2024.csv": table(MANY[:half]).encode("gb18030"),
        "claims-part-3.csv": table(BAD + TWINS, delimiter="\t"),
    }
    found = load(tmp_path, parts, ClaimsSettings())
    assert found.path("claims").read_bytes() == in_order
    assert [(name, count) for name, count, _ in found.sources] == [
        ("Claims_2023.CSV.gz", 1500), ("claims-part-3.csv", 6), ("claims_2024.csv", 1500),
    ]  # fmt: skip
    assert ("claims.note_encoding", {"file": "claims_2024.csv", "encoding": "GB18030"}) in found.notes


def test_typed_parquet_reads_like_text(tmp_path: Path) -> None:
    out = io.BytesIO()
    pq.write_table(
        pa.table(
            {
                "CLAIM_ID": pa.array([7, 8], pa.int64()),
                "patient_id": pa.array(["01", "02"], pa.dictionary(pa.int8(), pa.string())),
                "facility_id": pa.array([b"F1", b"F2"], pa.binary()),
                "service_type": ["inpatient", "pharmacy"],
                "start_time": pa.array([datetime(2024, 3, 5, 2, 20), None], pa.timestamp("ms", "UTC")).fill_null(
                    datetime(2024, 3, 6)
                ),
                "end_time": pa.array([date(2024, 3, 9), None], pa.date32()),
                "total_amount": pa.array([12.5, 0.1], pa.float64()),
                "fund_amount": pa.array([Decimal("1.5"), None], pa.decimal128(10, 1)),
            }
        ),
        out,
    )
    found = load(tmp_path, {"claims.parquet": out.getvalue()})
    assert rows(found, "SELECT * EXCLUDE (doctor_id) FROM claims")[0][:6] == (
        "7", "01", "F1", "inpatient", datetime(2024, 3, 5, 10, 20), Decimal("12.50"),
    )  # fmt: skip
    assert rows(found, "SELECT end_time, fund_amount, total_amount FROM claims") == [
        (datetime(2024, 3, 9), Decimal("1.50"), Decimal("12.50")),
        (None, None, Decimal("0.10")),
    ]


def test_single_file_is_the_claims_whatever_its_name(tmp_path: Path) -> None:
    source = folder(tmp_path / "source", {"2024年结算.csv": sound(4), "patients.csv": PEOPLE})
    found = read(source / "2024年结算.csv", tmp_path / "read", ClaimsSettings())
    assert dict(found.rows) == {"claims": 4}


def test_identical_rows_collapse_and_differing_ones_are_all_rejected(tmp_path: Path) -> None:
    made = [sound_row(n) for n in range(4)]
    other_writing = {**made[0], "start_time": "2024/3/1 8:00", "total_amount": "¥0.5"}
    differing = {**made[1], "total_amount": "7.00"}
    faulty = {**made[2], "total_amount": "seven"}
    found = load(tmp_path, {"claims.csv": table([*made, other_writing, made[0], differing, faulty])})
    assert rows(found, "SELECT claim_id, count(*) FROM claims GROUP BY 1 ORDER BY 1") == [("C0000", 1), ("C0003", 1)]
    assert [(row, column, slug) for _, row, column, _, slug in rejects(found)] == [
        (3, "claim_id", "duplicate_differs"),
        (4, "claim_id", "duplicate_differs"),
        (8, "claim_id", "duplicate_differs"),
        (9, "total_amount", "amount_form"),
    ]
    assert ("claims.note_collapsed", {"table": "claims", "rows": 2}) in found.notes


def test_twins_in_other_tables_collapse_and_differ_too(tmp_path: Path) -> None:
    people = "patient_id,sex\nP1,F\nP1,女\nP2,F\nP2,M\nP3,M\n"
    found = load(tmp_path, {"claims.csv": sound(2), "patients.csv": people})
    assert rows(found, "SELECT patient_id, sex FROM patients") == [("P1", "F"), ("P3", "M")]
    assert [(file, row, slug) for file, row, _, _, slug in rejects(found)] == [
        ("patients.csv", 4, "duplicate_differs"),
        ("patients.csv", 5, "duplicate_differs"),
    ]


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["1.00", "2.00", "x"])), min_size=1, max_size=9))
def test_twins_are_settled_as_a_plain_rule_says(
    tmp_path_factory: pytest.TempPathFactory, made: list[tuple[int, str]]
) -> None:
    claims = [{**sound_row(0), "claim_id": f"T{key}", "total_amount": amount} for key, amount in made]
    found = load(tmp_path_factory.mktemp("twins"), {"claims.csv": table([sound_row(9), *claims])})
    written: dict[str, set[str]] = {}
    for key, amount in made:
        written.setdefault(f"T{key}", set()).add(amount)
    kept = {key for key, amounts in written.items() if len(amounts) == 1 and amounts != {"x"}}
    assert {row[0] for row in rows(found, "SELECT claim_id FROM claims")} == kept | {"C0009"}
    assert found.rejected == sum(f"T{key}" not in kept for key, _ in made)


def claims_with(*changes: dict[str, str]) -> str:
    """Claims C0000, C0001, ... with these columns changed or added, one claim a change."""
    made = [{**sound_row(n), **change} for n, change in enumerate(changes)]
    return table(made, list({column: 0 for row in made for column in row}))


def test_refunds_stay_and_those_without_a_claim_to_cancel_are_noted(tmp_path: Path) -> None:
    found = load(
        tmp_path,
        {
            "claims.csv": claims_with(
                {},
                {"total_amount": "-0.50", "refund_of": "C0000"},
                {"total_amount": "-3.00", "refund_of": "LAST-YEAR"},
                {"total_amount": "-3.00"},
                {"total_amount": "3.00", "refund_of": "C0000"},
                {"total_amount": "-3.00", "refund_of": "C0005"},
            )
        },
    )
    assert rows(found, "SELECT claim_id, refund_of FROM claims") == [
        ("C0000", None), ("C0001", "C0000"), ("C0002", "LAST-YEAR"),
    ]  # fmt: skip
    assert [(row, column, slug) for _, row, column, _, slug in rejects(found)] == [
        (5, "total_amount", "negative_without_refund"),
        (6, "total_amount", "refund_positive"),
        (7, "refund_of", "refund_of_itself"),
    ]
    assert ("claims.note_refunds", {"claims": 2}) in found.notes
    assert ("claims.note_refund_target_missing", {"claims": 1}) in found.notes


def test_end_on_the_bare_day_of_the_start_is_no_contradiction(tmp_path: Path) -> None:
    start = "2024-03-05 10:20:00"
    ends = ["2024-03-05", "2024-03-04", "2024-03-05 10:19:59"]
    found = load(tmp_path, {"claims.csv": claims_with(*({"start_time": start, "end_time": e} for e in ends))})
    assert rows(found, "SELECT end_time FROM claims") == [(datetime(2024, 3, 5, 10, 20),)]
    assert [row for _, row, _, _, _ in rejects(found)] == [3, 4]


def test_stay_over_the_hour_that_the_clock_shows_twice_is_no_contradiction(tmp_path: Path) -> None:
    stay = {"start_time": "2021-11-07T05:50:00Z", "end_time": "2021-11-07T06:10:00Z"}  # 01:50 and again 01:10
    found = load(tmp_path, {"claims.csv": claims_with(stay)}, ClaimsSettings(time_zone="America/New_York"))
    assert rows(found, "SELECT start_time, end_time FROM claims") == [(datetime(2021, 11, 7, 1, 50),) * 2]


@pytest.mark.parametrize(
    ("times", "known"),
    [
        (["2024-03-05"] * 20, False),
        (["2024-03-05 10:20"] * 2 + ["2024-03-05"] * 18, True),
        (["2024-03-05 10:20"] * 1 + ["2024-03-05"] * 18, False),
        (["2024-03-05 10:20"] * 20, True),
        (["2024-03-05T00:00:00Z"] * 120, False),
    ],
)
def test_hours_are_known_when_a_tenth_of_short_visits_has_one(tmp_path: Path, times: list[str], known: bool) -> None:
    visits = [{"start_time": t, "service_type": "outpatient"} for t in times]
    found = load(tmp_path, {"claims.csv": claims_with(*visits)})
    assert found.hours_known is known
    assert (("claims.note_hours_unknown", {}) in found.notes) is not known


def test_hours_of_stays_alone_do_not_make_hours_known(tmp_path: Path) -> None:
    visits = [{"start_time": "2024-03-05", "service_type": "pharmacy"}] * 5
    stays = [{"start_time": "2024-03-05 08:15", "service_type": "inpatient"}] * 5
    assert load(tmp_path / "a", {"claims.csv": claims_with(*visits, *stays)}).hours_known is False
    assert load(tmp_path / "b", {"claims.csv": claims_with(*stays)}).hours_known is True


def test_times_with_offset_become_local_and_bare_ones_stay(tmp_path: Path) -> None:
    made = [{"start_time": t} for t in ("2024-03-05T02:20:00Z", "2024-03-05T10:20:00+08:00", "2024-03-05 10:20")]
    found = load(tmp_path, {"claims.csv": claims_with(*made)})
    assert rows(found, "SELECT DISTINCT start_time FROM claims") == [(datetime(2024, 3, 5, 10, 20),)]


def test_values_that_identify_nobody_are_set_aside_and_stay_in_the_tables(tmp_path: Path) -> None:
    claims = [
        {**sound_row(n), "patient_id": f"P{n}", "facility_id": f"F{n % 12}", "service_type": "outpatient",
         "card_id": "K0" if n < 5 else f"K{n}", "payee_account": "6222" if n < 4 else "",
         "doctor_id": "不详" if n == 0 else "D9" if n < 24 else "D8", "invoice_number": "0000" if n < 2 else f"N{n}"}
        for n in range(60)
    ]  # fmt: skip
    for row in claims[24:]:
        row["facility_id"] = "F1"  # D8 is busy, at one place
    people = [
        {"patient_id": f"P{n}", "phone": "12345" if n < 6 else f"1{n}", "address": "无" if n == 3 else ""}
        for n in range(60)
    ]
    found = load(
        tmp_path,
        {"claims.csv": table(claims), "patients.csv": table(people)},
        ClaimsSettings(shared_by_people=4, shared_by_share=0.07),
    )
    assert [(s.table, s.column, s.value, s.people) for s in found.set_aside] == [
        ("claims", "card_id", "K0", 5),
        ("claims", "invoice_number", "0000", 2),
        ("claims", "doctor_id", "D9", 23),
        ("claims", "doctor_id", "不详", 1),
        ("patients", "phone", "12345", 6),
        ("patients", "address", "无", 1),
    ]
    assert rows(found, "SELECT count(*) FROM claims WHERE card_id = 'K0'") == [(5,)]
    assert rows(found, "SELECT count(*) FROM patients WHERE phone = '12345'") == [(6,)]


def test_prescriptions_filled_at_many_pharmacies_do_not_set_a_doctor_aside(tmp_path: Path) -> None:
    made = [{**sound_row(n), "facility_id": f"F{n}", "service_type": "pharmacy", "doctor_id": "D1"} for n in range(30)]
    assert load(tmp_path, {"claims.csv": table(made)}).set_aside == ()


def test_notes_name_unused_columns_and_files_and_missing_references(tmp_path: Path) -> None:
    made = [{**sound_row(n), "备注": "x", "Colour": ""} for n in range(3)]
    found = load(
        tmp_path,
        {"claims.csv": table(made), "patients.csv": "patient_id\nP001\n", "zoo.csv": "a\n1\n", "truth.json": "[]"},
    )
    assert list(found.notes) == [
        ("claims.note_left_out", {"files": "zoo.csv"}),
        ("claims.note_unknown_columns", {"file": "claims.csv", "columns": "Colour, 备注"}),
        ("claims.note_reference_missing", {"claims": 2, "column": "patient_id", "table": "patients"}),
    ]


def test_files_are_for_their_owner_alone_and_the_work_folder_is_gone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        found = load(tmp_path, {"claims.csv": sound(3)})
    finally:
        os.umask(before)
    assert stat.S_IMODE(found.folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(p.stat().st_mode) for p in found.folder.iterdir()} == {0o600}


def test_full_disk_is_told_in_one_sentence_and_leaves_no_work_behind(tmp_path: Path) -> None:
    source = folder(tmp_path / "source", {"claims.csv": sound(2000)})
    script = f"""
import pathlib, resource
from ringfinder.claims import read
from ringfinder.errors import StoreError
from ringfinder.settings import ClaimsSettings
resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))  # to a writer, as good as a full disk
try:
    read(pathlib.Path({str(source)!r}), pathlib.Path({str(tmp_path / "read")!r}), ClaimsSettings())
except StoreError as error:
    print(error, end="")
"""
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ended.stdout == "no room left on the disk or in memory to read the claims; free some and run again"
    assert list((tmp_path / "read").iterdir()) == []


def test_every_reason_of_the_readers_has_its_sentence() -> None:
    written = "".join(p.read_text(encoding="utf-8") for p in Path(claims_room.__file__).parent.glob("*.py"))
    slugs = {key.removeprefix("claims.reject_") for key in catalogue() if key.startswith("claims.reject_")}
    assert {slug for slug in slugs if f"'{slug}'" not in written and f'"{slug}"' not in written} == set()
    emitted = set(re.findall(r"(?:THEN|ELSE) '([a-z]+_[a-z_]+|missing|placeholder)'", values_text(written)))
    assert emitted - slugs == set()


def values_text(written: str) -> str:
    """The SQL that gives faults their slugs."""
    return (
        written[written.index("FAULTS = (") : written.index("def value_sql")]
        + written[written.index("def fault_sql") :]
    )


def test_progress_goes_from_nothing_to_everything_through_known_stages(tmp_path: Path) -> None:
    heard: list[tuple[str, float]] = []
    source = folder(tmp_path / "source", {"claims.csv": sound(3), "patients.csv": PEOPLE})
    read(source, tmp_path / "read", ClaimsSettings(), progress=lambda stage, share: heard.append((stage, share)))
    shares = [share for _, share in heard]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert [stage for stage, _ in heard] == sorted((s for s, _ in heard), key=STAGES.index)


STAGES = ["claims.stage_reading", "claims.stage_checking", "claims.stage_writing"]


@pytest.mark.parametrize(
    ("column", "value", "fault"),
    [
        ("claim_id", "C0001", "unique"),
        ("service_type", "surgery", "isin"),
        ("start_time", None, "nullable"),
        ("claim_id", "A", "sorted by key"),
    ],
)
def test_contract_refuses_a_table_that_breaks_it(tmp_path: Path, column: str, value: str | None, fault: str) -> None:
    path = load(tmp_path, {"claims.csv": sound(3)}).path("claims")
    contract.check(CLAIMS, path)
    table_read = pq.read_table(path)
    place = table_read.column_names.index(column)
    changed = [*table_read[column].to_pylist()[:2], value]
    pq.write_table(table_read.set_column(place, column, pa.array(changed, table_read.schema.field(column).type)), path)
    with pytest.raises(RingFinderError, match=fault):
        contract.check(CLAIMS, path)


def test_contract_refuses_a_wrong_type(tmp_path: Path) -> None:
    path = tmp_path / "cards.parquet"
    pq.write_table(pa.table({"card_id": [1], "patient_id": ["P"]}), path)
    with pytest.raises(RingFinderError, match="cards: written with columns"):
        contract.check(BY_NAME["cards"], path)


def test_whole_set_of_rejects_is_allowed_when_the_setting_says_so(tmp_path: Path) -> None:
    made = [sound_row(n) for n in range(4)]
    made[0]["start_time"] = made[1]["start_time"] = "?"
    assert load(tmp_path, {"claims.csv": table(made)}, EVERYTHING_LOADS).rejected == 2
