"""What a run on disk says, read once for all of its rings: claims, ties, names, known entities, districts, older runs."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ringfinder.errors import RingFinderError
from ringfinder.graph import ENTITY_LABELS, label
from ringfinder.model import ENTITY_TYPES
from ringfinder.pipeline.graphs import open_graph
from ringfinder.report.contract import RingRow
from ringfinder.report.files import read_results
from ringfinder.report.register import ClaimLine, Register
from ringfinder.report.results import Results
from ringfinder.workspace import StoredRun, Workspace
from ringfinder_api.drawing import Money, Tie
from ringfinder_api.snapshot import Spot, hash_of

ROWS = 50_000_000  # no limit: all rings of a run together
SECONDS = 600.0
MOST_RUNS = 20  # of a ring's history
CLAIMS_OF_RINGS = """
MATCH (r:Ring)-[:RESTS_ON]->(c:Claim)
RETURN r.ring_id AS ring_id, c.claim_id AS claim_id ORDER BY ring_id, claim_id
"""
TIES_OF_RINGS = """
MATCH (r:Ring)-[:HAS_MEMBER]->(a:Patient)-[t:TIED]->(b:Patient)
WHERE EXISTS { MATCH (r)-[:HAS_MEMBER]->(b) }
RETURN r.ring_id AS ring_id, a.patient_id AS patient_a, b.patient_id AS patient_b, t.channel AS channel,
       t.observed AS observed, t.expected AS expected, t.weight AS weight ORDER BY ring_id, patient_a, patient_b, channel
