"""How much memory the embedded store may take, for the engine's pool and for DuckDB beside it.

A load fails when the pool is too small for the keys of all nodes and one relationship type: they stay in it until the
checkpoint, which comes last since keys are looked up faster before it. Measured with half a million claims (fails at
128 MiB, passes at 192) and ten million (fails at 1.25 GiB, passes at 2.5). What is not needed is not taken, but pages of the
file fill what the pool has, so it is no larger than that calls for. Measured while nodes had keys of text in it; since they have
none (`loading`), less may do.
"""

from __future__ import annotations

from collections.abc import Mapping

# Address space the embedded engine reserves; a power of two, far above ten million claims (3 GB), far below its default (8 TB).
MAX_FILE = 2**38
GIB = 2**30
# Share of the caller's memory that is the pool; the rest is for DuckDB and what the engine takes beside its pool.
POOL_SHARE = 0.5
# A row of another table brings several keys: a patient has card, phone, address and account.
POOL_BASE, POOL_PER_CLAIM, POOL_PER_ROW = 128 * 2**20, 256, 512
# DuckDB joins and sorts while it prepares nodes and puts tables together; it spills to disk, but must hold the last step.
DUCKDB_BASE_GB, DUCKDB_GB_PER_CLAIM, DUCKDB_READ_GB = 0.2, 0.06e-6, 1.0


def pool(memory_gb: float) -> int:
    """Bytes of the pool for everything but a load."""
    return max(POOL_BASE, int(memory_gb * POOL_SHARE * GIB))


def pool_to_load(rows: Mapping[str, int]) -> int:
    """Bytes that the pool needs to load a claim set with these numbers of rows by table."""
    others = sum(count for name, count in rows.items() if name != "claims")
    return POOL_BASE + POOL_PER_CLAIM * rows["claims"] + POOL_PER_ROW * others


def duckdb_to_load(memory_gb: float, rows: Mapping[str, int]) -> float:
    """GiB for DuckDB while a claim set is loaded: half of what the pool leaves, more for many claims."""
    return max(memory_gb * (1 - POOL_SHARE) / 2, DUCKDB_BASE_GB + DUCKDB_GB_PER_CLAIM * rows["claims"])


def duckdb_to_read(memory_gb: float) -> float:
    """GiB for DuckDB while tables are put together again."""
    return max(memory_gb * (1 - POOL_SHARE), DUCKDB_READ_GB)
