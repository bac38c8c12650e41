from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ringfinder.errors import StoreError, UsageError
from ringfinder.graph import ENTITY_LABELS
from ringfinder.store.contract import GraphStore
from ringfinder.store.headers import parse
from ringfinder.store.neighbourhood import to_networkx
from ringfinder.store.queries import entity_claims, load, named, run

HEADER = """// name: read/x
// title-zh: 题
// title-en: title
// purpose-zh: 用途
// purpose-en: purpose
"""
FIELDS = """// param who: text | 谁 | who
// param least: count = 3 | 至少 | least
// column a: text | 甲 | a
"""
BODY = "MATCH (p:Patient) WHERE p.patient_id = $who AND 1 < $least RETURN p.patient_id AS a\n"

DEAD = "2 of 3 visits began after the registered date of death"
DEAD_ZH = "3次就诊中有2次发生在登记的死亡日期之后"

EXPECTED: dict[str, tuple[dict[str, Any], list[tuple[Any, ...]]]] = {
    "read/ring": (
        {"ring_id": "ring-1"},
        [
            (
                *("ring-1", "after_death", 90.0, 0.01, True, 2, 2, 1234567.89, 0.1),
                *(datetime(2024, 3, 1, 8, 30, 15), datetime(2024, 3, 7, 10), ["东城", "西城"], DEAD_ZH, DEAD),
            )
        ],
    ),
    "read/ring-members": (
        {"ring_id": "ring-1"},
        [
            ("patient", "P1", "insured", 1.0, 1),
            ("card", "K1", "card", 0.75, 2),
            ("facility", "F1", "place", 0.75, 2),
            ("patient", "P2", "insured", 0.5, 1),
            ("account", "6222 01", "payee", 0.25, 1),
        ],
    ),
    "read/ring-claims": (
        {"ring_id": "ring-1"},
        [
            ("0001", datetime(2024, 3, 1, 8, 30, 15), "inpatient", "P1", "F1", 1234567.89),
            ("1", datetime(2024, 3, 7, 10), "outpatient", "P2", "F1", 100.0),
        ],
    ),
    "read/ring-ties": ({"ring_id": "ring-1"}, [("P1", "P2", "came_together", 3, 0.25, 7.5)]),
    "read/rings-of": (
        {"entity_type": "patient", "entity_id": "P1"},
        [
            ("ring-1", "after_death", 90.0, True, "insured", 1.0, 1),
            ("ring-2", "lent_cards", 10.0, False, "insured", 1.0, 1),
        ],
    ),
    "read/patient": (
        {"patient_id": "P9"},
        [("P9", False, None, None, None, 1, 100.0, datetime(2024, 3, 6, 9), datetime(2024, 3, 6, 9))],
    ),
    "read/patient-ties": (
        {"patient_id": "P1"},
        [("P2", "came_together", 3, 0.25, 7.5), ("P9", "transfers", 2, 0.5, 3.0)],
    ),
    "read/patient-timeline": (
        {"patient_id": "P1"},
        [
            (
                *(datetime(2024, 3, 1, 8, 30, 15), datetime(2024, 3, 4, 11), "0001", "inpatient", "F1"),
                *("K1", "D1", "R1", "T1", 1234567.89),
            ),
            (datetime(2024, 3, 5), None, "0002", "outpatient", "F1", None, None, None, None, -100.01),
        ],
    ),
    "result/rings": (
        {},
        [
            ("ring-1", "after_death", 90.0, 0.01, True, 2, 2, 1234567.89),
            ("ring-2", "lent_cards", 10.0, 0.01, False, 2, 1, 1234567.89),
        ],
    ),
    "result/rings-by-kind": ({}, [("after_death", 1, 1, 2, 1234567.89), ("lent_cards", 1, 0, 2, 1234567.89)]),
    "result/rings-by-facility": ({}, [("F1", None, 2, 3, 2469235.78)]),
    "result/ring-overlaps": ({}, [("ring-1", "ring-2", 1)]),
}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_named_query_gives_exactly_these_rows(store: GraphStore, name: str) -> None:
    parameters, rows = EXPECTED[name]
    assert [tuple(row.values()) for row in run(store, name, parameters).to_pylist()] == rows