"""


@dataclass(frozen=True)
class Source:
    """A run, read. `claims`: ids by ring; `invoices`, `money`: by claim; `districts`: of patients and facilities, by ring; `history`:
    (run, row), the newest first; `older`: whether a run before this one could be read."""

    stored: StoredRun
    results: Results
    claims: Mapping[str, tuple[str, ...]]
    lines: Mapping[str, ClaimLine]
    invoices: Mapping[str, str]
    money: Mapping[str, Money]
    ties: Mapping[str, tuple[Tie, ...]]
    districts: Mapping[str, frozenset[str]]
    history: Mapping[str, tuple[tuple[StoredRun, RingRow], ...]]
    older: bool
    register: Register


def read(place: Workspace, stored: StoredRun) -> Source:
    """Everything of one run; RingFinderError where its files or its graph cannot be read."""
    results = read_results(stored.results)
    claims: dict[str, list[str]] = {}
    ties: dict[str, list[Tie]] = {}
    with open_graph(stored, place) as store:
        for row in store.query(CLAIMS_OF_RINGS, limit=ROWS, seconds=SECONDS).to_pylist():
            claims.setdefault(row["ring_id"], []).append(row["claim_id"])
        for row in store.query(TIES_OF_RINGS, limit=ROWS, seconds=SECONDS).to_pylist():
            ties.setdefault(row.pop("ring_id"), []).append(Tie(**row))
    register = Register(stored.tables)
    wanted = {claim for ids in claims.values() for claim in ids}
    invoices, money = _bills(stored.tables, wanted)
    history, older = _history(place, stored)
    return Source(
        stored,
        results,
        {ring_id: tuple(ids) for ring_id, ids in claims.items()},
        register.claims(wanted | {claim for row in results.evidence for claim in row.claim_ids}),
        invoices,
        money,
        {ring_id: tuple(found) for ring_id, found in ties.items()},
        districts_of(results, stored.tables),
        history,
        older,
        register,
    )


def known(tables: Path) -> dict[str, array[int]]:
    """For each entity type the sorted hashes of all ids that claims and registers name."""
    import duckdb  # noqa: PLC0415

    found: dict[str, array[int]] = {}
    with duckdb.connect(config={"threads": 1}) as db:
        for entity_type in ENTITY_TYPES:
            hashes: set[int] = set()
            for source in label(ENTITY_LABELS[entity_type]).sources:
                path = tables / f"{source.table}.parquet"
                if path.exists():
                    sql = f"SELECT DISTINCT {source.column} FROM read_parquet($path) WHERE {source.column} IS NOT NULL"
                    hashes.update(hash_of(one) for (one,) in db.execute(sql, {"path": str(path)}).fetchall())
            found[entity_type] = array("Q", sorted(hashes))
    return found


def facilities(tables: Path) -> dict[str, str]:
    """District by facility, of all that claims or the register name, in the order of ids; "" where it is not known."""
    import duckdb  # noqa: PLC0415

    found: dict[str, str] = {}
    with duckdb.connect(config={"threads": 1}) as db:
        for table, district in (("claims", "NULL"), ("facilities", "district")):
            path = tables / f"{table}.parquet"
            if path.exists():
                sql = (
                    f"SELECT DISTINCT facility_id, coalesce({district}, '') FROM read_parquet($path)"
                    " WHERE facility_id IS NOT NULL"
                )
                found |= dict(db.execute(sql, {"path": str(path)}).fetchall())
    return dict(sorted(found.items()))


def spots(tables: Path) -> dict[str, Spot]:
    """What and where the facilities of the register are, in the order of ids; half a pair of coordinates is none."""
    import duckdb  # noqa: PLC0415

    path = tables / "facilities.parquet"
    if not path.exists():
        return {}
    sql = """
    SELECT facility_id, kind, if(whole, latitude, NULL), if(whole, longitude, NULL)
    FROM (SELECT *, isfinite(latitude) AND isfinite(longitude) AS whole FROM read_parquet($path)) ORDER BY facility_id
    """
    with duckdb.connect(config={"threads": 1}) as db:
        return {place: Spot(*rest) for place, *rest in db.execute(sql, {"path": str(path)}).fetchall()}


def districts_of(results: Results, tables: Path) -> dict[str, frozenset[str]]:
    """The districts whose keys may see a ring: those of its patients and of its facilities."""
    places = _districts_of_facilities(tables, {m.entity_id for m in results.members if m.entity_type == "facility"})
    found = {ring.ring_id: set(ring.districts) for ring in results.rings}
    for member in results.members:
        if member.entity_type == "facility" and member.entity_id in places:
            found[member.ring_id].add(places[member.entity_id])
    return {ring_id: frozenset(districts) for ring_id, districts in found.items()}


def _districts_of_facilities(tables: Path, ids: Iterable[str]) -> dict[str, str]:
    import duckdb  # noqa: PLC0415

    path = tables / "facilities.parquet"
    if not path.exists():
        return {}
    sql = (
        "SELECT facility_id, district FROM read_parquet($path)"
        " WHERE district IS NOT NULL AND facility_id IN (SELECT unnest($ids))"
    )
    with duckdb.connect(config={"threads": 1}) as db:
        return dict(db.execute(sql, {"path": str(path), "ids": sorted(ids)}).fetchall())


def _bills(tables: Path, claims: Iterable[str]) -> tuple[dict[str, str], dict[str, Money]]:
    """By claim: its invoice number where it has one, and what was billed and what the fund paid of it."""
    import duckdb  # noqa: PLC0415

    sql = (
        "SELECT claim_id, invoice_number, total_amount, fund_amount FROM read_parquet($path)"
        " WHERE claim_id IN (SELECT unnest($ids))"
    )
    with duckdb.connect(config={"threads": 1}) as db:
        rows = db.execute(sql, {"path": str(tables / "claims.parquet"), "ids": sorted(claims)}).fetchall()
    return {claim: invoice for claim, invoice, *_ in rows if invoice is not None}, {
        claim: (total, fund) for claim, _, total, fund in rows
    }


def _history(
    place: Workspace, stored: StoredRun
) -> tuple[dict[str, tuple[tuple[StoredRun, RingRow], ...]], bool]:  # fmt: skip
    """Each ring over this run and those before it, and whether there is one before; a run that cannot be read any more is left out."""
    found: dict[str, list[tuple[StoredRun, RingRow]]] = {}
    runs = place.list_runs()
    at = next((i for i, run in enumerate(runs) if run.run_id == stored.run_id), 0)
    read_ = 0
    for run in runs[at : at + MOST_RUNS]:
        try:
            results = read_results(run.results)
        except RingFinderError:
            continue
        read_ += 1
        for row in results.rings:
            found.setdefault(row.ring_id, []).append((run, row))
    return {ring_id: tuple(rows) for ring_id, rows in found.items()}, read_ > 1
