"""What detection found, as rows of the result part of the graph; the same for every store.

One pyarrow table for each label and each pair of labels, columns as the graph model orders them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from ringfinder.graph import ENTITY_LABELS, End, Label, Property, PropertyType, Relationship, label, relationship
from ringfinder.model import Findings, Ring
from ringfinder.store.extract import FROM, TO
from ringfinder.words.reasons import in_words

ARROW_TYPES: dict[PropertyType, pa.DataType] = {
    "text": pa.string(),
    "number": pa.float64(),
    "count": pa.int64(),
    "time": pa.timestamp("us"),
    "date": pa.date32(),
    "flag": pa.bool_(),
    "texts": pa.list_(pa.string()),
}


def ring_nodes(findings: Findings, run_id: str) -> tuple[Label, pa.Table]:
    """The `Ring` nodes, best first as detection ranked them."""
    rings = label("Ring")
    rows = [tuple(_ring(ring, run_id)[name] for name in rings.property_names) for ring in findings.rings]
    return rings, _table(_fields(rings.properties), rows)


def result_edges(findings: Findings) -> Iterator[tuple[Relationship, End, pa.Table]]:
    """The relationships of each pair of labels that has any."""
    tied = relationship("TIED")
    yield tied, tied.ends[0], _table(_edge_fields(tied), findings.ties)
    members = relationship("HAS_MEMBER")
    for end in members.ends:
        rows = [
            (ring.ring_id, m.entity_id, m.entity_type, m.entity_id, m.role, m.strength, m.claims)
            for ring in findings.rings
            for m in ring.members
            if ENTITY_LABELS[m.entity_type] == end.target
        ]
        yield members, end, _table(_edge_fields(members), rows)
    evidence = relationship("RESTS_ON")
    claims = [(ring.ring_id, claim_id) for ring in findings.rings for claim_id in ring.claim_ids]
    yield evidence, evidence.ends[0], _table(_edge_fields(evidence), claims)


def _ring(ring: Ring, run_id: str) -> dict[str, Any]:
    main = ring.reasons[0] if ring.reasons else None
    return {
        "ring_id": ring.ring_id,
        "run_id": run_id,
        "kind": ring.kind,
        "score": ring.score,
        "q_value": ring.q_value,
        "coordination": ring.coordination,
        "harm": ring.harm,
        "alert": ring.alert,
        "patients": ring.patients,
        "claims": len(ring.claim_ids),
        "total_amount": float(ring.total_amount),
        "fund_amount": float(ring.fund_amount),
        "first_time": ring.first_time,
        "last_time": ring.last_time,
        "districts": list(ring.districts),
        "reason_zh": in_words(main.key, main.values, "zh") if main else None,
        "reason_en": in_words(main.key, main.values, "en") if main else None,
    }


def _fields(properties: tuple[Property, ...]) -> list[tuple[str, pa.DataType]]:
    return [(one.name, ARROW_TYPES[one.type]) for one in properties]


def _edge_fields(kind: Relationship) -> list[tuple[str, pa.DataType]]:
    return [(FROM, pa.string()), (TO, pa.string()), *_fields(kind.properties)]


def _table(fields: list[tuple[str, pa.DataType]], rows: Sequence[tuple[Any, ...]]) -> pa.Table:
    columns = zip(*rows, strict=True) if rows else ((),) * len(fields)
    arrays = [pa.array(column, kind) for column, (_, kind) in zip(columns, fields, strict=True)]
    return pa.table(arrays, schema=pa.schema(fields))
