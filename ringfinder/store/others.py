"""A graph that others made in a file of the embedded store, as `foreign` asks for it.

Here every label and type is a table that declares its properties, and asking for one that is not declared is an error: so
names are looked up first. Doubles come as they are and DuckDB writes them, since the engine would round them to six
digits; lists and other things that are no single value are taken for nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import duckdb
import pyarrow as pa

from ringfinder.graph import Property
from ringfinder.store.foreign import ID, PAIRS, columns_of, quoted
from ringfinder.store.mapping import Theirs
from ringfinder.words.sentences import Sentence

FLOATING = frozenset({"DOUBLE", "FLOAT"})
# Types whose values the engine writes as claim files have them; a decimal's begins so, its digits follow.
WRITTEN = ("BOOL", "DATE", "DECIMAL", "INT", "SERIAL", "STRING", "TIMESTAMP", "UINT", "UUID")


class OthersInFile:
    """`foreign.Others` in a file; `rows` asks the engine one statement."""

    def __init__(self, name: str, rows: Callable[[str], pa.Table]) -> None:
        self.told = Sentence("faults_store.graph_file", name=name)
        self._rows = rows

    def labels(self) -> list[str]:
        """See `foreign.Others`."""
        return self._tables("NODE")

    def types(self) -> list[str]:
        """See `foreign.Others`."""
        return self._tables("REL")

    def properties(self, label: str) -> list[str]:
        """See `foreign.Others`."""
        return sorted(self._declared(label))

    def nodes(self, label: str, wanted: Sequence[tuple[Property, str]]) -> pa.Table:
        """See `foreign.Others`."""
        fields = columns_of(wanted)
        if label not in self.labels():
            return fields.empty_table()
        types = self._declared(label)
        values = ", ".join(f"{_value(theirs, types.get(theirs, ''))} AS c{i}" for i, (_, theirs) in enumerate(wanted))
        found = self._rows(f"MATCH (n:{quoted(label)}) RETURN {values}, offset(id(n)) AS {ID}")
        with duckdb.connect() as tables:
            tables.register("found", found)
            texts = ", ".join(f"c{i}::VARCHAR" for i in range(len(wanted)))
            table: pa.Table = tables.sql(f"SELECT {texts}, {ID} FROM found").to_arrow_table()
        return table.rename_columns(fields.names)

    def pairs(self, origin: str, kind: Theirs, target: str) -> pa.Table:
        """See `foreign.Others`."""
        labels = self.labels()
        if kind.type not in self.types() or origin not in labels or target not in labels:
            return PAIRS.empty_table()
        if any(name not in self._declared(kind.type) for name, _ in kind.fixed):
            return PAIRS.empty_table()
        fixed = " AND ".join(f"r.`{name}` = '{value}'" for name, value in kind.fixed) or "true"
        return self._rows(
            f"MATCH (a:{quoted(origin)})-[r:{quoted(kind.type)}]->(b:{quoted(target)}) WHERE {fixed}"
            " RETURN offset(id(a)) AS origin, offset(id(b)) AS target"
        )

    def _tables(self, kind: str) -> list[str]:
        found = self._rows("CALL show_tables() RETURN name, type").to_pylist()
        return sorted(row["name"] for row in found if row["type"] == kind)

    def _declared(self, table: str) -> dict[str, str]:
        """Name and type of each property of a label or type that is there."""
        name = table.replace("\\", "\\\\").replace("'", "\\'")
        found = self._rows(f"CALL table_info('{name}') RETURN name, type").to_pylist()
        return {row["name"]: row["type"] for row in found}


def _value(theirs: str, kind: str) -> str:
    if kind in FLOATING:
        return f"n.{quoted(theirs)}"
    written = kind.startswith(WRITTEN) and not kind.endswith("]")
    return f"CAST(n.{quoted(theirs)} AS STRING)" if written else "CAST(NULL AS STRING)"
