"""The named queries of `cypher/`: one file a query, whose header says what it asks, takes and gives (see `headers`).

Header and statement are held against each other when a file is loaded (an error begins `cypher/read/x.cypher:4:`), the
parameters before a query runs, the columns after. Answers are typed as the header says, so that both stores give the same.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ringfinder.errors import StoreError, UsageError
from ringfinder.graph import ENTITY_LABELS, label, relationships_of
from ringfinder.store.contract import ROW_LIMIT, SECONDS, GraphStore, cut
from ringfinder.store.dialect import DIALECTS, Dialect
from ringfinder.store.headers import NamedQuery, fault, parse
from ringfinder.words.sentences import Listed, Sentence

if TYPE_CHECKING:
    import pyarrow as pa

ENDING = ".cypher"
NEAREST = 3
MOST_IN_PARTS = 1_000_000  # rows of an answer that is ordered here, so that those within a limit are the first ones


def run(
    store: GraphStore, name: str, parameters: Mapping[str, Any], *, limit: int = ROW_LIMIT, seconds: float = SECONDS
) -> pa.Table:
    """Rows of a named query, columns and types as its header declares."""
    query = named(name)
    statement, values = query.statement(store.dialect), query.values(parameters)
    most = max(limit, MOST_IN_PARTS) if query.in_parts else limit
    return cut(typed(query, store.query(statement, values, limit=most, seconds=seconds)), limit)


def typed(query: NamedQuery, table: pa.Table) -> pa.Table:
    """The answer with the declared types; StoreError where its columns are others.

    Neither dialect orders across the parts of a UNION: such an answer is ordered here, by its columns from left to right.
    """
    import pyarrow as pa  # noqa: PLC0415 - listing the queries needs none

    from ringfinder.store.findings import ARROW_TYPES  # noqa: PLC0415

    declared = [column.name for column in query.columns]
    if table.column_names != declared:
        raise StoreError(f"cypher/{query.name}.cypher declares the columns {declared} but returns {table.column_names}")
    types: Mapping[str, pa.DataType] = {str(name): kind for name, kind in ARROW_TYPES.items()}
    fields = [pa.field(column.name, types.get(column.type, pa.string())) for column in query.columns]
    try:
        answer = table.cast(pa.schema(fields, metadata=table.schema.metadata))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise StoreError(f"cypher/{query.name}.cypher returns a column that is not of its declared type") from error
    return answer.sort_by([(name, "ascending") for name in declared]) if query.in_parts else answer


def named(name: str) -> NamedQuery:
    """The query of that name; UsageError with the nearest names if there is none."""
    try:
        return library()[name]
    except KeyError as error:
        raise UsageError(Sentence("faults_store.no_query", name=name, nearest=_nearest(name))) from error


def _nearest(name: str) -> Listed:
    """The names most like this one, compared with and without the folder."""
    alike = {
        known: max(difflib.SequenceMatcher(None, name, text).ratio() for text in (known, known.partition("/")[2]))
        for known in library()
    }
    near = sorted(alike, key=lambda known: (-alike[known], known))[:NEAREST]
    return Listed(near)


@cache
def library() -> dict[str, NamedQuery]:
    """All named queries by name, sorted."""
    return load(_root())


def load(root: Traversable) -> dict[str, NamedQuery]:
    """The queries in the folders of `root` by name, sorted."""
    found: dict[str, NamedQuery] = {}
    for folder in sorted(root.iterdir(), key=lambda entry: entry.name):
        if not folder.is_dir():
            continue
        texts = {f.name.removesuffix(ENDING): f for f in folder.iterdir() if f.name.endswith(ENDING)}
        for short in sorted(texts):
            common, _, store = short.partition(".")
            if store and (store not in DIALECTS or common not in texts):
                raise fault(
                    f"{folder.name}/{short}", 1, f"it stands beside no {common}{ENDING}, or {store} is no store"
                )
            if not store:
                own: dict[Dialect, str] = {
                    one: texts[f"{short}.{one}"].read_text(encoding="utf-8")
                    for one in DIALECTS
                    if f"{short}.{one}" in texts
                }
                name = f"{folder.name}/{short}"
                found[name] = parse(name, texts[short].read_text(encoding="utf-8"), own)
    return found


def entity_claims(entity_type: str) -> str:
    """Cypher for the claims of one entity ($entity_id), newest first; labels and types are the graph model's own."""
    if entity_type not in ENTITY_LABELS:
        raise UsageError(Sentence("faults_store.no_entity_type", type=entity_type, known=Listed(ENTITY_LABELS)))
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


def _root() -> Traversable:
    """The folder of queries: inside the installed package, or beside it in a checkout."""
    inside = files("ringfinder") / "cypher"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "cypher"
