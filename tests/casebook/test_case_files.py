"""Files of cases: what is taken, that content is kept once, and what a stranger's file cannot be; on both databases."""

from __future__ import annotations

import hashlib
import io
import zipfile

import pytest
from sqlalchemy import func, select

from ringfinder.casebook import cases
from ringfinder.casebook.case_files import MOST_BYTES, add_file, content_of, files_of
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.tables_of_cases import StoredFileRow
from ringfinder.errors import Refused
from tests.casebook.people_of_cases import WEST, draft, person

PDF = b"%PDF-1.7 a scanned letter"


def archive(*names: str) -> bytes:
    """A ZIP with these parts."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        for name in names:
            made.writestr(zipfile.ZipInfo(name), "x")  # with a date of its own, not of today
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("信.pdf", PDF, "application/pdf"),
        ("ward.PNG", b"\x89PNG\r\n\x1a\nxxxx", "image/png"),
        ("ward.jpeg", b"\xff\xd8\xff\xe0xxxx", "image/jpeg"),
        ("bills.xlsx", archive("[Content_Types].xml", "xl/workbook.xml"), None),
        ("letter.docx", archive("[Content_Types].xml", "word/document.xml"), None),
        ("said.txt", "他说\r\n".encode(), "text/plain"),
        ("rows.csv", b"a,b\n1,2\n", "text/csv"),
    ],
)
def test_file_comes_back_as_it_was_added(casebook: Casebook, name: str, content: bytes, media_type: str | None) -> None:
    boss = person(casebook, "boss", "supervisor")
    made = cases.create(casebook, boss, draft())
    added = add_file(casebook, boss, made.case_id, name, content)
    assert (added.number, added.name, added.size) == (1, name, len(content))
    assert added.digest == hashlib.sha256(content).hexdigest()
    assert added.media_type == media_type or "openxmlformats" in added.media_type
    assert content_of(casebook, boss, made.case_id, 1) == (added, content)
    assert add_file(casebook, boss, made.case_id, name, content) == added
    assert files_of(casebook, boss, made.case_id) == (added,)


@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [
        ("letter.pdf", b"MZ a program", "bad_file"),
        ("letter.pdf", b"", "bad_file"),
        ("page.html", b"<script>", "bad_file"),
        ("page.svg", b"<svg/>", "bad_file"),
        ("macros.xlsx", archive("xl/workbook.xml", "xl/vbaProject.bin"), "bad_file"),
        ("bills.xlsx", archive("word/document.xml"), "bad_file"),
        ("bills.xlsx", b"PK\x03\x04 broken", "bad_file"),
        ("said.txt", b"\xff\xfe", "bad_file"),
        ("said.txt", b"a\0b", "bad_file"),
        ("said.txt", b"", "bad_file"),
        ("../said.txt", b"x", "unsafe_name"),
        ("said", b"x", "unsafe_name"),
        ("a" * 120 + ".txt", b"x", "unsafe_name"),
        ("large.txt", b"x" * (MOST_BYTES + 1), "too_large"),
    ],
)
def test_what_is_none_of_these_is_refused(casebook: Casebook, name: str, content: bytes, refusal: str) -> None:
    boss = person(casebook, "boss", "supervisor")
    made = cases.create(casebook, boss, draft())
    with pytest.raises(Refused) as told:
        add_file(casebook, boss, made.case_id, name, content)
    assert told.value.code == refusal
    assert files_of(casebook, boss, made.case_id) == ()


def test_content_is_kept_once_and_shown_only_to_who_sees_the_case(casebook: Casebook) -> None:
    boss, west = person(casebook, "boss", "supervisor"), person(casebook, "west", "investigator", WEST)
    one, two = (cases.create(casebook, boss, draft()) for _ in range(2))
    add_file(casebook, boss, one.case_id, "a.pdf", PDF)
    add_file(casebook, boss, one.case_id, "b.pdf", PDF)
    add_file(casebook, boss, two.case_id, "a.pdf", PDF)
    assert [file.name for file in files_of(casebook, boss, one.case_id)] == ["a.pdf", "b.pdf"]
    with casebook.session() as session:
        assert session.scalar(select(func.count()).select_from(StoredFileRow)) == 1
    for work in (
        lambda: files_of(casebook, west, one.case_id),
        lambda: content_of(casebook, west, one.case_id, 1),
        lambda: add_file(casebook, west, one.case_id, "a.pdf", PDF),
    ):
        with pytest.raises(Refused) as told:
            work()
        assert told.value.code == "unknown_case"
    with pytest.raises(Refused) as told:
        content_of(casebook, boss, one.case_id, 3)
    assert told.value.code == "unknown_file"
