"""A corpus of broken files, each with what must become of it: refused in one sentence, mended, or a row rejected."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from claim_files import EVERYTHING_LOADS, HEADER, folder, load, rejects, rows, sound, sound_row, table

from ringfinder.claims import read
from ringfinder.errors import InputError, RingFinderError, TooManyRejects, UsageError
from ringfinder.model import ClaimSet
from ringfinder.settings import ClaimsSettings


def parquet(columns: dict[str, list[object]] | None = None) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table(columns or {name: [sound_row(n)[name] for n in range(5)] for name in HEADER}), out)
    return out.getvalue()


def without(column: str) -> str:
    return table([{k: v for k, v in sound_row(n).items() if k != column} for n in range(5)])


def with_faults(bad: int, count: int = 200) -> str:
    made = [sound_row(n) for n in range(count)]
    for row in made[:bad]:
        row["start_time"] = "03/04/2024"
    return table(made)


SYNTHEA = (
    "Id,START,STOP,PATIENT,ORGANIZATION,ENCOUNTERCLASS,TOTAL_CLAIM_COST\n"
    "e1,2024-01-01T01:00:00Z,2024-01-01T02:00:00Z,p1,o1,wellness,1.00\n"
)

# name -> (files, words that the sentence must hold: file, column, cure)
REFUSED: dict[str, tuple[dict[str, str | bytes], tuple[str, ...]]] = {
    "empty file": ({"claims.csv": b""}, ("claims.csv", "empty", "export it again")),
    "only blank lines": ({"claims.csv": b"\n\n\n"}, ("claims.csv", "claim_id")),
    "header without rows": ({"claims.csv": ",".join(HEADER) + "\n"}, ("claims.csv", "no rows")),
    "header without rows or line end": ({"claims.csv": ",".join(HEADER)}, ("claims.csv", "no rows")),
    "header and blank rows": ({"claims.csv": ",".join(HEADER) + "\n,,,,,\n , ,,,,\n"}, ("claims.csv", "no rows")),
    "one required column missing": (
        {"claims.csv": without("start_time")},
        ("claims.csv", "start_time", "add or rename"),
    ),
    "misspelt column": (
        {"claims.csv": sound().replace("patient_id", "pateint", 1)},
        ("claims.csv", "patient_id", "add or rename"),
    ),
    "no header": ({"claims.csv": sound().split("\n", 1)[1]}, ("claims.csv", "claim_id", "missing from the header")),
    "title above the header": ({"claims.csv": "结算明细表\n" + sound()}, ("claims.csv", "claim_id")),
    "column twice": ({"claims.csv": sound().replace("facility_id", "patient_id", 1)}, ("patient_id twice", "rename")),
    "column twice in another case": (
        {"claims.csv": sound().replace("facility_id", "Patient ID", 1)},
        ("patient_id twice",),
    ),
    "unknown column twice": (
        {"claims.csv": table([{**sound_row(1), "x": "1", "X ": "2"}])},
        ("claims.csv", "names a column twice"),
    ),
    "colons between columns": ({"claims.csv": sound().replace(",", ":")}, ("claims.csv", "delimiter", "commas")),
    "blanks between columns": ({"claims.csv": sound().replace(",", "  ")}, ("claims.csv", "delimiter", "commas")),
    "Chinese commas between columns": ({"claims.csv": sound().replace(",", "，")}, ("claims.csv", "delimiter")),
    "rows with another delimiter than the header": (
        {"claims.csv": ",".join(HEADER) + "\n" + sound(5).split("\n", 1)[1].replace(",", ";")},
        ("claims.csv", "5 of 5 rows", "fewer columns"),
    ),
    "workbook named csv": ({"claims.csv": b"PK\x03\x04" + b"\1" * 99}, ("claims.csv", "Excel", "CSV (UTF-8)")),
    "old workbook named csv": ({"claims.csv": b"\xd0\xcf\x11\xe0" + b"\1" * 99}, ("claims.csv", "Excel")),
    "Parquet named csv": ({"claims.csv": parquet()}, ("claims.csv", "Parquet", ".parquet")),
    "PDF named csv": ({"claims.csv": b"%PDF-1.4 ..."}, ("claims.csv", "PDF")),
    "SQLite named csv": ({"claims.csv": b"SQLite format 3\0..."}, ("claims.csv", "SQLite")),
    "web page named csv": ({"claims.csv": "<html><table>"}, ("claims.csv", "web page")),
    "XML named csv": ({"claims.csv": "\ufeff<?xml version='1.0'?>"}, ("claims.csv", "XML")),
    "JSON named csv": ({"claims.csv": '[{"claim_id": 1}]'}, ("claims.csv", "JSON")),
    "NUL bytes": ({"claims.csv": sound().replace("C0002", "C\x0002")}, ("claims.csv", "NUL", "CSV (UTF-8)")),
    "UTF-16 without its mark": ({"claims.csv": sound().encode("utf-16-le")}, ("claims.csv", "NUL")),
    "no known encoding": (
        {
            "claims.csv": table([{**sound_row(n), "drug_code": "Z"} for n in range(60)])
            .encode()
            .replace(b"Z", b"\xff\xff")
        },
        ("claims.csv", "neither UTF-8 nor GB18030"),
    ),
    "gzip cut short": ({"claims.csv.gz": gzip.compress(sound(500).encode())[:-200]}, ("claims.csv.gz", "corrupt")),
    "gzip with a wrong checksum": (
        {"claims.csv.gz": gzip.compress(sound().encode())[:-8] + b"\1" * 8},
        ("claims.csv.gz", "corrupt"),
    ),
    "gzip of nothing": ({"claims.csv.gz": gzip.compress(b"")}, ("claims.csv.gz", "empty")),
    "Parquet cut short": ({"claims.parquet": parquet()[:-30]}, ("claims.parquet", "corrupt")),
    "Parquet with broken pages": (
        {"claims.parquet": parquet()[:4] + b"\xff" * 150 + parquet()[154:]},
        ("claims.parquet", "corrupt"),
    ),
    "text named Parquet": ({"claims.parquet": sound()}, ("claims.parquet", "corrupt")),
    "empty Parquet file": ({"claims.parquet": b""}, ("claims.parquet", "empty")),
    "Parquet without rows": ({"claims.parquet": parquet({h: [] for h in HEADER})}, ("claims.parquet", "no rows")),
    "Parquet without a column": ({"claims.parquet": parquet({"claim_id": ["1"]})}, ("claims.parquet", "patient_id")),
    "quotation mark never closed": (
        {"claims.csv": sound(20).replace("C0003", '"C0003')},
        ("claims.csv", "row 5", "never closed"),
    ),
    "empty folder": ({}, ("no claims", "claims.csv")),
    "folder with other tables only": ({"patients.csv": "patient_id\nP1\n"}, ("no claims", "claims.csv")),
    "folder with a workbook only": ({"claims.xlsx": b"PK\x03\x04"}, ("claims.xlsx", "workbook", "save its sheet")),
    "one table in two forms": ({"claims.csv": sound(), "claims.parquet": parquet()}, ("claims.csv", "both", "remove")),
    "one table zipped and not": (
        {"claims.csv": sound(), "claims.csv.gz": gzip.compress(sound().encode())},
        ("claims.csv.gz", "both"),
    ),
    "two kinds of source": (
        {"claims.csv": sound(), "encounters.csv": SYNTHEA},
        ("any of canonical, synthea", "--source"),
    ),
    "patients empty": ({"claims.csv": sound(), "patients.csv": b""}, ("patients.csv", "empty")),
    "patients without id": ({"claims.csv": sound(), "patients.csv": "name\n甲\n"}, ("patients.csv", "patient_id")),
    "settlements without person": ({"setl_d.csv": "setl_id,fixmedins_code\n1,2\n"}, ("setl_d.csv", "psn_no")),
    "encounters without patient": ({"encounters.csv": SYNTHEA.replace("PATIENT", "P")}, ("encounters.csv", "patient")),
}


@pytest.mark.parametrize("defect", REFUSED)
def test_claim_set_is_refused_in_one_sentence_that_names_file_fault_and_cure(tmp_path: Path, defect: str) -> None:
    files, words = REFUSED[defect]
    with pytest.raises(InputError) as caught:
        load(tmp_path, files, ClaimsSettings())
    message = str(caught.value)
    assert [w for w in words if w not in message] == []
    assert "\n" not in message
    assert caught.value.exit_code == 2
    assert not (tmp_path / "read" / ".reading").exists()


def test_message_about_a_missing_header_shows_nobodys_data(tmp_path: Path) -> None:
    people = "patient_id,name,id_number\n".replace("patient_id", "p") + "P1,张三,110101199001011234\n"
    with pytest.raises(InputError) as caught:
        load(tmp_path, {"claims.csv": sound(), "patients.csv": people.split("\n", 1)[1]})
    assert "张三" not in str(caught.value)
    assert "1101" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "words"),
    [("nowhere.csv", "no such file"), ("claims.xlsx", "workbook"), ("claims.docx", "CSV, CSV.gz or Parquet")],
)
def test_single_file_that_is_no_table_is_refused(tmp_path: Path, name: str, words: str) -> None:
    source = folder(tmp_path / "source", {"claims.xlsx": b"PK", "claims.docx": b"PK"}) / name
    with pytest.raises(InputError, match=words):
        read(source, tmp_path / "read", ClaimsSettings())


def test_unknown_source_and_unknown_zone_are_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="unknown source 'sap'; there are auto, canonical, nhsa, synthea"):
        load(tmp_path, {"claims.csv": sound()}, profile="sap")
    with pytest.raises(UsageError, match="unknown time zone 'Peking'"):
        load(tmp_path, {"claims.csv": sound()}, ClaimsSettings(time_zone="Peking"))


def mended(text: str) -> dict[str, bytes]:
    plain = text.encode()
    return {
        "byte order mark": b"\xef\xbb\xbf" + plain,
        "GB18030": text.encode("gb18030"),
        "UTF-16 with its mark": text.encode("utf-16"),
        "Windows line ends": plain.replace(b"\n", b"\r\n"),
        "old Mac line ends": plain.replace(b"\n", b"\r"),
        "mixed line ends": plain.replace(b"\n", b"\r\n", 3),
        "no last line end": plain.rstrip(b"\n"),
        "blank lines before the header": b"\n\n" + plain,
        "blank lines in the middle and at the end": plain.replace(b"\n", b"\n\n", 4) + b"\n\n",
        "Excel's sep hint": b"sep=,\n" + plain,
        "semicolons": table([*map(full_row, range(5))], delimiter=";").encode(),
        "tabs": table([*map(full_row, range(5))], delimiter="\t").encode(),
        "bars": table([*map(full_row, range(5))], delimiter="|").encode(),
        "header in capitals with blanks": plain.replace(b"claim_id,patient_id", b" CLAIM ID ,Patient-Id", 1),
        "quoted header": plain.replace(b"claim_id,patient_id", b'"claim_id","patient_id"', 1),
        "rows with a trailing comma": b"\n".join(
            line + b"," if i else line for i, line in enumerate(plain.rstrip(b"\n").split(b"\n"))
        ),
        "rows without any value": plain + b",,,,,,\n,,,,,,\n",
        "blanks around values": plain.replace(b",P00", b", P00").replace(b",F", b" ,\xe3\x80\x80F"),
        "apostrophes that mark text": plain.replace(b"\nC00", b"\n'C00"),
        "formulas that mark text": plain.replace(b"C0003", b'="C0003"'),
        "gzip without the ending": gzip.compress(plain),
    }


def full_row(number: int) -> dict[str, str]:
    return {**sound_row(number), "diagnosis_code": f"高血压{number}"}


@pytest.fixture(scope="module")
def as_it_should_be(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[object, ...]]:
    at = tmp_path_factory.mktemp("plain")
    return rows(load(at, {"claims.csv": table([*map(full_row, range(5))])}), "FROM claims")


@pytest.mark.parametrize("oddity", mended(sound()))
def test_odd_file_reads_like_the_plain_one(
    tmp_path: Path, oddity: str, as_it_should_be: list[tuple[object, ...]]
) -> None:
    content = mended(table([*map(full_row, range(5))]))[oddity]
    found = load(tmp_path, {"claims.csv": content})
    assert rows(found, "FROM claims") == as_it_should_be
    assert (found.rejected, rejects(found)) == (0, [])
    assert found.sources[0][1] == 5


# (column, what is written, reason or None where it is understood); each on a row of its own, the others sound
CELLS: list[tuple[str, str, str | None]] = [
    ("claim_id", "", "missing"),
    ("claim_id", "NULL", "placeholder"),
    ("claim_id", "1.23E+17", "id_exponent"),
    ("patient_id", "1.1010119900101e+17", "id_exponent"),
    ("patient_id", "1001.0", "id_decimal"),
    ("patient_id", "未知", "placeholder"),
    ("patient_id", "000", "placeholder"),
    ("patient_id", "#N/A", "spreadsheet_error"),
    ("patient_id", "P" * 129, "id_long"),
    ("facility_id", "  ", "missing"),
    ("facility_id", "F\n1", "id_control"),
    ("service_type", "", "missing"),
    ("service_type", "surgery", "not_a_choice"),
    ("service_type", "住院", None),
    ("service_type", "Outpatient ", None),
    ("start_time", "", "missing"),
    ("start_time", "NULL", "missing"),
    ("start_time", "03/04/2024", "date_ambiguous"),
    ("start_time", "25/03/2024 10:20", "date_ambiguous"),
    ("start_time", "24-3-5", "date_ambiguous"),
    ("start_time", "2024-02-30", "date_impossible"),
    ("start_time", "2024-03-05 25:00", "date_impossible"),
    ("start_time", "0001-01-01", "date_impossible"),
    ("start_time", "0000-00-00", "missing"),
    ("start_time", "1709600000", "date_form"),
    ("start_time", "5-Mar-24", "date_form"),
    ("start_time", "2024年3月5日 下午2时5分", None),
    ("start_time", "45356.43", None),
    ("total_amount", "", "missing"),
    ("total_amount", "12,34", "amount_form"),
    ("total_amount", "1.234,50", "amount_form"),
    ("total_amount", "(12.50)", "amount_form"),
    ("total_amount", "1.2E+05", "amount_exponent"),
    ("total_amount", "$12", "amount_unit"),
    ("total_amount", "1.5万", "amount_unit"),
    ("total_amount", "99999999999999", "amount_large"),
    ("total_amount", "-12", "negative_without_refund"),
    ("total_amount", "￥1,234.50 元", None),
    ("fund_amount", "abc", "amount_form"),
    ("fund_amount", "无", None),
    ("end_time", "2023-01-01", "ends_before_start"),
    ("end_time", "9999-12-31", None),
    ("doctor_id", "1.0E+5", "id_exponent"),
    ("doctor_id", "不详", None),
    ("payee_account", "6.22202E+18", "id_exponent"),
]


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> ClaimSet:
    made = [sound_row(n) for n in range(len(CELLS))]
    for row, (column, value, _) in zip(made, CELLS, strict=True):
        row[column] = value
    columns = (*HEADER, "fund_amount", "end_time", "refund_of", "doctor_id", "payee_account")
    return load(tmp_path_factory.mktemp("cells"), {"claims.csv": table(made, columns)})


@pytest.mark.parametrize("number", range(len(CELLS)), ids=lambda n: f"{CELLS[n][0]}={CELLS[n][1][:20]!r}")
def test_faulty_cell_rejects_its_row_with_the_reason_and_sound_ones_load(cells: ClaimSet, number: int) -> None:
    column, _, reason = CELLS[number]
    found = [(c, slug) for _, row, c, _, slug in rejects(cells) if row == number + 2]
    assert found == ([] if reason is None else [(column, reason)])
    loaded = rows(cells, f"SELECT count(*) FROM claims WHERE claim_id = 'C{number:04}'")
    assert loaded == [(int(reason is None),)]


def test_every_rejected_row_is_counted_once(cells: ClaimSet) -> None:
    bad = sum(reason is not None for _, _, reason in CELLS)
    assert (cells.rejected, cells.rows["claims"]) == (bad, len(CELLS) - bad)


def test_rejected_value_is_shown_but_of_a_personal_column_only_its_shape(cells: ClaimSet) -> None:
    shown = {(column, slug): value for _, _, column, value, slug in rejects(cells)}
    assert shown["patient_id", "id_exponent"] == "1.1010119900101e+17"
    assert shown["payee_account", "id_exponent"] == "9.99999x+99"


def test_line_that_is_no_row_is_rejected_at_its_place(tmp_path: Path) -> None:
    lines = sound(12).rstrip("\n").split("\n")
    lines[3] = "C0002,P1"  # row 4
    lines[4] += ",too,many"  # row 5
    lines[7] = lines[7].replace("C0006", '"C0"006')  # row 8
    lines[9] = lines[9].replace("P008", "")  # row 10
    lines[11] = lines[11].replace("outpatient", "?").replace("inpatient", "?").replace("pharmacy", "?")  # row 12
    found = load(tmp_path, {"claims.csv": "\n".join(lines)})
    assert [(row, column, slug) for _, row, column, _, slug in rejects(found)] == [
        (4, "", "columns_few"),
        (5, "", "columns_many"),
        (8, "", "quote"),
        (10, "patient_id", "missing"),
        (12, "service_type", "not_a_choice"),
    ]
    assert (found.rejected, found.rows["claims"], found.sources[0][1]) == (5, 7, 12)


@pytest.mark.parametrize("blank_lines", [0, 2])
def test_rejected_rows_have_their_place_in_a_file_that_is_read_in_parallel(tmp_path: Path, blank_lines: int) -> None:
    count, step = 120_000, 1_999  # some 20 MB: more than one thread's share of a file
    padding = "x" * 100
    lines = [",".join(sound_row(0)) + ",drug_code"]
    expected = []
    for n in range(count):
        row = ",".join(sound_row(n).values())
        if n % step == 0:
            row = "too,few" if n % 2 else row.replace("2024-03", "2024-13")
            expected.append((len(lines) + 1, "columns_few" if n % 2 else "date_impossible"))
        lines += [f"{row},{padding}"] + [""] * blank_lines * (n % 1_501 == 0)
    found = load(tmp_path, {"claims.csv": "\n".join(lines)})
    assert [(row, slug) for _, row, _, _, slug in rejects(found)] == expected


def test_broken_bytes_reject_the_id_that_holds_them_and_nothing_else(tmp_path: Path) -> None:
    text = table([full_row(n) for n in range(40)]).encode()
    found = load(
        tmp_path, {"claims.csv": text.replace(b"C0007", b"C\xe5\xb07").replace("高血压9".encode(), b"\xe9\xab9", 1)}
    )
    assert [(row, column, slug) for _, row, column, _, slug in rejects(found)] == [(9, "claim_id", "undecodable")]
    assert found.rows["claims"] == 39


def test_one_percent_of_rejects_loads_and_more_refuses(tmp_path: Path) -> None:
    found = load(tmp_path / "just", {"claims.csv": with_faults(2)}, ClaimsSettings())
    assert (found.rejected, found.rows["claims"]) == (2, 198)
    with pytest.raises(TooManyRejects) as caught:
        load(tmp_path / "more", {"claims.csv": with_faults(3)}, ClaimsSettings())
    message = str(caught.value)
    assert "claims.csv: 3 of 200 rows were rejected, more than 1.00%" in message
    assert "in column start_time (3 times, first in claims.csv row 2): the date is ambiguous" in message
    assert caught.value.exit_code == 2


def test_table_beside_the_claims_may_lose_a_row_but_not_most(tmp_path: Path) -> None:
    sexes = ["F", "M", "x", "F"]
    people = table([{"patient_id": f"P{n}", "sex": sex} for n, sex in enumerate(sexes)])
    claims = sound(400)
    assert (
        load(tmp_path / "one", {"claims.csv": claims, "patients.csv": people}, ClaimsSettings()).rows["patients"] == 3
    )
    misread = people.replace("F", "?").replace("M", "?")
    with pytest.raises(TooManyRejects, match=r"patients\.csv: 4 of 4 rows"):
        load(tmp_path / "most", {"claims.csv": claims, "patients.csv": misread}, ClaimsSettings())


def test_nothing_usable_is_refused_even_when_every_reject_is_allowed(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no claim that can be used"):
        load(tmp_path, {"claims.csv": with_faults(3, 3)}, EVERYTHING_LOADS)


def test_comma_alone_is_no_thousands_separator_where_semicolons_part_the_columns(tmp_path: Path) -> None:
    made = [sound_row(n) for n in range(3)]
    made[0]["total_amount"], made[1]["total_amount"] = "1,234", "1,234.50"
    found = load(tmp_path, {"claims.csv": table(made, delimiter=";")})
    assert [(row, column, slug) for _, row, column, _, slug in rejects(found)] == [(2, "total_amount", "amount_form")]
    assert rows(found, "SELECT total_amount::VARCHAR FROM claims") == [("1234.50",), ("2.50",)]


def test_rejected_formula_cannot_run_in_a_spreadsheet(tmp_path: Path) -> None:
    made = [{**sound_row(n), "end_time": ""} for n in range(2)]
    made[0]["end_time"] = "=HYPERLINK(1)"
    found = load(tmp_path, {"claims.csv": table(made)})
    assert [value for _, _, _, value, _ in rejects(found)] == ["'=HYPERLINK(1)"]


def test_errors_of_every_kind_belong_to_the_tree() -> None:
    assert issubclass(InputError, RingFinderError)
    assert issubclass(TooManyRejects, InputError)
