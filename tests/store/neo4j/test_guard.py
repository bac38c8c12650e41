"""Ways around the check of a query, tried on a real server: nothing changes, nothing leaks, the server lives on."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ringfinder.errors import UsageError
from ringfinder.store.contract import was_cut
from ringfinder.store.neo4j import guard
from ringfinder.store.neo4j.link import Link
from ringfinder.store.neo4j.store import Neo4jStore
from ringfinder.store.statements import Statement

from .conftest import await_

pytestmark = pytest.mark.xdist_group("neo4j")

EVERYTHING = "MATCH (n) OPTIONAL MATCH (n)-[r]->() RETURN count(DISTINCT n), count(r), sum(size(keys(n)))"

WRITES = [
    "CREATE (:Claim {claim_id: 'x'})",
    "MATCH (c:Claim) SET c.claim_id = 'x' RETURN c",
    "MATCH (c:Claim) SET c:Patient RETURN c",
    "MATCH (c:Claim) REMOVE c.claim_id RETURN c",
    "MATCH (c:Claim) DETACH DELETE c",
    "MATCH (c:Claim) NODETACH DELETE c",
    "MERGE (c:Claim {claim_id: 'x'}) RETURN c",
    "MATCH (c:Claim) FOREACH (x IN [1] | CREATE (:Claim {claim_id: 'x'}))",
    "MATCH (c:Claim) CALL (c) { DELETE c } IN TRANSACTIONS",
    "MATCH (c:Claim) CALL (c) { SET c.x = 1 } RETURN 1",
    "CALL { CREATE (:Claim) } RETURN 1",
    "WITH 1 AS x CREATE INDEX FOR (n:Claim) ON (n.fund_amount)",
    "CREATE INDEX x FOR (n:Claim) ON (n.fund_amount)",
    "DROP CONSTRAINT ringfinder_Claim",
    "CREATE CONSTRAINT x FOR (n:Claim) REQUIRE n.x IS UNIQUE",
]
ADMINISTRATION = [
    "SHOW TRANSACTIONS",
    "SHOW SETTINGS",
    "SHOW USERS",
    "SHOW FUNCTIONS YIELD name RETURN name",
    "TERMINATE TRANSACTIONS 'neo4j-transaction-1'",
    "CREATE USER x SET PASSWORD 'secret-of-x'",
    "ALTER CURRENT USER SET PASSWORD FROM 'a' TO 'b'",
    "DROP DATABASE neo4j",
    "STOP DATABASE neo4j",
    "USE system MATCH (n) RETURN n",
    "CALL dbms.listConfig() YIELD name, value RETURN name, value",
    "CALL dbms.killConnection('bolt-1')",
    "CALL dbms.killConnections(['bolt-1'])",
    "CALL dbms.queryJmx('*:*')",
    "CALL dbms.setConfigValue('db.transaction.timeout', '0')",
    "CALL db.createLabel('X')",
    "CALL db.clearQueryCaches()",
    "CALL db.prepareForReplanning()",
    "CALL db.index.fulltext.awaitEventuallyConsistentIndexRefresh()",
    "CALL `dbms`.`listConfig`() YIELD name RETURN name",
    "CALL dbms . listConfig() YIELD name RETURN name",
    "CALL dbms./**/listConfig() YIELD name RETURN name",
]
FILES = [
    "LOAD CSV FROM 'file:///etc/passwd' AS row RETURN row",
    "LOAD CSV FROM 'http://127.0.0.1:1/x' AS row RETURN row",
    "MATCH (c:Claim) LOAD CSV FROM 'http://127.0.0.1:1/' + c.claim_id AS row RETURN row",
    "CALL apoc.load.json('file:///etc/passwd') YIELD value RETURN value",
    "RETURN apoc.static.get('x') AS x",
    "RETURN `apoc`.`static`.`get`('x') AS x",
    "RETURN apoc.util.sleep(1000) AS x",
]
DISGUISES = [
    r"RETURN '\u0027 AS x LOAD CSV FROM \u0027file:///etc/passwd\u0027 AS row RETURN \u0027' AS x",
    r"RETURN '\u0027 AS x CREATE (:Claim {claim_id: \u0027x\u0027}) RETURN \u0027' AS x",
    r"MATCH (c:Claim) RETURN '\u0027, apoc.static.get(1), \u0027' AS x",
    r"MATCH (c:`Claim\u0060) DETACH DELETE (c) //`) RETURN c",
    "WITH 1 AS x LIMIT 1LOAD CSV FROM 'file:///etc/passwd' AS row RETURN row",
    "WITH 1 AS x LIMIT 1CALL dbms.listConfig() YIELD name RETURN name",
    "MATCH (c:Claim) WITH c LIMIT 1SET c.x = 1 RETURN c",
    "MATCH (c:Claim) WHERE c.fund_amount < 1e5DETACH DELETE c",
    r"CRE\u0041TE (:Claim {claim_id: 'x'})",
    "RETURN 1 AS x; CREATE (:Claim {claim_id: 'x'})",
    "RETURN 1 AS x // harmless\nCREATE (:Claim {claim_id: 'x'})",
    "RETURN 1 AS x /* */ UNION CREATE (:Claim {claim_id: 'x'}) RETURN 1 AS x",
    "EXPLAIN CREATE (:Claim {claim_id: 'x'})",
    "EXPLAIN SHOW SETTINGS",
    "EXPLAIN EXPLAIN CREATE (:Claim {claim_id: 'x'})",
    "PROFILE MATCH (c:Claim) SET c.x = 1",
    "CYPHER runtime=slotted CREATE (:Claim {claim_id: 'x'})",
    "EXPLAIN RETURN 1 AS x; CREATE (:Claim {claim_id: 'x'})",
    "/* CREATE */ /* */ CREATE (:Claim {claim_id: 'x'})",
    "MATCH (c:Claim) RETURN c LIMIT 1 UNION ALL MATCH (c:Claim) SET c.x = 1 RETURN c",
]


@pytest.mark.parametrize("statement", [*WRITES, *ADMINISTRATION, *FILES, *DISGUISES])
def test_way_around_is_refused_and_changes_nothing(small: Neo4jStore, link: Link, statement: str) -> None:
    before = link.rows(EVERYTHING)
    with pytest.raises(UsageError):
        small.query(statement)
    assert link.rows(EVERYTHING) == before
    assert small.query("RETURN 1 AS x").to_pylist() == [{"x": 1}]


@pytest.mark.parametrize("statement", [*WRITES, *ADMINISTRATION, *FILES, *DISGUISES])
def test_way_around_is_refused_by_the_server_s_plan_where_words_are_not_looked_at(
    small: Neo4jStore, link: Link, statement: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if a disguise had passed the first layer: session, plan and time-out must do."""
    before = link.rows(EVERYTHING)
    monkeypatch.setattr(guard, "check", lambda text, *_: Statement(text, frozenset(), False))
    monkeypatch.setattr(guard, "_check_text", lambda _: None)
    with pytest.raises(UsageError):
        small.query(statement)
    assert link.rows(EVERYTHING) == before


