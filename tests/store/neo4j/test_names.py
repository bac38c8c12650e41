"""Our labels and types with a prefix: only where a label or type stands."""

from __future__ import annotations

import pytest

from ringfinder.errors import UsageError
from ringfinder.store.neo4j.address import Address
from ringfinder.store.neo4j.names import plain, prefixed
from ringfinder.store.queries import library


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("MATCH (p:Patient {patient_id: $id})<-[:FOR_PATIENT]-(c)", "MATCH (p:X_Patient {patient_id: $id})<-[:X_FOR_PATIENT]-(c)"),
        ("MATCH (a:Patient|Card)-[r:HOLDS|:OWNS*1..3]-()", "MATCH (a:X_Patient|X_Card)-[r:X_HOLDS|:X_OWNS*1..3]-()"),
        ("MATCH (a:!(Patient|Card)&Doctor) RETURN a", "MATCH (a:!(X_Patient|X_Card)&X_Doctor) RETURN a"),
        ("MATCH (a:(Patient|Mine)&!Card)", "MATCH (a:(X_Patient|Mine)&!X_Card)"),
        ("MATCH (a IS Patient|Card) WHERE a.name IS NOT NULL", "MATCH (a IS X_Patient|X_Card) WHERE a.name IS NOT NULL"),
        ("MATCH (n) WHERE n:Ring SET n:KeptRing REMOVE n:Ring", "MATCH (n) WHERE n:X_Ring SET n:X_KeptRing REMOVE n:X_Ring"),
        ("WHERE EXISTS { (p)-[:TIED]-(:Patient) }", "WHERE EXISTS { (p)-[:X_TIED]-(:X_Patient) }"),
        ("RETURN COUNT { MATCH (n) WHERE n:Ring } AS x", "RETURN COUNT { MATCH (n) WHERE n:X_Ring } AS x"),
        ("CALL (n) { WITH n WHERE n:Ring RETURN 1 AS x }", "CALL (n) { WITH n WHERE n:X_Ring RETURN 1 AS x }"),
        ("RETURN {Ring: 1, TIED: Ring, a: n:Ring} AS x", "RETURN {Ring: 1, TIED: Ring, a: n:X_Ring} AS x"),
        ("RETURN [n IN ns WHERE n:Ring | n.Ring] AS Ring", "RETURN [n IN ns WHERE n:X_Ring | n.Ring] AS Ring"),
        ("MATCH (Ring:`Ring`) RETURN ':Ring' AS x // :Ring", "MATCH (Ring:`Ring`) RETURN ':Ring' AS x // :Ring"),
        ("MATCH (n:Rings)-[:TIED_TO]-(m:ring)", "MATCH (n:Rings)-[:TIED_TO]-(m:ring)"),
        ("MATCH (n : /* ours */ Ring)", "MATCH (n : /* ours */ X_Ring)"),
    ],
)  # fmt: skip
def test_only_labels_and_types_of_ours_get_the_prefix(written: str, sent: str) -> None:
    assert prefixed(written, "X_") == sent
    assert prefixed(written, "") == written


def test_every_query_of_the_library_is_the_same_after_its_names_are_taken_back() -> None:
    for query in library().values():
        statement = query.statements.get("neo4j")
        if statement is not None:
            sent = prefixed(statement, "ZZZ_")
            assert "ZZZ_" in sent or ":" not in statement
            assert sent.replace("ZZZ_", "") == statement


def test_name_of_the_database_is_ours_only_with_its_prefix() -> None:
    assert [plain(name, "X_") for name in ("X_Ring", "X_Other", "Ring")] == ["Ring", "X_Other", "Ring"]


@pytest.mark.parametrize("prefix", ["RF", "_", "1_", "R F_", "R`_", "KEPT_", "x_kept_", "ä_", "x" * 31 + "_"])
def test_prefix_that_could_be_mistaken_is_refused(prefix: str) -> None:
    with pytest.raises(UsageError, match="RINGFINDER_NEO4J_PREFIX must be 2 to 31 letters"):
        Address("bolt://host", "me", "x", prefix=prefix)
