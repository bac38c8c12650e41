from __future__ import annotations

import string
from datetime import UTC, datetime
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfinder.errors import UsageError
from ringfinder.store.ladybug import SAFE_CALLS
from ringfinder.store.statements import FORBIDDEN, check, tokenize

READING = [
    "MATCH (c:Claim) RETURN c.claim_id",
    "  // a comment; with a semicolon\nMATCH (c) RETURN c ; ",
    "/* LOAD FROM 'x' */ MATCH (c) RETURN c",
    "OPTIONAL MATCH (c:Claim) RETURN count(c)",
    "UNWIND [1, 2] AS x RETURN x",
    "WITH 1 AS x RETURN x",
    "RETURN 'COPY (x) TO; \\' DROP' AS text, \"it's; SET\" AS other",
    "MATCH (c) WHERE c.set = 1 AND c:Load RETURN c.`delete` AS `create`",
    "MATCH (a)-[:CREATE|:DROP]->(b) RETURN a",
    "MATCH (p:Patient) WHERE EXISTS { MATCH (p)<-[:FOR_PATIENT]-(:Claim) } RETURN p.patient_id",
    "CALL show_tables() RETURN *",
    "call Table_Info('Claim') RETURN *",
    "EXPLAIN MATCH (c) RETURN c",
    "match (c) return c.offset",
    "MATCH (a)-[:REFUNDS*1..3]->(b) WHERE a.fund_amount > 1.5e-3 AND b.fund_amount < 0x1F RETURN a[0].set, 1_000",
    "RETURN " + "(" * 49 + "1" + ")" * 49 + ", [[1]], NOT NOT true",
]