@pytest.mark.parametrize(
    "statement",
    [
        "UNWIND range(1, 1000000000000) AS x RETURN count(x) AS n",
        "UNWIND range(1, 1000000000000) AS x RETURN x ORDER BY x DESC",
        "MATCH (a), (b), (c), (d), (e), (f), (g) RETURN count(*) AS n",
        "MATCH p = (a)-[*1..30]-(b) RETURN count(p) AS n",
    ],
)
def test_query_without_end_is_stopped(small: Neo4jStore, statement: str) -> None:
    with pytest.raises(UsageError, match=r"longer than 1 s|more memory"):
        small.query(statement, seconds=1)
    assert small.query("RETURN 1 AS x").to_pylist() == [{"x": 1}]


@pytest.mark.parametrize(
    "statement",
    [
        "UNWIND range(1, 100000000) AS x WITH collect(x) AS list RETURN size(list) AS n",
        "WITH reduce(t = 'xxxxxxxxxx', i IN range(1, 40) | t + t) AS text RETURN size(text) AS n",
    ],
)
def test_query_with_giant_values_is_stopped_and_the_server_lives_on(small: Neo4jStore, statement: str) -> None:
    with pytest.raises(UsageError):
        small.query(statement, seconds=20)
    assert small.query("RETURN 1 AS x").to_pylist() == [{"x": 1}]


