"""A ring and what ties its members together, as a networkx graph for notebooks and pictures.

Nodes are (entity_type, entity_id) with `role` and `strength`. An edge between two patients is their tie (`weight` in
nats, `channels`); one between a patient and another member counts the ring's claims that name both (`claims`).
"""

from __future__ import annotations

from typing import Any

import networkx as nx

from ringfinder.graph import ENTITY_LABELS, label, relationships_of
from ringfinder.store.contract import GraphStore
from ringfinder.store.queries import run

# A ring is small; the largest seen has some thousand claims.
ROWS = 1_000_000


def to_networkx(store: GraphStore, ring_id: str) -> nx.Graph[tuple[str, str]]:
    """The ring's members and what joins them; an empty graph for an unknown ring."""
    graph: nx.Graph[tuple[str, str]] = nx.Graph()
    for member in _rows(store, "read/ring-members", ring_id):
        node = (member["entity_type"], member["entity_id"])
        graph.add_node(node, role=member["role"], strength=member["strength"])
    for tie in _rows(store, "read/ring-ties", ring_id):
        a, b = ("patient", tie["patient_a"]), ("patient", tie["patient_b"])
        before = graph.get_edge_data(a, b, {"weight": 0.0, "channels": ()})
        channels = (*before["channels"], tie["channel"])
        graph.add_edge(a, b, weight=before["weight"] + tie["weight"], channels=channels)
    for entity_type, statement in _shared_claims():
        for row in store.query(statement, {"ring_id": ring_id}, limit=ROWS).to_pylist():
            a, b = ("patient", row["patient_id"]), (entity_type, row["entity_id"])
            if a in graph and b in graph:
                graph.add_edge(a, b, claims=row["claims"])
    return graph


def _rows(store: GraphStore, name: str, ring_id: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = run(store, name, {"ring_id": ring_id}, limit=ROWS).to_pylist()
    return rows


def _shared_claims() -> list[tuple[str, str]]:
    """For each entity type beside patients: Cypher that counts the ring's claims by patient and entity."""
    types = {name: entity for entity, name in ENTITY_LABELS.items() if entity != "patient"}
    return [
        (
            types[end.target],
            f"MATCH (r:Ring {{ring_id: $ring_id}})-[:RESTS_ON]->(c:Claim)-[:FOR_PATIENT]->(p:Patient), "
            f"(c)-[:{kind.type}]->(e:{end.target}) RETURN p.patient_id AS patient_id, "
            f"e.{label(end.target).key} AS entity_id, count(*) AS claims ORDER BY patient_id, entity_id",
        )
        for kind in relationships_of("claims")
        for end in kind.ends
        if end.origin == "Claim" and end.target in types
    ]
