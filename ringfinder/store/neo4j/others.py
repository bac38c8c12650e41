"""A graph that others made on a Neo4j server, as `foreign` asks for it. Their names go in backticks: see `names`."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from ringfinder.graph import Property
from ringfinder.store.foreign import columns_of, quoted
from ringfinder.store.mapping import Theirs
from ringfinder.store.neo4j.link import Link
from ringfinder.store.neo4j.read import nodes, pairs
from ringfinder.words.sentences import Sentence

LOOKED_AT = 1000  # nodes whose properties are listed
AT_ONCE = 50  # names counted in one statement


class OthersOnServer:
    """`foreign.Others` in a database."""

    told = Sentence("faults_store.neo4j_database")

    def __init__(self, link: Link) -> None:
        self._link = link

    def labels(self) -> list[str]:
        """See `foreign.Others`."""
        return self._in_use("CALL db.labels() YIELD label RETURN label", "(n:{})")

    def types(self) -> list[str]:
        """See `foreign.Others`."""
        return self._in_use("CALL db.relationshipTypes() YIELD relationshipType AS name RETURN name", "()-[n:{}]->()")

    def _in_use(self, call: str, pattern: str) -> list[str]:
        """A server remembers names of which nothing is left; it knows how many there are of each without looking."""
        names = sorted(row[0] for row in self._link.rows(call))
        found: list[str] = []
        for start in range(0, len(names), AT_ONCE):
            some = names[start : start + AT_ONCE]
            counts = " UNION ALL ".join(
                f"MATCH {pattern.format(quoted(one))} RETURN {place} AS place, count(n) AS found"
                for place, one in enumerate(some)
            )
            found += [some[place] for place, count in sorted(self._link.rows(counts)) if count]
        return found

    def properties(self, label: str) -> list[str]:
        """See `foreign.Others`."""
        some = self._link.rows(f"MATCH (n:{quoted(label)}) RETURN keys(n) LIMIT {LOOKED_AT}")
        return sorted({name for (keys,) in some for name in keys})

    def nodes(self, label: str, wanted: Sequence[tuple[Property, str]]) -> pa.Table:
        """See `foreign.Others`."""
        fields = columns_of(wanted)
        values = [*(_as_text(ours, theirs) for ours, theirs in wanted), "id(n)"]
        pages = [
            pa.table(
                [pa.array(column, field.type) for column, field in zip(page, fields, strict=True)],
                fields,
            )
            for page in nodes(self._link, quoted(label), values)
        ]
        return pa.concat_tables([fields.empty_table(), *pages])

    def pairs(self, origin: str, kind: Theirs, target: str) -> pa.Table:
        """See `foreign.Others`."""
        fixed = " AND ".join(f"r.`{name}` = '{value}'" for name, value in kind.fixed) or "true"
        return pairs(self._link, f"(:{quoted(origin)})-[r:{quoted(kind.type)}]->(:{quoted(target)})", fixed)


def _as_text(ours: Property, theirs: str) -> str:
    if not theirs:
        return "null"
    value = f"toStringOrNull(n.{quoted(theirs)})"
    return f"split({value}, '[')[0]" if ours.type in {"time", "date"} else value
