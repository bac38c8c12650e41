"""Named queries on the graph of a run, for the command line and for notebooks: asked, typed, personal values masked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ringfinder.pipeline.graphs import open_graph
from ringfinder.report.register import Register
from ringfinder.store.contract import ROW_LIMIT, SECONDS, was_cut
from ringfinder.store.headers import NamedQuery
from ringfinder.store.queries import named, run
from ringfinder.workspace import StoredRun, Workspace

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Answer:
    """Rows of a named query as they may be shown. `cut`: there were more than were asked for."""

    query: NamedQuery
    table: pa.Table
    cut: bool

    @property
    def columns(self) -> dict[str, str]:
        """Name -> declared type."""
        return {column.name: column.type for column in self.query.columns}


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
    return Answer(query, masked(table, Register(stored.tables, unmask)), was_cut(table))


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
