"""The parts of a load: which rows go into which statement, in an order that never changes for the same claims.

Entities come first, a part a label. Where they then are (`id(n)`) is read back into a DuckDB table a label, so that every
relationship is made between two nodes that are named by number: no index is asked, and long keys travel once.

A claim comes together with all that leaves it, in one statement: matched ends, one CREATE. Claims that name the same
kinds of entity (patient, facility, doctor, card) make one part, since then every end is there and the plan has no branch.
A part costs the server half a second to a whole one for its plan, so claims whose kinds few others name share one with
branches, at twice the work a claim.
Lanes are loaded side by side and divided by facility, whose nodes are the busiest: lanes rarely wait for each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import duckdb

from ringfinder.graph import End, Label, Property, Relationship, label, labels_of, relationships_of
from ringfinder.store import extract

BATCH = 10_000  # rows a transaction: with some 60,000 relationships it fits into the memory of a small server
LANES = 2
COMMON = 2_000  # claims of a lane that are worth a plan of their own

CLAIM = label("Claim")
ENTITIES = tuple(one for one in labels_of("claims") if one is not CLAIM)
LEAVING = tuple(
    (kind, end)
    for kind in relationships_of("claims")
    for end in kind.ends
    if end.origin == CLAIM.name and not kind.derived
)
OTHERS = tuple((kind, end) for kind in relationships_of("claims") for end in kind.ends if (kind, end) not in LEAVING)


@dataclass(frozen=True)
class Part:
    """`select` gives the rows that `statement` takes as $rows; each row makes `nodes` nodes and `edges` relationships.

    `edges` None: as many as have a value from column `ends` on.
    """

    name: str
    select: str
    statement: str
    nodes: int
    edges: int | None
    ends: int = 0

    def made(self, rows: Sequence[Sequence[object]]) -> tuple[int, int]:
        """How many nodes and relationships these rows make."""
        if self.edges is None:
            return len(rows) * self.nodes, sum(end is not None for row in rows for end in row[self.ends :])
        return len(rows) * self.nodes, len(rows) * self.edges


def of_entity(one: Label) -> Part:
    """All nodes of a label but claims."""
    properties = _properties(one.properties)
    return Part(one.name, _encoded(one), f"UNWIND $rows AS row CREATE (:{one.name} {{{properties}}})", 1, 0)


def of_claims(tables: duckdb.DuckDBPyConnection) -> Iterator[tuple[int, Part]]:
    """(lane, part) of all claims; makes the table that the parts select from."""
    joins = " ".join(
        f"LEFT JOIN {table_of_ids(end.target)} AS j{i} ON j{i}.key = t.{_column(end)}"
        for i, (_, end) in enumerate(LEAVING)
    )
    named = " + ".join(f"CASE WHEN j{i}.id IS NULL THEN 0 ELSE {1 << i} END" for i in range(len(LEAVING)))
    values = ", ".join([*(f'{_sql(p, "t")} AS "{p.name}"' for p in CLAIM.properties), *_ends()])
    tables.execute(
        f"CREATE TABLE claims_to_load AS SELECT (hash(t.facility_id) % {LANES})::INTEGER AS lane,"
        f" ({named})::INTEGER AS named, {values} FROM claims AS t {joins}"
    )
    patterns = "SELECT lane, named, count(*) AS claims FROM claims_to_load GROUP BY ALL ORDER BY ALL"
    rest: dict[int, list[int]] = {}
    for lane, pattern, claims in tables.execute(patterns).fetchall():
        if claims < COMMON:
            rest.setdefault(lane, []).append(pattern)
            continue
        ends = [i for i in range(len(LEAVING)) if pattern >> i & 1]
        name = f"{CLAIM.name}/{lane}/{pattern}"
        yield lane, Part(name, _of_patterns(lane, [pattern]), _claim_statement(ends), 1, len(ends))
    for lane, some in rest.items():
        name = f"{CLAIM.name}/{lane}/rest"
        yield lane, Part(name, _of_patterns(lane, some), _any_claim_statement(), 1, None, len(CLAIM.properties))


def of_relationship(kind: Relationship, end: End) -> Part:
    """The relationships of one column that do not leave a claim (or join two)."""
    fixed = ", ".join(f"`{name}`: '{value}'" for name, value in end.fixed)
    select = (
        f"SELECT a.id, b.id FROM ({extract.edges(kind, end)}) AS e"
        f" JOIN {table_of_ids(end.origin)} AS a ON a.key = e.{extract.FROM}"
        f" JOIN {table_of_ids(end.target)} AS b ON b.key = e.{extract.TO} ORDER BY e.{extract.FROM}, e.{extract.TO}"
    )
    statement = (
        "UNWIND $rows AS row MATCH (a) WHERE id(a) = row[0] MATCH (b) WHERE id(b) = row[1]"
        f" CREATE (a)-[:{kind.type} {{{fixed}}}]->(b)"
    )
    return Part(f"{kind.type}/{end.source}", select, statement, 0, 1)


def table_of_ids(name: str) -> str:
    """The DuckDB table of a label's nodes: `key`, `id`."""
    return f"ids_{name}"


