"""Named queries on the graph of a run, for the command line and for notebooks: asked, typed, personal values masked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ringfinder.graph import LABELS
from ringfinder.pipeline.graphs import open_graph
from ringfinder.report.linked import ENTITY_COLUMNS, Node, linked
from ringfinder.report.register import Register
from ringfinder.store.contract import ROW_LIMIT, SECONDS, was_cut
from ringfinder.store.headers import NamedQuery
from ringfinder.store.queries import named, run
from ringfinder.workspace import StoredRun, Workspace

if TYPE_CHECKING:
    import networkx as nx
    import pyarrow as pa

KEYS = {label.key: label.name.lower() for label in LABELS if label.name.lower() in ENTITY_COLUMNS}


@dataclass(frozen=True)
class Answer:
    """Rows of a query as they may be shown, personal values masked. `cut`: there were more than were asked for.

    `query` is None for free Cypher: then a column called as a label's key names that entity.
    """

    query: NamedQuery | None
    table: pa.Table
    cut: bool
    whole: pa.Table = field(repr=False)
    people: Register = field(repr=False)

    @property
    def columns(self) -> dict[str, str]:
        """Name -> declared type."""
        if self.query is not None:
            return {column.name: column.type for column in self.query.columns}
        return {name: KEYS.get(name, "text") for name in self.table.column_names}

    def graph(self) -> nx.Graph[Node]:
        """Who is named beside whom (see `report.linked`).

        It is drawn from the values themselves, since two may look alike when masked; those are told apart by a number.
        """
        import networkx as nx  # noqa: PLC0415 - a quarter of a second

        graph = linked(self.columns, self.whole.to_pylist())
        if self.people.unmask:
            return graph
        nodes = sorted(graph)
        shown: dict[Node, Node] = {}
        taken: Counter[Node] = Counter()
        for node, name in zip(nodes, self.people.masked([one for _, one in nodes]), strict=True):
            taken[node[0], name] += 1
            number = taken[node[0], name]
            shown[node] = (node[0], name if number == 1 else f"{name} #{number}")
        hidden: nx.Graph[Node] = nx.relabel_nodes(graph, shown)
        for a, b, values in hidden.edges(data=True):
            hidden.edges[a, b].update(self.people.masked(dict(values)))
        return hidden


def ask(
    stored: StoredRun,
    workspace: Workspace,
    name: str,
    parameters: Mapping[str, Any],
    *,
    unmask: bool = False,
    limit: int = ROW_LIMIT,
    seconds: float = SECONDS,
) -> Answer:
    """The answer of a named query; its name and parameters are checked before the graph is opened."""
    query = named(name)
    query.values(parameters)
    with open_graph(stored, workspace) as store:
        table = run(store, name, parameters, limit=limit, seconds=seconds)
    return answer_of(query, table, Register(stored.tables, unmask))


def answer_of(query: NamedQuery | None, table: pa.Table, people: Register) -> Answer:
    """Rows of a store as an answer."""
    return Answer(query, masked(table, people), was_cut(table), table, people)


def explain(stored: StoredRun, workspace: Workspace, name: str, parameters: Mapping[str, Any]) -> str:
    """How the store would answer it: its plan, as it prints it."""
    query = named(name)
    values = query.values(parameters)
    with open_graph(stored, workspace) as store:
        plan = store.query(f"EXPLAIN {query.statement(store.dialect)}", values).column(0).to_pylist()
    return "\n".join(line.rstrip() for text in plan for line in str(text).splitlines()).strip("\n")


def masked(table: pa.Table, people: Register) -> pa.Table:
    """The rows with personal values masked, as `Register.masked` does."""
    import pyarrow as pa  # noqa: PLC0415 - the command line begins without it

    if people.unmask:
        return table
    columns = [column.to_pylist() for column in table.columns]
    hidden = people.masked(columns)
    arrays = [pa.array(values, field.type) for values, field in zip(hidden, table.schema, strict=True)]
    return pa.table(arrays, schema=table.schema)
