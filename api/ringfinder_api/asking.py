"""Queries on the graph of a run, masked; the work of a process of its own, which is killed at the deadline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from ringfinder.errors import QueryTooSlow, UsageError
from ringfinder.pipeline.asking import answer_of, ask
from ringfinder.pipeline.graphs import open_graph
from ringfinder.report.register import NAMED, Register
from ringfinder.store.headers import NamedQuery
from ringfinder.store.queries import library
from ringfinder.words.sentences import Sentence, in_both
from ringfinder.workspace import Workspace


def ask_named(
    folder: Path, run_id: str, name: str, parameters: Mapping[str, Any], limit: int, seconds: float
) -> tuple[list[str], list[list[Any]], bool, dict[str, dict[str, str]]]:
    """(columns, rows as JSON takes them, whether there were more, masked names by entity type and id); RingFinderError where it cannot be
    answered."""
    place = Workspace(folder)
    stored = place.run(run_id)
    found = ask(stored, place, name, parameters, limit=limit, seconds=seconds)
    columns = [column.to_pylist() for column in found.table.columns]
    rows = [[_plain(value) for value in row] for row in zip(*columns, strict=True)]
    heads = list(found.table.column_names)
    return heads, rows, found.cut, _names(library()[name], heads, rows, Register(stored.tables))


def _names(
    query: NamedQuery, heads: Sequence[str], rows: Sequence[Sequence[Any]], who: Register
) -> dict[str, dict[str, str]]:
    """What those are called whose ids stand in the columns of which the header says so."""
    names: dict[str, dict[str, str]] = {}
    for column in query.columns:
        if column.type in NAMED and column.name in heads:
            at = heads.index(column.name)
            ids = {row[at] for row in rows if isinstance(row[at], str)}
            names.setdefault(column.type, {}).update(who.names(column.type, ids))
    return {kind: found for kind, found in names.items() if found}


def ask_on_server(
    folder: Path, run_id: str, statement: str, parameters: Mapping[str, Any], limit: int, seconds: float
) -> dict[str, Any]:
    """Free Cypher where a Neo4j server has the graph: `columns`, `rows` and `cut`, or `said`: what is wrong
    with it, by language, or `slow`.

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
        return {"said": in_both(Sentence("faults_store.number_large"))}
    except UsageError as error:
        return {"said": in_both(error)}
    found = answer_of(None, table, Register(stored.tables))
    columns = [column.to_pylist() for column in found.table.columns]
    rows = [[_plain(value) for value in row] for row in zip(*columns, strict=True)]
    return {"columns": list(found.table.column_names), "rows": rows, "cut": found.cut}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
