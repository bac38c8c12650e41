from __future__ import annotations

from pathlib import Path

import pytest

from ringfinder.graph import (
    ENTITY_LABELS,
    LABELS,
    RELATIONSHIPS,
    label,
    labels_of,
    places,
    relationship,
    relationships_of,
)
from ringfinder.model import ENTITY_TYPES
from ringfinder.store.graph_page import model, page
from ringfinder.tables import TABLES

ROOT = Path(__file__).parents[1]


def test_every_canonical_column_has_exactly_one_place() -> None:
    columns = [f"{table.name}.{name}" for table in TABLES for name in table.column_names]
    assert list(places()) == columns
    held = [str(p.source) for one in LABELS for p in one.properties if p.source]
    held += [str(end.source) for kind in RELATIONSHIPS if not kind.derived for end in kind.ends if end.source]
    assert sorted(held) == sorted(columns)


def test_places_name_pattern_and_fixed_properties() -> None:
    found = places()
    assert found["claims.total_amount"] == "(:Claim).total_amount"
    assert found["cards.patient_id"] == "(:Patient)-[:HOLDS]->(:Card)"
    assert found["patients.contact_phone"] == "(:Patient)-[:HAS_PHONE {use: 'contact'}]->(:Phone)"
    assert len(set(found.values())) == len(found)


def test_each_end_joins_labels_of_the_model_and_its_column_fills_the_label() -> None:
    for kind in RELATIONSHIPS:
        for end in kind.ends:
            named = label(end.origin if end.reverse else end.target)
            row = label(end.target if end.reverse else end.origin)
            if end.source is not None:
                assert row.table == end.source.table
                # A refund may cancel a claim that is not in the set; every other column makes its nodes.
                assert kind.derived or end.source in named.sources
            assert {name for name, _ in end.fixed} <= {p.name for p in kind.properties}


def test_keys_are_properties_and_names_are_unique() -> None:
    for one in LABELS:
        assert one.key == one.property_names[0]
        assert len(set(one.property_names)) == len(one.property_names)
    names = [one.name for one in LABELS] + [kind.type for kind in RELATIONSHIPS]
    assert len(set(names)) == len(names)


def test_every_entity_type_of_a_member_has_its_label() -> None:
    assert set(ENTITY_LABELS) == set(ENTITY_TYPES)


def test_personal_columns_are_marked_in_the_graph() -> None:
    personal = {f"{one.name}.{p.name}" for one in LABELS for p in one.properties if p.personal}
    assert personal == {
        "Patient.name",
        "Patient.birth_date",
        "Patient.id_number",
        "Doctor.name",
        "Recruiter.name",
        "Account.account",
        "Phone.number",
        "Address.address",
        "SetAside.set_aside_id",
        "SetAside.value",
    }


def test_claims_and_results_are_apart() -> None:
    assert [one.name for one in labels_of("results")] == ["Ring"]
    assert {kind.type for kind in relationships_of("results")} == {"TIED", "HAS_MEMBER", "RESTS_ON"}
    assert len(labels_of("claims")) + 1 == len(LABELS)


def test_unknown_names_are_key_errors() -> None:
    with pytest.raises(KeyError, match="Nobody"):
        label("Nobody")
    with pytest.raises(KeyError, match="KNOWS"):
        relationship("KNOWS")


def test_graph_page_is_up_to_date() -> None:
    written = (ROOT / "docs" / "graph.md").read_text(encoding="utf-8")
    assert written == page(), "run `python -m ringfinder.store.graph_page docs/graph.md`"


def test_the_editors_model_is_up_to_date() -> None:
    written = (ROOT / "viz" / "web" / "graph.json").read_text(encoding="utf-8")
    assert written == model(), "run `python -m ringfinder.store.graph_page viz/web/graph.json`"
