"""The contract of a canonical table on disk, as a pandera schema: what every later room may take for granted.

Column names, order and types are checked on the whole file by its schema; keys, choices and required values on its
first and last rows, since SQL has already decided them for every row and this is the guard against a mistake in that
SQL.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow
import pyarrow.parquet as pq

from ringfinder.errors import RingFinderError
from ringfinder.tables import ColumnType, Table

if TYPE_CHECKING:
    import pandas as pd
    import pandera.pandas as pa

SAMPLE = 500  # rows from each end of a table

ARROW_TYPES: dict[ColumnType, pyarrow.DataType] = {
    "id": pyarrow.string(),
    "text": pyarrow.string(),
    "money": pyarrow.decimal128(14, 2),
    "time": pyarrow.timestamp("us"),
    "date": pyarrow.date32(),
    "number": pyarrow.float64(),
}


@cache
def schema(table: Table) -> pa.DataFrameSchema:
    """The pandera schema of a canonical table read from Parquet."""
    import pandera.pandas as pa  # noqa: PLC0415  its import takes a second, which commands that read nothing should not pay

    return pa.DataFrameSchema(
        {
            c.name: pa.Column(
                nullable=not c.required,
                unique=c.name == table.key,
                checks=[pa.Check.isin(c.choices)] if c.choices else [],
            )
            for c in table.columns
        },
        strict=True,
        ordered=True,
        checks=[pa.Check(lambda frame: frame[table.key].is_monotonic_increasing, name="sorted by key")],
    )


def check(table: Table, path: Path) -> None:
    """RingFinderError when the Parquet file breaks the contract: our own fault, never the source's."""
    file = pq.ParquetFile(path)
    expected = [(c.name, ARROW_TYPES[c.type]) for c in table.columns]
    found = [(f.name, f.type) for f in file.schema_arrow]
    if found != expected:
        raise RingFinderError(f"{table.name}: written with columns {found}, not {expected}")
    groups = sorted({0, file.num_row_groups - 1}) if file.num_row_groups else []
    parts = [file.read_row_group(g) for g in groups]
    for part in parts:
        for sample in (part.slice(0, SAMPLE), part.slice(max(0, part.num_rows - SAMPLE))):
            _check_sample(table, sample.to_pandas(date_as_object=True))


def _check_sample(table: Table, sample: pd.DataFrame) -> None:
    import pandera.errors as pe  # noqa: PLC0415  as above

    try:
        schema(table).validate(sample, lazy=True)
    except pe.SchemaErrors as error:
        faults = sorted({f"{case['column']}: {case['check']}" for case in error.failure_cases.to_dict("records")})
        raise RingFinderError(f"{table.name}: written against its contract ({'; '.join(faults)})") from None
