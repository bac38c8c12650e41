"""Files of claims before and after a run: what they would be read as, and which rows were refused; the work of a process of its own."""

from __future__ import annotations

import base64
import binascii
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ringfinder.claims.looking import look
from ringfinder.errors import StoreError
from ringfinder.report.files import reader_of
from ringfinder.words.sentences import Sentence
from ringfinder.workspace import Workspace

MOST_REASONS = 200
MOST_NAME, MOST_ENDING = 255, 20  # bytes; signs


def look_at(files: Sequence[tuple[str, str]], profile: str) -> dict[str, Any]:
    """What files of these names, each with its first bytes in base64, would be read as."""
    with tempfile.TemporaryDirectory(prefix="ringfinder-look-") as place:
        for name, begins in files:
            try:
                content = base64.b64decode(begins)
            except binascii.Error:
                content = b""
            (Path(place) / fitting(name)).write_bytes(content)
        return asdict(look(Path(place), profile))


def fitting(name: str) -> str:
    """A file's name, cut before its ending to what a file system holds: elsewhere names may be longer."""
    ending = Path(name).suffix[:MOST_ENDING]
    room = MOST_NAME - len(ending.encode())
    return name if len(name.encode()) <= MOST_NAME else name.encode()[:room].decode("utf-8", "ignore") + ending


def rejects_of_run(folder: Path, run_id: str) -> list[dict[str, Any]]:
    """Refused rows of a run by file, column and reason, the commonest first; what stood in them is told to nobody."""
    import duckdb  # noqa: PLC0415 - not in the serving process

    results = Workspace(folder).run(run_id).results
    path = next((one for one in (results / "rejects.csv", results / "rejects.parquet") if one.is_file()), None)
    if path is None:
        return []
    query = f"""SELECT file, coalesce("column", ''), split_part(reason, ':', 1), count(*), min(CAST("row" AS BIGINT))
        FROM {reader_of(path)} GROUP BY ALL ORDER BY 4 DESC, 1, 5, 2, 3 LIMIT {MOST_REASONS}"""
    try:
        with duckdb.connect() as db:
            rows = db.execute(query, {"path": str(path)}).fetchall()
    except duckdb.Error as error:
        raise StoreError(Sentence("faults.rejects_unreadable", run_id=run_id)) from error
    names = ("file", "column", "reason", "times", "first_row")
    return [dict(zip(names, row, strict=True)) for row in rows]
