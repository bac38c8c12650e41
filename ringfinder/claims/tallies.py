"""On how many claims each value of a column stands, counted once for all who ask: `set_aside` and `checks`.

The table `rf_tally_COLUMN` holds `value` (not NULL) and `n`, one row a value.
"""

from __future__ import annotations

from collections.abc import Iterable

import duckdb


def make(connection: duckdb.DuckDBPyConnection, claims: str, columns: Iterable[str]) -> None:
    """Counts the values of `columns` in `claims`, which is anything that SQL selects from."""
    for column in columns:
        connection.execute(
            f"CREATE TABLE {tally(column)} AS SELECT {column} AS value, count(*) AS n FROM {claims} "
            f"WHERE {column} IS NOT NULL GROUP BY 1"
        )


def tally(column: str) -> str:
    """The name of a column's table."""
    return f"rf_tally_{column}"
