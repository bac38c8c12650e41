"""What is left of a claim set that was refused: its rejected rows, in the folder that was named for the results.

The workspace keeps nothing of such a run, and nobody mends thousands of rows by the place of the first. So the list goes
beside whatever lies in that folder already; results of an earlier run there stay as they are, but for their `rejects`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from ringfinder.errors import TooManyRejects
from ringfinder.pipeline.output import writing_to
from ringfinder.report.contract import RejectRow, columns
from ringfinder.report.files import Format, at_once, reader_of
from ringfinder.words.sentences import Sentence

FORMS: dict[Format, str] = {"csv": "FORMAT csv, HEADER", "parquet": "FORMAT parquet"}


@contextmanager
def rejects_kept(tables: Path, out: Path | None, file_format: Format) -> Iterator[None]:
    """Around a reading into `tables`: where too many rows are rejected, `rejects` stands in `out`, and the error says so."""
    try:
        yield
    except TooManyRejects as error:
        if out is None:
            raise
        kept = out / f"rejects.{file_format}"
        with writing_to(out):
            _write(tables / "rejects.csv", kept, FORMS[file_format])
        raise TooManyRejects(Sentence("claims.refused_listed", refusal=error.args[0], file=kept)) from error


def _write(rejects: Path, kept: Path, form: str) -> None:
    """All rows at once, whatever their number, and in one step; they are not read into memory, since all may be rejected."""
    wanted = ", ".join(f'coalesce("{name}", \'\') AS "{name}"' for name in columns(RejectRow))
    with at_once(kept) as new, duckdb.connect() as db:
        db.execute(
            f"COPY (SELECT {wanted} FROM {reader_of(rejects)}) TO $new ({form})",
            {"path": str(rejects), "new": str(new)},
        )
