"""Rows of the results to files and back, as CSV or Parquet; the same rows give the same bytes.

`publish` puts finished files into a folder by one rename each, run.json last; files that are not ours stay.
"""

from __future__ import annotations

import csv
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, TypeVar

from ringfinder.errors import InputError
from ringfinder.report.contract import (
    ROWS,
    Column,
    ColumnType,
    EvidenceRow,
    MemberRow,
    RejectRow,
    RingRow,
    Row,
    columns,
    number,
)
from ringfinder.report.results import Results
from ringfinder.words.sentences import Sentence

Format = Literal["csv", "parquet"]
FORMATS: tuple[Format, ...] = ("csv", "parquet")
AnyRow = TypeVar("AnyRow", RingRow, MemberRow, EvidenceRow)


def write_results(results: Results, rejects: Sequence[RejectRow], folder: Path, file_format: Format) -> None:
    """`rings`, `members`, `evidence`, `rejects` into `folder`, mode 600."""
    for name, rows in (
        ("rings", results.rings),
        ("members", results.members),
        ("evidence", results.evidence),
        ("rejects", rejects),
    ):
        path = folder / f"{name}.{file_format}"
        write = _write_parquet if file_format == "parquet" else _write_csv
        write(rows, columns(ROWS[name]), path)
        path.chmod(0o600)


