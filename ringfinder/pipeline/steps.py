"""One run: read the claims, build the graph beside the detection, write what was found, make it current.

Nothing of it is seen before the last step: whatever fails, the last good run stays the current one.

The libraries of the detection and of the store take most of a second to import. A thread does that while DuckDB reads the
claims; whoever needs them then waits for the rest of it at most.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from ringfinder import claims
from ringfinder.errors import InputError, StoreError, UsageError
from ringfinder.model import ClaimSet, Findings
from ringfinder.pipeline import graphs
from ringfinder.pipeline.child import beside
from ringfinder.pipeline.cycles import not_sought
from ringfinder.pipeline.from_graph import PROFILE, GraphSource, write_tables
from ringfinder.pipeline.graphs import StoreName
from ringfinder.pipeline.meter import Meter
from ringfinder.pipeline.output import writing_to
from ringfinder.pipeline.record import ON, record, versions
from ringfinder.pipeline.refused import rejects_kept
from ringfinder.pipeline.watch import STALL_SECONDS
from ringfinder.report.contract import RejectRow
from ringfinder.report.document import Intake, document
from ringfinder.report.files import (
    Format,
    prepare,
    publish,
    read_results,
    reader_of,
    write_json,
    write_results,
    write_text,
)
from ringfinder.report.register import Register
from ringfinder.report.results import Results, results_of
from ringfinder.settings import Settings
from ringfinder.store.scratch import scratch_in
from ringfinder.words import Language
from ringfinder.words.sentences import Sentence
from ringfinder.workspace import RESULTS, RUN_FILE, Draft, StoredRun, Workspace

Progress = Callable[[str, float], None]
REPORT = "report.html"


@dataclass(frozen=True)
class Order:
    """What a run is asked for. `out`: where the results go besides the workspace; `stall_seconds`: see `watch`; `store`:
    who holds the graph; `graph`: a graph to read the claims from, and then `claims` and `profile` say nothing."""

    claims: Path
    workspace: Workspace
    settings: Settings = field(default_factory=Settings)
    profile: str = "auto"
    file_format: Format = "csv"
    out: Path | None = None
    lang: Language = "en"
    unmask: bool = False
    stall_seconds: float = STALL_SECONDS
    store: StoreName = "embedded"
    graph: GraphSource | None = None


@dataclass(frozen=True)
class Finished:
    """A published run and its results."""

    stored: StoredRun
    results: Results
    report: Path


def run(order: Order, progress: Progress | None = None) -> Finished:
    """Claims to a published run; RingFinderError when it cannot be, and then the last good run is still current."""
    tell = progress or (lambda stage, share: None)
    if order.claims.name in {"", ".."}:  # `run .`: messages and run.json call a claim set by the name of its folder
        order = replace(order, claims=order.claims.resolve())
    detection = order.settings.detection
    threads = detection.threads
    started = datetime.now(UTC).isoformat(timespec="seconds")
    prepare_out(order)
    graphs.check(order.graph.store if order.graph else "embedded", order.workspace)
    graphs.check(order.store, order.workspace)
    with not_sought(), Meter() as meter, order.workspace.new_run() as draft:
        with meter.stage("read"):
            threading.Thread(target=import_ahead, args=(order.store,), name="import ahead", daemon=True).start()
            with rejects_kept(draft.tables, order.out, order.file_format):
                claim_set = read_claims(order, draft, tell)
            from ringfinder import rings  # noqa: PLC0415

            graph = graphs.target(order.store, draft, order.workspace, threads)
        with beside(graph.build, claim_set, *graph.arguments) as child:
            meter.watch(child.pid)
            with meter.stage("find"):
                findings = rings.find(claim_set, detection, previous_rings(order.workspace), tell, busy=child.busy)
            with meter.stage("graph"):
                tell("graph", 0.0)
                child.finish(draft.folder, order.stall_seconds if graph.works_here else None)
        with meter.stage("write"), ThreadPoolExecutor(1) as beside_results:
            tell("write", 0.0)
            in_graph = beside_results.submit(graph.write, findings, draft.run_id)
            results = results_of(findings)
            folder = draft.folder / RESULTS
            folder.mkdir(mode=0o700)
            write_results(results, rejects_of(claim_set), folder, order.file_format)
            page = report_page(order, claim_set, findings, results)
            write_text(page, folder / REPORT)
            in_graph.result()
        heading = {
            "run_id": draft.run_id,
            "started": started,
            "source": order.graph.name if order.graph else order.claims.name,
            "profile": "graph" if order.graph else claim_set.profile,
            "store": order.store,
        }
        run_file = record(heading, claim_set, findings, order.settings)
        run_file["stages"] = meter.as_json()
        write_json(run_file, folder / RUN_FILE)
        write_json(run_file, draft.folder / RUN_FILE)
        tell("publish", 0.0)
        if order.out is not None:
            with writing_to(order.out):
                publish(folder, order.out)
        graph.show()
        stored = draft.publish()
        tell("publish", 1.0)
    return Finished(stored, results, (order.out or stored.results) / REPORT)


def prepare_out(order: Order) -> None:
    """UsageError before anything is read where the results cannot go where they should."""
    if order.out is not None:
        if order.graph is None and order.out.resolve() == order.claims.resolve():
            raise UsageError(Sentence("faults.out_is_source", out=order.out))
        with writing_to(order.out):
            prepare(order.out)


def read_claims(order: Order, draft: Draft, tell: Progress) -> ClaimSet:
    """The canonical tables of the run, from files or from a graph."""
    wanted, threads = order.settings.claims, order.settings.detection.threads
    if order.graph is None:
        return claims.read(order.claims, draft.tables, wanted, order.profile, tell, threads=threads)
    tell("claims.stage_reading", 0.0)
    with scratch_in(draft.folder) as source:
        write_tables(order.graph, order.workspace, source)
        return claims.read(source, draft.tables, wanted, PROFILE, tell, threads=threads)


def import_ahead(store: StoreName = "embedded") -> None:
    """Import what is needed after reading; what fails here fails again, and is told, where it is needed."""
    with suppress(Exception):
        if store == "embedded":  # the other's driver is there since the server was asked
            import_module("ringfinder.store.ladybug")
        import_module("ringfinder.rings")


def previous_rings(workspace: Workspace) -> Sequence[tuple[str, frozenset[str]]]:
    """(ring_id, patients) of the current run, by id; nothing where there is none, or none that can be read.

    A broken previous run must not block all later ones: rings then get new names.
    """
    try:
        before = workspace.current()
        results = read_results(before.results) if before else None
    except (InputError, StoreError):
        return ()
    if results is None:
        return ()
    people: dict[str, set[str]] = {ring.ring_id: set() for ring in results.rings}
    for member in results.members:
        if member.entity_type == "patient":
            people[member.ring_id].add(member.entity_id)
    return tuple((ring_id, frozenset(patients)) for ring_id, patients in sorted(people.items()))


def rejects_of(claim_set: ClaimSet) -> Sequence[RejectRow]:
    """Rejected rows as the claims room wrote them, in its order."""
    if claim_set.rejects_file is None:
        return ()
    import duckdb  # noqa: PLC0415

    path = claim_set.rejects_file
    select = f'SELECT file, "row", "column", "value", reason FROM {reader_of(path)}'
    with duckdb.connect() as db:
        rows = db.execute(select, {"path": str(path)}).fetchall()
    return [RejectRow(*("" if value is None else str(value) for value in row)) for row in rows]


def report_page(order: Order, claim_set: ClaimSet, findings: Findings, results: Results) -> str:
    """report.html of these findings."""
    import duckdb  # noqa: PLC0415

    with duckdb.connect() as db:
        row = db.execute(
            "SELECT count(DISTINCT patient_id), count(DISTINCT facility_id), min(start_time), max(start_time)"
            " FROM read_parquet($path)",
            {"path": str(claim_set.path("claims"))},
        ).fetchone()
    patients, facilities, first, last = row or (0, 0, None, None)
    intake = Intake(
        claim_set.sources,
        claim_set.rows,
        patients,
        facilities,
        first,
        last,
        claim_set.rejected,
        len(claim_set.set_aside),
        tuple((channel, state) for channel, state in findings.channels if state != ON),
        versions()["ringfinder"],
        order.settings.detection.alert_harm,
    )
    claims_of = {ring.ring_id: ring.claim_ids for ring in findings.rings}
    return document(results, claims_of, intake, Register(claim_set.folder, order.unmask), order.lang)