DOORS = [
    "CREATE (c:Claim {claim_id: '1'})",
    "MATCH (c:Claim) SET c.claim_id = '2' RETURN c",
    "MATCH (c:Claim) DETACH DELETE c",
    "MATCH (c:Claim) DELETE c RETURN 1",
    "MATCH (c) REMOVE c.x RETURN c",
    "MERGE (c:Claim {claim_id: '1'}) RETURN c",
    "LOAD FROM '/etc/passwd' RETURN *",
    "load from '/etc/passwd' (header=false) return *",
    "MATCH (c) LOAD FROM 'x.csv' RETURN *",
    "LOAD CSV FROM 'http://example.org/x' AS row RETURN row",
    "LOAD FROM frame RETURN *",
    "COPY Claim FROM 'x.parquet'",
    "COPY (MATCH (c) RETURN c) TO '/tmp/x.csv'",
    "EXPLAIN COPY (MATCH (c) RETURN c) TO '/tmp/x.csv'",
    "PROFILE MATCH (c) RETURN c",
    "EXPORT DATABASE '/tmp/x'",
    "IMPORT DATABASE '/tmp/x'",
    "INSTALL httpfs",
    "UNINSTALL httpfs",
    "ATTACH 'x.db' AS x (dbtype duckdb)",
    "DETACH x",
    "USE x",
    "CALL timeout=0",
    "CALL timeout = 0 RETURN 1",
    "CALL threads=64",
    "CALL dbms.listConfig() YIELD name RETURN name",
    "CALL db.labels()",
    "CALL { MATCH (c) RETURN c } RETURN 1",
    "CALL `show_tables`() RETURN *",
    "MATCH (c) CALL project_graph('g', ['Claim'], ['REFUNDS']) RETURN 1",
    "CALL show_tables",
    "CALL",
    "DROP TABLE Claim",
    "ALTER TABLE Claim ADD x INT64",
    "CREATE MACRO f(x) AS x",
    "COMMENT ON TABLE Claim IS 'x'",
    "BEGIN TRANSACTION",
    "COMMIT",
    "ROLLBACK",
    "CHECKPOINT",
    "ANALYZE",
    "FORCE CHECKPOINT",
    "MATCH (c) RETURN c; MATCH (d) RETURN d",
    "RETURN 1; COPY (MATCH (c) RETURN c) TO '/tmp/x.csv'",
    "EXPLAIN RETURN 1; DROP TABLE Claim",
    "RETURN 1 /* ; */ ; /* */ DROP TABLE Claim",
    "/* */ LOAD /* */ FROM '/etc/passwd' RETURN *",
    "RETURN 1 // harmless\n; DROP TABLE Claim",
    "\\u004cOAD FROM 'x' RETURN *",
    "FOREACH (x IN [1] | CREATE (:Claim))",
    "TERMINATE TRANSACTIONS 'x'",
    "SHOW SETTINGS",
    "START DATABASE x",
    "MATCH (c) RETURN c UNION LOAD FROM 'x' RETURN *",
    "EXPLAIN",
    "",
    "  ; ;",
    "// nothing",
    "RETURN 'open",
    'RETURN "open',
    "RETURN `open",
    "RETURN 1 /* open",
    "RETURN 'a\\'",
    "MATCH (c:Claim) WHERE 1=1LOAD FROM 'x.csv' RETURN *",
    "WITH 1 AS x LIMIT 1LOAD FROM 'x.csv' RETURN *",
    "WITH 1.5 AS x WHERE x < 1.5LOAD FROM 'x.csv' RETURN *",
    "WITH 1 AS x WHERE x < 1e5LOAD FROM 'x.csv' RETURN *",
    "WITH 1 AS x WHERE x < 1e-5LOAD FROM 'x.csv' RETURN *",
    "WITH 1 AS x LIMIT 0x1LOAD FROM 'x.csv' RETURN *",
    "WITH 1 AS x LIMIT 1.LOAD FROM 'x.csv' RETURN *",
    "WITH 1 AS x LIMIT 1_0LOAD FROM 'x.csv' RETURN *",
    "EXPLAIN WITH 1 AS x LIMIT 1LOAD FROM 'x.csv' RETURN *",
    "RETURN 1 AS a, 2 AS b UNION ALL WITH 1 AS q LIMIT 1LOAD FROM 'x.csv' RETURN a, b",
    "UNWIND [1] AS x WITH x LIMIT 1LOAD FROM SECRET RETURN *",
    "WITH 1 AS x LIMIT 1LOAD FROM 'http://127.0.0.1:1/x.csv' RETURN *",
    "UNWIND [1] AS x WITH x LIMIT 1CALL show_attached_databases() RETURN *",
    "WITH 1 AS x LIMIT 1CALL dbms.listConfig() YIELD name RETURN name",
    "MATCH (c:Claim) WITH c LIMIT 1SET c.claim_id = '2' RETURN c",
    "MATCH (c:Claim) WITH c LIMIT 1DETACH DELETE c",
    "WITH 1 AS x LIMIT 1CREATE (:Claim {claim_id: '9'})",
    "RETURN " + "(" * 1000 + "1" + ")" * 1000,
    "RETURN " + "[" * 1000 + "1" + "]" * 1000,
    "RETURN " + "abs(" * 60 + "1" + ")" * 60,
    "RETURN " + "CASE WHEN true THEN " * 60 + "1" + " END" * 60,
    "RETURN " + "NOT " * 5000 + "true",
    "RETURN '\ud800'",
]


@pytest.mark.parametrize("statement", READING)
def test_reading_statement_passes(statement: str) -> None:
    checked = check(statement, {}, SAFE_CALLS)
    assert checked.parameters == frozenset()
    assert not checked.text.rstrip().endswith(";")


@pytest.mark.parametrize("statement", DOORS)
def test_door_is_shut(statement: str) -> None:
    with pytest.raises(UsageError):
        check(statement, {}, SAFE_CALLS)


@pytest.mark.parametrize("word", sorted(FORBIDDEN))
def test_forbidden_word_is_named_wherever_it_stands_and_however_it_is_written(word: str) -> None:
    with pytest.raises(UsageError, match=word):
        check(f"MATCH (c) {word.lower()} x RETURN c", {}, SAFE_CALLS)
    check(f"MATCH (c) RETURN c.{word.lower()}, `{word}`, '{word}'", {}, SAFE_CALLS)


