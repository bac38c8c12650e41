"""Claims that a caller may look at beyond those of a ring, as views in DuckDB; the work of a process of its own.

    bills   every claim that was neither cancelled nor cancels another
    seen    of these what the caller may see: where the patient or the place is in one of its districts

The rule is that of rings: a key of some districts sees a ring of which a patient or a place is in one of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ringfinder_api.snapshot import Districts

if TYPE_CHECKING:
    import duckdb

BILLS = """
CREATE TEMP VIEW bills AS
SELECT * FROM read_parquet('{claims}')
WHERE refund_of IS NULL
  AND claim_id NOT IN (SELECT refund_of FROM read_parquet('{claims}') WHERE refund_of IS NOT NULL)
"""
SEEN = """
CREATE TEMP VIEW seen AS
SELECT * FROM bills
WHERE patient_id IN (SELECT patient_id FROM people WHERE district IN (SELECT district FROM own))
   OR facility_id IN (SELECT facility_id FROM places WHERE district IN (SELECT district FROM own))
"""
REGISTERS = {
    "people": ("patients", "patient_id VARCHAR, district VARCHAR, birth_date DATE"),
    "places": ("facilities", "facility_id VARCHAR, district VARCHAR"),
}


@contextmanager
def claims_seen(tables: Path, districts: Districts) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with `bills`, `seen`, and the registers `people` and `places`, which are empty where the run has none."""
    import duckdb  # noqa: PLC0415

    with duckdb.connect(config={"threads": 2}) as db:
        for view, (table, columns) in REGISTERS.items():
            path = tables / f"{table}.parquet"
            names = ", ".join(column.split()[0] for column in columns.split(", "))
            if path.exists():
                db.execute(f"CREATE TEMP VIEW {view} AS SELECT {names} FROM read_parquet('{quoted(path)}')")
            else:
                db.execute(f"CREATE TEMP TABLE {view} ({columns})")
        db.execute(BILLS.format(claims=quoted(tables / "claims.parquet")))
        if districts is None:
            db.execute("CREATE TEMP VIEW seen AS SELECT * FROM bills")
        else:
            db.execute("CREATE TEMP TABLE own AS SELECT unnest($own) AS district", {"own": sorted(districts)})
            db.execute(SEEN)
        yield db


def quoted(path: Path) -> str:
    """A path within quotes of SQL: a view takes no parameters."""
    return str(path).replace("'", "''")
