"""Files of a case: checked by what is in them, kept once for each content, by its SHA-256, in the database itself.

What a file is, its first bytes say, and its name has to agree: PDF, PNG, JPEG, workbooks and documents without macros, plain UTF-8
text. So nothing that a browser or an office would run is handed from one person to another, and a backup of the database is
whole. Blind spot: a PDF may hold a script; who opens one does so with a reader that runs none.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ringfinder.casebook.cases import check_there, visible
from ringfinder.casebook.changes import record_change, writing
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.hidden import HIDDEN
from ringfinder.casebook.refusals import refused
from ringfinder.casebook.tables_of_cases import CaseFileRow, StoredFileRow
from ringfinder.casebook.who import Who

MOST_BYTES = 20 * 1024**2
MOST_FILES = 200  # of one case
NAME = re.compile(rf"[^./\\:{HIDDEN}][^/\\:{HIDDEN}]{{0,94}}\.([A-Za-z]{{2,5}})")
OFFICE = "application/vnd.openxmlformats-officedocument"
TYPES: Mapping[str, str] = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "xlsx": f"{OFFICE}.spreadsheetml.sheet",
    "docx": f"{OFFICE}.wordprocessingml.document",
    "txt": "text/plain",
    "csv": "text/csv",
}
SIGNS: Mapping[str, bytes] = {
    "application/pdf": b"%PDF-",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
}
PARTS: Mapping[str, str] = {TYPES["xlsx"]: "xl/workbook.xml", TYPES["docx"]: "word/document.xml"}


@dataclass(frozen=True)
class File:
    """A file of a case; `number` counts within it; `digest`: SHA-256 of its content, hexadecimal."""

    number: int
    name: str
    media_type: str
    size: int
    digest: str
    at: datetime
    by: str


def add_file(
    casebook: Casebook, who: Who, case_id: str, name: str, content: bytes, now: datetime | None = None
) -> File:
    """One more file; the same content under the same name is the one that is there already."""
    media_type = checked_type(name, content)
    digest = hashlib.sha256(content).hexdigest()
    with writing(casebook) as session:
        check_there(visible(session, who, case_id), "file")
        same = select(CaseFileRow).where(CaseFileRow.case_id == case_id, CaseFileRow.digest == digest)
        if (there := session.scalar(same.where(CaseFileRow.name == name))) is not None:
            return _file(session, there)
        last = session.scalar(select(func.max(CaseFileRow.number)).where(CaseFileRow.case_id == case_id)) or 0
        if last >= MOST_FILES:
            raise refused("too_many_case_files", limit=MOST_FILES)
        if session.get(StoredFileRow, digest) is None:
            session.add(StoredFileRow(digest=digest, media_type=media_type, size=len(content), content=content))
            session.flush()
        row = CaseFileRow(
            case_id=case_id, number=last + 1, at=now or datetime.now(UTC), by=who.caller_id, name=name, digest=digest
        )
        session.add(row)
        details = {"number": row.number, "sha256": digest, "size": len(content)}
        record_change(session, who.actor, "case.file_added", case_id, {}, {"name": name}, ("name",), **details)
        return _file(session, row)


def files_of(casebook: Casebook, who: Who, case_id: str) -> tuple[File, ...]:
    """All files, the oldest first."""
    with casebook.session() as session:
        visible(session, who, case_id)
        wanted = select(CaseFileRow).where(CaseFileRow.case_id == case_id).order_by(CaseFileRow.number)
        return tuple(_file(session, row) for row in session.scalars(wanted))


def content_of(casebook: Casebook, who: Who, case_id: str, number: int) -> tuple[File, bytes]:
    """A file and what is in it; Refused where there is none."""
    with casebook.session() as session:
        visible(session, who, case_id)
        row = session.get(CaseFileRow, (case_id, number))
        if row is None:
            raise refused("unknown_file")
        return _file(session, row), session.get_one(StoredFileRow, row.digest).content


def checked_type(name: str, content: bytes) -> str:
    """The media type on which name and content agree; Refused where they do not, or it is none that is taken."""
    if len(content) > MOST_BYTES:
        raise refused("too_large", limit=MOST_BYTES)
    found = NAME.fullmatch(name)
    if found is None:
        raise refused("unsafe_name")
    media_type = TYPES.get(found[1].lower())
    if media_type is None or not _is(media_type, content):
        raise refused("bad_file", types=", ".join(TYPES))
    return media_type


def _is(media_type: str, content: bytes) -> bool:
    if media_type in SIGNS:
        return content.startswith(SIGNS[media_type])
    if media_type in PARTS:
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                names = set(archive.namelist())
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
            return False
        return PARTS[media_type] in names and not any("vba" in one.lower() for one in names)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return bool(text) and not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text)


def _file(session: Session, row: CaseFileRow) -> File:
    wanted = select(StoredFileRow.media_type, StoredFileRow.size).where(StoredFileRow.digest == row.digest)
    media_type, size = session.execute(wanted).one()
    return File(row.number, row.name, media_type, size, row.digest, row.at, row.by)