def test_defaults_hold_until_a_value_is_given(store: GraphStore) -> None:
    assert run(store, "result/rings", {"alerts_only": "true"}).column("ring_id").to_pylist() == ["ring-1"]
    assert run(store, "result/ring-overlaps", {"least": "2"}).num_rows == 0


def test_unknown_person_and_ring_give_no_rows(store: GraphStore) -> None:
    assert run(store, "read/patient", {"patient_id": "nobody"}).num_rows == 0
    assert run(store, "read/ring-members", {"ring_id": "none"}).num_rows == 0


@pytest.mark.parametrize(
    ("entity_type", "entity_id", "claims"),
    [
        ("patient", "P1", ["0002", "0001"]),
        ("card", "K1", ["1", "0001"]),
        ("doctor", "D9", ["0003"]),
        ("facility", "F1", ["1", "0002", "0001"]),
        ("recruiter", "R9", ["1"]),
        ("account", "6222 01", ["0001"]),
        ("operator", "O1", ["0001"]),
        ("terminal", "T1", ["0001"]),
    ],
)
def test_claims_of_an_entity_newest_first(
    store: GraphStore, entity_type: str, entity_id: str, claims: list[str]
) -> None:
    found = store.query(entity_claims(entity_type), {"entity_id": entity_id})
    assert found.column("claim_id").to_pylist() == claims


def test_claims_of_an_unknown_type_name_the_types() -> None:
    with pytest.raises(UsageError, match=", ".join(ENTITY_LABELS)):
        entity_claims("ghost")


def test_ring_as_networkx_joins_members_by_ties_and_claims(store: GraphStore) -> None:
    graph = to_networkx(store, "ring-1")
    assert dict(graph.nodes(data="role")) == {
        ("patient", "P1"): "insured",
        ("patient", "P2"): "insured",
        ("card", "K1"): "card",
        ("facility", "F1"): "place",
        ("account", "6222 01"): "payee",
    }
    one, two = ("patient", "P1"), ("patient", "P2")
    assert {frozenset((a, b)): data for a, b, data in graph.edges(data=True)} == {
        frozenset((one, two)): {"weight": 7.5, "channels": ("came_together",)},
        frozenset((one, ("card", "K1"))): {"claims": 1},
        frozenset((two, ("card", "K1"))): {"claims": 1},
        frozenset((one, ("facility", "F1"))): {"claims": 1},
        frozenset((two, ("facility", "F1"))): {"claims": 1},
        frozenset((one, ("account", "6222 01"))): {"claims": 1},
    }
    assert to_networkx(store, "none").number_of_nodes() == 0


