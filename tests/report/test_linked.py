from __future__ import annotations

from typing import Any

import pytest

from ringfinder.report.linked import ENTITY_COLUMNS, linked, names_entities
from ringfinder.store.headers import ENTITIES


def edges(graph: Any) -> dict[frozenset[tuple[str, str]], dict[str, Any]]:
    return {frozenset((a, b)): data for a, b, data in graph.edges(data=True)}


def test_first_entity_of_a_row_is_joined_to_each_of_the_others() -> None:
    columns = {"patient_a": "patient", "patient_b": "patient", "facility_id": "facility", "times": "count"}
    rows = [
        {"patient_a": "A", "patient_b": "B", "facility_id": "F", "times": 3},
        {"patient_a": "A", "patient_b": "C", "facility_id": "F", "times": 2},
        {"patient_a": "D", "patient_b": "D", "facility_id": None, "times": 1},
    ]
    graph = linked(columns, rows)
    a, b, c, f = ("patient", "A"), ("patient", "B"), ("patient", "C"), ("facility", "F")
    assert set(graph) == {a, b, c, f, ("patient", "D")}
    assert edges(graph) == {
        frozenset((a, b)): {"times": 3, "rows": 1},
        frozenset((a, c)): {"times": 2, "rows": 1},
        frozenset((a, f)): {"times": 2, "rows": 2},
    }


def test_one_id_of_two_types_is_two_entities() -> None:
    graph = linked({"card_id": "card", "patient_id": "patient"}, [{"card_id": "1", "patient_id": "1"}])
    assert set(edges(graph)) == {frozenset((("card", "1"), ("patient", "1")))}


def test_type_beside_an_id_says_what_it_is() -> None:
    columns = {"operator_id": "operator", "entity_type": "text", "entity_id": "text"}
    graph = linked(columns, [{"operator_id": "O", "entity_type": "account", "entity_id": "X"}])
    assert edges(graph) == {frozenset((("operator", "O"), ("account", "X"))): {"rows": 1}}


def test_steps_are_joined_one_after_the_other() -> None:
    columns = {"step": "count", "entity_type": "text", "entity_id": "text"}
    way = [(0, "patient", "A"), (1, "phone", "5"), (2, "patient", "B")]
    graph = linked(columns, [dict(zip(columns, row, strict=True)) for row in way])
    assert set(edges(graph)) == {
        frozenset((("patient", "A"), ("phone", "5"))),
        frozenset((("phone", "5"), ("patient", "B"))),
    }


@pytest.mark.parametrize(
    ("columns", "named"),
    [
        ({"kind": "text", "rings": "count"}, False),
        ({"entity_id": "text"}, False),
        ({"entity_type": "text", "entity_id": "text"}, True),
        ({"ring_id": "ring"}, True),
    ],
)
def test_whether_an_answer_names_entities(columns: dict[str, str], named: bool) -> None:
    assert names_entities(columns) is named


def test_entities_are_those_of_the_headers() -> None:
    assert frozenset(ENTITIES) == ENTITY_COLUMNS
