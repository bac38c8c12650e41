from __future__ import annotations

import pytest

from ringfinder.errors import UsageError
from ringfinder.store.whole import check_whole, sentence_without_values, without_values


@pytest.mark.parametrize(
    "statement",
    [
        "MATCH (r:Ring)-[m:HAS_MEMBER]->(p:Patient) WHERE r.alert RETURN r.ring_id, count(p) AS people ORDER BY people DESC",
        "MATCH (p:Patient)-[:HOLDS]->(k) WHERE p.name IN ['a', $b] RETURN collect(DISTINCT p), size(collect(k))",
        "MATCH p = (a)-[:TIED*1..3]-(b) RETURN length(p), nodes(p)",
        "MATCH (c:Claim) WHERE EXISTS { MATCH (c)-[:PAID_TO]->(a) } RETURN sum(c.total_amount) - 1, -c.total_amount * 2",
        "MATCH (n) WHERE NOT (n.a = 1 OR (n.b = 2)) AND n.name STARTS WITH '+' RETURN DISTINCT n.`+`, labels(n)",
        "UNWIND [1, 2] AS x WITH x RETURN CASE WHEN (x > 1) THEN [x] ELSE [] END",
        "MATCH (p:Patient) WHERE p.sex NOT IN ['F'] AND NOT p.district IN ['1'] RETURN p",
        "CALL show_tables() RETURN *",
        "CALL db.labels() YIELD label RETURN label",
    ],
)
def test_values_that_are_handed_on_whole_may_be_asked_for(statement: str) -> None:
    check_whole(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "MATCH (p:Patient) RETURN substring(p.name, 2, 1)",
        "MATCH (p:Patient) RETURN `substring`(p.name, 2, 1)",
        "MATCH (p:Patient) RETURN p.name[1:1]",
        "MATCH (p:Patient) RETURN p.`name` [1]",
        "MATCH (p:Patient) WITH p.name AS n RETURN n[1]",
        "MATCH (p:Patient) RETURN (p.name)[1]",
        "MATCH (p:Patient) RETURN coalesce(p.name)[1]",
        "MATCH (p:Patient) RETURN [p.name][1][1]",
        "MATCH (p:Patient) RETURN properties(p)['name']",
        "RETURN 'x'[1]",
        "RETURN $x[1]",
        "MATCH (p:Patient) RETURN p.name + 'x'",
        "MATCH (p:Patient) RETURN p.name || 'x'",
        "MATCH (p:Patient) RETURN reverse (p.name)",
        "MATCH (p:Patient) RETURN /* count( */ reverse/* */(p.name)",
        "MATCH (p:Patient) RETURN apoc.text.reverse(p.name)",
        "MATCH (p:Patient) RETURN x.count(p.name)",
        "MATCH (p:Patient) RETURN list_transform([p.name], n -> n)",
        "MATCH (p:Patient) RETURN reduce(a = '', n IN [p.name] | a)",
        "MATCH (p:Patient) RETURN toString([p.name])",
        "MATCH (h:Phone) RETURN toInteger(h.number)",
        "MATCH (h:Phone) RETURN toFloat(h.number)",
        "MATCH (p:Patient) WITH p.name AS contains RETURN contains[2]",
        "MATCH (p:Patient) WITH p.name AS `Limit` RETURN Limit[2]",
        "MATCH (p:Patient) WITH p.name AS as RETURN as[2]",
        "MATCH (p:Patient) UNWIND [p.name] AS return RETURN return[2]",
        "MATCH (p:Patient) RETURN any(by IN [p.name] WHERE by[2] = 'x')",
        "MATCH (p:Patient) RETURN [`is` IN [p.name] | is[2]]",
    ],
)
def test_values_are_not_taken_apart_or_glued(statement: str) -> None:
    with pytest.raises(UsageError, match=r"not (joined|cut|allowed)|is a keyword"):
        check_whole(statement)


@pytest.mark.parametrize(
    "comment", ["//\r", "// a\r b\n", "//\\u000a", "//\\U000D", "/* \\u002a\\u002f", "/* \\\\u002a"], ids=ascii
)
def test_comment_that_an_engine_ends_earlier_is_refused(comment: str) -> None:
    with pytest.raises(UsageError, match="comment that not all engines end"):
        check_whole(f"MATCH (p:Patient) RETURN {comment} reverse(p.name) /* */ AS x\n, 1")


def test_comment_of_a_file_with_carriage_returns_is_none_of_these() -> None:
    check_whole("MATCH (p:Patient) // who\r\nRETURN p.name // all\r")


def test_record_of_a_statement_names_nobody() -> None:
    statement = (
        "MATCH (p:Patient {name: '张三'}) // 李四\nWHERE p.id_number = 110101195001011234 AND p.age > 60 RETURN p"
    )
    record = "MATCH ( p : Patient { name : ... } ) WHERE p . id_number = ... AND p . age > 60 RETURN p"
    assert without_values(statement) == record


def test_what_the_engine_says_quotes_no_value() -> None:
    statement = "MATCH (p:Patient {name: '张三', id: $id}) RETURN p.nothing"
    said = "cannot find nothing near 张三 of P1"
    assert sentence_without_values(said, statement, ["P1", 5]) == "cannot find nothing near ... of ..."


def test_sentence_about_a_statement_without_tokens_is_our_own() -> None:
    with pytest.raises(UsageError) as told:
        check_whole("RETURN 'x")
    assert sentence_without_values(str(told.value), "RETURN 'x", []) == str(told.value)
