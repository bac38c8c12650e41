from __future__ import annotations

import pytest

from ringfinder.store.memory import GIB, duckdb_to_load, duckdb_to_read, pool, pool_to_load

MIB = 2**20


def test_pool_for_a_load_grows_with_the_claim_set() -> None:
    assert pool_to_load({"claims": 0}) == 128 * MIB
    assert 192 * MIB < pool_to_load({"claims": 500_000, "patients": 62_500}) < 300 * MIB
    assert 2.5 * GIB < pool_to_load({"claims": 10_000_000, "patients": 1_250_000}) < 3.5 * GIB


def test_pool_is_half_of_the_memory_and_never_too_small() -> None:
    assert pool(2.0) == GIB
    assert pool(0.01) == 128 * MIB


def test_duckdb_has_a_quarter_of_the_memory_and_never_too_little() -> None:
    assert duckdb_to_load(4.0, {"claims": 1}) == 1.0
    assert duckdb_to_load(0.1, {"claims": 10_000_000}) == pytest.approx(0.8)
    assert duckdb_to_read(4.0) == 2.0
    assert duckdb_to_read(0.1) == 1.0