def expected(tables: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """How many nodes of each label and relationships of each type the claims make."""
    found: dict[str, int] = {}
    for one in labels_of("claims"):
        found[one.name] = _count(tables, extract.nodes(one))
    for kind in relationships_of("claims"):
        found[kind.type] = sum(_count(tables, extract.edges(kind, end)) for end in kind.ends)
    return found


def _count(tables: duckdb.DuckDBPyConnection, select: str) -> int:
    row = tables.execute(f"SELECT count(*) FROM ({select})").fetchone()
    assert row is not None
    return int(row[0])


def _encoded(one: Label) -> str:
    """`extract.nodes` with times and dates as whole numbers, which the driver packs without a detour."""
    columns = ", ".join(f'{_sql(p, "n")} AS "{p.name}"' for p in one.properties)
    return f"SELECT {columns} FROM ({extract.nodes(one)}) AS n ORDER BY n.{one.key}"


def _sql(one: Property, table: str) -> str:
    column = f'{table}."{one.name}"'
    if one.type == "time":
        return f"epoch({column})::BIGINT"
    if one.type == "date":
        return f"({column} - DATE '1970-01-01')::BIGINT"
    return f"{column}::DOUBLE" if one.type == "number" else column


def _properties(properties: tuple[Property, ...]) -> str:
    """A map of properties whose values stand in `row` in their order; NULL makes none."""
    return ", ".join(f"`{one.name}`: {_cypher(one, f'row[{i}]')}" for i, one in enumerate(properties))


def _cypher(one: Property, value: str) -> str:
    if one.type == "time":
        made = f"localdatetime(datetime({{epochSeconds: {value}}}))"
    elif one.type == "date":
        made = f"date('1970-01-01') + duration({{days: {value}}})"
    else:
        return value
    return f"CASE WHEN {value} IS NOT NULL THEN {made} END"


def _claim_statement(ends: list[int]) -> str:
    first = len(CLAIM.properties)
    matched = " ".join(f"MATCH (e{i}) WHERE id(e{i}) = row[{first + i}]" for i in ends)
    made = "".join(f", (c)-[:{LEAVING[i][0].type}]->(e{i})" for i in ends)
    return f"UNWIND $rows AS row {matched} CREATE (c:{CLAIM.name} {{{_properties(CLAIM.properties)}}}){made}"


def _any_claim_statement() -> str:
    """The same for claims of which each names what it names; an end that is NULL is found nowhere."""
    first = len(CLAIM.properties)
    ends = " ".join(
        f"CALL (c, row) {{ MATCH (e) WHERE id(e) = row[{first + i}] CREATE (c)-[:{kind.type}]->(e) }}"
        for i, (kind, _) in enumerate(LEAVING)
    )
    return f"UNWIND $rows AS row CREATE (c:{CLAIM.name} {{{_properties(CLAIM.properties)}}}) WITH c, row {ends}"


def _of_patterns(lane: int, patterns: Sequence[int]) -> str:
    return (
        f"SELECT * EXCLUDE (lane, named) FROM claims_to_load WHERE lane = {lane}"
        f" AND named IN ({', '.join(map(str, patterns))}) ORDER BY {CLAIM.key}"
    )


def _ends() -> list[str]:
    return [f"j{i}.id AS end{i}" for i in range(len(LEAVING))]


def _column(end: End) -> str:
    assert end.source is not None
    return end.source.column
