"""A line without any value is no row, wherever it stands and however it is blank; rows keep their place."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from claim_files import HEADER, load, rejects, rows, sound_row, table

from ringfinder.claims.blanks import fill

COLUMNS = (*HEADER, "drug_code")
BLANKS = ["", "   ", "\t", "\u3000", '""', ",,", ",,,,,,", ",,,,,,,,,", " ,\u3000,,\u00a0,,,", '"","","","","","",""']
FAULTS = [("few,columns", "columns_few"), ("C,P,F,outpatient,2024-13-01,1,", "date_impossible")]


def line(number: int, plainly: bool) -> str:
    """A sound row, either in the plainest form of each value or in one that takes more work."""
    row = sound_row(number)
    if not plainly:
        row |= {"start_time": row["start_time"].replace("-", "/"), "total_amount": f'"￥{row["total_amount"]} 元"'}
    return ",".join(
        (*row.values(), '"cell with\n\n\nempty lines, a ""quote"", and\n,,,,,,"' if number % 7 == 0 else "X1")
    )


def shuffled(seed: int) -> tuple[list[str], list[tuple[int, str]], int, int]:
    """Lines under a header, rejects as (row, reason), how many sound rows, how many blank ones."""
    rng = random.Random(seed)
    lines, faults, sound, blank = [",".join(COLUMNS)], [], 0, 0
    for _ in range(300):
        kind = rng.choice(("plain", "slow", "blank", "fault"))
        if kind == "blank":
            lines.append(rng.choice(BLANKS))
            blank += 1
        elif kind == "fault":
            text, reason = rng.choice(FAULTS)
            lines.append(text)
            faults.append((len(lines), reason))
        else:
            lines.append(line(sound, kind == "plain"))
            sound += 1
    return lines, faults, sound, blank


FORMS: dict[str, Callable[[list[str]], bytes]] = {
    "line feeds": lambda lines: "\n".join(lines).encode(),
    "line feeds to the end": lambda lines: "".join(f"{one}\n" for one in lines).encode(),
    "Windows line ends": lambda lines: "\n".join(lines).replace("\n", "\r\n").encode(),
    "old Mac line ends": lambda lines: "\n".join(lines).replace("\n", "\r").encode(),
    "semicolons": lambda lines: "\n".join(lines).replace(",", ";").encode(),
    "GB18030": lambda lines: "\n".join(lines).encode("gb18030"),
    "UTF-16": lambda lines: "\n".join(lines).encode("utf-16"),
    "gzip": lambda lines: gzip.compress("\n".join(lines).encode()),
}


@pytest.mark.parametrize("form", FORMS)
def test_blank_lines_are_no_rows_but_counted_and_rejects_keep_their_place(tmp_path: Path, form: str) -> None:
    lines, faults, sound, blank = shuffled(sorted(FORMS).index(form))
    found = load(tmp_path, {"claims.csv": FORMS[form](lines)})
    assert [(row, slug) for _, row, _, _, slug in rejects(found)] == faults
    assert found.rows["claims"] == sound
    assert found.rejected == len(faults)
    assert found.sources[0][1] == sound + len(faults)
    assert ("claims.note_blank_rows", {"file": "claims.csv", "rows": blank}) in found.notes
    assert rows(found, "SELECT count(DISTINCT drug_code) FROM claims") == [(2,)]  # empty lines in a cell are its own


def test_blank_lines_above_the_header_move_it_and_a_sep_hint_does_not(tmp_path: Path) -> None:
    bad = table([{**sound_row(0), "start_time": "?"}, sound_row(1)]) + "few,columns\n"
    for above, row in (("", 2), ("\n \n", 4), ("sep=,\n", 2), ("\n\nsep=,\n", 4)):
        found = load(tmp_path / f"{row}{len(above)}", {"claims.csv": above + bad})
        assert [where for _, where, _, _, _ in rejects(found)] == [row, row + 2]


def test_file_without_blank_lines_has_no_note_and_is_read_where_it_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("ringfinder.claims.blanks.fill")
    found = load(tmp_path, {"claims.csv": table([sound_row(n) for n in range(3)])})
    assert [key for key, _ in found.notes] == []


def test_blank_lines_between_and_behind_are_counted_for_each_table_also_with_one_column(tmp_path: Path) -> None:
    claims = table([sound_row(n) for n in range(3)])
    people = "patient_id\n\nP000\n  \nP001\n\n"
    found = load(tmp_path, {"claims.csv": claims + "\n\n", "patients.csv": people})
    assert [values for key, values in found.notes if key == "claims.note_blank_rows"] == [
        {"file": "claims.csv", "rows": 2},
        {"file": "patients.csv", "rows": 3},
    ]
    assert rows(found, "FROM patients SELECT patient_id") == [("P000",), ("P001",)]


def test_stray_and_unclosed_quotation_marks_neither_hide_empty_lines_nor_make_them(tmp_path: Path) -> None:
    (tmp_path / "from").write_bytes(b'a,b\n1,5" pipe\n\n2,"x\n\ny"\n\n3,"""\n\n"""\n\n4,"open\n\n')
    fill(tmp_path / "from", tmp_path / "to", 0, ",", 2)
    assert (tmp_path / "to").read_bytes() == b'a,b\n1,5" pipe\n,\n2,"x\n\ny"\n,\n3,"""\n\n"""\n,\n4,"open\n,\n'
