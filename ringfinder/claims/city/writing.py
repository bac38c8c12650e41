"""Tables to CSV files, truth and scenes to JSON; files only their owner may read."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv


def make_folder(out: Path) -> None:
    """The folder, for its owner alone."""
    out.mkdir(parents=True, exist_ok=True, mode=0o700)


def write_csv(table: pa.Table, path: Path) -> None:
    """UTF-8, comma, header, times as ISO 8601, nulls as empty fields."""
    columns = []
    for column in table.columns:
        if pa.types.is_timestamp(column.type):
            columns.append(pc.replace_substring(pc.cast(column, pa.string()), " ", "T"))
        elif pa.types.is_decimal(column.type) or pa.types.is_date(column.type):
            columns.append(pc.cast(column, pa.string()))
        else:
            columns.append(column)
    plain = pa.table(dict(zip(table.column_names, columns, strict=True)))
    with _private(path) as file:
        file.write((",".join(plain.column_names) + "\n").encode())
        options = pa_csv.WriteOptions(include_header=False, quoting_style="none")
        pa_csv.write_csv(plain, file, options)


def write_json(value: Any, path: Path) -> None:
    """Indented, readable, the same bytes for the same value."""
    with _private(path) as file:
        file.write((json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode())


def _private(path: Path) -> Any:
    """The file opened for writing with mode 600, also when it was there before."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.fchmod(handle, 0o600)
    return os.fdopen(handle, "wb")
