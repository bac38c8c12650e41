"""Rows written plainly: the patterns accept nothing that the macros of `values` refuse or read otherwise."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringfinder.claims import plainly, staging, values
from ringfinder.claims.profiles import PROFILES
from ringfinder.claims.profiles.profile import SourceColumn
from ringfinder.tables import ColumnType

ZONE = "Asia/Shanghai"
SIGNS = "0123456789-/: T.,'=\"\x1f \t¥Zeénul_Abe年"
KINDS: tuple[ColumnType, ...] = ("id", "text", "money", "time", "date")
COLUMNS = (
    *(SourceColumn("c", kind, required=True) for kind in KINDS),
    SourceColumn("c", "id", required=True, identity=True),
)


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as made:
        values.define(made)
        yield made


def both(connection: duckdb.DuckDBPyConnection, column: SourceColumn, cells: list[str]) -> list[tuple[object, ...]]:
    """Each cell that is plain, with its value by the short way and by the macros."""
    group = plainly.groups([column], ["r"])[0]
    macro = "rf_named(r)" if column.identity else values.value_sql(column.type, "r", ZONE)
    plain = plainly.plain_value(column, "r")
    return connection.execute(
        f"SELECT r, CASE WHEN {group.test} THEN {plain} END, {macro} FROM (SELECT unnest(?::VARCHAR[]) AS r) "
        f"WHERE {group.test}",
        [cells],
    ).fetchall()


def pattern(column: SourceColumn) -> str:
    return f"({plainly.IDENTITY if column.identity else plainly.PATTERNS[column.type]})"


@pytest.mark.parametrize("column", COLUMNS, ids=lambda c: f"{c.type}{'-identity' * c.identity}")
@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_a_plain_cell_has_the_value_that_the_macros_give_it(
    connection: duckdb.DuckDBPyConnection, column: SourceColumn, data: st.DataObject
) -> None:
    alphabet = st.characters(codec="utf-8", exclude_characters="\0")
    plain = data.draw(st.lists(st.from_regex(pattern(column), fullmatch=True, alphabet=alphabet), max_size=20))
    near = data.draw(st.lists(st.text(SIGNS, min_size=1, max_size=20), max_size=20))
    bent = [p[:at] + s + p[at:] for p, s, at in zip(plain, near, range(20), strict=False)]
    found = both(connection, column, [*plain, *near, *bent])
    assert {p for p in plain if p.isascii()} <= {r[0] for r in found}
    assert [r for r in found if r[1] is None or r[1] != r[2]] == []


@pytest.mark.parametrize("identity", [False, True])
def test_ids_with_hyphens_are_plain_but_for_numbers_with_an_exponent(
    connection: duckdb.DuckDBPyConnection, identity: bool
) -> None:
    plain = ["12-C0166488", "0e5a-1", "ae-1", "1e-2-3", "6ba7b81e-9dad-11d1-80b4-00c04fd430c8", "A-b", "7-7"]
    other = ["1e-7", "12E-5", "-1", "1-", "--", "1.0", "a--b", "a" * 129, "a-" * 70 + "a"]
    found = both(connection, SourceColumn("c", "id", required=True, identity=identity), [*plain, *other])
    assert sorted(found) == sorted((p, p, p) for p in plain)


def test_no_impossible_day_is_plain_and_every_real_one_is(connection: duckdb.DuckDBPyConnection) -> None:
    test = plainly.groups([SourceColumn("c", "date", required=True)], ["r"])[0].test
    wrong = connection.execute(
        f"""SELECT r FROM (SELECT printf('%04d-%02d-%02d', y, m, d) AS r
                           FROM range(1890, 2110) y(y), range(0, 14) m(m), range(0, 33) d(d))
            WHERE ({test}) <> (TRY_CAST(r AS DATE) IS NOT NULL AND r BETWEEN '1900' AND '2100') AND r < '2100'"""
    ).fetchall()
    assert wrong == []


def test_cells_cannot_run_into_each_other(connection: duckdb.DuckDBPyConnection) -> None:
    columns = [SourceColumn("a", "id"), SourceColumn("b", "id")]
    test = plainly.groups(columns, ["a", "b"])[0].test
    told = connection.execute(
        f"""SELECT a, b, {test} FROM (VALUES ('x1', 'x2'), (NULL, 'x2'), ('x1', NULL), (NULL, NULL),
            (chr(31) || 'x2', NULL), ('x1' || chr(31), 'x2'), ('x 1', 'x2')) t(a, b)"""
    ).fetchall()
    assert [row[2] for row in told] == [True, True, True, True, False, False, False]


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_typing_a_row_never_becomes_a_join(connection: duckdb.DuckDBPyConnection, profile: str) -> None:
    """The engine turns a long `IN (...)` into a join of all rows, one for each column."""
    for table in PROFILES[profile].tables:
        cells = {c.name: f"c{i}" for i, c in enumerate(table.columns)}
        named = ", ".join(f"CAST(range AS VARCHAR) AS c{i}" for i in range(len(cells)))
        opened = staging._Opened(f"(SELECT {named} FROM range(3))", [], [], "utf-8", "", False)
        plan = connection.execute(f"EXPLAIN {staging._select(table, cells, opened, ZONE)}").fetchall()[0][1]
        assert "join" not in plan.lower(), table.name
