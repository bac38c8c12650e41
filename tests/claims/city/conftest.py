"""One city for all tests of this folder: small, all ten kinds at all three levels; and its clean twin."""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pytest

from ringfinder.claims.city import City, grow


@pytest.fixture(scope="session")
def city() -> City:
    return grow(6000, seed=7, rings=30)


@pytest.fixture(scope="session")
def clean_city() -> City:
    return grow(3000, seed=7, rings=0)


def database(city: City) -> duckdb.DuckDBPyConnection:
    """The canonical tables, `members` from the truth and `scenes` with their people."""
    connection = duckdb.connect()
    for name, table in city.tables.items():
        connection.register(name, table)
    members = [
        {"ring_id": r["ring_id"], "kind": r["kind"], "level": r["level"], **m} for r in city.truth for m in r["members"]
    ]
    scenes = [
        {"scene": s["scene"], "kind": s["kind_of_scene"], "patient_id": p} for s in city.scenes for p in s["patients"]
    ]
    columns = ("ring_id", "kind", "level", "entity_type", "entity_id", "role")
    empty = pa.table({name: pa.array([], pa.string()) for name in columns})
    connection.register("members", pa.Table.from_pylist(members) if members else empty)
    connection.register("scenes", pa.Table.from_pylist(scenes))
    return connection


@pytest.fixture(scope="session")
def sql(city: City) -> duckdb.DuckDBPyConnection:
    return database(city)


@pytest.fixture(scope="session")
def clean_sql(clean_city: City) -> duckdb.DuckDBPyConnection:
    return database(clean_city)
