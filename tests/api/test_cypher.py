"""Free Cypher over HTTP: the same rows as the store's own, masked, limited, recorded, ended when its caller leaves."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from ringfinder.casebook import audit
from ringfinder.casebook.database import open_casebook
from ringfinder.pipeline.graphs import open_graph
from ringfinder.report.masks import mask_name
from ringfinder.workspace import StoredRun, Workspace
from tests.api.conftest import Served, until

PATH = "/v1/cypher"
ENDLESS = "MATCH (a:Claim), (b:Claim), (c:Claim) WHERE a.total_amount < b.total_amount RETURN count(*)"


def told(client: httpx.Client, statement: str, **more: object) -> httpx.Response:
    return client.post(PATH, json={"statement": statement, **more})


def test_rows_are_the_stores_own_with_names_masked(analyst: httpx.Client, stored: StoredRun, ran: Path) -> None:
    statement = (
        "MATCH (r:Ring)-[m:HAS_MEMBER]->(p:Patient) WHERE r.alert"
        " RETURN r.ring_id, p.name, m.strength ORDER BY r.ring_id, p.patient_id"
    )
    with open_graph(stored, Workspace(ran)) as store:
        wanted = store.query(statement, limit=7).to_pylist()
    found = told(analyst, statement, limit=7).json()
    assert found["columns"] == list(wanted[0])
    assert found["rows"] == [[row["r.ring_id"], mask_name(row["p.name"]), row["m.strength"]] for row in wanted]
    assert (found["cut"], found["run_id"]) == (True, stored.run_id)
    claims = told(analyst, "MATCH (c:Claim {claim_id: $id}) RETURN c.start_time, c.total_amount", parameters={"id": ""})
    assert claims.json()["rows"] == []


@pytest.mark.parametrize(
    ("statement", "code", "said"),
    [
        ("MATCH (p:Patient) RETURN reverse(p.name)", "bad_cypher", "reverse is not allowed"),
        ("LOAD FROM '/etc/passwd' RETURN *", "bad_cypher", "begins with"),
        ("RETURN 'x", "bad_cypher", "stray"),
        ("MATCH (p) SET p.name = 'x'", "bad_cypher", "SET is not allowed"),
        ("MATCH (p:Patient {name: '张三'}) RETURN p.nothing", "bad_cypher", "Cannot find property nothing"),
        ("MATCH (p:Patient) WHERE p.patient_id = $id RETURN p", "bad_cypher", "$id"),
        (ENDLESS, "too_slow", "0.5"),
    ],
)
def test_what_is_not_allowed_or_too_slow_is_told(analyst: httpx.Client, statement: str, code: str, said: str) -> None:
    refused = told(analyst, statement, seconds=0.5)
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert said in refused.json()["detail"]
    assert "张三" not in refused.text


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "LOAD FROM '/etc/passwd' RETURN *",
            "查询须以下列之一开头：CALL、MATCH、OPTIONAL、RETURN、UNWIND、WITH；这一个不是。",
        ),
        ("MATCH (p:Patient) WHERE p.patient_id = $id RETURN p", "查询还须给出 $id；请用 --param NAME=VALUE 给出。"),
    ],
)
def test_what_is_wrong_is_told_in_the_language_of_the_caller(analyst: httpx.Client, statement: str, said: str) -> None:
    refused = analyst.post(PATH, json={"statement": statement}, headers={"accept-language": "zh"})
    assert refused.json()["detail"] == said


def test_answer_that_would_hold_up_all_others_is_not_read(analyst: httpx.Client) -> None:
    ten = "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]"
    many, text = f"UNWIND {ten} AS a UNWIND {ten} AS b UNWIND {ten} AS c RETURN $text", {"text": "x" * 10_000}
    assert len(told(analyst, many, parameters=text, limit=1000).json()["rows"]) == 1000
    refused = told(analyst, f"{many}, $text AS again", parameters=text, limit=1000)
    assert refused.json()["code"] == "query_failed"


def test_value_that_is_called_as_a_keyword_is_not_cut_by_the_engine(analyst: httpx.Client) -> None:
    refused = told(analyst, "MATCH (p:Patient) WITH p.name AS contains RETURN contains[2]")
    assert (refused.json()["code"], "is a keyword" in refused.json()["detail"]) == ("bad_cypher", True)


@pytest.mark.parametrize("statement", ["RETURN '\\ud800' AS x", "RETURN '\\u0000' AS x", "RETURN `\\udfff`"])
def test_text_that_is_none_is_refused(analyst: httpx.Client, statement: str) -> None:
    refused = analyst.post(
        PATH, content=f'{{"statement": "{statement}"}}', headers={"content-type": "application/json"}
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid")


def shut_in(served: Served) -> int:
    """How many processes that answer a question the service has."""
    found = 0
    for place in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((place / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
            found += (
                parent == served.process.pid and b"ringfinder.pipeline.confined" in (place / "cmdline").read_bytes()
            )
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def test_who_leaves_ends_the_query(served: Served, analyst: httpx.Client) -> None:
    with httpx.Client(base_url=served.url, headers=analyst.headers) as client, pytest.raises(httpx.ReadTimeout):
        client.post(PATH, json={"statement": ENDLESS, "seconds": 60}, timeout=httpx.Timeout(60, read=5))
    until(lambda: shut_in(served) == 0, seconds=20)
    assert told(analyst, "RETURN 1 AS one").json()["rows"] == [[1]]


def test_every_statement_is_recorded_without_values(served: Served, analyst: httpx.Client) -> None:
    told(analyst, "MATCH (p:Patient {name: '张三'}) RETURN count(p)")
    with open_casebook(served.workspace) as book:
        entry = next(one for one in audit.latest(book, 100) if one.action == "cypher.run")
    assert "MATCH ( p : Patient { name : ... } ) RETURN count ( p )" in entry.details