def test_every_missing_and_every_unknown_parameter_is_named() -> None:
    statement = "MATCH (c) WHERE c.a = $a AND c.b IN $list OR c.c = '$no' RETURN $a"
    assert check(statement, {"a": 1, "list": ["x"]}, SAFE_CALLS).parameters == {"a", "list"}
    with pytest.raises(UsageError, match=r"a value for \$a, \$list;"):
        check(statement, {}, SAFE_CALLS)
    with pytest.raises(UsageError, match=r"no parameter \$b, \$no; it has \$a, \$list"):
        check(statement, {"a": 1, "list": [], "no": 1, "b": 2}, SAFE_CALLS)
    with pytest.raises(UsageError, match=r"no parameter \$b; it has none"):
        check("RETURN 1", {"b": 2}, SAFE_CALLS)


def test_parameter_of_digits_ends_with_them() -> None:
    with pytest.raises(UsageError, match="LOAD is not allowed"):
        check("MATCH (c) WHERE 1 = $1LOAD FROM 'x.csv' RETURN *", {"1LOAD": 1}, SAFE_CALLS)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (2**63, "a larger number than the graph can hold; give ids and phones as text"),
        ([1, -(2**63) - 1], "a larger number than the graph can hold"),
        ("\ud800", "holds half a character"),
        ([1, "a"], "a list of several kinds of values"),
        ([True, 1], "a list of several kinds of values"),
        (
            datetime(2024, 2, 1, tzinfo=UTC),
            "has an offset from UTC, which no time of the claims has; give the local time",
        ),
    ],
)
def test_parameter_that_an_engine_would_choke_on_or_understand_otherwise_is_refused(value: object, said: str) -> None:
    with pytest.raises(UsageError, match=rf"parameter \$x (is )?{said}"):
        check("RETURN $x", {"x": value}, SAFE_CALLS)


@pytest.mark.parametrize("value", [2**63 - 1, -(2**63), [1, 1.5, Decimal("2")], ["a", None], [], datetime(2024, 2, 1)])
def test_parameter_that_every_engine_takes_passes(value: object) -> None:
    assert check("RETURN $x", {"x": value}, SAFE_CALLS).parameters == {"x"}


@pytest.mark.parametrize("value", [pd.DataFrame({"a": [1]}), {"a": 1}, [["a"]], object(), b"x", ("a",)])
def test_parameter_that_is_no_plain_value_is_refused_by_name(value: object) -> None:
    with pytest.raises(UsageError, match=r"parameter \$x must be"):
        check("RETURN $x", {"x": value}, SAFE_CALLS)


@pytest.mark.parametrize(
    ("statement", "takes"),
    [
        ("MATCH (c) RETURN c", True),
        ("MATCH (c) RETURN c ORDER BY c.x SKIP 3", True),
        ("MATCH (c) WITH c LIMIT 3 RETURN c", True),
        ("MATCH (c) RETURN c LIMIT 3", False),
        ("MATCH (c) RETURN c limit 3", False),
        ("MATCH (c) RETURN c.limit", True),
        ("MATCH (c) RETURN c UNION MATCH (d) RETURN d", False),
        ("MATCH (c) WHERE EXISTS { MATCH (c) RETURN c } RETURN c", True),
        ("EXPLAIN MATCH (c) RETURN c", False),
        ("CALL show_tables() RETURN *", True),
    ],
)
def test_limit_is_added_only_where_the_last_return_has_none(statement: str, takes: bool) -> None:
    assert check(statement, {}, SAFE_CALLS).takes_limit is takes


@given(st.text(string.ascii_letters + "'\"`\\/*;$ \n{}[]()1_.:=", max_size=60))
def test_tokens_and_spaces_are_the_whole_statement(statement: str) -> None:
    try:
        found = tokenize(statement)
    except UsageError:
        return
    position = 0
    for token in found:
        at = statement.index(token.text, position)
        between = statement[position:at]
        assert not between.strip() or between.lstrip().startswith(("//", "/*"))
        position = at + len(token.text)


@given(st.sampled_from(sorted(FORBIDDEN)), st.sampled_from([" ", "\n", "/**/", "//x\n", "'x'", "(", "1 "]))
def test_no_spacing_hides_a_forbidden_word(word: str, before: str) -> None:
    with pytest.raises(UsageError):
        check(f"RETURN 1{before}{word} x", {}, SAFE_CALLS)
