"""The recipes that everybody tries first, so that a city on which they do well is known to be too easy.

    components   people joined by a shared phone, address or account; a component is a group
    louvain      python-louvain on people who came to one place within the hour at least twice, plus the same sharing

Both take every group of a plausible size for a ring, larger groups first. They get the canonical tables and no help.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import community
import duckdb
import networkx as nx

from ringfinder.evaluation.metrics import Found

SMALLEST, LARGEST = 4, 100  # a ring has some people, and not a whole village
TOGETHER = 2  # visits within one clock hour at one place
SHARED_BY = 400  # a value on more people than this joins nobody, as with us

SHARING = """
WITH value_of AS (
    SELECT patient_id, 'phone ' || phone AS value FROM patients WHERE phone IS NOT NULL
    UNION SELECT patient_id, 'phone ' || contact_phone FROM patients WHERE contact_phone IS NOT NULL
    UNION SELECT patient_id, 'address ' || address FROM patients WHERE address IS NOT NULL
    UNION SELECT patient_id, 'account ' || bank_account FROM patients WHERE bank_account IS NOT NULL
    UNION SELECT patient_id, 'account ' || payee_account FROM claims WHERE payee_account IS NOT NULL
), usable AS (
    SELECT value FROM value_of GROUP BY value HAVING count(*) BETWEEN 2 AND {shared_by}
)
SELECT value, patient_id FROM value_of JOIN usable USING (value) ORDER BY value, patient_id
"""
CO_VISITS = """
WITH visit AS (
    SELECT DISTINCT patient_id, facility_id, date_trunc('hour', CAST(start_time AS TIMESTAMP)) AS hour FROM claims
)
SELECT a.patient_id, b.patient_id, count(*)
FROM visit a JOIN visit b ON a.facility_id = b.facility_id AND a.hour = b.hour AND a.patient_id < b.patient_id
GROUP BY ALL HAVING count(*) >= {together} ORDER BY ALL
"""


def open_city(city: Path) -> duckdb.DuckDBPyConnection:
    """A canonical city in CSV as two views."""
    db = duckdb.connect()
    db.execute("SET enable_progress_bar = false")
    for table in ("claims", "patients"):
        db.execute(f"CREATE TABLE {table} AS FROM read_csv('{city / table}.csv', all_varchar = true, header = true)")
    return db


def sharing(db: duckdb.DuckDBPyConnection) -> nx.Graph:
    """People joined by what they share: a star to the first holder of each value."""
    graph = nx.Graph()
    first: dict[str, str] = {}
    for value, patient in db.execute(SHARING.format(shared_by=SHARED_BY)).fetchall():
        graph.add_edge(first.setdefault(value, patient), patient)
    graph.remove_edges_from(list(nx.selfloop_edges(graph)))
    return graph


def components(db: duckdb.DuckDBPyConnection) -> list[Found]:
    """Connected components of shared attributes."""
    return as_rings(nx.connected_components(sharing(db)))


def louvain(db: duckdb.DuckDBPyConnection) -> list[Found]:
    """python-louvain on co-visits and shared attributes."""
    graph = sharing(db)
    nx.set_edge_attributes(graph, 1, "weight")
    for a, b, times in db.execute(CO_VISITS.format(together=TOGETHER)).fetchall():
        graph.add_edge(a, b, weight=graph.get_edge_data(a, b, {}).get("weight", 0) + times)
    groups: dict[int, set[str]] = {}
    for patient, group in community.best_partition(graph, random_state=1).items():
        groups.setdefault(group, set()).add(patient)
    return as_rings(groups.values())


def as_rings(groups: Iterable[set[str]]) -> list[Found]:
    """Every group of a plausible size as an alert, larger ones first."""
    kept = sorted((sorted(g) for g in groups if SMALLEST <= len(g) <= LARGEST), key=lambda g: (-len(g), g))
    return [
        Found(f"N{i:05d}", "", float(len(people)), True, {"patient": frozenset(people)})
        for i, people in enumerate(kept, start=1)
    ]
