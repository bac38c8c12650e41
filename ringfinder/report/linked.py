"""The graph in an answer: who is named beside whom.

A column that is an entity's id (its declared type says so) makes a node (entity type, id), and so does `entity_id` beside
`entity_type`. Each row joins its first entity to each of the others; the row's remaining values stand on those edges (of
the last row, where several name the same two) with `rows`, how many did. Rows that are steps of a way (`step`) are joined
one after the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ringfinder.graph import ENTITIES

if TYPE_CHECKING:
    import networkx as nx

Node = tuple[str, str]

ENTITY_COLUMNS = frozenset(ENTITIES)
TYPE_COLUMN, ID_COLUMN, STEP_COLUMN = "entity_type", "entity_id", "step"


def names_entities(columns: Mapping[str, str]) -> bool:
    """Whether answers with these columns (name -> declared type) hold entities at all."""
    return not ENTITY_COLUMNS.isdisjoint(columns.values()) or {TYPE_COLUMN, ID_COLUMN} <= set(columns)


def linked(columns: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> nx.Graph[Node]:
    """The graph of these rows; `columns` are name -> declared type, in the order of the answer."""
    import networkx as nx  # noqa: PLC0415 - a quarter of a second

    graph: nx.Graph[Node] = nx.Graph()
    before: Node | None = None
    for row in rows:
        named = _entities(columns, row)
        graph.add_nodes_from(named.values())
        values = {name: value for name, value in row.items() if name not in named and name != TYPE_COLUMN}
        first, *others = dict.fromkeys(named.values()) or (None,)
        for other in others:
            _join(graph, first, other, values)
        if STEP_COLUMN in columns:
            _join(graph, before, first, {})
            before = first
    return graph


def _entities(columns: Mapping[str, str], row: Mapping[str, Any]) -> dict[str, Node]:
    """Entities of a row by the column that names them."""
    found = {}
    for name, kind in columns.items():
        entity_type = row.get(TYPE_COLUMN) if name == ID_COLUMN else kind
        if entity_type in ENTITY_COLUMNS and row[name] is not None:
            found[name] = (str(entity_type), str(row[name]))
    return found


def _join(graph: nx.Graph[Node], one: Node | None, other: Node | None, values: Mapping[str, Any]) -> None:
    if one is None or other is None or one == other:
        return
    rows = graph.get_edge_data(one, other, {}).get("rows", 0)
    graph.add_edge(one, other, **{**values, "rows": rows + 1})
