"""What named queries, own Cypher and their rows look like (see `shapes`)."""

from __future__ import annotations

from typing import Annotated, Any

from ringfinder.model import Kind
from ringfinder_api.fields import Model, about


class QueryField(Model):
    """A parameter or a column of a named query."""

    name: Annotated[str, about("field_name")]
    type: Annotated[str, about("field_type")]
    default: Annotated[str | None, about("field_default")] = None
    meaning: Annotated[str, about("field_meaning")]


class QuerySummary(Model):
    """A named query."""

    name: Annotated[str, about("query_name")]
    title: Annotated[str, about("query_title")]
    purpose: Annotated[str, about("query_purpose")]
    kinds: Annotated[list[Kind], about("query_kinds")]
    parameters: Annotated[list[QueryField], about("parameters")]
    columns: Annotated[list[QueryField], about("columns")]


class QueryDetail(QuerySummary):
    """A named query with its Cypher."""

    statement: Annotated[str, about("statement")]


class QueryList(Model):
    """The library of named queries."""

    queries: Annotated[list[QuerySummary], about("queries")]


Value = str | bool | int | float | list[str]


class QueryRequest(Model):
    """A named query to be run."""

    parameters: Annotated[dict[str, Value], about("given", max_length=50, default_factory=dict)]
    limit: Annotated[int, about("limit_rows", ge=1, le=10_000)] = 1000
    seconds: Annotated[float, about("query_seconds", ge=0.1, le=60)] = 20.0


class CypherRequest(QueryRequest):
    """A person's own query."""

    statement: Annotated[str, about("statement_free", min_length=1, max_length=10_000)]


class CypherAnswer(Model):
    """The rows of a person's own query, personal values masked."""

    run_id: Annotated[str, about("run_id")]
    columns: Annotated[list[str], about("answer_columns")]
    rows: Annotated[list[list[Any]], about("rows")]
    cut: Annotated[bool, about("cut")]


class QueryAnswer(Model):
    """The rows of a query, personal values masked."""

    run_id: Annotated[str, about("run_id")]
    query: Annotated[str, about("query_name")]
    columns: Annotated[list[str], about("answer_columns")]
    rows: Annotated[list[list[Any]], about("rows")]
    cut: Annotated[bool, about("cut")]
    names: Annotated[dict[str, dict[str, str]], about("answer_names")]