def _write_csv(rows: Iterable[Row], wanted: Mapping[str, Column], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(wanted)
        writer.writerows([_as_text(getattr(row, name), c) for name, c in wanted.items()] for row in rows)


def _as_text(value: Any, wanted: Column) -> str:
    if value is None:
        return ""
    match wanted.type:
        case "flag":
            return "true" if value else "false"
        case "time":
            return str(value.isoformat(timespec="seconds"))
        case "list":
            return ";".join(item.replace("\\", "\\\\").replace(";", "\\;") for item in value)
        case "number":
            return number(value, wanted.decimals)
        case _:
            return str(value)


def split_list(text: str) -> tuple[str, ...]:
    """The values of a list as written in CSV."""
    if not text:
        return ()
    values, current, escaped = [], "", False
    for character in text:
        if escaped:
            current, escaped = current + character, False
        elif character == "\\":
            escaped = True
        elif character == ";":
            values.append(current)
            current = ""
        else:
            current += character
    return (*values, current)


def _write_parquet(rows: Sequence[Row], wanted: Mapping[str, Column], path: Path) -> None:
    import pyarrow as pa  # noqa: PLC0415 - costs time at start-up
    import pyarrow.parquet as pq  # noqa: PLC0415

    types = {
        "text": pa.string(),
        "list": pa.list_(pa.string()),
        "count": pa.int64(),
        "money": pa.decimal128(18, 2),
        "flag": pa.bool_(),
        "time": pa.timestamp("s"),
        "number": pa.float64(),
    }
    arrays = [pa.array([getattr(row, name) for row in rows], type=types[c.type]) for name, c in wanted.items()]
    pq.write_table(pa.table(arrays, names=list(wanted)), path)


def read_results(folder: Path) -> Results:
    """Results that `write_results` left in `folder`, in either format; InputError if they are missing or broken."""
    results = Results(
        tuple(_read("rings", RingRow, folder)),
        tuple(_read("members", MemberRow, folder)),
        tuple(_read("evidence", EvidenceRow, folder)),
    )
    rings = {ring.ring_id for ring in results.rings}
    for name, rows in (("members", results.members), ("evidence", results.evidence)):
        if any(row.ring_id not in rings for row in rows):
            raise InputError(Sentence("faults.results_broken", folder=folder.name, name=name))
    return results


def read_rings(folder: Path) -> list[RingRow]:
    """Only the rings of a results folder; InputError if they are missing or do not fit the contract."""
    return _read("rings", RingRow, folder)


def _read(name: str, row_type: type[AnyRow], folder: Path) -> list[AnyRow]:
    wanted = columns(row_type)
    if folder.is_file():
        raise InputError(Sentence("faults.results_is_file", folder=folder.name))
    for file_format in FORMATS:
        path = folder / f"{name}.{file_format}"
        if not path.exists():
            continue
        try:
            rows = _parquet_rows(path, wanted) if file_format == "parquet" else _csv_rows(path, wanted)
            return [row_type(**{name: row[name] for name in wanted}) for row in rows]
        except (KeyError, ValueError, TypeError, ArithmeticError, OSError, csv.Error) as error:
            kind = type(error).__name__
            raise InputError(Sentence("faults.no_result_file", name=path.name, kind=kind)) from error
    raise InputError(Sentence("faults.no_results", folder=folder.name, name=name))


def _csv_rows(path: Path, wanted: Mapping[str, Column]) -> list[dict[str, Any]]:
    csv.field_size_limit(sys.maxsize)  # lists of claims outgrow the default of 128 KiB
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        _check_columns(path, reader.fieldnames or (), wanted)
        return [
            {name: FROM_TEXT[wanted[name].type](text) for name, text in row.items() if name in wanted} for row in reader
        ]


FROM_TEXT: dict[ColumnType, Callable[[str], Any]] = {
    "text": str,
    "list": split_list,
    "count": int,
    "money": Decimal,
    "flag": lambda text: {"true": True, "false": False}[text],
    "time": datetime.fromisoformat,
    "number": lambda text: float(text) if text else None,
}


def _check_columns(path: Path, found: Sequence[str], wanted: Iterable[str]) -> None:
    missing = next((name for name in wanted if name not in found), None)
    if missing is not None:
        raise InputError(Sentence("faults.result_column", name=path.name, column=missing))


def _parquet_rows(path: Path, wanted: Iterable[str]) -> list[dict[str, Any]]:
    import pyarrow.parquet as pq  # noqa: PLC0415

    _check_columns(path, pq.read_schema(path).names, wanted)
    rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return [{k: tuple(v) if isinstance(v, list) else v for k, v in row.items()} for row in rows]


def reader_of(path: Path) -> str:
    """SQL that reads the table of a file whose name is given as $path; of a CSV every value as text."""
    return "read_parquet($path)" if path.suffix == ".parquet" else "read_csv($path, all_varchar = true, header = true)"


def write_text(content: str, path: Path) -> None:
    """UTF-8 text, mode 600."""
    path.write_text(content, encoding="utf-8")
    path.chmod(0o600)


def write_at_once(content: bytes, path: Path) -> None:
    """A whole file, mode 600, in one step: what stood there stays until all of it is written; OSError where it cannot be."""
    with at_once(path) as new:
        new.write_bytes(content)


@contextmanager
def at_once(path: Path) -> Iterator[Path]:
    """An empty file to write, mode 600, that takes the place of `path` in one step when all of it is written."""
    with tempfile.TemporaryDirectory(prefix=".ringfinder-", dir=path.parent) as folder:
        new = Path(folder) / path.name
        new.touch(mode=0o600)
        yield new
        new.chmod(0o600)  # an engine may have made it anew
        new.replace(path)


def write_json(content: Any, path: Path) -> None:
    """JSON with sorted keys, readable by people, mode 600."""
    write_text(json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n", path)


def prepare(out: Path) -> None:
    """Make the folder `out`, owner only, unless it is there; OSError where it cannot be written."""
    out.mkdir(parents=True, mode=0o700, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".ringfinder-", dir=out):
        pass


def publish(source: Path, out: Path) -> None:
    """The finished files of `source` into the folder `out`, one rename each, run.json last.

    They are copied to a folder inside `out` first, so that a full disk changes nothing. Result files of the other
    format go, since they would contradict the new ones; whatever else lies in `out` stays.
    """
    names = sorted((p.name for p in source.iterdir() if p.is_file()), key=lambda n: (n == "run.json", n))
    with tempfile.TemporaryDirectory(prefix=".ringfinder-", dir=out) as folder:
        new = Path(folder)
        for name in names:
            shutil.copyfile(source / name, new / name)
            (new / name).chmod(0o600)
        for name in names:
            (new / name).replace(out / name)
    for stale in (f"{name}.{file_format}" for name in ROWS for file_format in FORMATS):
        if stale not in names:
            (out / stale).unlink(missing_ok=True)
