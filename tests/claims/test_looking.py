"""What files would be read as, by their names and first lines."""

from __future__ import annotations

from pathlib import Path

from ringfinder.claims.looking import FileLook, Match, look

NEEDED = ("claim_id", "patient_id", "facility_id", "service_type", "start_time", "total_amount")


def put(folder: Path, **files: str | bytes) -> Path:
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode()
        (folder / name.replace("__", ".")).write_bytes(data)
    return folder


def test_each_file_is_told_with_its_table_and_its_columns(tmp_path: Path) -> None:
    header = "Claim ID;patient_id;facility_id;service_type;start_time;weather"
    put(
        tmp_path,
        claims__csv=header + "\nC1;P1;H1;outpatient;2024-03-05;rain",
        patients__csv="patient_id\nP1",
        notes__csv="x",
    )
    found = look(tmp_path, "canonical")
    claims, patients, notes = found.files
    assert (found.profile, found.fault, claims.file, claims.table, claims.told) == (
        "canonical",
        None,
        "claims.csv",
        "claims",
        True,
    )
    assert claims.known[:2] == (Match("claim_id", "Claim ID"), Match("patient_id", "patient_id"))
    assert (claims.missing, claims.unknown) == (("total_amount",), ("weather",))
    assert set(claims.absent).isdisjoint(NEEDED)
    assert "doctor_id" in claims.absent
    assert (patients.table, patients.missing, patients.unknown) == ("patients", (), ())
    assert notes == FileLook("notes.csv", None, True)


def test_chinese_of_an_old_code_page_is_understood(tmp_path: Path) -> None:
    put(tmp_path, claims__csv=(",".join(NEEDED) + ",天气\nC1,P1,H1,outpatient,2024-03-05,1,雨\n").encode("gb18030"))
    (claims,) = look(tmp_path, "auto").files
    assert (claims.missing, claims.unknown) == ((), ("天气",))


def test_columns_at_the_end_of_a_file_cannot_be_told_by_its_beginning(tmp_path: Path) -> None:
    (claims,) = look(put(tmp_path, claims__parquet=b"PAR1 cut short"), "auto").files
    assert claims == FileLook("claims.parquet", "claims", False)


def test_files_without_claims_or_with_them_twice_are_told_apart(tmp_path: Path) -> None:
    put(tmp_path, money__csv="a,b", book__xlsx="x")
    assert look(tmp_path, "auto").fault == "no_claims"
    put(tmp_path, claims__csv=",".join(NEEDED), claims__parquet=b"PAR1")
    found = look(tmp_path, "canonical")
    assert (found.profile, found.fault, [one.table for one in found.files]) == (None, "unclear", [None] * 4)