def test_header_is_read() -> None:
    query = parse("read/x", HEADER + FIELDS + BODY)
    assert (query.name, query.titles["zh"], query.purposes["en"]) == ("read/x", "题", "purpose")
    assert [(p.name, p.type, p.default) for p in query.parameters] == [("who", "text", None), ("least", "count", "3")]
    assert [c.name for c in query.columns] == ["a"]
    assert query.values({"who": "P1"}) == {"who": "P1", "least": 3}
    assert query.values({"who": "P1", "least": 5}) == {"who": "P1", "least": 5}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEADER.replace("read/x", "read/y") + FIELDS + BODY, r"cypher/read/x\.cypher:1: the header calls it read/y"),
        (HEADER.replace("// title-zh: 题\n", "") + FIELDS + BODY, ":1: the header lacks title-zh"),
        (
            HEADER.replace("title-zh: 题", "title-zh:") + FIELDS + BODY,
            ":2: `title-zh` is unknown, empty or there twice",
        ),
        (HEADER + "// title-en: again\n" + FIELDS + BODY, ":6: `title-en` is unknown, empty or there twice"),
        (HEADER + "// author: me\n" + FIELDS + BODY, ":6: `author` is unknown"),
        (HEADER + "// no header\n" + FIELDS + BODY, ":6: a header line reads"),
        (HEADER + "// param who: string | 谁 | who\n" + BODY, ":6: `who` needs a type"),
        (HEADER + "// param who: text | who\n" + BODY, ":6: `who` needs a type"),
        (HEADER + FIELDS + BODY.replace("$least", "3"), ":9: parameters used and declared differ: least"),
        (HEADER + FIELDS + BODY.replace("$who", "$whom"), ":9: parameters used and declared differ: who, whom"),
        (HEADER + FIELDS + BODY.replace("AS a", "AS b"), r":9: columns returned \(b\) are not those declared \(a\)"),
        (HEADER + FIELDS, ":9: parameters used"),
        (
            HEADER + "// kind: sham_stay theft\n" + FIELDS + BODY,
            ":6: `kind` does not know theft; it knows paid_referral",
        ),
        (HEADER + "// stores: embedded oracle\n" + FIELDS + BODY, ":6: `stores` does not know oracle"),
        (HEADER + FIELDS.replace("= 3", "= three") + BODY, ":7: the default of `least` is no count"),
        (HEADER + FIELDS.replace("a: text", "a: text = x") + BODY, ":8: `a` needs a type"),
        (HEADER + FIELDS.replace("who: text", "who: patient") + BODY, ":6: `who` needs a type"),
        (HEADER + "// column a: text | 甲 | a\nMATCH (p)\n", ":7: the statement returns nothing"),
    ],
)
def test_fault_in_a_query_file_names_file_line_and_fault(text: str, said: str) -> None:
    with pytest.raises(StoreError, match=said):
        parse("read/x", text)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("text", "007", "007"),
        ("count", "7", 7),
        ("number", "2.5", 2.5),
        ("flag", "True", True),
        ("date", "2024-02-29", datetime(2024, 2, 29).date()),
        ("time", "2024-02-29 08:00", datetime(2024, 2, 29, 8)),
        ("texts", "a;b", ["a", "b"]),
        ("texts", ";", []),
        ("texts", "a；b", ["a", "b"]),
        ("text of a b = a", "b", "b"),
        ("days", 36525, timedelta(days=36525)),
        ("days", "3", timedelta(days=3)),
        ("days", 0.5, timedelta(hours=12)),
        ("hours", 36, timedelta(hours=36)),
        ("minutes", "90", timedelta(minutes=90)),
        ("minutes", timedelta(minutes=1), timedelta(minutes=1)),
        ("number", 3, 3.0),
    ],
)
def test_parameter_is_read_as_its_type_says(kind: str, text: object, value: object) -> None:
    query = parse("read/x", HEADER + FIELDS.replace("least: count = 3", f"least: {kind}") + BODY)
    assert query.values({"who": "P1", "least": text})["least"] == value


@pytest.mark.parametrize(("kind", "text"), [
        ("count", "7.5"), ("number", "x"), ("flag", "ja"), ("date", "29.2.24"), ("count", 7.5), ("count", True),
        ("number", False), ("text", 7), ("texts", 7), ("date", datetime(2024, 2, 29)), ("days", "three"), ("days", True),
        ("hours", 1e300), ("days", "nan"), ("number", "nan"), ("texts", [1]),
    ],
)  # fmt: skip
def test_parameter_of_the_wrong_type_is_named(kind: str, text: object) -> None:
    query = parse("read/x", HEADER + FIELDS.replace("least: count = 3", f"least: {kind}") + BODY)
    with pytest.raises(UsageError, match=rf"parameter \$least must be a (number of |list of )?{kind}"):
        query.values({"who": "P1", "least": text})


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("text of day week = day", "Day", "must be one of day, week; that value is none"),
        ("days", 36526, "is more than a hundred years; give fewer days"),
        ("minutes", timedelta(days=40000), "is more than a hundred years; give fewer minutes"),
        ("days", -1, "is a negative number of days; give 0 or more"),
        ("hours", "-0.5", "is a negative number of hours; give 0 or more"),
        ("minutes", timedelta(days=-40000), "is a negative number of minutes; give 0 or more"),
    ],
)
def test_parameter_that_the_stores_would_understand_otherwise_is_refused(kind: str, value: object, said: str) -> None:
    query = parse("read/x", HEADER + FIELDS.replace("least: count = 3", f"least: {kind}") + BODY)
    with pytest.raises(UsageError, match=rf"parameter \$least {said}"):
        query.values({"who": "P1", "least": value})


