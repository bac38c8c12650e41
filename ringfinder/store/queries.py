"""The named queries of `cypher/`: one file a query, whose header says what it asks, takes and gives.

    // name: read/ring-members
    // title-zh: 团伙成员
    // title-en: Members of a ring
    // purpose-zh: ...
    // purpose-en: ...
    // param ring_id: text | 团伙编号 | the ring's id
    // param least: count = 3 | 至少几次 | least number of meetings
    // column role: text | 角色 | its role in the ring
    MATCH ... $ring_id ... RETURN ... AS role

Header and statement are held against each other when a file is loaded (an error begins `cypher/read/x.cypher:4:`), the
parameters before a query runs, the columns after.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import pyarrow as pa

from ringfinder.errors import StoreError, UsageError
from ringfinder.graph import ENTITY_LABELS, PropertyType, label, relationships_of
from ringfinder.store.contract import ROW_LIMIT, SECONDS, GraphStore
from ringfinder.store.statements import check_parameters, tokenize
from ringfinder.words import LANGUAGES, Language

_TEXTS = ("title", "purpose")
_HEADER = re.compile(r"//\s*(?P<key>[a-z-]+)(?:\s+(?P<name>\w+))?\s*:\s*(?P<rest>.*)")
_READERS: dict[PropertyType, Callable[[str], Any]] = {
    "text": str,
    "number": float,
    "count": int,
    "time": datetime.fromisoformat,
    "date": date.fromisoformat,
    "flag": lambda text: {"true": True, "false": False}[text.lower()],
    "texts": lambda text: [one for one in text.split(";") if one],
}


@dataclass(frozen=True)
class Field:
    """A parameter or a column; `default` is None for a parameter that must be given (and for columns)."""

    name: str
    type: PropertyType
    meaning: Mapping[Language, str]
    default: str | None = None

    def read(self, text: str) -> Any:
        """A value of this type from its text; UsageError if it is none."""
        try:
            return _READERS[self.type](text)
        except (ValueError, KeyError) as error:
            raise UsageError(f"parameter ${self.name} must be a {self.type}; that value is none") from error


@dataclass(frozen=True)
class NamedQuery:
    """A query of the library. `name` is its path in `cypher/` without the ending."""

    name: str
    titles: Mapping[Language, str]
    purposes: Mapping[Language, str]
    parameters: tuple[Field, ...]
    columns: tuple[Field, ...]
    statement: str

    def values(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """A value for each parameter, texts read as their type says; UsageError for missing, unknown and wrong ones."""
        defaults = {p.name: p.default for p in self.parameters if p.default is not None}
        names = [p.name for p in self.parameters]
        values: dict[str, Any] = defaults | dict(given)
        check_parameters(names, values)
        types = {p.name: p for p in self.parameters}
        return {name: types[name].read(value) if isinstance(value, str) else value for name, value in values.items()}


def run(
    store: GraphStore, name: str, parameters: Mapping[str, Any], *, limit: int = ROW_LIMIT, seconds: float = SECONDS
) -> pa.Table:
    """Rows of a named query, columns as its header declares."""
    query = named(name)
    table = store.query(query.statement, query.values(parameters), limit=limit, seconds=seconds)
    declared = [column.name for column in query.columns]
    if table.column_names != declared:
        raise StoreError(f"cypher/{name}.cypher declares the columns {declared} but returns {table.column_names}")
    return table


def named(name: str) -> NamedQuery:
    """The query of that name; UsageError that lists the names if there is none."""
    try:
        return library()[name]
    except KeyError as error:
        raise UsageError(f"there is no query {name}; there are {', '.join(library())}") from error


@cache
def library() -> dict[str, NamedQuery]:
    """All named queries by name, sorted."""
    found: dict[str, NamedQuery] = {}
    for folder in sorted(_root().iterdir(), key=lambda entry: entry.name):
        if not folder.is_dir():
            continue
        for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
            if file.name.endswith(".cypher"):
                name = f"{folder.name}/{file.name.removesuffix('.cypher')}"
                found[name] = parse(name, file.read_text(encoding="utf-8"))
    return found


def entity_claims(entity_type: str) -> str:
    """Cypher for the claims of one entity ($entity_id), newest first; labels and types are the graph model's own."""
    if entity_type not in ENTITY_LABELS:
        raise UsageError(f"there is no entity type {entity_type}; there are {', '.join(ENTITY_LABELS)}")
    target = label(ENTITY_LABELS[entity_type])
    kinds = relationships_of("claims")
    kind = next(k for k in kinds if any(e.origin == "Claim" and e.target == target.name for e in k.ends))
    # Two MATCH: within one, Neo4j walks no relationship twice, and a patient's claims are for that patient.
    return (
        f"MATCH (e:{target.name} {{{target.key}: $entity_id}})<-[:{kind.type}]-(c:Claim) "
        "MATCH (c)-[:FOR_PATIENT]->(p:Patient), (c)-[:AT_FACILITY]->(f:Facility) "
        "RETURN c.claim_id AS claim_id, c.start_time AS start_time, "
        "c.service_type AS service_type, p.patient_id AS patient_id, f.facility_id AS facility_id, "
        "c.total_amount AS total_amount ORDER BY start_time DESC, claim_id"
    )


