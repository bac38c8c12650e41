"""Queries on the graph of a run, masked; the work of a process of its own, which is killed at the deadline."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from ringfinder.errors import QueryTooSlow, UsageError
from ringfinder.pipeline.asking import answer_of, ask
from ringfinder.pipeline.graphs import open_graph
from ringfinder.report.register import Register
from ringfinder.workspace import Workspace


def ask_named(
    folder: Path, run_id: str, name: str, parameters: Mapping[str, Any], limit: int, seconds: float
) -> tuple[list[str], list[list[Any]], bool]:
    """(columns, rows as JSON takes them, whether there were more); RingFinderError where it cannot be answered."""
    place = Workspace(folder)
    found = ask(place.run(run_id), place, name, parameters, limit=limit, seconds=seconds)
    columns = [column.to_pylist() for column in found.table.columns]
    rows = [[_plain(value) for value in row] for row in zip(*columns, strict=True)]
    return list(found.table.column_names), rows, found.cut


def ask_on_server(
    folder: Path, run_id: str, statement: str, parameters: Mapping[str, Any], limit: int, seconds: float
) -> dict[str, Any]:
    """Free Cypher where a Neo4j server has the graph: `columns`, `rows` and `cut`, or `said`: what is wrong with it, or `slow`.

    The server is asked as `store.neo4j.guard` has it: read-only, its plan looked at, with a time-out that it keeps itself.
    """
    place = Workspace(folder)
    stored = place.run(run_id)
    try:
        with open_graph(stored, place) as store:
            table = store.query(statement, parameters, limit=limit, seconds=seconds)
    except QueryTooSlow:
        return {"slow": True}
    except OverflowError:
        return {"said": "a parameter is a larger number than the graph can hold"}
    except UsageError as error:
        return {"said": str(error)}
    found = answer_of(None, table, Register(stored.tables))
    columns = [column.to_pylist() for column in found.table.columns]
    rows = [[_plain(value) for value in row] for row in zip(*columns, strict=True)]
    return {"columns": list(found.table.column_names), "rows": rows, "cut": found.cut}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