def test_missing_and_unknown_parameters_are_named() -> None:
    query = parse("read/x", HEADER + FIELDS + BODY)
    with pytest.raises(UsageError, match=r"needs a value for \$who;"):
        query.values({})
    with pytest.raises(UsageError, match=r"no parameter \$whom; it has \$least, \$who"):
        query.values({"who": "P1", "whom": "P2"})


def test_unknown_query_names_the_library() -> None:
    with pytest.raises(
        UsageError, match="there is no query read/rings; the nearest are read/ring, read/rings-of, read/ring-ties"
    ):
        named("read/rings")


def test_rest_of_the_header_is_read() -> None:
    more = "// kind: sham_stay rotation\n// stores: neo4j\n// slow: neo4j 7 s\n"
    query = parse("read/x", HEADER + more + FIELDS.replace("column a: text", "column a: patient") + BODY)
    assert (query.kinds, query.slow, query.columns[0].type) == (("sham_stay", "rotation"), "neo4j 7 s", "patient")
    assert list(query.statements) == ["neo4j"]
    with pytest.raises(UsageError, match="read/x is answered only by the neo4j store"):
        query.statement("embedded")


def test_functions_have_the_names_of_the_store() -> None:
    body = BODY.replace("p.patient_id AS a", "date_trunc('day', ln(p.patient_id)) AS a")
    query = parse("read/x", HEADER + FIELDS + body)
    assert "RETURN date_trunc('day', ln(p.patient_id))" in query.statement("embedded")
    assert "RETURN localdatetime.truncate('day', log(p.patient_id))" in query.statement("neo4j")


def folder_of(root: Path, **files: str) -> Path:
    (root / "read").mkdir()
    for name, text in files.items():
        (root / "read" / f"{name.replace('_', '.')}.cypher").write_text(text, encoding="utf-8")
    (root / "README.md").write_text("no query", encoding="utf-8")
    return root


def test_file_of_a_store_stands_in_for_the_common_one(tmp_path: Path) -> None:
    found = load(folder_of(tmp_path, x=HEADER + FIELDS + BODY, x_neo4j="// why\n" + BODY.replace("1 <", "0 <")))
    assert list(found) == ["read/x"]
    assert "AND 1 <" in found["read/x"].statement("embedded")
    assert "AND 0 <" in found["read/x"].statement("neo4j")
    assert found["read/x"].own == ("neo4j",)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"y_neo4j": BODY}, r"cypher/read/y\.neo4j\.cypher:1: it stands beside no y\.cypher"),
        ({"x": HEADER + FIELDS + BODY, "x_oracle": BODY}, r"x\.oracle\.cypher:1: .*or oracle is no store"),
        (
            {"x": HEADER + FIELDS + BODY, "x_neo4j": BODY.replace("AS a", "AS b")},
            r"cypher/read/x\.neo4j\.cypher:1: columns returned \(b\) are not those declared \(a\)",
        ),
        (
            {"x": HEADER + FIELDS + BODY, "x_neo4j": BODY.replace("$who", "'P1'")},
            r"x\.neo4j\.cypher:1: parameters used and declared differ: who",
        ),
    ],
)
def test_fault_in_a_file_of_one_store_names_that_file(tmp_path: Path, files: dict[str, str], said: str) -> None:
    with pytest.raises(StoreError, match=said):
        load(folder_of(tmp_path, **files))


def test_answer_is_typed_as_the_header_says(store: GraphStore) -> None:
    types = run(store, "result/rings-by-kind", {}).schema.types
    assert [str(one) for one in types] == ["string", "int64", "int64", "int64", "double"]
