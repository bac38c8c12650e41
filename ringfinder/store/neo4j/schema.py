"""Constraints and indexes of the graph, made from `ringfinder.graph`, and the names that only this store has.

Each label's key is unique, but for addresses: one written as a novel fits into no index (8 kB), so they have none. They
are distinct since they come from a SELECT DISTINCT, and nobody looks for one by its whole text.

On this store results of several runs stand side by side. Those of one run are shown, as the graph model has them (`Ring`,
`TIED`); those of others are kept: `KeptRing` nodes and `KEPT_TIED` relationships with their `run_id`. So every query of
the library means the shown run, here as on a store that has one graph a run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ringfinder.graph import LABELS, RELATIONSHIPS, Label

KEPT_RING, KEPT_TIED = "KeptRing", "KEPT_TIED"
GRAPH_MARK, PART_MARK = "RingFinderGraph", "RingFinderPart"

OUR_LABELS = (*(one.name for one in LABELS), KEPT_RING, GRAPH_MARK, PART_MARK)
OUR_TYPES = (*(kind.type for kind in RELATIONSHIPS), KEPT_TIED)

LONG_KEYS = frozenset({"Address"})


def counts(names: Iterable[str]) -> str:
    """One statement that gives name and number of the nodes or relationships of each name; the server keeps these counts."""
    patterns = {name: f"(n:{name})" if name in OUR_LABELS else f"()-[n:{name}]->()" for name in names}
    return " UNION ALL ".join(
        f"MATCH {pattern} RETURN '{name}' AS name, count(n) AS found" for name, pattern in patterns.items()
    )


def marks_schema(prefix: str) -> Iterator[str]:
    """Constraints of the marks, which come before anything else: two loads at once must not make two of them."""
    for name in (GRAPH_MARK, PART_MARK):
        yield f"CREATE CONSTRAINT ringfinder_{prefix}{name} IF NOT EXISTS FOR (n:{name}) REQUIRE n.name IS UNIQUE"


def statements(prefix: str) -> Iterator[str]:
    """All others, each to be run by itself; running them again changes nothing.

    They have the prefix in their own names too: graphs with different ones may lie in one database.
    """
    yield from (_of_label(label, prefix) for label in LABELS if label.name not in LONG_KEYS)
    yield (
        f"CREATE CONSTRAINT ringfinder_{prefix}{KEPT_RING} IF NOT EXISTS"
        f" FOR (n:{KEPT_RING}) REQUIRE (n.run_id, n.ring_id) IS UNIQUE"
    )
    yield f"CREATE INDEX ringfinder_{prefix}{KEPT_TIED} IF NOT EXISTS FOR ()-[r:{KEPT_TIED}]-() ON (r.run_id)"


def _of_label(label: Label, prefix: str) -> str:
    return (
        f"CREATE CONSTRAINT ringfinder_{prefix}{label.name} IF NOT EXISTS"
        f" FOR (n:{label.name}) REQUIRE n.{label.key} IS UNIQUE"
    )
