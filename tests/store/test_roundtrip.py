"""Canonical tables go into the graph and come out equal, whatever stands in them."""

from __future__ import annotations

import tempfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ringfinder.tables import TABLES, Column, Table

from .claim_sets import SMALL, claim, full, rows_of, write
from .conftest import Opened

IDS = st.one_of(
    st.sampled_from(
        ["0", "00", "007", "7", "-1", "1e5", "NULL", "null", "true", "2024-01-01", " ", " a ", "'", '"', "\\"]
    ),
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=12),
    st.from_regex(r"[0-9]{18}", fullmatch=True),
)
MONEY = st.decimals(min_value="-999999999999.99", max_value="999999999999.99", places=2)
TIMES = st.datetimes(datetime(1900, 1, 1), datetime(2199, 12, 31)).map(lambda t: t.replace(microsecond=0))
DATES = st.dates(date(1850, 1, 1), date(2199, 12, 31))


def value(column: Column, pool: list[str]) -> st.SearchStrategy[Any]:
    """Values of a column; ids come from a small pool, so that people share phones, cards and accounts."""
    if column.choices:
        values: st.SearchStrategy[Any] = st.sampled_from(column.choices)
    elif column.type == "money":
        values = MONEY
    elif column.type == "time":
        values = TIMES
    elif column.type == "date":
        values = DATES
    elif column.type == "number":
        values = st.floats(allow_nan=False, allow_infinity=False)
    else:
        values = st.sampled_from(pool)
    return values if column.required else st.none() | values


def rows(table: Table, pool: list[str], keys: list[str]) -> st.SearchStrategy[list[dict[str, Any]]]:
    columns = {c.name: value(c, pool) for c in table.columns if c.name != table.key}
    count = st.lists(st.fixed_dictionaries(columns), min_size=1 if table.required else 0, max_size=len(keys))
    return count.map(lambda found: [{table.key: key} | row for key, row in zip(keys, found, strict=False)])


@st.composite
def claim_sets(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    pool = draw(st.lists(IDS, min_size=3, max_size=12, unique=True))
    return {t.name: draw(rows(t, pool, draw(st.permutations(pool)))) for t in TABLES}


def there_and_back(opened: Opened, tables: dict[str, list[dict[str, Any]]]) -> tuple[Any, Any]:
    """Rows and description of what was given, and of what came back."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        given_set = write(folder / "in", tables)
        with opened(folder) as store:
            store.build(given_set)
            store.finish()
        with opened(folder) as store:
            back = store.read_tables(folder / "back")
        wanted = {name: count for name, count in given_set.rows.items() if count}
        filled = {name: given_set.filled[name] for name in wanted}
        rows_given = {name: found for name, found in rows_of(given_set).items() if found}
        return (wanted, filled, given_set.hours_known, rows_given), (
            back.rows,
            back.filled,
            back.hours_known,
            rows_of(back),
        )


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.function_scoped_fixture,  # `opened` only says where a graph is
    ],
)
@given(tables=claim_sets())
def test_any_claim_set_comes_back_equal(opened: Opened, tables: dict[str, list[dict[str, Any]]]) -> None:
    there, back = there_and_back(opened, tables)
    assert back == there


def test_small_claim_set_comes_back_equal(opened: Opened) -> None:
    there, back = there_and_back(opened, SMALL)
    assert back == there
    assert back[3] == {name: full(name, found) for name, found in SMALL.items()}


def test_amounts_come_back_to_the_cent_at_every_size(opened: Opened) -> None:
    amounts = {
        Decimal(sign * (10**power + step)).scaleb(-2)
        for sign in (1, -1)
        for power in range(14)
        for step in (-1, 0, 1, 37)
    }
    amounts |= {Decimal(sign * (10**14 - step)).scaleb(-2) for sign in (1, -1) for step in range(1, 300)}
    tables = {
        "claims": [
            claim(f"{i:05}", "P", "F", "2024-01-01", total_amount=amount, fund_amount=-amount)
            for i, amount in enumerate(sorted(amounts))
        ]
    }
    there, back = there_and_back(opened, tables)
    assert back == there


@pytest.mark.parametrize("start", ["2024-01-01", "2024-01-01 08:00:00"])
def test_whether_hours_are_known_stays_known(opened: Opened, start: str) -> None:
    there, back = there_and_back(opened, {"claims": [claim("1", "P", "F", start)]})
    assert back == there
    assert back[2] is (len(start) > 10)


def test_long_texts_come_back_whole(opened: Opened) -> None:
    long = {"patient_id": "P" * 3000, "address": "很长的地址" * 20_000, "name": "é" * 70_000}
    there, back = there_and_back(opened, {"claims": SMALL["claims"], "patients": [long]})
    assert back == there
