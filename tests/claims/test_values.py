"""Written values against the oracle, and the forms that the plan names one by one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import pytest
import values_oracle as oracle
from hypothesis import given, settings
from hypothesis import strategies as st

from ringfinder.claims import values
from ringfinder.tables import ColumnType

SHANGHAI, NEW_YORK = "Asia/Shanghai", "America/New_York"


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as made:
        values.define(made)
        made.execute("SET threads = 1")
        yield made


def read(connection: duckdb.DuckDBPyConnection, kind: ColumnType, texts: list[str], zone: str = SHANGHAI) -> list[Any]:
    """The typed values that the macros find in `texts`."""
    sql = values.value_sql(kind, "x", zone, (-180.0, 180.0))
    rows = connection.execute(
        f"SELECT {sql} FROM (SELECT unnest(?::VARCHAR[]) AS x, generate_subscripts(?::VARCHAR[], 1) AS i) ORDER BY i",
        [texts, texts],
    ).fetchall()
    return [row[0] for row in rows]


def fault(connection: duckdb.DuckDBPyConnection, kind: ColumnType, text: str) -> str:
    """The slug for a value that was refused."""
    sql = values.fault_sql(kind, "rf_clean(x)")
    return str(connection.execute(f"SELECT {sql} FROM (SELECT ?::VARCHAR AS x)", [text]).fetchall()[0][0])


STAMPS = st.datetimes(datetime(1895, 1, 1), datetime(2105, 12, 31))
DATE_FORMS = ("{y:04}-{mo:02}-{d:02}", "{y:04}-{mo}-{d}", "{y:04}/{mo}/{d}", "{y:04}/{mo:02}/{d:02}", "{y:04}.{mo}.{d}",
              "{y:04}年{mo}月{d}日", "{y:04} 年 {mo:02} 月 {d:02} 日", "{y:04}{mo:02}{d:02}", "{mo:02}/{d:02}/{y:04}",
              "{d}-{mo}-{y:04}", "{y:04}-{mo}/{d}", "{y:04}-{d}-{mo}")  # fmt: skip
CLOCK_FORMS = ("", " {h:02}:{mi:02}:{s:02}", "T{h:02}:{mi:02}:{s:02}", " {h}:{mi:02}", " {h:02}:{mi:02}:{s:02}.123",
               " 下午{h}:{mi:02}", " 上午 {h}:{mi}:{s}", " {h}:{mi:02} PM", " {h:02}{mi:02}{s:02}", "{h:02}{mi:02}{s:02}",
               "{h:02}{mi:02}", "{h}时{mi}分", " {h}点{mi:02}分{s}秒", " {h}点", " {h:02}:{mi:02}:{s:02} am", "T{h:02}:{mi:02}",
               " pm {h}:{mi:02} pm", "T{h:02}{mi:02}{s:02}")  # fmt: skip
ZONE_FORMS = ("", "", "", "Z", "+08:00", "-0500", " +05:30", "+15:00", " UTC", "-03", "+08:75")
AROUND = ("{}", "{}", " {} ", "\u3000{}\t", "'{}", '="{}"', "\ufeff{}", "{}x")


@st.composite
def written_times(draw: st.DrawFn) -> str:
    """Dates and times in forms known and unknown, sometimes with a character changed."""
    t = draw(STAMPS)
    form = draw(st.sampled_from(DATE_FORMS)) + draw(st.sampled_from(CLOCK_FORMS)) + draw(st.sampled_from(ZONE_FORMS))
    text = form.format(y=t.year, mo=t.month, d=t.day, h=t.hour, mi=t.minute, s=t.second)
    text = draw(st.sampled_from(AROUND)).format(text)
    if draw(st.integers(0, 4)) == 0:
        at = draw(st.integers(0, len(text) - 1))
        text = text[:at] + draw(st.sampled_from("0123456789-/: TZ年日.+")) + text[at + draw(st.integers(0, 1)) :]
    if draw(st.integers(0, 6)) == 0:
        text = text.translate(str.maketrans("0123456789-/:", "０１２３４５６７８９－／："))
    return text


SERIALS = st.one_of(
    st.integers(0, 99999).map(str),
    st.floats(0, 99999, allow_nan=False).map(lambda x: f"{x:.8f}"),
    st.decimals(9000, 75000, places=4, allow_nan=False).map(str),
)
NOISE = st.text("0123456789-/: TZ年月日.+时分秒下午", max_size=24)


@settings(max_examples=25, deadline=None)
@given(
    texts=st.lists(st.one_of(written_times(), SERIALS, NOISE), min_size=20, max_size=60),
    zone=st.sampled_from([SHANGHAI, NEW_YORK]),
)
def test_times_are_read_as_the_oracle_reads_them(
    connection: duckdb.DuckDBPyConnection, texts: list[str], zone: str
) -> None:
    assert dict(zip(texts, read(connection, "time", texts, zone), strict=True)) == {
        t: oracle.moment(t, zone) for t in texts
    }


@st.composite
def written_amounts(draw: st.DrawFn) -> str:
    """Amounts with the signs that tills and spreadsheets use, right and wrong."""
    whole = draw(st.integers(0, 10**13))
    digits = draw(st.sampled_from([str(whole), f"{whole:,}", f"{whole:_}".replace("_", ","), f"{whole // 7:04}", ""]))
    cents = draw(st.sampled_from(["", ".5", ".50", ".005", ".995", ".", ".1,2", f".{draw(st.integers(0, 99999))}"]))
    sign = draw(st.sampled_from(["", "-", "+", "−", "－", "--"]))
    unit = draw(st.sampled_from(["", "¥", "￥", "¥ ", "RMB ", "cny", "$", "人民币", "-¥"]))
    behind = draw(st.sampled_from(["", "元", " 元", "圆", " RMB", "万元", "角", "%"]))
    text = draw(st.sampled_from([f"{sign}{unit}{digits}{cents}{behind}", f"{unit}{sign}{digits}{cents}{behind}"]))
    return draw(st.sampled_from(AROUND)).format(text)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.one_of(written_amounts(), st.text("0123456789.,-+ ¥元eE()", max_size=12)), min_size=20, max_size=60))
def test_amounts_are_read_as_the_oracle_reads_them(connection: duckdb.DuckDBPyConnection, texts: list[str]) -> None:
    assert dict(zip(texts, read(connection, "money", texts), strict=True)) == {t: oracle.amount(t) for t in texts}


IDS = st.one_of(
    st.from_regex(r"[-+]?[0-9]{1,4}(\.[0-9]{0,3})?([eE][-+]?[0-9]{1,3})?", fullmatch=True),
    st.from_regex(r"0{0,3}[0-9]{15,20}[0-9Xx]?", fullmatch=True),
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs", "Cn", "Co"]), max_size=12),
    st.sampled_from(["#N/A", "#REF!", "####", r"\N", "'007", '="007"', "  007 ", "a\nb", "x" * 128, "x" * 129, "医1"]),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(IDS, min_size=20, max_size=60))
def test_ids_are_kept_as_written_or_refused_as_the_oracle_says(
    connection: duckdb.DuckDBPyConnection, texts: list[str]
) -> None:
    assert dict(zip(texts, read(connection, "id", texts), strict=True)) == {t: oracle.identifier(t) for t in texts}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-03-05", datetime(2024, 3, 5)),
        ("2024年3月5日", datetime(2024, 3, 5)),
        ("2024/3/5", datetime(2024, 3, 5)),
        ("20240305", datetime(2024, 3, 5)),
        ("2024-03-05 10:20", datetime(2024, 3, 5, 10, 20)),
        ("2024年3月5日 下午2时05分", datetime(2024, 3, 5, 14, 5)),
        ("2024-03-05T02:20:30Z", datetime(2024, 3, 5, 10, 20, 30)),
        ("2024-03-05T10:20:30+08:00", datetime(2024, 3, 5, 10, 20, 30)),
        ("45356", datetime(2024, 3, 5)),
        ("45356.4309027778", datetime(2024, 3, 5, 10, 20, 30)),
        ("03/04/2024", None),
        ("24-03-05", None),
        ("2024-02-30", None),
        ("2024-03-05 24:00", None),
        ("0000-00-00", None),
    ],
)
def test_time_means_exactly_this(connection: duckdb.DuckDBPyConnection, text: str, expected: datetime | None) -> None:
    assert read(connection, "time", [text]) == [expected]
    assert oracle.moment(text, SHANGHAI) == expected


def test_date_of_a_time_with_offset_is_the_local_day(connection: duckdb.DuckDBPyConnection) -> None:
    assert read(connection, "date", ["1990-05-05T16:00:00Z", "1990/5/6", "32999"]) == [date(1990, 5, 6)] * 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,234.50", Decimal("1234.50")),
        ("¥1,234.50", Decimal("1234.50")),
        ("1234.50元", Decimal("1234.50")),
        (".5", Decimal("0.50")),
        ("12.345", Decimal("12.35")),
        ("-0.005", Decimal("-0.01")),
        ("999999999999.99", Decimal("999999999999.99")),
        ("999999999999.999", None),
        ("12,34", None),
        ("1.234,50", None),
        ("(12)", None),
        ("$12", None),
        ("1.2E+05", None),
    ],
)
def test_amount_means_exactly_this(connection: duckdb.DuckDBPyConnection, text: str, expected: Decimal | None) -> None:
    assert read(connection, "money", [text]) == [expected]
    assert oracle.amount(text) == expected


@pytest.mark.parametrize(
    ("kind", "text", "slug"),
    [
        ("time", "03/04/2024", "date_ambiguous"),
        ("time", "25.3.24", "date_ambiguous"),
        ("time", "2024-02-30", "date_impossible"),
        ("time", "2024-03-05 10:60", "date_impossible"),
        ("date", "1850-01-01", "date_impossible"),
        ("time", "1709600000", "date_form"),
        ("time", "#VALUE!", "spreadsheet_error"),
        ("id", "1.23E+17", "id_exponent"),
        ("id", "1001.0", "id_decimal"),
        ("id", "x" * 129, "id_long"),
        ("id", "a\nb", "id_control"),
        ("id", "a\ufffdb", "undecodable"),
        ("id", "不详", "placeholder"),
        ("id", "   ", "missing"),
        ("money", "1.2E+05", "amount_exponent"),
        ("money", "$12", "amount_unit"),
        ("money", "1.5万元", "amount_unit"),
        ("money", "1234567890123", "amount_large"),
        ("money", "12,34", "amount_form"),
        ("number", "200", "number_range"),
        ("number", "31°14'N", "number_form"),
    ],
)
def test_refused_value_is_told_its_fault(
    connection: duckdb.DuckDBPyConnection, kind: ColumnType, text: str, slug: str
) -> None:
    assert read(connection, kind, [text])[0] is None or slug == "placeholder"
    assert fault(connection, kind, text) == slug


@pytest.mark.parametrize("text", ["0", "000", "unknown", "不详", "未知", "NULL", "无", "1111111", "-", "N/A"])
def test_placeholder_is_no_identity_but_stays_an_id(connection: duckdb.DuckDBPyConnection, text: str) -> None:
    both = connection.execute("SELECT rf_named(?), rf_id(?)", [text, text]).fetchall()
    assert both == [(None, text)]


def test_session_zone_of_the_machine_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/Los_Angeles")
    with duckdb.connect() as other:
        values.define(other)
        assert read(other, "time", ["2024-07-01T00:00:00Z"]) == [datetime(2024, 7, 1, 8)]