def parse(name: str, text: str) -> NamedQuery:
    """A query from its file's text; StoreError that names file and line where header and statement do not fit."""
    texts: dict[str, str] = {}
    fields: dict[str, list[Field]] = {"param": [], "column": []}
    lines = text.splitlines()
    length = next((i for i, line in enumerate(lines) if not line.startswith("//")), len(lines))
    for number, line in enumerate(lines[:length], 1):
        header = _HEADER.fullmatch(line)
        if header is None:
            raise _fault(name, number, "a header line reads `// key: value`")
        key, field, rest = header["key"], header["name"], header["rest"].strip()
        if key in fields and field:
            fields[key].append(_field(name, number, field, rest))
        elif key in _known() and not field and rest and key not in texts:
            texts[key] = rest
        else:
            raise _fault(name, number, f"`{key}` is unknown, empty or there twice")
    if missing := [key for key in _known() if key not in texts]:
        raise _fault(name, 1, f"the header lacks {', '.join(missing)}")
    if texts["name"] != name:
        raise _fault(name, 1, f"the header calls it {texts['name']}")
    statement = "\n".join(lines[length:]).strip()
    _hold(name, length + 1, statement, fields)
    return NamedQuery(
        name,
        {lang: texts[f"title-{lang}"] for lang in LANGUAGES},
        {lang: texts[f"purpose-{lang}"] for lang in LANGUAGES},
        tuple(fields["param"]),
        tuple(fields["column"]),
        statement,
    )


def _known() -> tuple[str, ...]:
    return ("name", *(f"{text}-{lang}" for text in _TEXTS for lang in LANGUAGES))


def _field(query: str, number: int, name: str, rest: str) -> Field:
    parts = [part.strip() for part in rest.split("|")]
    kind, _, default = (part.strip() for part in parts[0].partition("="))
    if len(parts) != 3 or kind not in _READERS or not all(parts):
        raise _fault(query, number, f"`{name}` needs a type ({', '.join(_READERS)}) | Chinese | English")
    return Field(name, kind, {"zh": parts[1], "en": parts[2]}, default or None)


def _hold(query: str, number: int, statement: str, fields: Mapping[str, list[Field]]) -> None:
    """Hold the header against the statement: parameters both ways, columns by their AS names."""
    tokens = tokenize(statement)
    used = {token.text[1:] for token in tokens if token.kind == "parameter"}
    declared = {field.name for field in fields["param"]}
    if used != declared:
        raise _fault(query, number, f"parameters used and declared differ: {', '.join(sorted(used ^ declared))}")
    last = max((i for i, token in enumerate(tokens) if token.word == "RETURN"), default=None)
    if last is None:
        raise _fault(query, number, "the statement returns nothing")
    returned = [two.text for one, two in zip(tokens[last:], tokens[last + 1 :], strict=False) if one.word == "AS"]
    columns = [field.name for field in fields["column"]]
    if returned != columns:
        raise _fault(
            query, number, f"columns returned ({', '.join(returned)}) are not those declared ({', '.join(columns)})"
        )


def _fault(query: str, number: int, what: str) -> StoreError:
    return StoreError(f"cypher/{query}.cypher:{number}: {what}")


def _root() -> Traversable:
    """The folder of queries: inside the installed package, or beside it in a checkout."""
    inside = files("ringfinder") / "cypher"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "cypher"
