from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import tiny

import ringfinder as rf
from ringfinder.errors import UsageError
from ringfinder.notebook import Graph
from ringfinder.store.queries import library

PAID = {"least": 2, "least_addresses": 0}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workspace")
    tiny.publish_run(folder, graph=True)
    return folder


@pytest.fixture
def graph(workspace: Path) -> Iterator[Graph]:
    with rf.open(workspace) as opened:
        yield opened


def test_named_query_is_a_data_frame_an_arrow_table_and_rows(graph: Graph) -> None:
    result = graph.cypher("hunt/payee-strangers", **PAID)
    assert result.df()[["account", "patients"]].to_dict("records") == [{"account": "****2222", "patients": 2}]
    assert result.arrow().column("claims").to_pylist() == [2]
    assert result.rows()[0]["total_amount"] == 200.0
    assert (len(result), result.cut) == (1, False)
    assert repr(result).startswith("<1 rows of account, patients, ")
    assert "****2222" in result._repr_html_()


def test_personal_values_are_shown_where_asked_for(workspace: Path) -> None:
    with rf.open(str(workspace), unmask=True) as graph:
        assert graph.cypher("hunt/payee-strangers", **PAID).rows()[0]["account"] == tiny.PAYEE


def test_free_cypher_takes_parameters_and_says_what_was_cut(graph: Graph) -> None:
    result = graph.cypher(
        "MATCH (c:Claim) WHERE c.claim_id > $after RETURN c.claim_id AS id ORDER BY id", after="C2", limit=2
    )
    assert (result.rows(), result.cut) == ([{"id": "C3"}, {"id": "C4"}], True)
    assert "more were left out" in repr(result)


def test_parameters_come_out_of_another_answer(graph: Graph) -> None:
    payees = graph.cypher("hunt/payee-strangers", **PAID).df()
    again = graph.cypher("hunt/payee-strangers", least=payees["patients"].max(), least_addresses=0)
    assert len(again) == 1
    ids = graph.cypher("MATCH (c:Claim) WHERE c.claim_id < 'C3' RETURN c.claim_id AS id ORDER BY id").df()["id"]
    for given in (ids, ids.to_numpy(), tuple(ids)):
        found = graph.cypher("MATCH (c:Claim) WHERE c.claim_id IN $ids RETURN c.claim_id AS id ORDER BY id", ids=given)
        assert found.rows() == [{"id": "C1"}, {"id": "C2"}]


def test_answer_is_a_graph_of_entities_masked_like_the_rows(graph: Graph) -> None:
    drawn = graph.cypher("read/account-timeline", account=tiny.PAYEE).graph()
    assert set(drawn.neighbors(("claim", "C1"))) == {("patient", "P1"), ("facility", "F1"), ("recruiter", "R1")}
    free = graph.cypher(
        "MATCH (c:Claim)-[:PAID_TO]->(a:Account) RETURN c.claim_id AS claim_id, a.account AS account"
    ).graph()
    assert {frozenset(edge) for edge in free.edges} == {
        frozenset((("claim", name), ("account", "****2222"))) for name in ("C1", "C2")
    }


def test_values_that_look_alike_when_masked_stay_apart(graph: Graph) -> None:
    statement = (
        "UNWIND ['6222020200019998888', '6222020200017778888'] AS account RETURN 'C1' AS claim_id, account AS account"
    )
    drawn = graph.cypher(statement).graph()
    assert set(drawn) == {("claim", "C1"), ("account", "****8888"), ("account", "****8888 #2")}


def test_ring_is_a_graph_and_a_picture(graph: Graph) -> None:
    ring = graph.ring("R;1")
    assert ring.networkx().nodes["recruiter", "R1"]["role"] == "collector"
    assert ring._repr_html_() == ring.picture().cell()
    assert ring._repr_html_().startswith("<iframe srcdoc=")
    assert "死亡冒领 R;1" in graph.ring("R;1", "zh").picture().svg()
    assert repr(ring) == f"<ring R;1 of run {graph.run_id}>"
    with pytest.raises(UsageError, match="there is no ring R9 in this run"):
        graph.ring("R9")


def test_picture_is_masked_unless_the_graph_was_opened_otherwise(graph: Graph, workspace: Path) -> None:
    assert "王小明" not in graph.ring("R;1").picture().svg()
    with rf.open(workspace, unmask=True) as shown:
        assert "王小明" in shown.ring("R;1").picture().svg()


def test_queries_can_be_looked_up_by_kind(graph: Graph) -> None:
    assert set(graph.queries()) == set(library())
    assert "hunt/readmitted" in graph.queries("rotation")
    assert "hunt/after-death" not in graph.queries("rotation")


def test_slips_are_one_sentence(graph: Graph, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no query hunt/nothing; the nearest are"):
        graph.cypher("hunt/nothing")
    with pytest.raises(UsageError, match="a query only reads"):
        graph.cypher("MATCH (c:Claim) DELETE c")
    with pytest.raises(UsageError):
        rf.open(tmp_path / "none")
    with pytest.raises(AttributeError, match="module ringfinder has no attribute close"):
        rf.close()


def test_another_run_is_opened_by_its_id(workspace: Path) -> None:
    current = rf.open(workspace).run_id
    with rf.open(workspace, run_id=current) as graph:
        assert repr(graph) == f"<graph of run {current}>"
    with pytest.raises(UsageError, match="there is no run none"):
        rf.open(workspace, run_id="none")


def test_parameters_do_not_hide_the_options_of_the_call() -> None:
    taken = {"limit", "seconds", "query", "self"}
    assert not [name for name, query in library().items() if taken & {one.name for one in query.parameters}]


def test_import_of_the_package_brings_nothing_along() -> None:
    code = "import ringfinder, sys; print(*(name for name in sys.modules if name.startswith('ringfinder')), 'pyarrow' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert said.split() == ["ringfinder", "False"]