ASKED = """
import signal, sys
from pathlib import Path
from ringfinder.store.neo4j.address import read_file
from ringfinder.store.neo4j.store import Neo4jStore
signal.signal(signal.SIGINT, signal.default_int_handler)  # whatever the tests were started by
with Neo4jStore(read_file(Path(sys.argv[1]))) as store:
    store.query("UNWIND range(1, 1000000000000) AS x RETURN count(x) AS n", seconds=300)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
@pytest.mark.usefixtures("small")
def test_query_that_is_given_up_stops_on_the_server(link: Link, tmp_path: Path, number: signal.Signals) -> None:
    file = tmp_path / "server.json"
    address = link.address
    file.write_text(json.dumps({"uri": address.uri, "user": address.user, "password": address.password}), "utf-8")
    file.chmod(0o600)
    with subprocess.Popen([sys.executable, "-c", ASKED, file], stderr=subprocess.PIPE, text=True) as asking:
        await_(lambda: running(link) == 1)
        asking.send_signal(number)
        _, said = asking.communicate(timeout=30)
    await_(lambda: running(link) == 0)
    assert asking.returncode in {-number, 130}
    assert said.rstrip().endswith("KeyboardInterrupt" if number == signal.SIGINT else "")


def running(link: Link) -> int:
    """How many queries of people are at work on the server."""
    with link.session(reading=True) as session:
        rows = session.run(
            "SHOW TRANSACTIONS YIELD metaData, currentQuery"
            " WHERE metaData.app = $app AND currentQuery STARTS WITH 'UNWIND' RETURN currentQuery",
            app=guard.APP,
        )
        return len(rows.values())


def test_rows_are_capped_while_they_come(small: Neo4jStore) -> None:
    table = small.query("UNWIND range(1, 1000000000) AS x RETURN x UNION ALL RETURN 1 AS x", limit=10, seconds=20)
    assert (table.num_rows, was_cut(table)) == (10, True)


def test_parameters_are_values_and_never_text(small: Neo4jStore) -> None:
    given = "P1'}) DETACH DELETE p //"
    assert small.query("MATCH (p:Patient {patient_id: $id}) RETURN p.patient_id", {"id": given}).num_rows == 0


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("MATCH (n:Claim RETURN n", "Invalid input"),
        ("MATCH (n:Claim) RETURN m", "Variable `m` not defined"),
        ("RETURN 1 AS x, 2 AS x", "Multiple result columns with the same name"),
        ("RETURN apoc.x.y(1) AS x", "functions of apoc may not be used"),
        (r"RETURN '\u0041' AS x", r"the query has an escape \\u; write the character itself"),
        ("CALL db.indexes()", "only these procedures may be called: db.labels,"),
    ],
)
def test_wrong_query_is_told_in_words_that_help(small: Neo4jStore, statement: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        small.query(statement)


def test_error_of_a_running_query_quotes_no_value_of_the_claims(small: Neo4jStore) -> None:
    with pytest.raises(UsageError, match=r"the query cannot be run \(\w+\)") as caught:
        small.query("MATCH (p:Patient {patient_id: 'P1'}) RETURN date(p.id_number) AS d")
    assert "000000195001310000" not in str(caught.value)


def test_query_that_a_server_would_think_of_for_minutes_is_refused_at_once(small: Neo4jStore) -> None:
    with pytest.raises(UsageError, match="nests more than 50 brackets, CASE or NOT"):
        small.query("RETURN " + "NOT " * 5000 + "true AS x", seconds=1)


def test_value_that_cannot_be_shown_is_told_in_words(small: Neo4jStore) -> None:
    with pytest.raises(
        UsageError, match=r"returns a value that cannot be shown \(a time outside the years 1 to 9999\)"
    ):
        small.query("RETURN date({year: 999999}) AS day")
    assert small.query("RETURN toString(date({year: 999999})) AS day").to_pylist() == [{"day": "+999999-01-01"}]


def test_explain_gives_the_plan_and_runs_nothing(small: Neo4jStore) -> None:
    (row,) = small.query("EXPLAIN MATCH (c:Claim) RETURN c.claim_id").to_pylist()
    assert "NodeByLabelScan" in row["plan"]


def test_safe_procedures_and_functions_of_the_server_may_be_called(small: Neo4jStore) -> None:
    labels = small.query("CALL db.labels() YIELD label RETURN label").column("label").to_pylist()
    assert {"Claim", "Patient", "Ring"} <= set(labels)
    assert small.query("RETURN duration.inDays(date('2024-01-01'), date('2024-01-31')).days AS d").to_pylist() == [
        {"d": 30}
    ]


def test_values_of_every_kind_become_columns(small: Neo4jStore) -> None:
    table = small.query(
        "MATCH p = (c:Claim {claim_id: '0002'})-[r:FOR_PATIENT]->(n)"
        " RETURN c.start_time AS t, r, [n.patient_id] AS l, {a: 1} AS m, p, duration('P1D') AS d, date('2024-01-31') AS day"
    )
    (row,) = table.to_pylist()
    assert (row["t"].isoformat(), row["l"], row["m"], row["d"], row["day"].isoformat()) == (
        "2024-03-05T00:00:00",
        ["P1"],
        {"a": 1},
        "P1D",
        "2024-01-31",
    )
    assert row["r"] == {"_label": "FOR_PATIENT"}
    assert [node["_label"] for node in row["p"]] == ["Claim", "Patient"]
    mixed = small.query("UNWIND [1, 'a', null] AS x RETURN x").column("x").to_pylist()
    assert mixed == ["1", '"a"', None]
    assert small.query("MATCH (n:Nobody) RETURN n").num_rows == 0
