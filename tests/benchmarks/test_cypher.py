from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
import tiny

from benchmarks import cypher
from ringfinder.model import Tie
from ringfinder.pipeline.graphs import open_graph
from ringfinder.store.contract import GraphStore
from ringfinder.store.queries import library
from ringfinder.workspace import Workspace


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    folder = tmp_path_factory.mktemp("workspace")
    ties = (Tie("P1", "P2", "together", 2, 0.5, 3.0), Tie("P1", "P3", "together", 2, 0.5, 4.0))
    tiny.publish_run(folder, replace(tiny.FINDINGS, ties=ties), graph=True)
    place = Workspace(folder)
    with open_graph(place.needed(), place) as opened:
        yield opened


def test_every_parameter_without_default_gets_the_busiest_of_its_kind(store: GraphStore) -> None:
    values = cypher.busiest(store)
    needed = {one.name for query in library().values() for one in query.parameters if one.default is None}
    assert needed <= set(values)
    assert (values["ring_id"], values["patient_id"], values["recruiter_id"]) == ("R;1", "P1", "R1")
    assert (values["account"], values["patient_a"], values["patient_b"]) == (tiny.PAYEE, "P1", "P3")


def test_query_is_timed_and_its_rows_are_kept(store: GraphStore) -> None:
    took, rows = cypher.asked(store, "read/patient-ties", {"patient_id": "P1"})
    assert took is not None
    assert 0 <= took < 30
    assert [row["patient_id"] for row in rows] == ["P3", "P2"]
    assert cypher.asked(store, "result/changes", {"before": "none"}) == (
        None,
        "result/changes is answered only by the neo4j store",
    )


def test_line_says_seconds_and_rows_and_where_the_stores_differ() -> None:
    one, two = [{"a": 1}], [{"a": 2}]
    alike = cypher.line("hunt/x", {"embedded": (1.0, one), "neo4j": (2.5, one)})
    assert alike.split() == ["hunt/x", "1.00", "2.50", "1"]
    assert cypher.line("hunt/x", {"embedded": (1.0, one), "neo4j": (2.5, two)}).endswith("the stores differ")
    assert not cypher.line("read/path", {"embedded": (1.0, one), "neo4j": (2.5, two)}).endswith("differ")
    assert (
        cypher.line("hunt/x", {"embedded": (None, "too slow"), "neo4j": (2.5, one)}).split(maxsplit=4)[4] == "too slow"
    )
    assert cypher.line("hunt/x", {"neo4j": (2.5, one)}).split() == ["hunt/x", "-", "2.50", "1"]
